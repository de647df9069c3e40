"""Memory of a gradient: its factor per step back in time, half-life, horizon, time constants."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.reach import stays_below
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.lengths import only_one_length
from rnnviz.core.trace import only
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import instance, whole_number


class Memory(NamedTuple):
    """How ‖∂L/∂h_t‖ changes from the last timestep at which it is not 0 back to the first.

    t counts in the order of processing: in a reverse layer step 1 reads the last input.

    start        that last timestep S, 1 … T; 0 if the gradient is 0 everywhere
    log10_ratio  log10 (‖∂L/∂h_1‖ / ‖∂L/∂h_S‖): −inf if the first is exactly 0
    factor       γ = exp(slope of ln ‖∂L/∂h_t‖ against the steps back, S − t), by least squares
                 over the finite, non-zero steps t = 1 … S; nan if fewer than two are left
    half_life    ln 2 / −ln γ in steps: inf at γ = 1, negative where the norm grows (−half_life
                 is then the doubling time)
    horizon      the fewest steps back from which on less than 1 % of ‖∂L/∂h_S‖ is left, or None
    tau          per-unit time constants 1 / (1 − gate) in steps, (T, H), aligned with input time,
                 of the gate that keeps the state (f, z): inf where it is 1; None for a cell without
                 such a gate

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> flow = rnnviz.backprop(trace, np.ones((6, 1, 4)))
    >>> rnnviz.memory(flow).tau.shape
    (6, 4)
    """

    start: int
    log10_ratio: float
    factor: float
    half_life: float
    horizon: int | None
    tau: NDArray[np.floating] | None = None

    def __repr__(self) -> str:
        return brief(self)


def memory(flow: GradientFlow | LayerFlow, batch: int = 0) -> Memory:
    """The figures of one example, of a one-layer flow or of one layer and direction of a flow.

    In a lower layer of a stack the layer above adds its own gradient at every t; the figures then
    describe the sum of what comes through time and what comes from above.

    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> dh = np.zeros((6, 1, 4))
    >>> dh[-1] = 1.0
    >>> found = rnnviz.memory(rnnviz.backprop(trace, dh))
    >>> found.start, 0 < found.factor < 1
    (6, True)
    """
    instance("flow", flow, GradientFlow, LayerFlow)
    own: LayerFlow = flow if isinstance(flow, LayerFlow) else only(flow.layers, "flow")
    only_one_length(own.trace.lengths, "flow")
    norms = own.log10_norms("h")
    example = whole_number("batch", batch, 0, norms.shape[1] - 1)
    logs = own.trace.in_time(norms[1:, example])  # input time → order of processing: the same flip
    return _figures(logs, _time_constants(own, example))


def _figures(logs: NDArray[np.floating], tau: NDArray[np.floating] | None) -> Memory:
    """The figures from log10 ‖∂L/∂h_t‖ (T,), in the order of processing."""
    nonzero = np.flatnonzero(~np.isneginf(logs))
    if not nonzero.size:
        return Memory(0, np.nan, np.nan, np.nan, None, tau)
    start = int(nonzero[-1])
    logs = logs[: start + 1]
    back = start - np.arange(start + 1)
    with np.errstate(invalid="ignore"):
        ratio = float(logs[0] - logs[-1])
        horizon = stays_below(logs[::-1] - logs[-1])
    slope = _slope(back, logs)
    half_life = -np.log10(2.0) / slope if slope != 0 else np.inf
    with np.errstate(over="ignore", under="ignore"):
        factor = float(np.power(10.0, slope))
        return Memory(start + 1, ratio, factor, float(half_life), horizon, tau)


def _time_constants(own: LayerFlow, example: int) -> NDArray[np.floating] | None:
    """1 / (1 − gate) (T, H) of the gate that keeps the state, in input time, or None."""
    gate = own.trace.cell.keeping_gate
    if gate is None:
        return None
    with np.errstate(divide="ignore"):
        return np.asarray(1 / (1 - own.trace[gate][:, example]))


def _slope(back: NDArray[np.int64], logs: NDArray[np.floating]) -> float:
    """Least-squares slope of log10 norm per step back."""
    use = np.isfinite(logs)
    if use.sum() < 2:
        return float("nan")
    x, y = back[use] - back[use].mean(), logs[use] - logs[use].mean()
    return float((x @ y) / (x @ x))
