"""Figures of merit: how fast a gradient changes on its way back through time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.core.gradients import GradientFlow, LayerFlow


class Memory(NamedTuple):
    """What becomes of ‖∂L/∂h_t‖ from the last timestep that has any back to the first.

    start        that last timestep S, 1 … T: the last at which a loss is felt; 0 if there is none
    log10_ratio  log10 (‖∂L/∂h_1‖ / ‖∂L/∂h_S‖): −inf if the first is exactly 0
    factor       γ = exp(slope of ln ‖∂L/∂h_t‖ against the steps back, S − t), by least squares
                 over the finite, non-zero steps t = 1 … S; nan if fewer than two are left
    half_life    ln 2 / −ln γ in steps: inf at γ = 1, negative where the norm grows (−half_life
                 is then the doubling time)
    horizon      the fewest steps back after which less than 1 % of ‖∂L/∂h_S‖ is left, or None
    tau          per-unit time constants 1 / (1 − gate), (T, H) in steps, of the gate that keeps the
                 state (f, z): inf where it is 1; None for a cell without such a gate
    """

    start: int
    log10_ratio: float
    factor: float
    half_life: float
    horizon: int | None
    tau: NDArray[np.floating] | None = None


def memory(flow: GradientFlow | LayerFlow, batch: int = 0) -> Memory:
    """The figures of one example, of a one-layer flow or of one of a flow's layers."""
    trace = flow.trace if isinstance(flow, LayerFlow) else flow.trace.layers[0]
    gate, tau = trace.cell.keeping_gate, None
    if gate is not None:
        with np.errstate(divide="ignore"):
            tau = 1 / (1 - trace[gate][:, batch])
    logs = np.asarray(flow.log10_norms("h"))[1:, batch]
    felt = np.flatnonzero(~np.isneginf(logs))
    if not felt.size:
        return Memory(0, np.nan, np.nan, np.nan, None, tau)
    start = int(felt[-1])
    logs = logs[: start + 1]
    back = start - np.arange(start + 1)
    with np.errstate(invalid="ignore"):
        ratio = float(logs[0] - logs[-1])
    lost = logs < logs[-1] - 2
    horizon = int(back[lost].min()) if lost.any() else None
    slope = _slope(back, logs)
    half_life = -np.log10(2.0) / slope if slope != 0 else np.inf
    with np.errstate(over="ignore", under="ignore"):
        factor = float(np.power(10.0, slope))
        return Memory(start + 1, ratio, factor, float(half_life), horizon, tau)


def _slope(back: NDArray[np.int64], logs: NDArray[np.float64]) -> float:
    """Least-squares slope of log10 norm per step back."""
    use = np.isfinite(logs)
    if use.sum() < 2:
        return float("nan")
    x, y = back[use] - back[use].mean(), logs[use] - logs[use].mean()
    return float((x @ y) / (x @ x))
