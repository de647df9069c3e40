"""Jacobians of the recurrence, ∂s_t/∂s_k for all k ≤ t, and their norms."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from rnnviz.core.lengths import only_one_length
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.chain_norms import log10_norms
from rnnviz.numerics.streamed_chain_norms import streamed_norms
from rnnviz.numerics.validation import frozen, instance, one_of, whole_number

MOST_NUMBERS = 20_000_000
"""The budget of T n², the numbers in all step Jacobians (160 MB)."""
MOST_AT_ONCE = 5_000_000
"""The budget of T n² where all products are held at once, and of (T + 1)², a map's pairs."""
MAP_PORTION, MOST_MAP = 4_000_000, 7e11
"""Numbers of step Jacobians that a map of more of them holds at once (32 MB), and the most that
T² n³ / (2 portion) may be, portion in timesteps, some 0.08 ns each: about a minute."""


def step_jacobians(
    trace: Trace, *, layer: int = 0, direction: str | None = None, batch: int = 0
) -> Array:
    """∂s_t/∂s_{t−1} of one layer's own recurrence, its inputs held fixed: (T, n, n), float64.

    ``step_jacobians(trace)[t − 1, j, i]`` is ∂s_t[j]/∂s_{t−1}[i] for t = 1 … T, s_0 the initial
    state; so ∂s_t/∂s_k is the matrix product J[t − 1] @ … @ J[k], and a gradient (a row) goes back
    as ∂L/∂s_{t−1} = ∂L/∂s_t @ J[t − 1]. s is h (n = H), or for cells with two states h and c side
    by side (n = 2H), two entries of one state: what c_t does through its own h_t belongs to h_t's
    column here, while a flow's ∂L/∂c_t includes it. t counts in the order of processing: in a
    reverse layer step t reads the input T + 1 − t. Source: the chain
    rule on the cell's equations (`Cell.jacobians`).

    Raises ValueError naming argument, rule and what arrived, also where T n² exceeds MOST_NUMBERS.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.step_jacobians(trace).shape
    (6, 8, 8)
    """
    return frozen(recurrence(trace, layer, direction, batch))


def jacobian_map(
    trace: Trace,
    state: str = "all",
    *,
    layer: int = 0,
    direction: str | None = None,
    batch: int = 0,
) -> Array:
    """log10 ‖∂s_t/∂s_k‖_F for all 0 ≤ k ≤ t ≤ T: (T + 1, T + 1), row t, column k, float64.

    ``state`` is "h" (the block ∂h_t/∂h_k), "c" (∂c_t/∂c_k) or "all" (h and c together where the
    cell has both). 0 is the initial state, log10 √n stands on the diagonal, −inf for an exact zero,
    nan for k > t; norms that no float can hold are right (within one product, what is 10³⁰⁰ times
    smaller than its largest entry is lost). The layer's own recurrence with its
    inputs held fixed, in the order of processing, as in `step_jacobians`.

    Source: `rnnviz.numerics.chain_norms`, T log T matrix products in place of T²/2; where T n²
    exceeds MOST_AT_ONCE, `rnnviz.numerics.streamed_chain_norms`, which holds a portion of them.

    Raises ValueError naming argument, rule and what arrived, also where (T + 1)² exceeds
    MOST_AT_ONCE or the map would take more than about a minute.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.jacobian_map(trace).shape
    (7, 7)
    """
    instance("trace", trace, Trace)
    cell = trace.model.cell
    one_of("state", state, (*cell.states, "all"))
    steps = len(trace.x)
    if (steps + 1) ** 2 > MOST_AT_ONCE:
        raise ValueError(
            f"`trace` must have at most {int(MOST_AT_ONCE**0.5) - 1} timesteps for a map of all "
            f"pairs, got {steps}: rnnviz.leading follows the largest directions, rnnviz.reach one "
            "loss."
        )
    size = trace.model.hidden_size
    width = len(cell.states) * size
    first = 0 if state == "all" else cell.states.index(state) * size
    block = slice(first, width if state == "all" else first + size)
    if steps * width**2 <= MOST_AT_ONCE:
        return frozen(log10_norms(recurrence(trace, layer, direction, batch), block))
    only_one_length(trace.lengths)
    at = trace.layer(layer, direction)
    example = whole_number("batch", batch, 0, trace.x.shape[1] - 1)
    portion = max(1, MAP_PORTION // width**2)
    if (work := steps**2 * width**3 / (2 * portion)) > MOST_MAP:
        raise ValueError(
            f"`trace` must have at most {int(steps * (MOST_MAP / work) ** 0.5):,} timesteps for "
            f"the exact map of n = {width} numbers in the state, which take a minute, got "
            f"{steps:,}: rnnviz.probed_map estimates the map with its error."
        )
    return frozen(streamed_norms(partial(_between, at, example), steps, portion, block))


def _between(at: LayerTrace, example: int, start: int, end: int) -> Array:
    """The step Jacobians of the timesteps from ``start`` to ``end``, counted from 0."""
    record = {name: one[start:end] for name, one in at.record.items()}
    return step_matrices(replace(at, record=record), example)


def recurrence(trace: Any, layer: Any, direction: Any, batch: Any) -> Array:
    """`step_jacobians`, writable."""
    instance("trace", trace, Trace)
    only_one_length(trace.lengths)
    at = trace.layer(layer, direction)
    example = whole_number("batch", batch, 0, trace.x.shape[1] - 1)
    steps, size = len(trace.x), len(at.cell.states) * trace.model.hidden_size
    if steps * size * size > MOST_NUMBERS:
        raise ValueError(
            f"`trace` must have at most {MOST_NUMBERS:,} numbers in its step Jacobians (T n², "
            f"n = {size}), got {steps * size * size:,}: rnnviz.leading, lyapunov, jacobian_map and "
            "probed_map hold a portion of them at a time."
        )
    return step_matrices(at, example)


def step_matrices(at: LayerTrace, batch: int, dtype: Any = np.float64) -> Array:
    """∂s_t/∂s_{t−1} (T, n, n) of one example, in this type."""
    W = {name: one.astype(dtype, copy=False) for name, one in at.parameters.items()}
    record = {name: one[:, batch].astype(dtype, copy=False) for name, one in at.record.items()}
    with np.errstate(all="ignore"):
        return at.cell.jacobians(W, record)
