"""How far back the gradient of one loss reaches: its norm at every step, and three figures of it.

The loss of one step S is followed alone. Losses on other steps would add their own gradients on the
way, and the sum would be no measure of how far any of them travels.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.streamed import Streamed
from rnnviz.core.backward_run import backward
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.lengths import only_one_length
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import instance, one_of, whole_number

MOST_ALL = 2e10
"""The most that T n² may be for all states as one vector, some 3 ns each: about a minute."""
STRAIGHT = 0.1
"""A decay is called straight where no step of log10 ‖·‖ lies farther from the line through its two
ends than this share of the larger of 1 and the whole change, in powers of ten."""


class Reach(NamedTuple):
    """What is left, further back, of the gradient of the loss of one step S.

    s is the state that is looked at. Steps count in input time, 1 … T.

    signal       "c", "h" or "all": which state
    start        S, the step whose loss is followed; 0 if no step has one
    log10_norms  (T + 1,) log10 ‖∂L_S/∂s_t‖ for t = 0 … T; −inf is an exact 0, as for every t > S
    log10_share  log10 of the share left at step 1, ‖∂L_S/∂s_1‖ / ‖∂L_S/∂s_S‖; nan without a loss
    factor       the mean factor a step: the geometric mean, share^(1 / (S − 1)); nan for S < 2
    horizon      the fewest steps back from which on less than 1 % is left at every earlier step;
                 None if 1 % or more is left at step 1
    straight     whether log10 ‖∂L_S/∂s_t‖ from S to 1 is near a straight line (`STRAIGHT`), that
                 is, whether every step multiplies by about ``factor``

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> found = rnnviz.reach(rnnviz.backprop(trace, np.ones((6, 1, 4))))
    >>> found.signal, found.start, found.log10_norms.shape
    ('c', 6, (7,))
    """

    signal: str
    start: int
    log10_norms: NDArray[np.float64]
    log10_share: float
    factor: float
    horizon: int | None
    straight: bool

    def __repr__(self) -> str:
        return brief(self)


def reach(flow: GradientFlow, signal: str = "memory", *, step: int | None = None) -> Reach:
    """Follow the loss of one step back through the top layer of a one-directional net, batch of 1.

    ``step`` is S, by default the last step at which the flow has a loss; another one must have a
    loss, too. ``signal`` is a state of the cell, "memory" for its memory state (the last of
    ``cell.states``: c where there is one, else h) or "all" for h and c as one vector, in which
    what c_t does through its own h_t counts with h_t, as in `step_jacobians`.

    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> flow = rnnviz.backprop(trace, np.ones((6, 1, 4)))
    >>> found = rnnviz.reach(flow, step=4)
    >>> bool(np.isclose(found.factor ** 3, 10 ** found.log10_share))
    True
    """
    instance("flow", flow, GradientFlow)
    cell, model = flow.trace.model.cell, flow.trace.model
    states = cell.states
    one_of("signal", signal, ("memory", "all", *states))
    if model.directions != ("forward",) or flow.trace.x.shape[1] > 1:
        raise ValueError(
            "`flow` must be of a net with one direction, forward, and a batch of 1, got "
            f"{' and '.join(model.directions)} and a batch of {flow.trace.x.shape[1]}; "
            "`rnnviz.memory` of one layer takes any."
        )
    only_one_length(flow.trace.lengths, "flow")
    one, start = alone(flow, step)
    name = states[-1] if signal == "memory" or len(states) == 1 else signal
    logs = state_norms(one, name)
    return Reach(name, start, logs, *figures(logs, start))


def reach_of_part(flow: GradientFlow, signal: str = "memory") -> Reach:
    """`reach` in one layer of a stack: ``flow`` is `one_layer`'s, of the loss of one step alone.

    The layer above sends gradients of that loss at many steps. S is the last step that any of
    them reaches, and the figures describe their sum.
    """
    states = flow.trace.model.cell.states
    name = states[-1] if signal == "memory" or len(states) == 1 else signal
    logs = state_norms(flow, name)
    there = np.flatnonzero(~np.isneginf(logs[1:])) + 1
    start = int(there[-1]) if there.size else 0
    return Reach(name, start, logs, *figures(logs, start))


def along(flow: LayerFlow, signal: str | None = None) -> Reach:
    """`Reach` of one layer and direction, batch of 1, by its memory state or another state.

    Steps count in the order of processing: in a reverse direction step 1 reads the last input. S
    is the last step that any gradient reaches. In a lower layer the layer above adds its own
    gradient at every step, so there the figures describe the sum.
    """
    name = flow.trace.cell.states[-1] if signal is None else signal
    found = np.asarray(flow.log10_norms(name), np.float64)[:, 0]
    logs = np.concatenate([found[:1], flow.trace.in_time(found[1:])])
    reached = np.flatnonzero(~np.isneginf(logs[1:])) + 1
    start = int(reached[-1]) if reached.size else 0
    return Reach(name, start, logs, *figures(logs, start))


def state_norms(flow: GradientFlow, name: str) -> NDArray[np.float64]:
    """log10 ‖∂L/∂s_t‖ (T + 1,) of all losses together, s one state of the top layer or "all"."""
    top = flow.layers[-1]
    logs = _joint(flow, top) if name == "all" else np.asarray(top.log10_norms(name))[:, 0]
    return np.asarray(logs, np.float64)


def alone(flow: GradientFlow, step: int | None = None) -> tuple[GradientFlow, int]:
    """The flow of one step's loss alone, and that step S: 1 … T, or 0 where no step has a loss.

    Raises ValueError where ``step`` has no loss.
    """
    there = np.asarray(flow.outputs.any(axis=(1, 2)))
    steps = np.flatnonzero(there) + 1
    if step is not None:
        whole_number("step", step, 1, len(there))
        if not there[step - 1]:
            raise ValueError(f"`step` must be a step that has a loss, got {step}.")
    if not steps.size:
        return flow, 0
    start = int(steps[-1]) if step is None else step
    if len(steps) == 1:
        return flow, start
    dh = np.zeros_like(flow.outputs)
    dh[start - 1] = flow.outputs[start - 1]
    return backward(flow.trace, dh), start


def figures(logs: NDArray[np.float64], start: int) -> tuple[float, float, int | None, bool]:
    """``log10_share``, ``factor``, ``horizon`` and ``straight`` of log10 norms at t = 0 … T."""
    if start < 1 or np.isneginf(logs[start]):
        return np.nan, np.nan, None, False
    with np.errstate(invalid="ignore", under="ignore", over="ignore"):
        left = logs[start:0:-1] - logs[start]
        share = float(left[-1])
        factor = float(np.power(10.0, share / (start - 1))) if start > 1 else np.nan
        line = share * np.arange(start) / max(start - 1, 1)
        away = float(np.abs(left - line).max())
    straight = bool(start > 2 and away <= STRAIGHT * max(1.0, abs(share)))
    return share, factor, stays_below(left), straight


def stays_below(left: NDArray[np.floating], limit: float = -2) -> int | None:
    """The fewest steps back from which on ``left`` is below ``limit`` for good; None if never.

    ``left`` is log10 of what is left, by steps back from S; the last entry is step 1.
    """
    with np.errstate(invalid="ignore"):
        first = int(np.flatnonzero(~(left < limit)).max(initial=-1)) + 1
    return first if first < len(left) else None


def _joint(flow: GradientFlow, top: LayerFlow) -> NDArray[np.float64]:
    """log10 ‖∂L/∂s_t‖ (T + 1,) of all states as independent entries of one vector."""
    jacobians = Streamed(flow.trace, top.trace.layer, top.trace.direction, 0)
    steps, size = jacobians.steps, flow.trace.model.hidden_size
    jacobians.within(steps * jacobians.size**2, MOST_ALL, "the norms of all states",
                     "`signal` \"memory\" follows one state")  # fmt: skip
    back = jacobians.back()
    arriving = np.asarray(top.trace.arriving(flow.outputs[:, 0]), np.float64)
    logs = np.full(steps + 1, -np.inf)
    vector, scale = np.zeros(jacobians.size), 0.0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for t in range(steps, -1, -1):
            if t < steps:
                vector = vector @ next(back)
            if t and arriving[t - 1].any():
                vector[:size] += arriving[t - 1] / 10.0**scale
            norm = float(np.linalg.norm(vector))
            logs[t] = np.log10(norm) + scale
            if norm > 0 and np.isfinite(norm):
                vector, scale = vector / norm, float(logs[t])
    return logs
