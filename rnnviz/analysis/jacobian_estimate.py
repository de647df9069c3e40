"""The map ‖∂s_t/∂s_k‖ from random projections, where the exact map is too expensive.

For orthonormal rows z of random direction, ‖M‖²_F = n E‖zᵀM‖². From every t some rows are carried
back through the recurrence, all t at once as rows of one matrix, with a power of two for each t.
Half of the rows are not random: they span the directions that the steps before t stretch most,
where a product of many steps has nearly all of its norm. Their share is exact, and the random rows
estimate the remainder (deflation: Gambhir, Stathopoulos and Orginos 2017; Meyer et al. 2021).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from typing import Any, NamedTuple

import numpy as np

from rnnviz.analysis import jacobian
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import LOG10_2
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import frozen, instance, one_of, whole_number

PORTION = 5_000_000
"""Numbers of step Jacobians that are held at once (40 MB)."""
MOST_WORK = 1.2e12
"""The most that p T² n² / every may be, 25 to 50 ps each: about a minute."""
QUICK, FEWEST, USUAL = 6e10, 4, 16
"""Without ``probes``: so many that p T² n² is at most this (two seconds), but 4 to 16. Without
``every``: every row, or as many as keep p T² n² / every below it."""
FAR = 2.0**400
"""Squared norms between 1 / FAR and FAR need no rescaling yet."""


class ProbedMap(NamedTuple):
    """A map of norms, estimated.

    log10           (T + 1, T + 1): row t, column k, log10 ‖∂s_t/∂s_k‖_F as `jacobian_map` has it:
                    −inf for an exact zero, nan for k > t
    standard_error  (T + 1, T + 1): of the norm, relative to it (0.04 is 4 %, or 0.017 in log10);
                    0 where the norm is exact, nan for k > t
    probes          rows carried back from each t
    exact           whether there are as many rows as the state has numbers: then nothing is
                    estimated
    every           only the rows t = T, T − every, T − 2 every, … are computed; in the others both
                    arrays are nan but for the diagonal

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.probed_map(trace, probes=2).exact
    False
    """

    log10: Array
    standard_error: Array
    probes: int
    exact: bool
    every: int = 1

    def __repr__(self) -> str:
        return brief(self)


def probed_map(
    trace: Trace,
    state: str = "all",
    *,
    probes: int | None = None,
    every: int | None = None,
    seed: int = 0,
    layer: int = 0,
    direction: str | None = None,
    batch: int = 0,
) -> ProbedMap:
    """`jacobian_map` from ``probes`` rows at each t in place of n: p T² n² operations.

    The squared norm is estimated without bias. Its standard error comes from how far the r random
    rows, r = p − p // 2 and at least 2, differ, as when r are drawn without replacement from an
    orthonormal basis of the directions that are left; it is 0 once all are there. Over many pairs
    its root mean square is that of the errors. Of a single pair it is uncertain by a share of
    1 / √((r − 1) (r + 2)) and more, and too small where the norm came out too small: one error in
    fifteen, with few probes one in six, is above three of its own standard errors. Errors along a
    row of the map go together, since its entries share their probes. Logarithms are low on
    average, by 0.4 times the square of the relative error: at worst, of norms that lie in one
    direction which the fixed rows miss, by 0.03 powers of ten for 16 probes, by 0.13 for 4.
    Norms that no float can hold are right.

    Without ``probes`` there are 16, or, where that would take more than two seconds, fewer, at
    least 4. More than numbers in the state (H, or n for "all") are left out. Where 4 would take
    longer still, and ``every`` is not given, only every so many-th row t is computed, from T
    downwards. The same seed gives the same map.

    Raises ValueError naming argument, rule and what arrived, also where (T + 1)² exceeds
    `rnnviz.analysis.jacobian.MOST_AT_ONCE`, probes T n / every its MOST_NUMBERS, or
    probes T² n² / every ``MOST_WORK``.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.jacobian_estimate(trace, probes=2).log10.shape
    (7, 7)
    """
    instance("trace", trace, Trace)
    cell, steps, size = trace.model.cell, len(trace.x), trace.model.hidden_size
    one_of("state", state, (*cell.states, "all"))
    width = len(cell.states) * size
    first = 0 if state == "all" else cell.states.index(state) * size
    block = slice(first, width if state == "all" else first + size)
    if probes is None:
        probes = max(FEWEST, min(USUAL, int(QUICK // (steps * width) ** 2)))
    count = min(whole_number("probes", probes, 2), block.stop - block.start)
    if every is None:
        every = max(1, min(steps, ceil(count * (steps * width) ** 2 / QUICK)))
    rows = 1 + (steps - 1) // whole_number("every", every, 1, steps)
    rng = np.random.default_rng(whole_number("seed", seed, 0))
    if (steps + 1) ** 2 > jacobian.MOST_AT_ONCE:
        raise ValueError(
            f"`trace` must have at most {int(jacobian.MOST_AT_ONCE**0.5) - 1} timesteps for a map "
            f"of all pairs, got {steps}: rnnviz.leading follows the largest directions, "
            "rnnviz.reach one loss."
        )
    if count * rows * width > jacobian.MOST_NUMBERS:
        raise ValueError(
            f"`probes` must be at most {jacobian.MOST_NUMBERS // (rows * width)} for "
            f"{rows} timesteps of {width} numbers, got {count}."
        )
    if count * rows * steps * width**2 > MOST_WORK:
        fits = int(MOST_WORK // (rows * steps * width**2))
        shorter = int((MOST_WORK / 2) ** 0.5 / width)
        instead = f"`probes` must be at most {fits}" if fits > 1 else (
            f"`trace` must have at most {shorter:,} timesteps"
        )  # fmt: skip
        raise ValueError(
            f"{instead} for a map of {steps:,} timesteps of {width} numbers in the state within a "
            f"minute, got {count} probes: a larger `every` computes fewer rows, and "
            "rnnviz.leading follows the largest directions alone."
        )
    recurrence = _Recurrence(trace, layer, direction, batch)
    with np.errstate(all="ignore"):
        frames, fixed = _frames(recurrence, block, count, every, rng)
        log10, error = _carried_back(recurrence, block, frames, fixed, every)
    return ProbedMap(frozen(log10), frozen(error), count, fixed == count, every)


class _Recurrence:
    """The step Jacobians of one example, in portions that fit into memory."""

    def __init__(self, trace: Trace, layer: Any, direction: Any, batch: Any) -> None:
        self.trace, self.place = trace, (layer, direction, batch)
        self.steps = len(trace.x)
        self.size = len(trace.model.cell.states) * trace.model.hidden_size
        self.portion = max(1, PORTION // self.size**2)
        self.kept: tuple[int, Array] | None = None

    def forward(self) -> Iterator[tuple[int, Array]]:
        """(t, ∂s_{t+1}/∂s_t) for t = 0 … T − 1."""
        for start in range(0, self.steps, self.portion):
            yield from enumerate(self._from(start), start)

    def back(self) -> Iterator[tuple[int, Array]]:
        """(t, ∂s_{t+1}/∂s_t) for t = T − 1 … 0."""
        for start in reversed(range(0, self.steps, self.portion)):
            part = self._from(start)
            yield from ((start + k, part[k]) for k in reversed(range(len(part))))

    def _from(self, start: int) -> Array:
        if self.kept is None or self.kept[0] != start:
            span = slice(start, start + self.portion)
            layers = tuple(
                replace(at, record={name: one[span] for name, one in at.record.items()})
                for at in self.trace.layers
            )
            part = replace(self.trace, x=self.trace.x[span], layers=layers)
            self.kept = start, jacobian.recurrence(part, *self.place)
        return self.kept[1]


def _frames(
    recurrence: _Recurrence, block: slice, count: int, every: int, rng: np.random.Generator
) -> tuple[Array, int]:
    """Orthonormal columns for the rows t = T, …, (rows, n of the block, count), and the fixed ones.

    Those, as many as said, span what a basis that is carried forward through the steps has become.
    """
    steps, width = recurrence.steps, block.stop - block.start
    rows = 1 + (steps - 1) // every
    if count == width:
        return np.broadcast_to(np.eye(width), (rows, width, width)), count
    fixed = min(count // 2, count - 2)
    frames = rng.standard_normal((rows, width, count))
    basis = np.linalg.qr(rng.standard_normal((recurrence.size, fixed)))[0]
    for t, J in recurrence.forward():
        moved = J @ basis
        if np.isfinite(moved).all():
            basis = np.linalg.qr(moved)[0]
        if (steps - 1 - t) % every == 0:
            frames[(steps - 1 - t) // every, :, :fixed] = basis[block]
    return np.linalg.qr(frames)[0], fixed


def _carried_back(
    recurrence: _Recurrence, block: slice, frames: Array, fixed: int, every: int
) -> tuple[Array, Array]:
    """log10 norms and their relative standard errors, (T + 1, T + 1)."""
    (sent, width, count), size, steps = frames.shape, recurrence.size, recurrence.steps
    log10, error = np.full((2, steps + 1, steps + 1), np.nan)
    np.fill_diagonal(log10, np.log10(width) / 2)
    np.fill_diagonal(error, 0)
    now, after = np.zeros((2, sent, count, size))  # row 0 set off at T, row 1 at T − every, …
    power = np.zeros(sent, np.int64)
    for k, J in recurrence.back():
        alive, since = divmod(steps - 1 - k, every)
        alive += 1
        if since == 0:
            now[alive - 1], now[alive - 1, :, block] = 0, frames[alive - 1].T
        np.dot(now[:alive].reshape(-1, size), J, after[:alive].reshape(-1, size))
        now, after = after, now
        rows = now[:alive]
        squares = _in_range(rows, power[:alive])
        if size != width:
            rows = rows[..., block]
            squares = np.einsum("tpi,tpi->tp", rows, rows)
        total, own = _estimated(rows, squares, width, fixed)
        there = steps - every * np.arange(alive)
        log10[there, k] = np.log10(total) / 2 + power[:alive] * LOG10_2
        error[there, k] = own
    return log10, error


def _estimated(rows: Array, squares: Array, width: int, fixed: int) -> tuple[Array, Array]:
    """‖M‖² and the relative standard error of ‖M‖, from rows (t, count, n) and their squared norms.

    Of the random rows Z not only the squared norms, the diagonal of K = ZᵀM(ZᵀM)ᵀ, say how far
    such norms differ: any rotation of Z would have done as well, and over all of them the mean of
    their sample variances is 2 (‖K‖² − (tr K)² / r) / ((r − 1) (r + 2)).
    """
    known, random = squares[:, :fixed].sum(axis=1), squares[:, fixed:].sum(axis=1)
    drawn, left = squares.shape[1] - fixed, width - fixed
    if not drawn:
        return known, np.zeros(known.shape)
    total = known + left / drawn * random
    K = rows[:, fixed:] @ rows[:, fixed:].swapaxes(1, 2)
    spread = np.maximum(np.einsum("tij,tij->t", K, K) - random**2 / drawn, 0)
    spread *= 2 / ((drawn - 1) * (drawn + 2))
    variance = left**2 * (1 - drawn / left) * spread / drawn
    return total, np.where(total == 0, 0, np.sqrt(variance) / (2 * total))


def _in_range(rows: Array, power: Array) -> Array:
    """Squared norms (t, count) of rows (t, count, n); t's far from 1 are rescaled, in place."""
    squares = np.einsum("tpi,tpi->tp", rows, rows)
    whole = squares.max(axis=-1)
    if whole.min() > 1 / FAR and whole.max() < FAR:
        return squares
    far = np.flatnonzero(~((whole > 1 / FAR) & (whole < FAR)))
    largest = np.abs(rows[far]).max(axis=(-2, -1))
    top = np.frexp(np.where(np.isfinite(largest), largest, 1))[1].astype(np.int64)
    rows[far] = np.ldexp(rows[far], -top[:, None, None])
    power[far] += top
    squares[far] = np.einsum("tpi,tpi->tp", rows[far], rows[far])
    return squares
