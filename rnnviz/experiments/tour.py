"""A tour of seven steps: why the RNN forgot and the LSTM did not.

Each step asks what will be seen, then shows it. `Step.read` finds the answer in the gradient flows
that are on the screen: a step's lesson holds where that is the answer it means to teach.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from rnnviz.analysis.clipping import clip
from rnnviz.analysis.gradient_paths import roads
from rnnviz.analysis.reach import alone
from rnnviz.analysis.step_factors import shares
from rnnviz.core.forward_run import run
from rnnviz.experiments.claims import Flows, Number, Power, Share, gate, left, merit, steps
from rnnviz.experiments.settings import Settings
from rnnviz.words import word

UNIT, WEEK = 3, 30
NONE = -1
"""The index where none of the answers is right."""
Controls = Mapping[str, Any]


class Found(NamedTuple):
    """Which of the answers is right, by the arrays, and the numbers to say it with."""

    answer: int
    numbers: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One step of the tour.

    asks, shows  the settings before and after the answer; the same where nothing is to be hidden
    page         the script of the page
    controls     that page's own controls, ``t`` among them
    anchor       the key of the picture
    room         pixels of it to keep in sight, 0 for all
    look         what to look at; it, ``question`` and ``answers`` have the slots of ``tell``,
                 which reads the cells of ``asks``
    right        the answer that the step teaches
    truth        what is so, with the slots that ``read`` fills, which reads the cells of ``shows``
    """

    title: str
    look: str
    question: str
    answers: tuple[str, ...]
    right: int
    truth: str
    page: str
    anchor: str
    asks: Settings
    shows: Settings
    tell: Callable[[Flows, Controls], Mapping[str, Any]]
    read: Callable[[Flows, Controls], Found]
    controls: tuple[tuple[str, Any], ...] = ()
    room: int = 0

    def holds(self, found: Flows, controls: Controls) -> bool:
        """Whether the arrays say what the step teaches."""
        return self.read(found, controls).answer == self.right


def _length(found: Flows) -> dict[str, Any]:
    return {"T": steps(found), "back": steps(found) - 1}


def _unit(found: Flows, controls: Controls) -> dict[str, Any]:
    size = found["rnn"].trace.model.hidden_size
    unit = min(int(controls.get("unit", UNIT)), size - 1)
    return {**_length(found), "H": size, "unit": unit, "t": min(WEEK, steps(found))}


def _state(found: Flows, controls: Controls) -> Found:
    """The unit's state, and what it would be if the state before had been 0."""
    trace, told = found["rnn"].trace, _unit(found, controls)
    t, unit = told["t"], told["unit"]
    h = float(trace["h"][t - 1, 0, unit])
    without = float(run(trace.model, trace.x[t - 1 : t])["h"][0, 0, unit])
    numbers = {"h": Number(h), "without": Number(without)}
    answer = int(abs(h - without) > 0.1) if _tanh(found) else NONE
    return Found(answer, told | numbers)


def _tanh(found: Flows) -> bool:
    return bool(found["rnn"].trace.model.cell.options["nonlinearity"] == "tanh")


def _rnn_left(found: Flows, controls: Controls) -> dict[str, Any]:
    return {**_length(found), "left": left(found, "rnn")}


def _vanished(found: Flows, controls: Controls) -> Found:
    """Which answer holds of the RNN's ratio: above 10⁻⁵, from there to 10⁻⁹, or below."""
    numbers = _rnn_left(found, controls)
    return Found(int(numbers["left"] <= -5) + int(numbers["left"] <= -9), numbers)


def _factor(found: Flows, controls: Controls) -> dict[str, Any]:
    factor = merit(found, "rnn").factor
    return {
        **_length(found), "factor": Number(factor), "tenth": Number(factor / 10),
        "power": Power(10 * np.log10(factor)),
    }  # fmt: skip


def _ten_steps(found: Flows, controls: Controls) -> Found:
    """Which answer holds of the factor over ten steps: γ, γ / 10 or γ¹⁰."""
    numbers = _factor(found, controls)
    logs = np.asarray(found["rnn"].log10_norms("h"))[1:, 0]
    lag = min(10, len(logs) - 1)
    ten = float(np.median(logs[:-lag] - logs[lag:]) * 10 / lag) if lag else 0.0
    one = np.log10(numbers["factor"])
    guesses = np.array([one, one - 1, 10 * one])
    answer = int(np.abs(guesses - ten).argmin()) if ten < -0.5 else 0
    answer = answer if _tanh(found) else NONE
    own = alone(found["rnn"])[0].layers[0]
    parts = shares(own, merit(found, "rnn").start)
    return Found(answer, numbers | {
        "ten": Power(ten), "slope": Number(parts.phi), "weights": Number(parts.weights),
        "left": left(found, "rnn"),
    })  # fmt: skip


def _against(found: Flows, controls: Controls) -> dict[str, Any]:
    return {**_length(found), "rnn": left(found, "rnn")}


