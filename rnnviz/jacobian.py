"""How each state depends on every state before it: Jacobians of the recurrence, and their norms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import Cell
from rnnviz.checks import frozen, instance, one_of, whole_number
from rnnviz.scaled import LOG10_2
from rnnviz.trace import LayerTrace, Trace, rows

Array = NDArray[Any]
MOST_NUMBERS = 20_000_000
"""The budget of T n², the numbers in all step Jacobians (160 MB)."""
MOST_AT_ONCE = 5_000_000
"""The same where all products are held at once, and that of (T + 1)², the pairs of a map."""
ROWS, LEAF = 512, 16
"""Rows in one backward step (they stay in the cache); timesteps multiplied out one by one."""
CANCELLED = 1e-5
"""Below this share of its bound, a norm from two Gram matrices may have lost digits."""
TAME = 2.0**200
"""Squared norms between 1 / TAME and TAME may be multiplied once more without rescaling."""


def step_jacobians(
    trace: Trace, *, layer: int = 0, direction: str = "forward", batch: int = 0
) -> Array:
    """∂s_t/∂s_{t−1} of one layer's own recurrence, its inputs held fixed: (T, n, n), float64.

    ``step_jacobians(trace)[t − 1, j, i]`` is ∂s_t[j]/∂s_{t−1}[i] for t = 1 … T, s_0 the initial
    state; so ∂s_t/∂s_k is the matrix product J[t − 1] @ … @ J[k], and a gradient (a row) goes back
    as ∂L/∂s_{t−1} = ∂L/∂s_t @ J[t − 1]. s is h (n = H), or for cells with two states h and c side
    by side (n = 2H), two entries of one state: what c_t does through its own h_t belongs to h_t's
    column here, while a flow's ∂L/∂c_t includes it. t counts in the order of processing: in a
    reverse layer step t reads the input T + 1 − t. Source: the cell's
    own backward step, fed with unit vectors.

    Raises ValueError naming argument, rule and what arrived, also where T n² exceeds MOST_NUMBERS.
    """
    return frozen(recurrence(trace, layer, direction, batch))


def jacobian_map(
    trace: Trace,
    state: str = "all",
    *,
    layer: int = 0,
    direction: str = "forward",
    batch: int = 0,
) -> Array:
    """log10 ‖∂s_t/∂s_k‖_F for all 0 ≤ k ≤ t ≤ T: (T + 1, T + 1), row t, column k, float64.

    ``state`` is "h" (the block ∂h_t/∂h_k), "c" (∂c_t/∂c_k) or "all" (h and c together where the
    cell has both). 0 is the initial state, log10 √n stands on the diagonal, −inf for an exact zero,
    nan for k > t; norms that no float can hold are right (within one product, what is 10³⁰⁰ times
    smaller than its largest entry is lost). The layer's own recurrence with its
    inputs held fixed, in the order of processing, as in `step_jacobians`.

    Source: ‖AB‖² = tr(AᵀA BBᵀ). With A = ∂s_t/∂s_m and B = ∂s_m/∂s_k, the norms of all pairs on
    two sides of m are one product of Gram matrices, and each side is halved again: T log T matrix
    products in place of T²/2. Pairs in which A and B cancel are multiplied out step by step.

    Raises ValueError naming argument, rule and what arrived, also where T n² or (T + 1)² exceeds
    MOST_AT_ONCE.
    """
    instance("trace", trace, Trace)
    cell = trace.model.cell
    one_of("state", state, (*cell.states, "all"))
    steps = len(trace.x)
    if (steps + 1) ** 2 > MOST_AT_ONCE:
        raise ValueError(
            f"`trace` must have at most {int(MOST_AT_ONCE**0.5) - 1} timesteps for a map of all "
            f"pairs, got {steps}."
        )
    jacobians = recurrence(trace, layer, direction, batch, MOST_AT_ONCE)
    size = trace.model.hidden_size
    first = 0 if state == "all" else cell.states.index(state) * size
    block = slice(first, jacobians.shape[1] if state == "all" else first + size)
    with np.errstate(all="ignore"):
        return frozen(_Map(jacobians, block).found)


def recurrence(
    trace: Any, layer: Any, direction: Any, batch: Any, most: int | None = None
) -> Array:
    """`step_jacobians`, writable, of at most so many numbers."""
    instance("trace", trace, Trace)
    at = trace.layer(layer, direction)
    example = whole_number("batch", batch, 0, trace.x.shape[1] - 1)
    steps, size = len(trace.x), len(at.cell.states) * trace.model.hidden_size
    most = MOST_NUMBERS if most is None else most
    if steps * size * size > most:
        raise ValueError(
            f"`trace` must have at most {most:,} numbers in its step Jacobians (T n², "
            f"n = {size}), got {steps * size * size:,}."
        )
    record = {name: _wide(one[:, example : example + 1]) for name, one in at.record.items()}
    found = np.empty((steps, size, size))
    chunk = max(1, ROWS // size)
    with np.errstate(all="ignore"):
        for start in range(0, steps, chunk):
            part = slice(start, start + chunk)
            _backward(at, {name: one[part] for name, one in record.items()}, found[part])
    return found


def _wide(array: Array) -> Array:
    return array.astype(np.float64, copy=False)


def _backward(at: LayerTrace, record: Mapping[str, Array], found: Array) -> None:
    """One backward step of a batch of (timestep, unit vector) pairs, written into found."""
    cell: Cell = at.cell
    count, size = len(found), found.shape[1]
    number, width = count * size, size // len(cell.states)
    W = {name: _wide(one) for name, one in at.parameters.items()}
    back = cell.backward(W, lambda n: np.empty((number, n * width)))
    named = back.__code__.co_varnames[: back.__code__.co_argcount]
    once = {"da": np.empty(record["a"].shape)}
    once |= {f"da_{name}": cell.block(name, once["da"]) for name in cell.blocks}
    slopes = cell.slopes(record, once)

    def repeated(array: Array) -> Array:
        """Each timestep's row once for every unit vector."""
        return np.repeat(array, size, axis=1).reshape(1, number, *array.shape[2:])

    d = {"da": repeated(once["da"])}
    d |= {f"da_{name}": cell.block(name, d["da"]) for name in cell.blocks}
    d |= {name: np.empty((1, number, width)) for name in cell.own_gradients}
    for k, name in enumerate(cell.states):
        ones = np.zeros((count, size, width))
        ones[:, k * width : (k + 1) * width] = np.eye(width)
        d |= {f"d{name}": ones.reshape(1, number, width)}
        d |= {f"d{name}_prev": np.zeros((1, number, width))}
    both = {**record, **slopes}
    both = {name: repeated(one) for name, one in both.items() if name in named}
    back(*(one[0] for one in rows(cell, back, {**both, **d, **cell.views(d)}, "da")))
    for k, name in enumerate(cell.states):
        past = d[f"d{name}_prev"].reshape(count, size, width)
        found[..., k * width : (k + 1) * width] = past


