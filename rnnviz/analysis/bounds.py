"""Theoretical lines for ‖∂L/∂h_t‖, drawn over the measured norms.

A cell whose step is one φ(a) with a = x W_x + h W_h + b has step Jacobians diag(φ′) W_hᵀ, so that
with |φ′| ≤ γ

    ‖∂L/∂h_t‖ ≤ ‖∂L/∂h_S‖ (γ σ₁(W_h))^(S−t)      for a loss on step S alone

(Pascanu, Mikolov and Bengio 2013); ρ(W_h)^(S−t) is its rate without φ and without transients. A
cell with a gate that keeps its state has a path along which the gradient is multiplied by that gate
alone: ∏ f for the LSTM's c, ∏ z for the GRU's h; without any gate on it, as in the LSTM of 1997,
by 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells._roles import REST, values_of
from rnnviz.core.gradients import LayerFlow
from rnnviz.core.initialisation import spectral_radius
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import instance, whole_number
from rnnviz.words import Sentence, sentence

FAR = 3.0
"""A line that misses the measured norm at step 1 by more powers of ten than this is not drawn."""


class Prediction(NamedTuple):
    """A name, what it is, what it leaves out, and log10 values (T + 1,) at t = 0 … T in input time.

    Index 0 is the initial state; nan at the steps processed after the loss.
    """

    name: str
    words: Sentence
    log10: NDArray[np.float64]
    why: Sentence

    def __repr__(self) -> str:
        return brief(self)


def predictions(flow: LayerFlow, batch: int = 0) -> list[Prediction]:
    """The lines that go with the cell, from the last step S that has a gradient back to 0.

    S is the last in the order of processing. Raises ValueError naming argument, rule and what
    arrived.
    """
    instance("flow", flow, LayerFlow)
    norms = flow.log10_norms("h")
    logs = _turned(flow, norms[:, whole_number("batch", batch, 0, norms.shape[1] - 1)])
    present = np.flatnonzero(np.isfinite(logs[1:])) + 1
    if not present.size:
        return []
    start = int(present[-1])
    cell = flow.trace.cell
    if cell.keeping_gate is not None or cell.open_path:
        found = [_kept_state(flow, start, batch)]
    else:
        found = _weights_alone(flow, logs, start)
    return [one._replace(log10=_turned(flow, one.log10)) for one in found]


def missed(flow: LayerFlow, one: Prediction, batch: int = 0) -> float:
    """By how many powers of ten a line lies above ‖∂L/∂h_1‖ (below it: negative); nan if unknown.

    For the line along a memory state that is not h, above ‖∂L/∂s_1‖ of that state.
    """
    along = flow.trace.cell.keeping_gate is not None or flow.trace.cell.open_path
    state = flow.trace.cell.states[-1] if along else "h"
    with np.errstate(invalid="ignore"):
        apart = float(one.log10[1] - flow.log10_norms(state)[1, batch])
    return apart if np.isfinite(apart) else float("nan")


def _turned(flow: LayerFlow, logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """(T + 1,) from input time to the order of processing, or back; index 0 stays."""
    return np.concatenate([logs[:1], flow.trace.in_time(logs[1:])])


def _weights_alone(flow: LayerFlow, logs: NDArray[np.float64], start: int) -> list[Prediction]:
    """Upper bound and spectral radius of a cell whose step is one φ of an affine map."""
    steepest = flow.trace.cell.steepest
    if steepest is None:
        return []
    W_h = np.asarray(flow.trace.parameters["W_h"], np.float64)
    largest = float(np.linalg.norm(W_h, 2))
    bound, radius = steepest * largest, spectral_radius(W_h)
    rates: tuple[tuple[str, float, Sentence, Sentence], ...] = (
        ("bound", bound,
         sentence("upper bound, ({steepest:g} · σ₁(W_h))^(S − t) = {rate:.3g}^(S − t)",
                  steepest=steepest, rate=bound),
         sentence("at every step it takes the largest derivative of φ, {steepest:g}, and the "
                  "direction that W_h stretches most", steepest=steepest)),
        ("ρ", radius,
         sentence("spectral radius alone, ρ(W_h)^(S − t) = {rate:.3g}^(S − t)", rate=radius),
         sentence("it leaves out the derivative of φ at every step")),
    )  # fmt: skip
    back = start - np.arange(len(logs))
    found = []
    for name, rate, words, why in rates:
        with np.errstate(divide="ignore", invalid="ignore"):
            line = np.where(back == 0, logs[start], logs[start] + back * np.log10(rate))
        line = np.where(back < 0, np.nan, line)
        found.append(Prediction(name, words, line, why))
    return found


def _kept_state(flow: LayerFlow, start: int, batch: int) -> Prediction:
    """The gradient at S carried back by the keeping gate alone, unit by unit."""
    cell, last = flow.trace.cell, start - 1
    gate, state = cell.keeping_gate, cell.states[-1]
    magnitudes = flow.trace.in_time(flow.log10_magnitudes(state))[:, batch]
    kept = values_of(gate or state, flow.trace.record)[:, batch]
    kept = np.ones_like(kept) if gate is None else kept
    with np.errstate(divide="ignore"):
        logs = np.log10(np.asarray(kept, np.float64))
    carried = np.full((len(logs) + 1, logs.shape[1]), np.nan)
    carried[last + 1] = magnitudes[last]
    carried[: last + 1] = magnitudes[last] + np.cumsum(logs[last::-1], axis=0)[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        top = np.nan_to_num(carried.max(axis=1), nan=0.0, neginf=0.0)
        line = top + 0.5 * np.log10((10.0 ** (2 * (carried - top[:, None]))).sum(axis=1))
    symbol = "1" if gate is None else f"({gate})" if gate.startswith(REST) else gate
    words = sentence(
        "the path along {state} alone, with the factors {gate}", state=state, gate=symbol
    )
    why = sentence("it leaves out what goes through the weights")
    return Prediction(f"∏ {symbol}", words, line, why)


def power_norms(W_h: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """log10 ‖W_hⁿ‖₂ for n = 1 … count: what a linear net without input does to a gradient."""
    product, logs = np.eye(len(W_h)), []
    scale = 0.0
    for _ in range(count):
        product = product @ W_h
        size = float(np.linalg.norm(product, 2))
        if size == 0:
            logs.append(-np.inf)
            continue
        logs.append(scale + float(np.log10(size)))
        scale, product = logs[-1], product / size
    return np.array(logs)
