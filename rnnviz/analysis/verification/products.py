"""Map, singular values and exponents against plain products of the step Jacobians.

The map is checked in its last row and in one column drawn at random. A map of many large steps,
singular values and Lyapunov exponents would take longer than a pass: they are checked on a few
timesteps in a row, drawn at random; the words say which.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from rnnviz.analysis import jacobian, spectrum
from rnnviz.analysis.verification.check import Check, made, skipped
from rnnviz.analysis.verification.exponents import LYAPUNOV, ROUGH, exponent_check
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.relative_error import gaps, largest_gap
from rnnviz.words import sentence

TOGETHER = 8
"""Matrices that are multiplied between two looks at their size."""
FEW, MOST, LARGEST = 2, 5 * 10**7, 5 * 10**6
"""Timesteps whose singular values are checked; the most that T n³ log T may be for a map, and n³
for singular values.
"""
CLOSE = 1e-9
"""How far a log10 norm may be from another."""
LOG10_2 = float(np.log10(2.0))
RANGE = 300
"""Powers of ten from 1 to the smallest float."""
MAP = sentence("the Jacobian map of {count} steps from step {first} on: last row and one column, "
               "against plain products (log10)")  # fmt: skip
SINGULAR = sentence("singular values of {count} steps from step {first} on, and of their product, "
                    "against LAPACK's of plain products")  # fmt: skip
PRODUCT = sentence("‖product of the steps‖ ≤ product of ‖steps‖, {count} steps from step {first} "
                   "on (log10 of the excess)")  # fmt: skip


def product_checks(trace: Trace, at: LayerTrace, rng: np.random.Generator) -> Iterator[Check]:
    """Map, singular values and exponents of one layer and direction, of the first example."""
    steps, n = len(trace.x), at.record["h"].shape[-1] * len(at.cell.states)
    place: dict[str, Any] = {"layer": at.layer, "direction": at.direction}
    parts = [_part(steps, count, rng) for count in (_affordable(steps, n), min(FEW, steps))]
    texts = (MAP, PRODUCT, SINGULAR, LYAPUNOV)
    over = (parts[0], parts[0], parts[1], parts[1])
    words = [sentence(text.template, count=part.stop - part.start, first=part.start + 1)
             for text, part in zip(texts, over, strict=True)]  # fmt: skip
    if n**3 > MOST:
        yield skipped("map", CLOSE, words[0], _too_long(n, MOST))
        yield skipped("product", CLOSE, words[1], _too_long(n, MOST))
    else:
        few = _few(trace, parts[0])
        J, found = jacobian.step_jacobians(few, **place), jacobian.jacobian_map(few, **place)
        yield made("map", _map(J, found, rng), CLOSE, words[0])
        yield made("product", _excess(J, found), CLOSE, words[1])
    if n**3 > LARGEST:
        yield skipped("singular values", ROUGH, words[2], _too_long(n, LARGEST))
        yield skipped("exponents", ROUGH, words[3], _too_long(n, LARGEST))
    else:
        few = _few(trace, parts[1])
        J, values = jacobian.step_jacobians(few, **place), spectrum.singular_values(few, **place)
        wanted = np.linalg.svd(J, compute_uv=False) if np.isfinite(J).all() else None
        yield made("singular values", _singular(J, values, wanted), ROUGH, words[2])
        yield exponent_check(J, spectrum.lyapunov(few, **place), words[3], wanted)


def _too_long(n: int, most: int) -> str:
    """Why products of n × n matrices were not checked."""
    return sentence("n³ = {cube:,} is above the limit of {most:,}", cube=n**3, most=most)


def _affordable(steps: int, n: int) -> int:
    """The number of steps on which the map is checked: all, where that costs a pass at most."""
    count = steps
    while count > FEW and (count * n**3 * (1 + np.log2(count)) > MOST
                           or (count + 1) ** 2 > jacobian.MOST_AT_ONCE):  # fmt: skip
        count = max(FEW, count // 2)
    return count


def _part(steps: int, count: int, rng: np.random.Generator) -> slice:
    """``count`` timesteps in a row, drawn at random."""
    first = int(rng.integers(steps - count + 1))
    return slice(first, first + count)


def _few(trace: Trace, part: slice) -> Trace:
    """A trace of a few timesteps, in every layer's own order of processing."""
    layers = tuple(
        replace(at, record={name: one[part] for name, one in at.record.items()})
        for at in trace.layers
    )
    return replace(trace, x=trace.x[part], layers=layers, outputs=trace.outputs[part])


