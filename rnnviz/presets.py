"""Settings worth looking at, each with its source, what one should see, and a check of that.

Every number in what a preset says is read off its arrays by `Preset.read`, which also says whether
the claim holds; the tests run all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.claims import Claim, Flows, Number, Power, Reading, gate, left, merit, recurrent, steps
from rnnviz.experiment import Settings
from rnnviz.initialisation import OWN_GATE_BIASES, spectral_radius
from rnnviz.tasks import TASKS
from rnnviz.words import word

BEST_OF_TIMES = "It was the best of times, it was the worst of times"
SATURATED = 0.9
"""A gate above this is called right-saturated (Karpathy, Johnson and Li 2015)."""


@dataclass(frozen=True)
class Preset:
    """Settings with a name.

    ``see`` has the slots that ``read`` fills; ``page`` is the script of the page to look at, and
    ``controls`` what that page's own controls are set to.
    """

    name: str
    title: str
    settings: Settings
    source: str
    see: str
    page: str
    read: Reading
    controls: tuple[tuple[str, Any], ...] = ()


def same(one: Settings, other: Settings) -> bool:
    """Whether two settings give the same arrays, spelled-out defaults and unused values aside."""
    return plain(one) == plain(other)


def plain(settings: Settings) -> Settings:
    """The settings with every option spelled out, and what decides nothing at its default."""
    task, usual = TASKS[settings.task], Settings()
    kinds = [CELLS[cell] for cell in settings.cells]
    options = {one.name: one.default for one in task.options} | dict(settings.options)
    given, choices = dict(settings.cell_options), dict[str, Any]()
    for kind in kinds:
        choices |= {name: given.get(name, of[0]) for name, of in kind.choices.items()}
    used = {name for kind in kinds for name in kind.bias_blocks}
    if settings.init in OWN_GATE_BIASES:
        used = set()
    unused = {name: getattr(usual, name) for name in ("forget_bias", "update_bias")
              if name not in used}  # fmt: skip
    return replace(
        settings,
        options=tuple(sorted(options.items())),
        cell_options=tuple(sorted(choices.items())),
        length=0 if task.length_is == "maximum" else settings.length,
        loss_at=settings.loss_at if settings.loss == "chosen" else "",
        hold=tuple(sorted(one for one in settings.hold if one[0] in settings.cells)),
        edits=tuple(one for one in settings.edits if one.cell in settings.cells),
        **unused,
    )


def _stocks(found: Flows) -> Claim:
    rnn, lstm, gru = (merit(found, cell) for cell in ("rnn", "lstm", "gru"))
    holds = rnn.log10_ratio < -10 and rnn.factor < 0.7 < lstm.factor < 1 and 0.7 < gru.factor < 1
    return Claim(holds and (rnn.horizon or 99) < 10, {
        "rnn": Number(rnn.factor), "lstm": Number(lstm.factor), "gru": Number(gru.factor),
        "horizon": rnn.horizon,
    })  # fmt: skip


def _vanishing(found: Flows) -> Claim:
    one = merit(found, "rnn")
    return Claim(one.factor < 0.7 and one.log10_ratio < -6, {
        "factor": Number(one.factor), "horizon": one.horizon, "left": left(found, "rnn"),
    })  # fmt: skip


def _exploding(found: Flows) -> Claim:
    one, rho = merit(found, "rnn"), spectral_radius(recurrent(found, "rnn"))
    return Claim(rho > 1 and 1 < one.factor < rho and one.log10_ratio > 2, {
        "rho": Number(rho), "factor": Number(one.factor), "times": left(found, "rnn"),
        "T": steps(found),
    })  # fmt: skip


def _orthogonal(found: Flows) -> Claim:
    stretch = np.linalg.svd(recurrent(found, "rnn"), compute_uv=False)
    error, kept = float(np.abs(stretch - 1).max()), left(found, "rnn")
    return Claim(error < 1e-12 and -1 < kept < 0, {"error": Number(error), "left": kept})


def _identity(found: Flows) -> Claim:
    h = np.asarray(found["rnn"].trace["h"][:, 0])
    logs = np.asarray(found["rnn"].log10_norms("h"))[1:-1, 0]
    opened = int((h > 0).all(axis=0).sum())
    change = float(10 ** np.ptp(logs) - 1)
    still = bool(((h > 0).all(axis=0) | (h == 0).all(axis=0)).all())
    return Claim(still and 0 < opened < h.shape[1] and change < 1e-12, {
        "open": opened, "H": h.shape[1], "before": len(h) - 1, "change": Number(change),
    })  # fmt: skip


def _lstm(low: float, high: float, least_f: float, most_f: float) -> Reading:
    """The LSTM keeps between two powers of ten and more than the RNN; f lies between two values."""

    def read(found: Flows) -> Claim:
        lstm, rnn = merit(found, "lstm"), merit(found, "rnn")
        at = float(found["lstm"].trace.model.cell.block(
            "f", found["lstm"].trace.model.parameters[0]["b"])[0])  # fmt: skip
        f = float(gate(found, "lstm").mean())
        kept = low < lstm.log10_ratio < high and rnn.log10_ratio < lstm.log10_ratio
        return Claim(kept and least_f < f < most_f, {
            "f": Number(f), "lstm": left(found, "lstm"),
            "rnn": left(found, "rnn"), "lstm_horizon": lstm.horizon, "rnn_horizon": rnn.horizon,
            "half": Number(lstm.half_life), "tau": Number(1 + np.exp(at)),
        })  # fmt: skip

    return read


def _chrono(found: Flows) -> Claim:
    kind, b = found["gru"].trace.model.cell, found["gru"].trace.model.parameters[0]["b"]
    memories = 1 + np.exp(kind.block("z", b))
    length, kept = steps(found), left(found, "gru")
    holds = memories.min() >= 2 and memories.max() <= length and np.ptp(memories) > length / 2
    return Claim(bool(holds) and kept > -1.5, {
        "least": Number(memories.min()), "most": Number(memories.max()), "T": length, "left": kept,
    })  # fmt: skip


def _copying_gru(found: Flows) -> Claim:
    z, kept = float(gate(found, "gru").mean()), left(found, "gru")
    reach = float(np.abs(found["gru"].trace["h"]).max())
    return Claim(z > 0.99 and kept > -0.1 and reach < 0.5, {
        "z": Number(z), "left": kept, "T": steps(found), "reach": Number(reach),
    })  # fmt: skip


def _saturated(found: Flows) -> Claim:
    flow, f = found["lstm"], gate(found, "lstm")
    shut = float((f > SATURATED).mean())
    passed = np.log10(np.linalg.norm(flow["a_f"]) / np.linalg.norm(flow["f"]))
    return Claim(shut > 0.95 and passed < -2, {
        "share": Number(100 * shut), "limit": SATURATED, "passed": Power(passed),
        "slope": Number(SATURATED * (1 - SATURATED)),
    })  # fmt: skip


def _long(found: Flows) -> Claim:
    rnn, lstm = merit(found, "rnn"), merit(found, "lstm")
    return Claim(rnn.log10_ratio < -100 and lstm.log10_ratio > -3, {
        "T": steps(found), "rnn": left(found, "rnn"), "lstm": left(found, "lstm"),
        "horizon": rnn.horizon,
    })  # fmt: skip


def latch_state(w: float) -> float:
    """The positive stable state of h = tanh(w h), w > 1, by bisection."""
    low, high = np.sqrt(1 - 1 / w), 1.0  # tanh(w h) − h rises to the first, then falls
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if np.tanh(w * middle) > middle else (low, middle)
    return float(low)


def _latch(found: Flows) -> Claim:
    w, h = float(recurrent(found, "rnn")[0, 0]), found["rnn"].trace["h"][:, 0, 0]
    if w <= 1 or recurrent(found, "rnn").shape != (1, 1):
        return Claim(False, {})
    state = latch_state(w)
    slope, factor = w * (1 - state**2), merit(found, "rnn").factor
    holds = abs(abs(h[-1]) - state) < 1e-9 and abs(factor - slope) < 2e-3
    return Claim(bool(holds), {
        "w": Number(w), "state": Number(state), "T": len(h), "end": Number(h[-1]),
        "slope": Number(slope), "left": left(found, "rnn"),
    })  # fmt: skip


def _sentence(found: Flows) -> Claim:
    rnn = merit(found, "rnn")
    return Claim((rnn.horizon or 99) < 12 and left(found, "lstm") > -2, {
        "horizon": rnn.horizon, "lstm": left(found, "lstm"), "gru": left(found, "gru"),
        "rnn": left(found, "rnn"), "T": steps(found),
    })  # fmt: skip


_IMPULSE = Settings(task="impulse", cells=("rnn",))
_TWO = Settings(cells=("rnn", "lstm"))
_ALL = (
    Preset(
        "stocks", word("Real stock prices"), Settings(),
        "plotly.data.stocks: GOOG, AAPL, AMZN, FB, NFLX, MSFT, 2018–2019",
        word("One loss after the last week. Each week back keeps about {rnn} of the gradient in "
             "the RNN, {lstm} in the LSTM, {gru} in the GRU: {horizon} weeks back less than 1 % of "
             "the RNN's is left."),
        "app.py", _stocks,
    ),
    Preset(
        "vanishing", word("RNN: the gradient vanishes"), _IMPULSE,
        "Hochreiter 1991; Bengio, Simard and Frasconi 1994",
        word("One impulse, then silence: the way back leads through W_h and tanh′ alone. Each step "
             "keeps about {factor} of the gradient, {horizon} steps less than 1 %, all of them "
             "{left}."),
        "pages/Gradient_flow.py", _vanishing, (("cell", "rnn"),),
    ),
    Preset(
        "exploding", word("RNN: the gradient explodes (ρ > 1)"),
        replace(_IMPULSE, init="orthogonal", scaling="radius", scale=1.5, length=100,
                hidden_size=32),
        "Pascanu, Mikolov and Bengio 2013",
        word("W_h stretches by ρ = {rho} a step and tanh′ takes only part of it back: about "
             "{factor} a step is left over, so that step 1 gets {times} times the gradient of step "
             "{T}. See what clipping makes of it."),
        "pages/Cuts.py", _exploding, (("cell", "rnn"),),
    ),
    Preset(
        "orthogonal", word("RNN: orthogonal W_h"), replace(_IMPULSE, init="orthogonal"),
        "Saxe, McClelland and Ganguli 2014; Arjovsky, Shah and Bengio 2016",
        word("W_h turns but never stretches: its singular values are 1 to within {error}. What is "
             "missing at step 1, where {left} is left, tanh′ has taken."),
        "pages/Spectrum.py", _orthogonal, (("cell", "rnn"),),
    ),
    Preset(
        "irnn", word("RNN: identity W_h with ReLU"),
        replace(_IMPULSE, init="identity", cell_options=(("nonlinearity", "relu"),)),
        "Le, Jaitly and Hinton 2015",
        word("W_h = I and the slope of an open ReLU is 1: in {open} of {H} units the gradient "
             "comes back as it is: from step {before} to step 1 its norm changes by {change}. The "
             "other units are shut for good and pass nothing."),
        "pages/Gradient_flow.py", _identity, (("cell", "rnn"),),
    ),
    Preset(
        "forget0", word("LSTM: forget bias 0"), replace(_TWO, forget_bias=0.0),
        "Gers, Schmidhuber and Cummins 2000",
        word("The forget gate stands at {f}, half of the cell state is lost at every step: less "
             "than 1 % is left after {lstm_horizon} steps, in the RNN after {rnn_horizon}. The "
             "architecture alone does not remember."),
        "app.py", _lstm(-14, -10, 0.45, 0.55),
    ),
    Preset(
        "forget1", word("LSTM: forget bias 1"), replace(_TWO, forget_bias=1.0),
        "Jozefowicz, Zaremba and Sutskever 2015",
        word("The forget gate stands at {f}: the gradient halves in {half} steps, and {lstm} is "
             "left at step 1, against {rnn} in the RNN."),
        "app.py", _lstm(-9, -5, 0.65, 0.8),
    ),
    Preset(
        "forget3", word("LSTM: forget bias 3"), _TWO,
        "Tallec and Ollivier 2018",
        word("The forget gate stands at {f}: σ(b_f) alone would remember 1 + e^b_f = {tau} steps. "
             "At step 1 {lstm} is left, against {rnn} in the RNN."),
        "pages/Roads.py", _lstm(-4, 0, 0.9, 1), (("cell", "lstm"),),
    ),
    Preset(
        "chrono", word("Chrono initialisation"),
        Settings(task="impulse", length=100, cells=("lstm", "gru"), init="chrono"),
        "Tallec and Ollivier 2018",
        word("The biases of the gates that keep are ln U(1, T − 1): the GRU's units would remember "
             "from {least} to {most} steps by their bias, of T = {T}, and at step 1 {left} of the "
             "gradient is left."),
        "pages/Roads.py", _chrono, (("cell", "gru"),),
    ),
    Preset(
        "copying_gru", word("GRU that copies (z → 1)"),
        Settings(cells=("gru",), update_bias=6.0), "Cho et al. 2014",
        word("z stands at {z}: h_t is nearly h_(t−1), and of the gradient {left} is left over {T} "
             "steps. What is kept so well is hardly written: no |h| goes beyond {reach}."),
        "pages/Step.py", _copying_gru, (("cell", "gru"),),
    ),
    Preset(
        "saturated", word("Saturated gates"),
        Settings(cells=("lstm", "gru"), init="orthogonal", scale=3.0, forget_bias=6.0,
                 update_bias=6.0),
        "Karpathy, Johnson and Li 2015",
        word("{share} % of the forget gate's values lie above {limit}, where its slope f(1 − f) is "
             "below {slope}: of the gradient that arrives at f, {passed} passes on to what sets "
             "it. The gate is open and can hardly be taught to close."),
        "pages/Gradient_flow.py", _saturated, (("cell", "lstm"),),
    ),
    Preset(
        "long", word("A long sequence: 500 steps"),
        Settings(task="adding", length=500, hidden_size=32, cells=("rnn", "lstm")),
        "Hochreiter and Schmidhuber 1997",
        word("Over {T} steps the RNN's gradient falls to {rnn} of itself, the LSTM's to {lstm}; "
             "the RNN's loss can teach nothing farther back than some {horizon} steps."),
        "app.py", _long,
    ),
    Preset(
        "latch", word("The latch: a unit with two stable states"),
        replace(_IMPULSE, init="identity", hidden_size=1, scale=2.0),
        "Bengio, Simard and Frasconi 1994",
        word("h = tanh({w} h) has two stable states, ±{state}: the impulse chose one, and at step "
             "{T} h is still {end}. The bit is kept, its gradient is not: each step there keeps "
             "{slope} of it, all of them {left}."),
        "pages/Step.py", _latch, (("cell", "rnn"),),
    ),
    Preset(
        "sentence", word("A real sentence"),
        Settings(task="sentence", options=(("text", BEST_OF_TIMES),), length=len(BEST_OF_TIMES)),
        "Dickens 1859, A Tale of Two Cities",
        word("Read letter by letter, one loss after the last of {T}. Less than 1 % of the RNN's "
             "gradient is left {horizon} letters back; at the first letter the LSTM has {lstm} "
             "left, the GRU {gru}, the RNN {rnn}."),
        "app.py", _sentence,
    ),
)  # fmt: skip
PRESETS: Mapping[str, Preset] = MappingProxyType({one.name: one for one in _ALL})
"""Name → preset; the app opens on the first."""


def matching(settings: Settings) -> Preset | None:
    """The preset that these settings are, if any."""
    return next((one for one in _ALL if same(one.settings, settings)), None)
