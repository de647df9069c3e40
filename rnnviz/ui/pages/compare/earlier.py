"""The curves of before a change, drawn thin beside those of now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from rnnviz.browser.gradient_overview.contents import Curve
from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
from rnnviz.figures import palette
from rnnviz.ui.shell import changed
from rnnviz.words import say

Values = NDArray[np.float64]
NEAR = 0.03
"""Curves nowhere farther apart than this share of the axis count as equal: 6 pixels."""


def norms_before(
    settings: Settings, now: Mapping[str, Values], norms: Callable[[Settings, str], Values]
) -> dict[str, Values]:
    """Cell → its curve before the last change, edits or training, where it differs.

    ``now`` has log10 norms (T + 1,) of the shown cells; ``norms`` computes those of others.
    """
    before = changed.earlier(settings)
    if before is None:
        return {}
    found = {cell: norms(before, cell) for cell in before.cells}
    return {
        cell: values
        for cell, values in found.items()
        if cell not in now or not np.array_equal(values, now[cell], equal_nan=True)
    }


def ghosts(before: Mapping[str, Values]) -> list[Curve]:
    """The curves of `norms_before`, to be drawn."""
    return [Curve(say(CELLS[cell].title), palette.cell_css(cell),
                  palette.CELL_DASHES.get(cell, "dot"), values)
            for cell, values in before.items()]  # fmt: skip


def told_apart(before: Mapping[str, Values], now: Mapping[str, Values]) -> bool:
    """Whether a curve of before can be told from that of now, on the scale that all need."""
    every = np.concatenate([*before.values(), *now.values()])
    finite = every[np.isfinite(every)]
    span = float(np.ptp(finite)) if finite.size else 0.0
    return any(cell not in now or _apart(values, now[cell]) > NEAR * span
               for cell, values in before.items())  # fmt: skip


def _apart(one: Values, other: Values) -> float:
    """The largest difference in powers of ten; ∞ where one ends, as at an exact 0."""
    length = min(len(one), len(other))
    one, other = one[:length], other[:length]
    both = np.isfinite(one) & np.isfinite(other)
    if (np.isfinite(one) != np.isfinite(other)).any():
        return np.inf
    return float(np.abs(one[both] - other[both]).max(initial=0))