def _map(J: Array, found: Array, rng: np.random.Generator) -> float:
    """Last row and one column of the map against products, one step after the other, in log10.

    A difference that rounding of the steps' Jacobians makes as well does not count, nor one of a
    product that is smaller than that of its steps' norms by all the range of floats.
    """
    steps, n = J.shape[:2]
    k = int(rng.integers(steps))
    upper = found[np.triu_indices(steps + 1, 1)]
    errors = [largest_gap(np.diagonal(found), np.log10(n) / 2), float(not np.isnan(upper).all())]
    pairs = ((found[steps, :steps][::-1], J[::-1].swapaxes(1, 2)), (found[k + 1 :, k], J[k:]))
    for read, chain in pairs:
        wanted = _norms(chain)
        apart = gaps(read, wanted)
        if not (apart <= CLOSE).all():
            noise = 1 + np.finfo(float).eps * rng.choice([-1, 1], chain.shape)
            doubt = 30 * np.abs(wanted - _norms(chain * noise))
            # Numbers of one matrix, for which there is one power of two, have been that far apart.
            lost = wanted - np.cumsum(_own_norms(chain)) < -RANGE
            apart = np.where(lost | (apart <= np.nan_to_num(doubt, nan=np.inf)), 0, apart)
        errors.append(float(apart.max()))
    return max(errors)


def _excess(J: Array, found: Array) -> float:
    """The most by which a norm of the map exceeds the product of its steps' norms, in log10."""
    sizes = np.concatenate([[0.0], np.cumsum(_own_norms(J))])
    excess = found[1:, 0] - sizes[1:]
    return float(np.where(np.isneginf(found[1:, 0]), 0.0, excess).max(initial=0.0))


def _norms(steps: Array) -> Array:
    """log10 ‖J_t … J_1‖_F for every t, (T,)."""
    now, power, found = np.eye(steps.shape[-1]), 0, list[Array]()
    for start in range(0, len(steps), TOGETHER):
        part, before = steps[start : start + TOGETHER], now
        products = np.empty(part.shape)
        for J, product in zip(part, products, strict=True):
            now = np.matmul(J, now, product)
        if _moderate(products):
            found.append(_log10_sizes(products) + power * LOG10_2)
        else:
            now, power, logs = _norms_by_steps(part, before, power)
            found.append(logs)
    return np.concatenate(found)


def _norms_by_steps(steps: Array, now: Array, power: int) -> tuple[Array, int, Array]:
    """The product of ``now`` · 2^power and the steps, its power of two, and log10 of all norms."""
    found = []
    for J in steps:
        now = J @ now
        if not _moderate(now):
            shift = int(np.frexp(np.abs(now).max())[1])
            now, power = np.ldexp(now, -shift), power + shift
        found.append(_log10_sizes(now) + power * LOG10_2)
    return now, power, np.array(found)


def _own_norms(steps: Array) -> Array:
    """log10 ‖J_t‖_F of every step by itself, (T,)."""
    if _moderate(steps):
        return _log10_sizes(steps)
    return np.array([_norms(one[None])[0] for one in steps])


def _moderate(matrices: Array) -> bool:
    """Whether the largest number of every matrix and its square are far inside the range."""
    largest = np.abs(matrices).max(axis=(-2, -1))
    return bool(largest.min() > 1e-100 and largest.max() < 1e100)


def _log10_sizes(matrices: Array) -> Array:
    return np.asarray(np.log10(np.einsum("...ij,...ij->...", matrices, matrices)) / 2)


def _singular(J: Array, found: spectrum.SingularValues, values: Array | None) -> float:
    """Singular values against LAPACK's, relative to the largest of each matrix.

    ``values`` (T, n) are LAPACK's of the steps, None where they are not finite.
    """
    products = [J[0]]
    for one in J[1:]:
        products.append(one @ products[-1])
    known = [None] * len(J) if values is None else [*values]
    errors = [_against(*of) for of in zip(found.step, J, known, strict=True)]
    known[1:] = [None] * (len(J) - 1)
    errors += [_against(*of) for of in zip(found.cumulative, products, known, strict=True)]
    falling = -np.diff(np.stack([found.step, found.cumulative]), axis=-1)
    return max(*errors, 0.0 if not (falling < 0).any() else np.inf)


def _against(logs: Array, matrix: Array, wanted: Array | None) -> float:
    """|10^logs − singular values|, relative to the largest; both may not be finite."""
    if not np.isfinite(matrix).all():
        return 0.0 if np.isnan(logs).all() else np.inf
    if wanted is None:
        wanted = np.linalg.svd(matrix, compute_uv=False)
    return largest_gap(10.0**logs, wanted, wanted[0] or 1.0)
