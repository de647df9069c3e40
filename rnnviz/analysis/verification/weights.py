"""Every timestep's own contribution to the weights' gradients: their sum, and their norms.

Of large matrices the sum is compared along a random direction, and norms on a few timesteps.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnviz.analysis.cuts import parameter_mantissas
from rnnviz.analysis.verification.check import Check, made
from rnnviz.analysis.verification.forward_mode import in_order
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.weight_gradients import reached
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.relative_error import largest_gap, nan_first, smallest_size
from rnnviz.words import sentence

LOG10_2 = float(np.log10(2.0))
NOTHING = -(2**30)
"""The power of two of a zero."""
LARGE, FEW = 10**8, 32
"""The most numbers in all timesteps' contributions of a layer that are compared one by one, and the
timesteps whose norms are compared where there are more."""

AT_ONCE = 50_000
"""Numbers of the timesteps' matrices that are made at once."""


def weight_checks(flow: GradientFlow, bound: float) -> Iterator[Check]:
    """The timesteps' matrices add up to the gradients, and `log10_weight_norms` are their norms."""
    error = apart = 0.0
    rng, steps = np.random.default_rng(0), len(flow.trace.x)
    first = int(rng.integers(max(1, steps - FEW + 1)))
    part = slice(first, first + FEW) if _large(flow) else None
    for own in flow.layers:
        for one, other in _of_layer(own, part, rng, bound):
            error, apart = max(error, one, key=nan_first), max(apart, other, key=nan_first)
    if part is None:
        words = sentence("the contributions of the timesteps add up to the gradient of every "
                         "weight")  # fmt: skip
        norms = sentence("the norm of every timestep's contribution to every weight's gradient "
                         "(log10)")  # fmt: skip
    else:
        words = sentence("the contributions of the timesteps add up to the gradient of every "
                         "parameter, along a random direction")  # fmt: skip
        norms = sentence("the norms of the contributions of {count} timesteps, from step {first} "
                         "on, to every weight's gradient (log10)", count=FEW, first=first + 1)
    yield made("weights", error, bound, words)
    yield made("weight norms", apart, bound, norms)
    if flow.trace.model.projected:
        words = sentence("∂L/∂W_h and ∂L/∂W_r of the projection along random directions, from the "
                         "gradients of W_r W_h and of the outputs")  # fmt: skip
        yield made("projection", _projection(flow), bound, words)


def _projection(flow: GradientFlow) -> float:
    """⟨∂L/∂W, direction⟩ of W_h and W_r, against what moves in W_r W_h and in the outputs."""
    rng, error = np.random.default_rng(0), 0.0
    for own, W, found in zip(
        flow.layers, flow.trace.model.parameters, flow.parameters, strict=True
    ):
        assert own.arrived is not None
        arrived, h = own.arrived.true().astype(float), own.trace.record["h"].astype(float)
        for name in ("W_h", "W_r"):
            way = rng.standard_normal(W[name].shape)
            moved = W["W_r"] @ way if name == "W_h" else way @ W["W_h"]
            parts = [(own.parameters["W_h"] * moved).ravel()]
            if name == "W_r":  # what is handed on, and the given first state, which stays
                first = np.ldexp(own.d["da"][0].astype(float), own.exponent[1][:, None])
                parts.append((arrived * (h @ way)).ravel())
                parts.append(-(first * (own.trace.initial["h"] @ moved)).ravel())
            terms = np.concatenate(parts)
            told = (found[name] * way).ravel()
            size = np.abs(terms).sum() + np.abs(told).sum() or 1.0
            error = max(error, abs(float(terms.sum() - told.sum())) / size, key=nan_first)
    return error


def _large(flow: GradientFlow) -> bool:
    """Whether some layer has so many contributions that they are not compared one by one."""
    sizes = (sum(one.size for one in own.parameters.values()) for own in flow.layers)
    return len(flow.trace.x) > FEW and len(flow.trace.x) * max(sizes) > LARGE


