"""Lyapunov exponents of a few steps against Gram–Schmidt, or the volume of their product."""

from __future__ import annotations

import math

import numpy as np

from rnnviz.analysis.verification.check import Check, made, skipped
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.relative_error import largest_gap
from rnnviz.words import sentence

ROUGH, ROUGHEST = 1e-8, 1e-6
"""How far a singular value or exponent may be from another, and an exponent of steps that stretch
some directions hardly."""
SAFE = 10
"""Powers of ten below the largest down to which a product of floats has its singular values."""
DOUBT, WORTH = 30, 1e-3
"""How many times what rounding of a step moves an exponent; a check of fewer digits is none."""
UNSURE = 1e-7
"""What is left of a direction's terms below this has too few digits to be compared."""
LYAPUNOV = sentence("Lyapunov exponents of {count} steps from step {first} on, against "
                    "Gram–Schmidt")  # fmt: skip


def exponent_check(J: Array, found: Array, words: str, values: Array | None = None) -> Check:
    """The exponents' error against Gram–Schmidt, down to SAFE powers of ten below the largest.

    ``values`` (T, n) are the singular values of the steps, if they are known.
    """
    if not np.isfinite(J).all():
        lost = 0.0 if np.isnan(found).all() else np.inf
        return made("exponents", lost, ROUGH, words)
    values = np.linalg.svd(J, compute_uv=False) if values is None else values
    logs, bound = _gram_schmidt(J), _unsure(values)
    if logs is not None and np.isneginf(logs).any():
        logs, found = _volume(J, found)
    elif logs is not None:
        bound = max(bound, DOUBT * _moved(J, logs) / len(J))
    if logs is None or not bound <= WORTH:
        return skipped("exponents", ROUGH, words, sentence("a step is nearly singular"))
    wanted = np.sort(logs)[::-1] / len(J)
    near = wanted > wanted[0] - SAFE * np.log(10) / len(J)
    return made("exponents", largest_gap(found[near], wanted[near]), bound, words)


def _unsure(values: Array) -> float:
    """How far rounding of unit vectors may move an exponent, from ``ROUGH`` up to ``ROUGHEST``.

    A step that stretches one direction 1e8 times as much as another turns the last digit of the
    other's unit vector into 1e-8 of its length.
    """
    info = np.finfo(values.dtype)
    spread = values[:, 0] / np.maximum(values[:, -1], info.tiny)
    return float(np.clip(values.shape[1] * info.eps * spread.max(), ROUGH, ROUGHEST))


def _moved(J: Array, logs: Array) -> float:
    """The most by which rounding of the steps' numbers moves an exponent, times the steps.

    A direction that one step makes long and the next one short has fewer digits than both steps
    tell.
    """
    signs = np.random.default_rng(0).choice([-1, 1], (2, *J.shape))
    again = (_gram_schmidt(J * (1 + np.finfo(float).eps * one)) for one in signs)
    return max(np.inf if one is None else largest_gap(one, logs) for one in again)


def _volume(J: Array, found: Array) -> tuple[Array | None, Array]:
    """ln of the product of the singular values of J_T … J_1, and what the exponents have for it.

    Both leave out zeros. None where LAPACK cannot tell how many there are.
    """
    product, terms = J[0], np.abs(J[0])
    for one in J[1:]:
        product, terms = one @ product, np.abs(one) @ terms
    values = np.linalg.svd(product, compute_uv=False) / (np.linalg.norm(terms) or 1.0)
    kept, ours = values[values > 10.0**-SAFE], found[found > -np.inf]
    if len(ours) > len(kept):
        return None, found
    wanted = np.log(kept).sum() + len(kept) * np.log(np.linalg.norm(terms) or 1.0)
    return np.array([wanted]), np.array([ours.sum() if len(ours) == len(kept) else np.inf])


def _gram_schmidt(J: Array) -> Array | None:
    """ln of how much all steps stretch each direction (n,), −inf for a lost one.

    None where a direction has too few digits left to tell.
    """
    basis, logs = np.eye(J.shape[1]), np.zeros(J.shape[1])
    alive = np.arange(len(logs))
    for one in J:
        shift = int(np.frexp(np.abs(one).max())[1])  # squares of its numbers must stay in range
        one = np.ldexp(one, -shift)
        terms = np.linalg.norm(np.abs(one) @ np.abs(basis), axis=0)
        # A matrix with few rows or columns that are not zero leaves no more directions than those.
        most = min(int(one.any(axis=axis).sum()) for axis in (0, 1))
        basis, lengths = _orthogonal(one @ basis, most)
        if ((lengths > 0) & (lengths < UNSURE * terms)).any():
            return None
        logs[alive] += np.log(lengths) + shift * np.log(2)
        alive, basis = alive[lengths > 0], basis[:, lengths > 0]
    return logs


def _orthogonal(columns: Array, most: int) -> tuple[Array, Array]:
    """Each column made orthogonal to those before it, of length 1, and its length before that.

    After ``most`` columns that are not zero all others are.
    """
    found, lengths, count = np.zeros(columns.T.shape), np.zeros(columns.shape[1]), 0
    for k, v in enumerate(columns.T):
        if count == most:
            break
        before = found[:k]
        for _ in range(2):
            v = v - (before @ v) @ before
        lengths[k] = length = math.sqrt(v @ v)
        count += length != 0
        found[k] = v / (length or 1.0)
    return found.T, lengths
