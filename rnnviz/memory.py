"""Figures of merit: how fast a gradient changes on its way back through time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnviz.gradients import GradientFlow, LayerFlow


class Memory(NamedTuple):
    """What is left of ∂L/∂h on its way from the last timestep to the first, for one example.

    log10_ratio  log10 (‖∂L/∂h_1‖ / ‖∂L/∂h_T‖): −inf if the first is exactly 0
    factor       γ = exp(slope of ln ‖∂L/∂h_t‖ against the steps back, T − t), by least squares
                 over the finite, non-zero steps t = 0 … T; nan if fewer than two are left
    half_life    ln 2 / −ln γ in steps: inf at γ = 1, negative where the norm grows (−half_life
                 is then the doubling time)
    horizon      the fewest steps back after which less than 1 % of ‖∂L/∂h_T‖ is left, or None
    """

    log10_ratio: float
    factor: float
    half_life: float
    horizon: int | None


def memory(flow: GradientFlow | LayerFlow, batch: int = 0) -> Memory:
    """The figures of one example, of a one-layer flow or of one of a flow's layers."""
    logs = np.asarray(flow.log10_norms("h"))[:, batch]
    steps_back = len(logs) - 1 - np.arange(len(logs))
    with np.errstate(invalid="ignore"):
        ratio = float(logs[1] - logs[-1])
        lost = logs < logs[-1] - 2
    slope = _slope(steps_back, logs)
    horizon = int(steps_back[lost].min()) if lost.any() else None
    with np.errstate(divide="ignore", over="ignore"):
        half_life = float(np.divide(-np.log10(2.0), slope)) if slope != 0 else np.inf
        return Memory(ratio, float(np.power(10.0, slope)), half_life, horizon)


def _slope(steps_back: np.ndarray, logs: np.ndarray) -> float:
    """Least-squares slope of log10 norm per step back."""
    use = np.isfinite(logs)
    if use.sum() < 2:
        return float("nan")
    x, y = steps_back[use] - steps_back[use].mean(), logs[use] - logs[use].mean()
    return float((x @ y) / (x @ x))