def _of_layer(
    own: LayerFlow, part: slice | None, rng: np.random.Generator, bound: float
) -> Iterator[tuple[float, float]]:
    """Each parameter's error of the sum, relative to its terms, and of the norms, in log10."""
    least = smallest_size(own.d["da"], bound)
    at = own.trace
    powers = own.exponent[1:]
    powers = np.where(reached(own.d), powers, NOTHING)
    here = powers.max(axis=1)
    contributions = at.cell.contributions(at.parameters, at.record, own.d)
    for name, (gradient, power) in parameter_mantissas(own).items():
        share, rows = contributions[name], slice(None) if part is None else part
        top = max(power, int(here.max()))
        scale = np.ldexp(1.0, np.maximum(here - top, -5000))
        shift = np.where(powers > NOTHING, powers - here[:, None], 0)
        total, size, logs = _added(_rows(share, rows), shift[rows], scale[rows])
        logs = logs + np.where(here > NOTHING, here, 0)[rows] * LOG10_2
        gap = largest_gap(in_order(at, own.log10_weight_norms(name))[rows], logs)
        aligned = np.ldexp(gradient.astype(float), power - top)
        if part is not None and isinstance(share, tuple):
            way = rng.standard_normal((gradient.shape[1],))
            aligned = aligned @ way
            total, size = _along(share, shift, scale, way)
        elif part is not None:
            total, size, _ = _added(share, shift, scale)
        apart = np.abs(total - aligned).max()
        yield float(apart / max(size.max(), least)), gap


def _rows(share: Any, rows: slice) -> Any:
    """The contributions of some timesteps."""
    if isinstance(share, tuple):
        return tuple((left[rows], right[rows]) for left, right in share)
    return share[rows]


def _along(share: Any, shift: Array, scale: Array, way: Array) -> tuple[Array, Array]:
    """Σ_t scale_t · matrix_t · direction, and a bound of the same of magnitudes."""
    total, size, start = np.zeros(()), np.zeros(()), 0
    for left, right in share:
        columns = way[start : start + right.shape[-1]]
        moved = np.ldexp(right.astype(float), shift[..., None]) * scale[:, None, None]
        total = total + np.einsum("tbm,tb->m", left, moved @ columns, dtype=float)
        size = size + np.einsum("tbm,tb->m", np.abs(left), np.abs(moved) @ np.abs(columns))
        start += right.shape[-1]
    return total, size


def _added(share: Any, shift: Array, scale: Array) -> tuple[Array, Array, Array]:
    """Σ_t scale_t · matrix_t, the same of their magnitudes, and log10 ‖matrix_t‖_F (T,).

    ``shift`` (T, B) brings the examples of a timestep to one power of two.
    """
    if not isinstance(share, tuple):
        moved = np.ldexp(share.astype(float), shift.reshape(shift.shape + (1,) * (share.ndim - 2)))
        parts = moved.sum(axis=1)
        by_time = scale.reshape(-1, *(1,) * (parts.ndim - 1))
        logs = _log10_norms(parts)
        return (parts * by_time).sum(axis=0), np.abs(parts * by_time).sum(axis=0), logs
    totals, sizes, logs = [], [], np.full(len(scale), -np.inf)
    for left, right in share:
        one, low = _of_order_one(left.astype(float))
        other, high = _of_order_one(np.ldexp(right.astype(float), shift[..., None]))
        total, size = np.zeros((2, left.shape[-1], right.shape[-1]))
        each, by = np.empty(len(scale)), (scale * 2.0 ** (low + high))[:, None, None]
        count = max(1, AT_ONCE // total.size)
        for start in range(0, len(scale), count):
            part = slice(start, start + count)
            matrices = one[part].swapaxes(1, 2) @ other[part]
            each[part] = _log10_norms(matrices)
            matrices *= by[part]
            total += matrices.sum(axis=0)
            size += np.abs(matrices, matrices).sum(axis=0)
        totals.append(total)
        sizes.append(size)
        more = each + (low + high) * LOG10_2
        logs = np.logaddexp2(2 * logs / LOG10_2, 2 * more / LOG10_2) * LOG10_2 / 2
    return np.concatenate(totals, axis=1), np.concatenate(sizes, axis=1), logs


def _of_order_one(rows: Array) -> tuple[Array, Array]:
    """(T, B, n) with a power of two taken out of each timestep (T,): products do not underflow."""
    powers = np.frexp(np.abs(rows).max(axis=(1, 2)))[1].astype(np.int64)
    return np.ldexp(rows, -powers[:, None, None]), powers


def _log10_norms(parts: Array) -> Array:
    """log10 of the norm of each array, (T,)."""
    flat = parts.reshape(len(parts), -1)
    largest = np.abs(flat).max(axis=1)
    unit = np.where(largest > 0, largest, 1)
    rest = np.linalg.norm(flat / unit[:, None], axis=1)
    return np.asarray(np.log10(unit) + np.log10(rest))
