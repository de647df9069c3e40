"""Norms of all products of neighbours in a chain of matrices, without multiplying them all out.

‖AB‖² = tr(AᵀA BBᵀ). With A = J_t … J_{m+1} and B = J_m … J_{k+1}, the norms of all pairs k < m < t
are one product of Gram matrices, and each side of m is halved again: T log T matrix products in
place of T²/2. Pairs in which A and B cancel are multiplied out step by step.
"""

from __future__ import annotations

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import LOG10_2

LEAF = 8
"""The most matrices whose products are formed one by one instead of by halves."""
CANCELLED = 1e-5
"""Below this share of its bound, a norm from two Gram matrices may have lost digits."""
SAFE = 2.0**200
"""Squared norms between 1 / SAFE and SAFE may be multiplied once more without rescaling."""


def log10_norms(chain: Array, block: slice) -> Array:
    """log10 ‖(J_t … J_{k+1})[block, block]‖_F for all 0 ≤ k ≤ t ≤ T: (T + 1, T + 1), row t.

    ``chain`` is J_1 … J_T, (T, n, n), float64. log10 √n of the block's n stands on the diagonal,
    −inf for an exact zero, nan for k > t; norms that no float can hold are right.
    """
    with np.errstate(all="ignore"):
        return _Products(chain, block).found()


def rescaled(matrices: Array, exponent: Array) -> Array:
    """Rescale, in place, those matrices whose norm is far from 1; returns the squared norms."""
    squares = _squares(matrices)
    if squares.min(initial=1) > 1 / SAFE and squares.max(initial=1) < SAFE:
        return squares
    top = np.frexp(np.abs(matrices).max(axis=(-2, -1)))[1].astype(np.int64)
    top[(squares > 1 / SAFE) & (squares < SAFE)] = 0
    np.ldexp(matrices, -top[..., None, None], matrices)
    exponent += top
    return _squares(matrices)


def _squares(matrices: Array) -> Array:
    flat = matrices.reshape(*matrices.shape[:-2], -1)
    return np.asarray(np.vecdot(flat, flat))