def tame(matrices: Array, exponent: Array) -> Array:
    """Rescale, in place, those matrices whose norm is far from 1; returns the squared norms."""
    squares = np.einsum("...ij,...ij->...", matrices, matrices)
    if squares.min(initial=1) > 1 / TAME and squares.max(initial=1) < TAME:
        return squares
    top = np.frexp(np.abs(matrices).max(axis=(-2, -1)))[1].astype(np.int64)
    top[(squares > 1 / TAME) & (squares < TAME)] = 0
    np.ldexp(matrices, -top[..., None, None], matrices)
    exponent += top
    return np.einsum("...ij,...ij->...", matrices, matrices)


class _Map:
    """The map under way: squared norms (T + 1, T + 1), each with a power of two.

    Timesteps are cut into parts of one length, the last filled up with identities;
    ``prefix[t − 1]`` is ∂s_t/∂s_a and ``suffix[k]`` is (∂s_b/∂s_k)ᵀ, where a … b is the part that
    t and k lie in.
    """

    def __init__(self, jacobians: Array, block: slice) -> None:
        self.count, size = jacobians.shape[:2]
        parts = 1
        while -(-self.count // parts) > LEAF:
            parts *= 2
        self.length = -(-self.count // parts)
        steps = parts * self.length
        filling = np.broadcast_to(np.eye(size), (steps - self.count, size, size))
        self.block, self.whole = block, block == slice(0, size)
        self.steps, self.exponent = np.concatenate([jacobians, filling]), np.zeros(steps, np.int64)
        tame(self.steps, self.exponent)
        self.turned = self.steps.transpose(0, 2, 1).copy()
        self.squares, self.power = (
            np.zeros((steps + 1, steps + 1)),
            np.zeros((steps + 1, steps + 1)),
        )
        self.prefix, self.suffix, self.spare, self.other = np.empty((4, steps, size, size))
        self.before, self.after = np.zeros((2, steps), np.int64)
        self.doubtful = np.zeros((steps + 1, steps + 1), bool)
        self._leaves(parts)
        while self.length < steps:
            self._double()

    @property
    def found(self) -> Array:
        """log10 of the norms."""
        every = slice(self.count + 1)
        doubtful = self.doubtful[every, every] & ~self._behind_a_zero()
        if doubtful.any():
            self._chains(np.flatnonzero(doubtful.any(axis=0)))
        found = np.log10(self.squares[every, every]) / 2 + self.power[every, every] * LOG10_2
        found[np.triu_indices(self.count + 1, 1)] = np.nan
        np.fill_diagonal(found, np.log10(self.block.stop - self.block.start) / 2)
        return found

    def _leaves(self, parts: int) -> None:
        """All pairs within each part, one timestep after the other, all k in one product."""
        length, size = self.length, self.steps.shape[1]
        shape = (parts, length, size, size)
        now, after = self.spare.reshape(shape), self.other.reshape(shape)
        prefix, turned = self.prefix.reshape(shape), self.turned.reshape(shape)
        power = np.zeros((parts, length), np.int64)
        before, own = self.before.reshape(parts, length), self.exponent.reshape(parts, length)
        for step in range(length):
            if step:
                left, out = now[:, :step], after[:, :step]
                flat = (parts, step * size, size)
                np.matmul(left.reshape(flat), turned[:, step], out.reshape(flat))
                now, after = after, now
            now[:, step] = turned[:, step]
            power[:, : step + 1] += own[:, step, None]
            squares = tame(now[:, : step + 1], power[:, : step + 1])
            seen = squares if self.whole else self._seen(now[:, : step + 1])
            for part in range(parts):
                start = part * length
                place = start + step + 1, slice(start, start + step + 1)
                self.squares[place], self.power[place] = seen[part], power[part, : step + 1]
            prefix[:, step], before[:, step] = now[:, 0].transpose(0, 2, 1), power[:, 0]
        self.suffix.reshape(shape)[...], self.after[...] = now, power.ravel()

    def _seen(self, matrices: Array) -> Array:
        """Squared norms of the block that was asked for."""
        part = matrices[..., self.block, self.block]
        return np.einsum("...ij,...ij->...", part, part)

    def _double(self) -> None:
        """The pairs across each two neighbouring parts, which become one."""
        self._across()
        pairs = (len(self.steps) // (2 * self.length), 2, self.length)
        if pairs[0] > 1:
            prefix, suffix = (
                one.reshape(*pairs, *one.shape[1:]) for one in (self.prefix, self.suffix)
            )
            before, after = self.before.reshape(pairs), self.after.reshape(pairs)
            self._extend(prefix[:, 1], before[:, 1], prefix[:, 0, -1], before[:, 0, -1])
            self._extend(suffix[:, 0], after[:, 0], suffix[:, 1, 0], after[:, 1, 0])
        self.length *= 2

    def _extend(self, stack: Array, power: Array, by: Array, own: Array) -> None:
        """Every matrix of a part times one: (parts, length, n, n) times (parts, n, n)."""
        parts, length, size = stack.shape[:3]
        flat, out = (parts, length * size, size), self.spare[: parts * length]
        np.matmul(stack.reshape(flat), by, out.reshape(flat))
        stack[...] = out.reshape(stack.shape)
        power += own[:, None]
        tame(stack, power)

    def _across(self) -> None:
        """Pairs k < m < t: tr(AᵀA BBᵀ), and which of them cancel."""
        length, size = self.length, self.steps.shape[1]
        parts = len(self.steps) // (2 * length)
        grams = []
        for stack, side, out in ((self.prefix, 1, self.spare), (self.suffix, 0, self.other)):
            M = stack.reshape(parts, 2, length, size, size)[:, side, :, self.block]
            shape = (parts, length, size, size)
            gram = np.matmul(M.swapaxes(-1, -2), M, out[: parts * length].reshape(shape))
            grams.append(gram.reshape(parts, length, size * size))
        squares = grams[0] @ grams[1].swapaxes(1, 2)
        lengths = [np.sqrt(np.einsum("pki,pki->pk", one, one)) for one in grams]
        doubtful = squares <= CANCELLED * lengths[0][:, :, None] * lengths[1][:, None]
        before, after = (one.reshape(parts, 2, length) for one in (self.before, self.after))
        power = before[:, 1, :, None] + after[:, 0, None]
        for part in range(parts):
            middle = (2 * part + 1) * length
            place = slice(middle + 1, middle + length + 1), slice(middle - length, middle)
            self.squares[place], self.power[place] = squares[part], power[part]
            self.doubtful[place] = doubtful[part]

    def _chains(self, ks: Array) -> None:
        """∂s_t/∂s_k for the given k and every t, one timestep after the other."""
        size = self.steps.shape[1]
        now, after = self.spare[: len(ks)], self.other[: len(ks)]
        power, alive = np.zeros(len(ks), np.int64), 0
        for t in range(ks[0], self.count):
            J = self.turned[t]
            np.dot(now[:alive].reshape(-1, size), J, after[:alive].reshape(-1, size))
            now, after = after, now
            if alive < len(ks) and ks[alive] == t:
                now[alive] = J
                alive += 1
            power[:alive] += self.exponent[t]
            tame(now[:alive], power[:alive])
            self.squares[t + 1, ks[:alive]] = self._seen(now[:alive])
            self.power[t + 1, ks[:alive]] = power[:alive]

    def _behind_a_zero(self) -> Array:
        """Which pairs (t, k) have a step between them whose Jacobian is all zeros."""
        t = np.arange(self.count + 1)
        zero = np.concatenate([[True], ~self.steps[: self.count].any(axis=(1, 2))])
        return np.greater.outer(np.maximum.accumulate(np.where(zero, t, 0)), t)
