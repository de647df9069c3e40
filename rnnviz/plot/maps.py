"""Maps of timesteps against timesteps, each on one absolute scale of powers of ten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

import rnnviz.analysis.jacobian as jacobian
import rnnviz.analysis.loss_attribution as attribution
from rnnviz.analysis.jacobian_estimate import ProbedMap
from rnnviz.core.trace import Trace
from rnnviz.figures.maps import step_map
from rnnviz.numerics.validation import as_array, shown
from rnnviz.plot._options import figure
from rnnviz.words import say

Values = NDArray[np.float64]


def _logs(name: str, value: Any) -> Values:
    """A map of log10 norms (rows, columns), nan and −inf allowed; ValueError for anything else."""
    array = as_array(name, value)
    if array.ndim != 2 or array.dtype.kind not in "fiu":
        raise ValueError(
            f"`{name}` must be a trace or a map (rows, columns) of log10 norms, got {shown(value)}."
        )
    return array.astype(np.float64)


@figure
def jacobian_map(
    found: Trace | ProbedMap | Values, *, state: str = "all", theme: str = "light",
    scale: tuple[float, float] | None = None, labels: Sequence[str] | None = None,
    height: int | None = None, colorbar: bool = True,
) -> go.Figure:  # fmt: skip
    """Colours for log10 ‖∂s_t/∂s_k‖_F, t upwards, k to the right.

    ``found`` is a trace, or what `rnnviz.jacobian_map` (T + 1, T + 1) or `rnnviz.probed_map` made
    of one, with the same ``state``: "all", or one state's name. Rows that a probed map left out are
    drawn as the next row above that is there. ``scale`` is (low, high) in powers of ten; without it
    that of all that is finite. Raises ValueError as `rnnviz.jacobian_map` does.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 8), np.ones((20, 1, 2)))
    >>> rnnviz.plot.jacobian_map(trace, state="c").data[0].z.shape
    (21, 21)
    """
    if isinstance(found, Trace):
        found = jacobian.jacobian_map(found, state=state)
    elif isinstance(found, ProbedMap):
        found = _filled(found)
    found = _logs("found", found)
    symbol = "s" if state == "all" else state
    return step_map(
        found, first=0, rows=say("from step t"), columns=say("back to step k"), name="jacobian",
        title=f"‖∂{symbol}<sub>t</sub>/∂{symbol}<sub>k</sub>‖<sub>F</sub>", theme=theme,
        scale=scale, labels=labels, height=height, colorbar=colorbar,
    )  # fmt: skip


def _filled(found: ProbedMap) -> Values:
    """The map with its rows that were left out drawn as the next computed one, (T + 1, T + 1)."""
    steps = len(found.log10) - 1
    rows = np.arange(steps + 1)
    above = steps - (steps - rows) // found.every * found.every
    filled = np.where(rows < rows[:, None], found.log10[above], np.nan)
    np.fill_diagonal(filled, np.diagonal(found.log10))
    return filled


@figure
def loss_attribution(
    found: Trace | Values, loss: Any = None, *, state: str = "h", theme: str = "light",
    scale: tuple[float, float] | None = None, labels: Sequence[str] | None = None,
    height: int | None = None, colorbar: bool = True,
) -> go.Figure:  # fmt: skip
    """Colours for log10 ‖∂L_τ/∂state_t‖₂: the loss of step τ upwards, timestep t to the right.

    ``found`` is what `rnnviz.itemised` returned, (T, T + 1), or a trace with its ``loss`` as
    `rnnviz.backprop` takes it. ``scale`` is (low, high) in powers of ten; without it that of all
    that is finite. τ runs from the first step with a loss to the last. Raises ValueError as
    `rnnviz.itemised` does.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8), np.ones((20, 1, 2)))
    >>> rnnviz.plot.loss_attribution(trace, np.ones((20, 1, 8))).data[0].z.shape
    (20, 21)
    """
    if isinstance(found, Trace):
        found = attribution.itemised(found, loss, state=state)
    logs = _logs("found", found)
    span = senders(logs)
    return step_map(
        logs, first=1, rows=say("loss on step τ"), columns=say("reaches timestep t"),
        title=f"‖∂L<sub>τ</sub>/∂{state}<sub>t</sub>‖₂", name="itemised", theme=theme, scale=scale,
        labels=labels, height=height, colorbar=colorbar, span=span,
    )  # fmt: skip


def senders(*maps: Values) -> tuple[int, int] | None:
    """The first and the last step whose loss sends any gradient in one of the maps."""
    found = [tau + 1 for one in maps for tau in np.flatnonzero(np.isfinite(one).any(axis=1))]
    return (int(min(found)), int(max(found))) if found else None
