"""The weights' gradients: sums over timesteps of outer products, and the norm of each of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnviz.core.trace import LayerTrace
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.extended_range import LOG10_2, Scaled, exponents, log10_norms, times_power

SAFE = 200
"""Powers of two up to which products of two numbers and their squares stay far in range."""


def parameter_gradients(at: LayerTrace, d: Arrays, exponent: Array) -> dict[str, Array]:
    """Parameter name → its gradient; ``exponent`` (T, B) holds the powers of two of d's rows."""
    shares = at.cell.contributions(at.parameters, at.record, d)
    if not exponent.any():
        return {name: summed(shares[name], slice(None)) for name in at.parameters}
    groups = _same_scale(exponent)
    return {name: _grouped(shares[name], groups) for name in at.parameters}


def log10_step_norms(at: LayerTrace, d: Arrays, exponent: Array, name: str) -> Array:
    """log10 ‖∂L/∂parameter restricted to timestep t‖_F, (T,), in the order of processing.

    Of examples of several lengths in input time: processing has no timestep in common there.
    """
    share = at.cell.contributions(at.parameters, at.record, d)[name]
    if at.lengths is not None:
        share = (
            tuple((at.in_time(left), at.in_time(right)) for left, right in share)
            if isinstance(share, tuple) else at.in_time(share)
        )  # fmt: skip
        exponent, d = at.in_time(exponent), {"da": at.in_time(d["da"])}
    rescaled = bool(exponent.any())
    top = _largest_exponent(exponent, reached(d)) if rescaled else exponent[:, 0]
    with np.errstate(all="ignore"):
        if rescaled:
            share = shifted(share, exponent - top[:, None])
        logs = _log10_step_norms(share)
    return logs + top * LOG10_2 if rescaled else logs


def _same_scale(exponent: Array) -> list[tuple[int, Any]]:
    """The (timestep, example) rows that share a power of two: runs of them where there are."""
    flat = exponent.ravel()
    starts = np.flatnonzero(np.diff(flat, prepend=flat[0] - 1))
    if len(starts) <= len(exponent):
        ends = [*starts[1:], len(flat)]
        return [(int(flat[a]), slice(a, b)) for a, b in zip(starts, ends, strict=True)]
    return [(int(one), flat == one) for one in np.unique(flat)]


def _grouped(share: Any, groups: list[tuple[int, Any]]) -> Array:
    """The sum over groups of rows, each with a power of two of its own."""
    parts = [(summed(share, rows), scale) for scale, rows in groups]
    total = sum(times_power(part, scale) for part, scale in parts)
    if np.isfinite(total).all():
        return np.asarray(total)
    top = max(scale for _, scale in parts)  # inf − inf of the parts may be finite in the sum
    aligned = np.asarray(sum(times_power(part, own - top) for part, own in parts))
    return np.where(np.isfinite(total), total, times_power(aligned, top))


def summed(share: Any, rows: Any) -> Array:
    """A parameter's gradient from the given (timestep, example) rows' contributions."""
    if not isinstance(share, tuple):
        return np.asarray(np.add.reduce(share.reshape(-1, *share.shape[2:])[rows]))
    columns = [
        np.dot(left.reshape(-1, left.shape[-1])[rows].T, right.reshape(-1, right.shape[-1])[rows])
        for left, right in share
    ]
    return columns[0] if len(columns) == 1 else np.concatenate(columns, axis=1)


def shifted(share: Any, shift: Array) -> Any:
    """The contributions of examples with different powers of two, brought to one per timestep.

    In float64, in which fewer of them underflow.
    """
    if not shift.any():
        return share
    if isinstance(share, tuple):
        return tuple((left, np.ldexp(right.astype(np.float64, copy=False), shift[..., None]))
                     for left, right in share)  # fmt: skip
    share = share.astype(np.float64, copy=False)
    return np.ldexp(share, shift.reshape(*shift.shape, *[1] * (share.ndim - 2)))


def reached(d: Arrays) -> Array:
    """Where ∂L/∂(a weighted sum) is not 0, (T, B): of those that read x, in da, or of any other."""
    sums = [one.any(axis=-1) for name, one in d.items() if name == "da" or name.startswith("d_")]
    return np.asarray(np.logical_or.reduce(sums))


def _largest_exponent(exponent: Array, present: Array) -> Array:
    """(T,): the largest power of two among the examples with a gradient other than 0 at t."""
    return np.where(present, exponent, exponent.min(axis=1, keepdims=True)).max(axis=1)


def _log10_step_norms(share: Any) -> Array:
    """log10 of the Frobenius norm of each timestep's contribution, (T,)."""
    if not isinstance(share, tuple):
        return log10_norms(share.sum(axis=1).reshape(len(share), -1))
    groups = np.stack([_log10_outer_norms(left, right) for left, right in share])
    top = groups.max(axis=0)
    unit = np.where(np.isfinite(top), top, 0)
    return np.asarray(unit + log10_norms(10.0 ** (groups - unit).T))


def _log10_outer_norms(left: Array, right: Array) -> Array:
    """log10 ‖left_tᵀ right_t‖_F for each t: left (T, B, m), right (T, B, n), by float64.

    Chunks bound the memory.
    """
    left, right = left.astype(np.float64, copy=False), right.astype(np.float64, copy=False)
    if left.shape[1] == 1:
        return np.asarray(log10_norms(left[:, 0]) + log10_norms(right[:, 0]))
    chunk = max(1, 2_000_000 // (left.shape[2] * right.shape[2]))
    parts = []
    for start in range(0, len(left), chunk):
        rows = slice(start, start + chunk)
        one, other = _unit_steps(left[rows]), _unit_steps(right[rows])
        product = np.matmul(one.mantissa.transpose(0, 2, 1), other.mantissa)
        powers = one.exponent + other.exponent
        parts.append(log10_norms(product.reshape(len(product), -1)) + powers * LOG10_2)
    return np.concatenate(parts)


def _unit_steps(rows: Array) -> Scaled:
    """(t, B, n) with a power of two for each t, so that products do not underflow."""
    powers = exponents(rows.reshape(len(rows), -1))
    if np.abs(powers).max(initial=0) < SAFE:
        return Scaled(rows, np.zeros_like(powers))
    return Scaled(np.ldexp(rows, -powers[:, None, None]), powers)
