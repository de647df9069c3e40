"""Norms of all products of neighbours in a chain of matrices, a portion of them held at a time.

Of each portion J_{a+1} … J_b the products A_t = J_t … J_{a+1} and their Gram matrices are held.
Then B_k = J_a … J_{k+1} is made longer step by step, back to the start of the chain, and gives
‖A_t B_k‖² = tr(A_tᵀA_t B_kB_kᵀ) for all t at once. Within a portion `chain_norms` does it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.chain_norms import CANCELLED, log10_norms, rescaled
from rnnviz.numerics.extended_range import LOG10_2


def streamed_norms(
    matrices: Callable[[int, int], Array], count: int, portion: int, block: slice
) -> Array:
    """`log10_norms` of ``count`` matrices, of which ``matrices(a, b)`` makes J_{a+1} … J_b.

    Holds three times ``portion`` of them, and takes count² / (2 portion) products of two.
    """
    found = np.full((count + 1, count + 1), np.nan)
    with np.errstate(all="ignore"):
        for start in range(0, count, portion):
            end = min(start + portion, count)
            chain = matrices(start, end)
            found[start : end + 1, start : end + 1] = log10_norms(chain, block)
            _before(found[start + 1 : end + 1], chain, matrices, start, portion, block)
    return found


def _before(
    found: Array, chain: Array, matrices: Callable[[int, int], Array], start: int, portion: int,
    block: slice,
) -> None:  # fmt: skip
    """Fill ``found[t, k]``, log10 ‖J_t … J_{k+1}‖ of the portion's t, for all k < ``start``."""
    rows, power = _products(chain, block)
    grams = np.matmul(rows.swapaxes(1, 2), rows).reshape(len(rows), -1)
    sizes = np.sqrt(np.vecdot(grams, grams))
    B, exponent = np.eye(chain.shape[1])[None], np.zeros(1, np.int64)
    for high in range(start, 0, -portion):
        low = max(high - portion, 0)
        for k, J in zip(range(high - 1, low - 1, -1), matrices(low, high)[::-1], strict=True):
            B = B @ J
            rescaled(B, exponent)
            columns = B[0][:, block]
            other = (columns @ columns.T).ravel()
            squares = grams @ other
            doubtful = np.flatnonzero(~(squares > CANCELLED * sizes * np.sqrt(other @ other)))
            if doubtful.size and other.any():
                squares[doubtful] = ((rows[doubtful] @ columns) ** 2).sum(axis=(1, 2))
            found[:, k] = np.log10(squares) / 2 + (power + exponent[0]) * LOG10_2


def _products(chain: Array, block: slice) -> tuple[Array, Array]:
    """(J_t … J_{a+1})[block] of every t of a portion, with their powers of two."""
    rows = np.empty((len(chain), block.stop - block.start, chain.shape[1]))
    power = np.zeros(len(chain), np.int64)
    now, exponent = np.eye(chain.shape[1])[None], np.zeros(1, np.int64)
    for t, J in enumerate(chain):
        now = J @ now
        rescaled(now, exponent)
        rows[t], power[t] = now[0, block], exponent[0]
    rescaled(rows, power)
    return rows, power
