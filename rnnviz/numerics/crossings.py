"""Where rows of numbers pass a level."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def first_crossing(x: Any, rows: Any, level: float) -> NDArray[np.float64]:
    """The first x (m,) at which each row (n, m) rises to a level, by straight lines in between.

    (n,); nan where a row begins above the level or never reaches it before a nan.

    >>> first_crossing([0, 1, 2], [[-1, 1, 3], [-4, -3, -2]], 0).tolist()
    [0.5, nan]
    """
    places, values = np.asarray(x, float), np.asarray(rows, float)
    found = np.full(len(values), np.nan)
    for k, row in enumerate(values):
        risen = row >= level
        first = int(np.argmax(risen))
        if not risen.any() or first == 0 or np.isnan(row[:first]).any():
            continue
        below, above = row[first - 1], row[first]
        share = (level - below) / (above - below) if np.isfinite(below) else 1.0
        found[k] = places[first - 1] + share * (places[first] - places[first - 1])
    return found
