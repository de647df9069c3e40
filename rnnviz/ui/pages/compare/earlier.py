"""The curves of before a change, drawn thin beside those of now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
from rnnviz.figures import palette
from rnnviz.ui.components.gradient_overview.overview import Curve
from rnnviz.ui.shell import changed
from rnnviz.words import say

Values = NDArray[np.float64]


def ghosts(
    settings: Settings, now: Mapping[str, Values], norms: Callable[[Settings, str], Values]
) -> list[Curve]:
    """The curves of before the last change, or of the nets without edits, where they differ.

    ``now`` has log10 norms (T + 1,) of the shown cells; ``norms`` computes those of others.
    """
    before = changed.earlier(settings)
    if before is None:
        return []
    found = {cell: norms(before, cell) for cell in before.cells}
    return [
        Curve(say(CELLS[cell].title), palette.cell_css(cell),
              palette.CELL_DASHES.get(cell, "dot"), values)
        for cell, values in found.items()
        if cell not in now or not np.array_equal(values, now[cell], equal_nan=True)
    ]  # fmt: skip
