"""What the steps of the tour read off the gradient flows: their numbers, and which answer is right.

A reading takes the flows of the shown cells and the page's own controls. `tell` functions give the
numbers of a step's question, the others the answer, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from rnnviz.analysis import step_factors
from rnnviz.analysis.clipping import clip
from rnnviz.analysis.gradient_paths import Roads, roads
from rnnviz.analysis.reach import alone
from rnnviz.analysis.truncation import truncated
from rnnviz.core.forward_run import run
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.claims import Flows, Number, Power, Share, followed, gate, left, steps
from rnnviz.tasks import TASKS, Example
from rnnviz.training.echo_stream import FLOOR, share

UNIT, WEEK = 3, 30
NEW, LEARNT = 128, 0.1
"""So many new sequences are answered; learnt is what costs less than this part of the naive."""
NONE = -1
"""The index where none of the answers is right."""
Controls = Mapping[str, Any]
Tell = Callable[[Flows, Controls], Mapping[str, Any]]


class Found(NamedTuple):
    """Which of the answers is right, by the arrays, and the numbers to say it with."""

    answer: int
    numbers: Mapping[str, Any]


def among(value: float, *limits: float) -> int:
    """The answer whose range has ``value``: 0 above the first limit, 1 down to the second, …."""
    return sum(value <= limit for limit in limits)


def shares(found: Flows, controls: Controls) -> dict[str, Any]:
    """T, and the share left at step 1 of every cell, by its name."""
    T = steps(found)
    return {"T": T, "back": T - 1, **{cell: left(found, cell) for cell in found}}


def one_unit(found: Flows, controls: Controls) -> dict[str, Any]:
    """The unit of the RNN and the week that are looked at."""
    size = found["rnn"].trace.model.hidden_size
    unit = min(int(controls.get("unit", UNIT)), size - 1)
    return {**shares(found, controls), "H": size, "unit": unit, "t": min(WEEK, steps(found))}


def state(found: Flows, controls: Controls) -> Found:
    """The unit's state, and what it would be if the state before had been 0."""
    trace, told = found["rnn"].trace, one_unit(found, controls)
    t, unit = told["t"], told["unit"]
    h = float(trace["h"][t - 1, 0, unit])
    without = float(run(trace.model, trace.x[t - 1 : t])["h"][0, 0, unit])
    answer = int(abs(h - without) > 0.1) if _tanh(found) else NONE
    return Found(answer, told | {"h": Number(h), "without": Number(without)})


def _tanh(found: Flows) -> bool:
    return bool(found["rnn"].trace.model.cell.options["nonlinearity"] == "tanh")


def vanished(found: Flows, controls: Controls) -> Found:
    """The RNN's share: above 10⁻⁵, from there to 10⁻⁹, or below."""
    numbers = shares(found, controls)
    return Found(among(numbers["rnn"], -5, -9), numbers)


def factor(found: Flows, controls: Controls) -> dict[str, Any]:
    """The RNN's mean factor a step, and what ten steps would keep by three guesses."""
    mean = followed(found, "rnn").factor
    return shares(found, controls) | {
        "factor": Number(mean), "tenth": Number(mean / 10), "power": Power(10 * np.log10(mean)),
    }  # fmt: skip


def ten_steps(found: Flows, controls: Controls) -> Found:
    """The factor over ten steps, γ̄, γ̄ / 10 or γ̄¹⁰, and what W_h and tanh′ multiply by."""
    numbers, one = factor(found, controls), followed(found, "rnn")
    logs = one.log10_norms[1 : one.start + 1]
    lag = min(10, len(logs) - 1)
    fallen = (logs[:-lag] - logs[lag:]) * 10 / lag if lag else np.zeros(1)
    ten = float(np.median(fallen))
    mean = np.log10(numbers["factor"])
    guesses = np.array([mean, mean - 1, 10 * mean])
    answer = int(np.abs(guesses - ten).argmin()) if ten < -0.5 else 0
    parts = step_factors.shares(alone(found["rnn"])[0].layers[0], one.start)
    return Found(answer if _tanh(found) else NONE, numbers | {
        "low": Power(fallen.min()), "high": Power(fallen.max()),
        "slope": Number(parts.phi), "weights": Number(parts.weights),
    })  # fmt: skip


def lstm_keeps(found: Flows, controls: Controls) -> Found:
    """The LSTM's share: all, from nearly all to 0.01 %, or less."""
    numbers = shares(found, controls)
    return Found(2 - among(numbers["lstm"], -0.01, -4), numbers)


def _lstm_paths(found: Flows) -> Roads:
    flow = found["lstm"]
    return roads(flow.trace, flow.outputs)


def _parts(found: Flows) -> dict[str, Any]:
    """What is left at step 1 along c alone and through the weights, and the mean factor of f.

    Both are shares of the norm at step S, as the whole is; f's is the geometric mean along c.
    """
    paths, start = _lstm_paths(found), followed(found, "lstm").start
    kept, through = (float(one[1] - paths.total[start]) for one in (paths.main, paths.rest))
    return {"kept": Share(kept), "through": Share(through),
            "f": Number(10 ** (kept / max(start - 1, 1)))}  # fmt: skip


