"""Recorded training runs: gradients through time and what is left of them, step after step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnviz.figures import learning
from rnnviz.figures.learning import Curve
from rnnviz.figures.maps import step_map
from rnnviz.numerics.validation import instance, one_of
from rnnviz.plot._options import figure
from rnnviz.plot.learning import TICKS, palette_of
from rnnviz.plot.lines import Span
from rnnviz.recorder import RecordedRun
from rnnviz.words import say, word

ROWS = 200
"""So many logs a map or a line is made of."""
QUANTITIES = {
    "share": ("{place}/log10_share", word("share of the gradient left at step 1")),
    "loss": ("loss", word("loss")),
    "total_norm": ("total_norm", word("‖∂L/∂(all weights)‖₂")),
}
"""What `recorded_lines` draws → its column, and words for it."""


@figure
def recorded_gradients(
    run: RecordedRun, *, place: str | None = None, state: str | None = None, theme: str = "light",
    scale: Span = None, height: int | None = None, colorbar: bool = True,
) -> go.Figure:  # fmt: skip
    """Colours for log10 ‖∂L/∂state_t‖ of a recorded run: its steps upwards, t to the right.

    ``place`` is a layer, "0", "1" …, or "0r" for one that reads from the end, by default the top
    one; ``state`` is "h" or "c", by default the memory state. A row is a log; of a long run 200 are
    taken, spread evenly. ``scale`` is (low, high) in powers of ten.

    Raises ValueError naming argument, rule and what arrived.

    >>> import tempfile, numpy as np, rnnviz
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with rnnviz.Watch(folder) as watch:
    ...         net = rnnviz.build("lstm", 2, 4, seed=0)
    ...         watch.log(1, net, np.ones((6, 1, 2)), np.ones((6, 1, 4)))
    ...     rnnviz.plot.recorded_gradients(rnnviz.RecordedRun(folder)).data[0].z.shape
    (1, 7)
    """
    instance("run", run, RecordedRun)
    places, states = _listed(run, "places"), _listed(run, "states")
    place = places[-1] if place is None else one_of("place", place, places)
    state = states[-1] if state is None else one_of("state", state, states)
    table = run.read(run.sample(ROWS), ["step", column := f"{place}/log10_d{state}"])
    norms, steps = table[column], table["step"]
    longest = max(len(one or ()) for one in norms)
    rows = np.full((len(norms), longest), np.nan)
    for row, one in zip(rows, norms, strict=True):
        row[: len(one or ())] = one or ()
    fig = step_map(
        rows, first=0, rows=say("step of training"), columns=say("timestep t"), name="recorded",
        title=f"‖∂L/∂{state}<sub>t</sub>‖₂", theme=theme, height=height, colorbar=colorbar,
        scale=None if scale is None else (float(scale[0]), float(scale[1])),
    )  # fmt: skip
    for layer, drawn in enumerate(fig.data):
        words = "10<sup>%{z:.2f}</sup>" if layer == 0 else drawn.name
        drawn.customdata = np.repeat(np.array(steps)[:, None], longest, axis=1)
        drawn.hovertemplate = f"%{{customdata}}, t = %{{x}}: {words}<extra></extra>"
    shown = np.unique(np.linspace(0, len(steps) - 1, min(TICKS, len(steps))).astype(int))
    fig.update_yaxes(tickvals=shown.tolist(), ticktext=[str(steps[k]) for k in shown])
    return fig


@figure
def recorded_lines(
    runs: Mapping[str, RecordedRun], quantity: str = "share", *, place: str | None = None,
    theme: str = "light", scale: Span = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """One quantity over the steps of training on a logarithmic axis, a line a recorded run.

    ``quantity`` is "share", of the gradient of the last loss by the memory state, that which is
    left at the first step that the layer processes; "loss"; or "total_norm". ``runs`` are by name.

    Raises ValueError naming argument, rule and what arrived.

    >>> import tempfile, numpy as np, rnnviz
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with rnnviz.Watch(folder) as watch:
    ...         net = rnnviz.build("lstm", 2, 4, seed=0)
    ...         watch.log(1, net, np.ones((6, 1, 2)), np.ones((6, 1, 4)))
    ...     rnnviz.plot.recorded_lines({"mine": rnnviz.RecordedRun(folder)}).data[0].name
    'mine'
    """
    one_of("quantity", quantity, QUANTITIES)
    column, words = QUANTITIES[quantity]
    lines, styles = list[Curve](), palette_of(runs, theme)
    for name, run in runs.items():
        places = _listed(run, "places")
        at = places[-1] if place is None else one_of("place", place, places)
        table = run.read(run.sample(ROWS), ["step", asked := column.format(place=at)])
        values = np.array([np.nan if one is None else one for one in table[asked]], float)
        if quantity != "share":
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.log10(values)
        lines.append(Curve(name, np.array(table["step"], float), values, *styles[name]))
    across = [one.x[end] for one in lines for end in (0, -1) if one.x.size]
    return learning.curves(
        "", lines, ends=scale or learning.span([one.y for one in lines]),
        across=(min(across, default=0.0), max(across, default=1.0)),
        counted=say("step of training"), axis=say(words), theme=theme, height=height or 300,
    )  # fmt: skip


def _listed(run: RecordedRun, name: str) -> list[str]:
    """A list of texts of run.json. Raises ValueError where nothing was logged yet."""
    found: Any = run.about.get(name)
    if not run.count or not isinstance(found, list) or not found:
        raise ValueError(f"`run` must have logs, got {run!r}.")
    return [str(one) for one in found]