class _Products:
    """The norms found so far: ``squares[t − 1, k]``, each with a power of two.

    The chain is cut into parts of one length, the last filled up with identities, and each part
    once more into halves that may differ by one. a … b being the piece that t and k lie in,
    ``prefix[t − 1]`` is J_t … J_{a+1} and ``suffix[k]`` is (J_b … J_{k+1})ᵀ.
    """

    def __init__(self, chain: Array, block: slice) -> None:
        self.count, size = chain.shape[:2]
        parts = 1
        while -(-self.count // parts) > 2 * LEAF:
            parts *= 2
        length = -(-self.count // parts)
        steps = parts * length
        self.block, self.whole = block, block == slice(0, size)
        # One allocation: memory that is freed in pieces costs the next call page faults.
        self.chain, self.prefix, self.suffix, self.spare, self.other = np.empty(
            (5, steps, size, size)
        )
        self.chain[: self.count], self.chain[self.count :] = chain, np.eye(size)
        self.exponent, self.before, self.after = np.zeros((3, steps), np.int64)
        self.squares = np.zeros((steps, steps))
        self.power = np.zeros((steps, steps), np.int64)
        self.doubtful = np.zeros((steps, steps), bool)
        half = -(-length // 2)
        for piece in (slice(half), slice(half, length)):
            self._leaves(length, piece)
        self._join(length, half)
        while length < steps:
            self._join(2 * length, length)
            length *= 2

    def found(self) -> Array:
        """log10 of the norms."""
        inside = slice(self.count), slice(self.count)
        if self.doubtful.any():
            doubtful = self.doubtful[inside] & ~self._behind_a_zero()
            self._chains(np.flatnonzero(doubtful.any(axis=0)))
        found = np.full((self.count + 1, self.count + 1), np.nan)
        pairs = found[1:, :-1]
        np.log10(self.squares[inside], pairs, where=np.tri(self.count, dtype=bool))
        pairs /= 2
        pairs += self.power[inside] * LOG10_2
        np.fill_diagonal(found, np.log10(self.block.stop - self.block.start) / 2)
        return found

    def _leaves(self, length: int, piece: slice) -> None:
        """All pairs within one piece of each part: neighbours, then those one further apart, …."""
        chain, prefix, suffix, *rooms = (
            one.reshape(-1, length, *one.shape[1:])[:, piece]
            for one in (self.chain, self.prefix, self.suffix, self.spare, self.other)
        )
        own, before, after = (
            one.reshape(-1, length)[:, piece] for one in (self.exponent, self.before, self.after)
        )
        count, part = chain.shape[1], np.arange(len(chain))[:, None]
        now, power = chain, own
        for apart in range(count):
            k = np.arange(count - apart)
            if apart:
                out = rooms[apart % 2][:, : len(k)]
                now = np.matmul(chain[:, apart:], now[:, : len(k)], out)
                power = own[:, apart:] + power[:, : len(k)]
            squares = rescaled(now, power)
            place = part, apart + k, part, k
            seen = squares if self.whole else self._seen(now)
            self._table(self.squares, length, piece)[place] = seen
            if power.any():
                self._table(self.power, length, piece)[place] = power
            prefix[:, apart], before[:, apart] = now[:, 0], power[:, 0]
            suffix[:, -1 - apart], after[:, -1 - apart] = now[:, -1].swapaxes(1, 2), power[:, -1]

    def _table(self, array: Array, length: int, ts: slice, ks: slice | None = None) -> Array:
        """``[p, :, q]``: t in one piece of part p, k in one piece of part q."""
        return array.reshape(-1, length, len(array) // length, length)[:, ts, :, ks or ts]

    def _seen(self, matrices: Array) -> Array:
        """Squared norms of the block that was asked for."""
        part = matrices[..., self.block, self.block]
        return np.einsum("...ij,...ij->...", part, part)

    def _join(self, length: int, cut: int) -> None:
        """The pairs across the cut in every piece of this length, whose halves become one."""
        shape = (-1, length)
        prefix, suffix = (one.reshape(*shape, *one.shape[1:]) for one in (self.prefix, self.suffix))
        before, after = self.before.reshape(shape), self.after.reshape(shape)
        left, right = slice(cut), slice(cut, length)
        squares, doubtful = self._across(prefix[:, right], suffix[:, left])
        power = before[:, right, None] + after[:, None, left]
        part = np.arange(len(prefix))
        for table, values in (
            (self.squares, squares), (self.power, power), (self.doubtful, doubtful)
        ):  # fmt: skip
            if values.any():
                self._table(table, length, right, left)[part, :, part] = values
        if len(part) > 1:  # nothing comes before the first piece or after the last
            by, own = prefix[1:, cut - 1], before[1:, cut - 1]
            self._extend(prefix[1:, right], before[1:, right], by, own)
            by, own = suffix[:-1, cut], after[:-1, cut]
            self._extend(suffix[:-1, left], after[:-1, left], by, own)

    def _extend(self, stack: Array, power: Array, by: Array, own: Array) -> None:
        """Every matrix of a part times one: (parts, length, n, n) times (parts, n, n)."""
        out = self.spare[: stack.shape[0] * stack.shape[1]].reshape(stack.shape)
        stack[...] = np.matmul(stack, by[:, None], out)
        power += own[:, None]
        rescaled(stack, power)

    def _across(self, left: Array, right: Array) -> tuple[Array, Array]:
        """Pairs k < m < t: tr(AᵀA BBᵀ), and which of them cancel."""
        A, B = self._grams(left, self.spare), self._grams(right, self.other)
        bound = np.sqrt(np.vecdot(A, A))[:, :, None] * np.sqrt(np.vecdot(B, B))[:, None]
        size, half = self.chain.shape[1], self.chain.shape[1] // 2
        upper = B[..., : half * size].reshape(*B.shape[:2], half, size)
        upper[..., half:] *= 2
        squares = A @ B.swapaxes(1, 2)
        return squares, squares <= CANCELLED * bound

    def _grams(self, stack: Array, out: Array) -> Array:
        """MᵀM of every matrix's rows that were asked for, (pieces, length, about ¾ n²).

        It is symmetric: here are its upper half and, of the lower, the quarter on the right.
        """
        M, size, half = stack[..., self.block, :], stack.shape[-1], stack.shape[-1] // 2
        shape, quarter = stack.shape[:2], (size - half) ** 2
        many = shape[0] * shape[1] * (half * size + quarter)
        grams = out.reshape(-1)[:many].reshape(*shape, half * size + quarter)
        upper, lower = grams[..., : half * size], grams[..., half * size :]
        first, last = M[..., :half], M[..., half:]
        np.matmul(first.swapaxes(2, 3), M, upper.reshape(*shape, half, size))
        # Given one array twice, matmul takes BLAS's syrk and mirrors it: twice as slow here.
        out = lower.reshape(*shape, size - half, size - half)
        np.matmul(last.swapaxes(2, 3), last.copy(), out)
        return grams

    def _chains(self, ks: Array) -> None:
        """J_t … J_{k+1} for the given k and every t, one matrix after the other."""
        now, after = self.spare[: len(ks)], self.other[: len(ks)]
        power, alive = np.zeros(len(ks), np.int64), 0
        for t in range(ks[0] if len(ks) else self.count, self.count):
            np.matmul(self.chain[t], now[:alive], after[:alive])
            now, after = after, now
            if alive < len(ks) and ks[alive] == t:
                now[alive] = self.chain[t]
                alive += 1
            power[:alive] += self.exponent[t]
            rescaled(now[:alive], power[:alive])
            self.squares[t, ks[:alive]] = self._seen(now[:alive])
            self.power[t, ks[:alive]] = power[:alive]

    def _behind_a_zero(self) -> Array:
        """Which pairs [t − 1, k] have a matrix between them that is all zeros."""
        t = np.arange(self.count + 1)
        zero = np.concatenate([[True], ~self.chain[: self.count].any(axis=(1, 2))])
        last = np.maximum.accumulate(np.where(zero, t, 0))
        return np.greater.outer(last[1:], t[:-1])