def kept_path(found: Flows, controls: Controls) -> Found:
    """How the gradient of c came back: through the weights, along f, or unchanged."""
    f, part = gate(found, "lstm"), float(_lstm_paths(found).share[1])
    answer = 2 if f.min() > 0.999 else int(part > 0.25)
    return Found(answer, shares(found, controls) | _parts(found) | {
        "factor": Number(followed(found, "rnn").factor),
    })  # fmt: skip


def opened(found: Flows, controls: Controls) -> dict[str, Any]:
    """What f multiplies by a step along c, and what that leaves."""
    return shares(found, controls) | _parts(found)


def shut(found: Flows, controls: Controls) -> Found:
    """The LSTM's share: above 10⁻⁴, from there to 10⁻⁹, or below."""
    numbers = opened(found, controls)
    return Found(among(numbers["lstm"], -4, -9), numbers)


def gru_keeps(found: Flows, controls: Controls) -> Found:
    """The GRU's share: all, within a factor of ten of the LSTM's, or about the RNN's."""
    numbers = shares(found, controls)
    near = abs(numbers["gru"] - numbers["lstm"]) < 1
    answer = 2 if numbers["gru"] > -0.01 else int(near and numbers["gru"] > numbers["rnn"] + 6)
    return Found(answer, numbers | {"z": Number(gate(found, "gru").mean())})


def clipped(found: Flows, controls: Controls) -> Found:
    """The gradient shrinks; or it grows, and clipping keeps its direction, or changes it."""
    limit = 10.0 ** float(controls.get("theta", 0.0))
    by = {str(controls.get("clip", "norm")): limit}
    done, grown = clip(found["rnn"], **by), Power(left(found, "rnn"))
    straight = done.cosine > 1 - 1e-9
    return Found((1 if straight else 2) if grown > 1 else 0, shares(found, controls) | {
        "times": grown, "theta": Number(limit), "before": Power(done.whole.log10_before),
        "after": Power(done.whole.log10_after), "cosine": Number(done.cosine),
    })  # fmt: skip


def window(found: Flows, controls: Controls) -> dict[str, Any]:
    """The length k of a window, and the first step of the last one."""
    T, k = steps(found), int(controls.get("k", 10))
    return shares(found, controls) | {"k": k, "first": T - (T - 1) % k}


def cut(found: Flows, controls: Controls) -> Found:
    """Which steps the last loss still reaches: that one alone, those of the last window, or all."""
    numbers, flow = window(found, controls), found["lstm"]
    done = truncated(flow.trace, flow.outputs, k=numbers["k"])
    logs = np.asarray(done.flow.layers[0].log10_norms("c"))[1:, 0]
    reached = int(np.isfinite(logs).argmax()) + 1
    answer = 2 if reached == 1 else 0 if reached == numbers["T"] else 1
    lost, name = max((one, name) for name, one in done.weights[0].items() if np.isfinite(one))
    return Found(answer, numbers | {
        "reached": reached, "weights": name, "lost": Share(np.log10(lost or 1e-300)),
    })  # fmt: skip


def windows(found: Flows, controls: Controls) -> dict[str, Any]:
    """The delay of the answer, the window, and which losses reach what they ask for."""
    d, k = int(controls.get("lag", 10)), int(controls.get("win", 5))
    return {
        "d": d, "k": k, "share": Number(100 * share(d, k)), "twice": 2 * d,
        "more": Number(100 * share(d, 2 * d)), "floor": Number(FLOOR),
    }  # fmt: skip


def reaching(found: Flows, controls: Controls) -> Found:
    """How many losses reach their input, d steps back, in windows of k: all, some, or none."""
    numbers = windows(found, controls)
    within = share(numbers["d"], numbers["k"])
    return Found(2 if within == 0 else 1 if within < 1 else 0, numbers)


def new_sequences(found: Flows) -> Example:
    """Sequences of the adding problem that no net was trained on, as long as the one shown."""
    return TASKS["adding"].make(steps(found), batch=NEW, part="test")


def before_adding(found: Flows, controls: Controls) -> dict[str, Any]:
    """The shares before training, and what always answering 1 costs."""
    return shares(found, controls) | {"naive": Number(new_sequences(found).baseline)}


def added(found: Flows, controls: Controls) -> Found:
    """Which cells learnt to add: all, the LSTM and the GRU alone, or none."""
    new = new_sequences(found)
    costs = {cell: _cost(flow, new) for cell, flow in found.items()}
    good = {cell for cell, one in costs.items() if one < LEARNT * new.baseline}
    sets = ({"rnn", "lstm", "gru"}, {"lstm", "gru"}, set[str]())
    answer = next((k for k, one in enumerate(sets) if one == good), NONE)
    numbers = before_adding(found, controls)
    numbers |= {f"{cell}_cost": Number(one) for cell, one in costs.items()}
    numbers |= {f"{cell}_times": Power(left(found, cell)) for cell in found}
    return Found(answer, numbers)


def _cost(flow: GradientFlow, new: Example) -> float:
    """The mean squared error on new sequences; nan for a net of another task."""
    model = flow.trace.model
    if model.input_size != new.input_size or model.readout is None:
        return float("nan")
    answers = run(model, new.x).predictions
    assert answers is not None
    return float(((answers[new.mask] - new.targets[new.mask]) ** 2).mean())
