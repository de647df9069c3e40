"""Units one by one: saturated gates, units in order, the way of the state, stretches of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import plotly.graph_objects as go

import rnnviz.analysis.units as units
from rnnviz.analysis.units import Match, Ordered, Projection
from rnnviz.analysis.units.layers import Record, layer_of, series
from rnnviz.analysis.units.saturated import LIMITS
from rnnviz.core.gate_use import GateUse
from rnnviz.figures import palette
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.figures.state_paths import Path, state_path
from rnnviz.figures.stretches import NAMED, Stretch, with_stretches
from rnnviz.figures.unit_maps import Use, ordered_heatmap, saturation_scatter
from rnnviz.numerics.validation import one_of
from rnnviz.plot._options import figure
from rnnviz.plot.units import limits_of
from rnnviz.words import say
from rnnviz.words.numbers import percent

DRAWN = 8
"""The most units whose curves are drawn."""


@figure
def saturation(
    trace: Record, *, theme: str = "light", height: int | None = None
) -> go.Figure:
    """Each unit's share of steps with a gate above 0.9, against that below 0.1, one mark a gate.

    A cell without gates, but with a tanh, has h instead, above 0.9 and below −0.9. As in Karpathy,
    Johnson and Li 2015.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 8), np.ones((20, 1, 2)))
    >>> [gate.name for gate in rnnviz.plot.saturation(trace).data[1:]]
    ['f · forget gate', 'i · input gate', 'o · output gate']
    """
    at, found = layer_of(trace), units.saturation(trace)
    titles = {one.name: say(one.title) for one in at.cell.signals}
    uses = [Use(f"{name} · {titles[name]}", use.low, use.high, palette.signal_color(name, theme))
            for name, use in found.items()]  # fmt: skip
    return saturation_scatter(
        uses, ends=ends_of(found), theme=theme, height=height or 380
    )


def ends_of(found: Mapping[str, GateUse]) -> tuple[str, str]:
    """What is near the low and near the high end, in words: gates, or the h of a tanh."""
    low, high = LIMITS["h" if "h" in found else "gate"]
    return (say("below {limit}", limit=f"{low:g}".replace("-", "−")),
            say("above {limit}", limit=f"{high:g}"))  # fmt: skip


@figure
def ordered_units(
    trace: Record, ordered: Ordered, *, signal: str = "memory", batch: int = 0,
    theme: str = "light", labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """A signal as colours, timesteps to the right and units downwards in an order.

    ``ordered`` is what `rnnviz.unit_order` returned; ``signal`` a signal of the cell, or "memory".
    Rows have the units' numbers; colours are those of `rnnviz.plot.gates`.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4), np.ones((20, 1, 2)))
    >>> order = rnnviz.unit_order(trace, "number")
    >>> rnnviz.plot.ordered_units(trace, order).data[0].y
    ('0', '1', '2', '3')
    """
    at = layer_of(trace)
    name = at.cell.states[-1] if signal == "memory" else signal
    own = next(one for one in at.cell.signals if one.name == name)
    return ordered_heatmap(
        own, series(at, name, batch), ordered.order, limits=limits_of([at]), theme=theme,
        labels=labels, height=height,
    )  # fmt: skip


@figure
def state_projection(
    found: Projection, *, by: Literal["time", "label"] = "time", theme: str = "light",
    labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """The way of a state over time in its 2 or 3 strongest components.

    ``found`` is what `rnnviz.state_projection` returned; of more than 3 components the first 3 are
    drawn. ``by`` colours the points by time, or by ``labels``, one a timestep.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 8), np.ones((20, 1, 2)))
    >>> found = rnnviz.state_projection(trace)
    >>> [points.type for points in rnnviz.plot.state_projection(found).data]
    ['scatter3d', 'scatter3d']
    """
    one_of("by", by, ("time", "label"))
    steps, count = found.places.shape
    places = found.places[:, :3]
    if count == 1:  # one unit, or one step of change: a line in a plane
        places = np.concatenate([places, np.zeros((steps, 1))], axis=1)
    shares = [*found.explained[:3], *[np.nan] * (2 - count)]
    axes = [
        say("component {k} of {signal}", k=k, signal=found.signal)
        + ("" if np.isnan(share) else f" ({percent(float(share))})")
        for k, share in enumerate(shares, start=1)
    ]
    texts = labels or [str(t) for t in range(1, steps + 1)]
    return state_path(Path(places, axes, texts), by=by, theme=theme, height=height or 460)


@figure
def matches(
    trace: Record, chosen: Sequence[int], threshold: float, found: Sequence[Match], *,
    signal: str = "h", marked: tuple[int, int] | None = None, batch: int = 0,
    theme: str = "light", labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """The chosen units' curves with the stretches found, and the share of them that is on.

    ``found`` is what `rnnviz.matches` returned for the same arguments, filled the more strongly
    the more alike and numbered by rank; ``marked`` (first, last step) is outlined. Of more than 8
    units the first 8 are drawn.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("rnn", 1, 4), np.ones((20, 1, 1)))
    >>> found = rnnviz.matches(trace, [0, 2], -1.0)
    >>> [line.name for line in rnnviz.plot.matches(trace, [0, 2], -1.0, found).data]
    ['unit 0', 'unit 2', 'threshold', 'on']
    """
    at = layer_of(trace)
    values = series(at, signal, batch)
    own = list(chosen)[:DRAWN]
    colors = palette.ramp(len(own), theme, readable=True)
    lines = [Line(say("unit {unit}", unit=unit), values[:, unit], color)
             for unit, color in zip(own, colors, strict=True)]  # fmt: skip
    quiet = palette.QUIET[theme]
    lines.append(Line(say("threshold"), np.full(len(values), threshold), quiet, "dash", thin=True))
    gate = signal in [one.name for one in at.cell.signals if one.kind == "gate"]
    on = (values[:, list(chosen)] > threshold).mean(axis=1)
    panels = [
        Panel(say("{signal} of the pattern's units", signal=signal), lines,
              "gate" if gate else "state", say("value")),
        Panel(say("Share of the pattern's units that are on"),
              [Line(say("on"), on, palette.TEXT[theme])], "gate", say("share")),
    ]  # fmt: skip
    drawn = over_time(panels, theme=theme, labels=labels, height=height or 190)
    stretches = [
        Stretch(one.start, one.stop, one.likeness, str(k) if k <= NAMED else "")
        for k, one in enumerate(found, start=1)
    ]
    if marked is not None:
        stretches.append(Stretch(*marked, 1.0, marked=True))
    color = palette.signal_color("i", theme)
    return with_stretches(drawn, stretches, color=color, theme=theme)