def _lstm_keeps(found: Flows, controls: Controls) -> Found:
    """Which answer holds of what the LSTM keeps: as the RNN, a million times as much, or all."""
    rnn, lstm = left(found, "rnn"), left(found, "lstm")
    answer = 2 if lstm > -0.01 else int(lstm - rnn > 6)
    return Found(answer, {
        **_against(found, controls), "lstm": lstm, "times": Power(lstm - rnn),
    })  # fmt: skip


def _kept_path(found: Flows, controls: Controls) -> Found:
    """Which answer holds of how c's gradient came back: through the weights, f, or nothing."""
    flow, f = found["lstm"], gate(found, "lstm")
    paths = roads(flow.trace, flow.outputs)
    start, share = merit(found, "lstm").start, float(paths.share[1])
    kept = Power(paths.main[1] - paths.main[start])
    answer = 2 if f.min() > 0.999 else int(share > 0.25)
    return Found(answer, {
        **_against(found, controls), "f": Number(10.0 ** (kept / max(start - 1, 1))),
        "kept": Share(kept),
        "share": Number(100 * share), "factor": Number(merit(found, "rnn").factor),
    })  # fmt: skip


def _open(found: Flows, controls: Controls) -> dict[str, Any]:
    return {**_length(found), "f": Number(gate(found, "lstm").mean()),
            "lstm": left(found, "lstm")}  # fmt: skip


def _shut(found: Flows, controls: Controls) -> Found:
    """Which answer holds of the LSTM's ratio: above 10⁻⁴, from there to 10⁻⁹, or below."""
    numbers = _open(found, controls)
    answer = int(numbers["lstm"] <= -4) + int(numbers["lstm"] <= -9)
    return Found(answer, numbers | {"rnn": left(found, "rnn")})


def _clipped(found: Flows, controls: Controls) -> Found:
    """Which answer holds: the gradient shrinks; it grows and clipping keeps, or bends, it."""
    limit = 10.0 ** float(controls.get("theta", 0.0))
    by = {str(controls.get("clip", "norm")): limit}
    done, grown = clip(found["rnn"], **by), left(found, "rnn")
    straight = done.cosine > 1 - 1e-9
    return Found((1 if straight else 2) if grown > 1 else 0, {
        **_length(found), "times": grown, "theta": Number(limit),
        "before": Power(done.whole.log10_before), "after": Power(done.whole.log10_after),
        "cosine": Number(done.cosine),
    })  # fmt: skip


