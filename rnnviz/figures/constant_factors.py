"""Lines of a constant factor γ a step, which norms are read against."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FACTORS = (1.0, 0.9, 1.1, 0.5, 2.0, 0.7, 1.5)
"""The factors γ, the most telling first."""


def references(
    values: NDArray[np.float64], start: int, span: tuple[float, float]
) -> list[dict[str, float]]:
    """Lines of constant γ from the highest norm at the followed step, back to 0 or to an edge.

    values (n, T + 1) log10; a line that would leave the picture at once is left out.
    """
    if start < 1:
        return []
    ends = values[:, start][np.isfinite(values[:, start])]
    if not ends.size:
        return []
    top, found = float(ends.max()), []
    for factor in FACTORS:
        slope = float(np.log10(factor))
        room = (span[1] if slope > 0 else span[0]) - top
        back = min(start, room / slope) if slope else start
        if back >= 0.08 * (values.shape[1] - 1):
            found.append({"factor": factor, "from": start, "top": top, "back": float(back),
                          "slope": slope})  # fmt: skip
    return found
