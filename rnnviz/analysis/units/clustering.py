"""Average linkage of series that move alike, by the nearest-neighbour chain (Murtagh 1983).

O(H²) in time and memory beside the matrix of correlations. Average linkage is reducible: a pair of
mutual nearest neighbours may be joined at once, in whichever order such pairs are found.
"""

from __future__ import annotations

import numpy as np

from rnnviz.numerics.arrays import Array


def leaves(values: Array) -> Array:
    """The columns of (T, H) in the order of the tree's leaves, constant and non-finite ones last.

    Where two clusters join, each is turned so that their ends that are most alike meet.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        spread = values.std(axis=0)
    moving = np.flatnonzero(np.isfinite(spread) & (np.ptp(values, axis=0) > 0))
    rest = np.setdiff1d(np.arange(values.shape[1]), moving)
    return np.concatenate([moving[_tree(distances(values[:, moving]))], rest])


def distances(values: Array) -> Array:
    """1 − r, (H, H), r the correlation of two columns over the steps."""
    unit = values / np.abs(values).max(axis=0)  # squares of large numbers stay finite
    unit = unit - unit.mean(axis=0)
    unit /= np.linalg.norm(unit, axis=0)
    return np.asarray(1 - unit.T @ unit)


def _tree(apart: Array) -> Array:
    """The order of the leaves of the tree of average linkage over distances (H, H)."""
    count = len(apart)
    if count < 2:
        return np.arange(count)
    far = apart.copy()
    np.fill_diagonal(far, np.inf)
    sizes, members = np.ones(count), [[k] for k in range(count)]
    chain: list[int] = []
    for _ in range(count - 1):
        if not chain:
            chain = [int(np.flatnonzero(sizes)[0])]
        while True:
            last = chain[-1]
            near = int(far[last].argmin())
            # The one before wins a tie, or a chain of equal distances would never end.
            if len(chain) > 1 and far[last, chain[-2]] <= far[last, near]:
                near = chain[-2]
                break
            chain.append(near)
        del chain[-2:]
        _join(far, sizes, members, near, last, apart)
    return np.array(members[int(np.flatnonzero(sizes)[0])])


def _join(
    far: Array, sizes: Array, members: list[list[int]], into: int, gone: int, apart: Array
) -> None:
    """Make one cluster of two: its distance to others is the mean over all pairs."""
    total = sizes[into] + sizes[gone]
    joined = (sizes[into] * far[into] + sizes[gone] * far[gone]) / total
    joined[[into, gone]] = np.inf
    far[into], far[:, into] = joined, joined
    far[gone], far[:, gone] = np.inf, np.inf
    sizes[into], sizes[gone] = total, 0
    members[into], members[gone] = _end_to_end(members[into], members[gone], apart), []


def _end_to_end(left: list[int], right: list[int], apart: Array) -> list[int]:
    """Both lists as one, each as it is or turned, with the two nearest ends in the middle."""
    ways = [(apart[one[-1], two[0]], k) for k, (one, two) in enumerate(_ways(left, right))]
    one, two = _ways(left, right)[min(ways)[1]]
    return one + two


def _ways(left: list[int], right: list[int]) -> list[tuple[list[int], list[int]]]:
    return [(left, right), (left[::-1], right), (left, right[::-1]), (left[::-1], right[::-1])]