_RNN, _TWO = Settings(cells=("rnn",)), Settings(cells=("rnn", "lstm"))
_SHUT = replace(_TWO, forget_bias=0.0)
_TURNING = replace(_RNN, init="orthogonal")
TOUR: tuple[Step, ...] = (
    Step(
        title=word("One state, handed on"),
        look=word(
            "An RNN reads a sequence step by step, here {T} weeks of stock prices. Time goes to "
            "the right: the keys ← and → move it. All that is handed on is the hidden state h, {H} "
            "numbers. The map shows how one of them, unit {unit}, is made in week {t}: from the "
            "prices x of that week and from the state of the week before."
        ),
        question=word("If the state of the week before had been 0, what would this number be?"),
        answers=(
            word("The same: the prices of the week decide."),
            word("Another one: the past is in it."),
        ),
        right=1,
        truth=word(
            "It is {h}; from the input of step {t} alone it would be {without}. Whatever an RNN "
            "knows of earlier steps has come this way, through W_h and tanh."
        ),
        page="pages/Step.py", anchor="cell_large", asks=_RNN, shows=_RNN,
        tell=_unit, read=_state,
        controls=(("cell", "rnn"), ("unit", UNIT), ("flow", "forward"), ("t", WEEK)),
    ),
    Step(
        title=word("The gradient comes back"),
        look=word(
            "The error is measured once, after the last of {T} weeks. From there its gradient "
            "∂L/∂h goes back, right to left, and says how much each state had to do with it. Only "
            "what arrives can be learnt from. At step 1 of these {T} weeks {left} of it is left."
        ),
        question=word("Take 50 weeks in place of 10: how much will be left at step 1?"),
        answers=(
            word("Some of it: more than 10⁻⁵."),
            word("Little: from 10⁻⁵ to 10⁻⁹."),
            word("Next to nothing: less than 10⁻⁹."),
        ),
        right=2,
        truth=word(
            "{left} of it: the line falls by many powers of ten. What happened at step 1 gets no "
            "say in what the RNN learns from an error at step {T}. This is the vanishing gradient."
        ),
        page="app.py", anchor="headline", asks=replace(_RNN, length=10), shows=_RNN,
        tell=_rnn_left, read=_vanished, controls=(("t", 50),),
    ),
    Step(
        title=word("Why: one factor a step"),
        look=word(
            "Each step back multiplies the gradient by tanh′ of that step and by W_h, the same "
            "matrix every time. On this axis of powers of ten the line is nearly straight: each "
            "step keeps about {factor} of what it gets."
        ),
        question=word("How much do ten steps keep?"),
        answers=(
            word("About {factor}, as one step does."),
            word("About {tenth}, a tenth of that."),
            word("About {power}, that factor ten times over."),
        ),
        right=2,
        truth=word(
            "{ten} in the median of all stretches of ten steps. Each step multiplies by {weights} "
            "(W_h) × {slope} (tanh′) = {factor} on average, and taken {back} times this factor "
            "leaves {left}."
        ),
        page="pages/Gradient_flow.py", anchor="flow", room=300, asks=_RNN, shows=_RNN,
        tell=_factor, read=_ten_steps, controls=(("cell", "rnn"), ("t", 50)),
    ),
    Step(
        title=word("The LSTM, with the same input and the same loss"),
        look=word(
            "Now an LSTM is to read the same {T} weeks, with the same loss after the last. Beside "
            "h it hands on a second state c, the cell state, and gates between 0 and 1 decide what "
            "is kept of it."
        ),
        question=word("Of the RNN's gradient {rnn} is left at step 1. And of the LSTM's?"),
        answers=(
            word("About as little."),
            word("At least a million times as much, but not all of it."),
            word("All of it."),
        ),
        right=1,
        truth=word(
            "{lstm}, which is {times} times as much as in the RNN. What happened at step 1 still "
            "reaches the weights."
        ),
        page="app.py", anchor="headline", asks=_RNN, shows=_TWO,
        tell=_against, read=_lstm_keeps, controls=(("t", 50),),
    ),
    Step(
        title=word("Why: a road of its own"),
        look=word(
            "In the RNN every way through time leads through W_h and tanh. The LSTM has a main "
            "road for c, along the top of its map. Follow the gradient back on it, from the right "
            "to the left, to where the gate f joins it."
        ),
        question=word("What multiplies the gradient when it goes one step back on the main road?"),
        answers=(
            word("W_h and tanh′, as in the RNN."),
            word("The forget gate f, and nothing else."),
            word("Nothing: it stays as it is."),
        ),
        right=1,
        truth=word(
            "f alone. It multiplies by {f} a step (geometric mean), so over {back} steps the main "
            "road keeps {kept}, where the RNN's factor {factor} leaves {rnn}. Of the gradient of c "
            "at step 1, {share} % came along it."
        ),
        page="pages/Step.py", anchor="maps", room=490, asks=_TWO, shows=_TWO,
        tell=_against, read=_kept_path,
        controls=(("cell", "lstm"), ("flow", "back"), ("t", 50)),
    ),
    Step(
        title=word("The gate must be open"),
        look=word(
            "How far the forget gate is open before any learning is up to one number, the forget "
            "bias b_f. So far it was 3: f stands at {f}, and {lstm} is left at step 1."
        ),
        question=word("Set b_f to 0, so that f is about one half. What will the LSTM keep?"),
        answers=(
            word("About the same: more than 10⁻⁴."),
            word("Less: from 10⁻⁴ to 10⁻⁹."),
            word("Almost as little as the RNN: less than 10⁻⁹."),
        ),
        right=2,
        truth=word(
            "{lstm}; the RNN keeps {rnn}. f is {f} now, and taken {back} times that leaves "
            "nothing either. It is not the architecture that remembers, but an open forget gate."
        ),
        page="app.py", anchor="headline", asks=_TWO, shows=_SHUT,
        tell=_open, read=_shut, controls=(("t", 50),),
    ),
    Step(
        title=word("The other way: exploding"),
        look=word(
            "A factor above 1 does the opposite. One gradient far too long throws all weights off, "
            "so it is clipped: if all gradients together are longer than θ, they are shortened to "
            "θ. Here W_h only turns, and {left} is left at step 1."
        ),
        question=word(
            "Make W_h twice as large. What becomes of the gradient on its way back, and what will "
            "clipping do to it?"
        ),
        answers=(
            word("It still shrinks."),
            word("It grows; clipping shortens it and keeps its direction."),
            word("It grows; clipping turns it into another direction."),
        ),
        right=1,
        truth=word(
            "Step 1 gets {times} times the gradient of step {T}. All gradients together, {before} "
            "long, are clipped to {after}, and the cosine between before and after is {cosine}. "
            "Against vanishing this is no help: what has shrunk to nothing cannot be clipped back."
        ),
        page="pages/Cuts.py", anchor="clipping", room=400, asks=_TURNING,
        shows=replace(_TURNING, scale=2.0), tell=_rnn_left, read=_clipped,
        controls=(("cell", "rnn"), ("clip", "norm"), ("theta", 0.0), ("t", 50)),
    ),
)  # fmt: skip
END_TITLE = word("Why the RNN forgot and the LSTM did not")
END = word(
    "The RNN forgot because every step back multiplies the gradient by W_h and tanh′, and a factor "
    "below 1, taken at every step, leaves nothing. The LSTM did not, because its cell state has a "
    "road on which a step multiplies by the forget gate alone, and that gate stood open; shut it, "
    "and the LSTM forgets as fast."
)
