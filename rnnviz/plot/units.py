"""Units against time: every gate, state and candidate as colours on scales that do not move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from rnnviz.core.trace import LayerTrace, Trace, only
from rnnviz.figures.heatmaps import Series, heatmap_rows, unit_rows
from rnnviz.plot._options import figure

Records = Trace | LayerTrace


@figure
def gates(
    trace: Records, *, batch: int = 0, theme: str = "light",
    scale: Mapping[str, float] | None = None, labels: Sequence[str] | None = None,
    height: int | None = None, colorbar: bool = True,
) -> go.Figure:  # fmt: skip
    """Every signal of a cell as a heatmap, units downwards and timesteps to the right.

    Gates have the fixed range 0 … 1; states and candidates are symmetric about 0, up to the
    largest finite magnitude, at least 1, or up to ``scale[name]``. ``trace`` has one layer, or is
    one of a trace's layers; ``height`` is that of one heatmap.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8), np.ones((20, 1, 2)))
    >>> [(heatmap.name, np.shape(heatmap.z)) for heatmap in rnnviz.plot.gates(trace).data]
    [('h', (8, 20)), ('z', (8, 20)), ('r', (8, 20)), ('g', (8, 20))]
    """
    at = one_layer(trace)
    limits = limits_of([at]) | dict(scale or {})
    series = [Series(one, at[one.name][:, batch]) for one in at.cell.signals]
    return heatmap_rows(
        unit_rows(series), limits=limits, theme=theme, labels=labels, height=height,
        colorbar=colorbar,
    )  # fmt: skip


def limits_of(traces: Iterable[Records]) -> dict[str, float]:
    """State or candidate → the largest finite magnitude of any trace, at least 1.

    h and the candidates share one.
    """
    found = {"h": 1.0, "c": 1.0}
    shared = {"h"}
    for one in map(one_layer, traces):
        for signal in one.cell.signals:
            if signal.kind == "gate":
                continue
            name = "h" if signal.kind == "candidate" else signal.name
            shared |= {signal.name} if name == "h" else set()
            values = one[signal.name]
            bound = float(np.abs(values[np.isfinite(values)]).max(initial=0))
            found[name] = max(found.get(name, 1.0), bound)
    return found | dict.fromkeys(shared, found["h"])


def one_layer(trace: Records) -> LayerTrace:
    """The trace of a layer, or that of the only layer and direction."""
    return trace if isinstance(trace, LayerTrace) else only(trace.layers, "trace")
