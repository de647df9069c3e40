"""Rows of values for the browser, each sent once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.cell_graph import of_unit
from rnnviz.numerics.extended_range import Scaled


class Slots:
    """The rows (T,) of a packet; what refers to one holds its number."""

    def __init__(self) -> None:
        self.rows: list[NDArray[np.float64]] = []
        self.seen: dict[bytes, int] = {}

    def add(self, row: NDArray[np.floating]) -> int:
        """The row's number."""
        values = np.ascontiguousarray(row, np.float64)
        found = self.seen.setdefault(values.tobytes(), len(self.rows))
        if found == len(self.rows):
            self.rows.append(values)
        return found

    def gradient(self, one: Scaled, unit: int | None) -> list[int]:
        """The rows of log10 of the magnitude, and of the sign."""
        logs, signs = of_unit(one, unit)
        return [self.add(logs), self.add(signs)]
