"""Maps of recorded training runs: gradients through time and gates, step after step."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures.maps import step_map
from rnnviz.figures.recorded import entitle, name_rows, unit_rows
from rnnviz.numerics.validation import instance, one_of
from rnnviz.plot._options import figure
from rnnviz.plot.lines import Span
from rnnviz.recorder import RecordedRun
from rnnviz.recorder.described import Described
from rnnviz.recorder.series import Series, series
from rnnviz.words import say, word

USES = {"mean": word("mean"), "low": word("share below 0.1"), "high": word("share above 0.9")}
"""What is recorded of a gate's units → words for it."""


@figure
def recorded_gradients(
    run: RecordedRun, *, place: str | None = None, state: str | None = None,
    steps: Span = None, title: str = "", theme: str = "light", scale: Span = None,
    height: int | None = None, colorbar: bool = True,
) -> go.Figure:  # fmt: skip
    """Colours for log10 ‖∂L/∂state_t‖ of a recorded run: its steps upwards, t to the right.

    ``place`` is a layer, "0", "1" …, or "0r" for one that reads from the end, by default the top
    one; ``state`` is "h" or "c", by default the memory state. A row is a log; of a long run at most
    256 are taken, spread evenly, of all of it or of ``steps``, (first, last). ``scale`` is
    (low, high) in powers of ten.

    Raises ValueError naming argument, rule and what arrived.

    >>> import tempfile, numpy as np, rnnviz
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with rnnviz.Watch(folder) as watch:
    ...         net = rnnviz.build("lstm", 2, 4, seed=0)
    ...         watch.log(1, net, np.ones((6, 1, 2)), np.ones((6, 1, 4)))
    ...     rnnviz.plot.recorded_gradients(rnnviz.RecordedRun(folder)).data[0].z.shape
    (1, 7)
    """
    net = net_of(run)
    state = net.states[-1] if state is None else one_of("state", state, net.states)
    found, rows = _rows(run, place, f"log10_d{state}", steps)
    fig = step_map(
        rows, first=0, rows=say("update"), columns=say("timestep t"), name="recorded",
        title=f"‖∂L/∂{state}<sub>t</sub>‖₂", theme=theme, height=height, colorbar=colorbar,
        scale=None if scale is None else (float(scale[0]), float(scale[1])),
    )  # fmt: skip
    for layer, drawn in enumerate(fig.data):
        words = "10<sup>%{z:.2f}</sup>" if layer == 0 else drawn.name
        drawn.customdata = np.repeat(found.steps[:, None], rows.shape[1], axis=1)
        drawn.hovertemplate = f"%{{customdata}}, t = %{{x}}: {words}<extra></extra>"
    name_rows(fig, found.steps)
    entitle(fig, title)
    return fig


@figure
def recorded_gates(
    run: RecordedRun, gate: str, use: str = "mean", *, place: str | None = None,
    steps: Span = None, title: str = "", theme: str = "light", height: int | None = None,
    colorbar: bool = True,
) -> go.Figure:  # fmt: skip
    """Colours from 0 to 1 for each unit of a gate: steps of training upwards, units to the right.

    ``use`` is "mean", over timesteps and examples, or the share of its values "low" (below 0.1) or
    "high" (above 0.9). ``place`` and ``steps`` are those of `recorded_gradients`.

    Raises ValueError naming argument, rule and what arrived.

    >>> import pathlib, rnnviz
    >>> shipped = pathlib.Path(rnnviz.__file__).parent / "recorder/example"
    >>> rnnviz.plot.recorded_gates(rnnviz.RecordedRun(shipped / "adding-lstm"), "f").data[0].z.shape
    (21, 12)
    """
    net = net_of(run)
    one_of("gate", gate, net.gates)
    one_of("use", use, USES)
    found, rows = _rows(run, place, f"{gate}_{use}", steps)
    fig = unit_rows(rows, found.steps, label=f"{gate}, {say(USES[use])}", theme=theme,
                    height=height or 300, colorbar=colorbar)  # fmt: skip
    name_rows(fig, found.steps)
    entitle(fig, title)
    return fig


def _rows(
    run: RecordedRun, place: str | None, what: str, steps: Span
) -> tuple[Series, NDArray[np.float64]]:
    """The logs, and of each a row of a column of the place; nan where nothing was recorded."""
    places = run.net.places
    place = places[-1] if place is None else one_of("place", place, places)
    found = series(run, [column := f"{place}/{what}"], steps)
    rows = found.columns[column]
    return found, rows if rows.ndim == 2 else np.full((len(rows), 1), np.nan)


def net_of(run: RecordedRun) -> Described:
    """What is recorded. Raises ValueError where nothing was logged yet."""
    instance("run", run, RecordedRun)
    if not run.count:
        raise ValueError(f"`run` must have logs, got {run!r}.")
    return run.net
