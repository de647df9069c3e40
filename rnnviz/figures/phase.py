"""A map over two settings, in two hues that meet at a critical value, with lines across it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures.axes import FLOAT64, frame
from rnnviz.figures.palette import DIVERGING, NOT_FINITE, QUIET, TEXT, UNDERFLOW
from rnnviz.figures.planes import LEGEND
from rnnviz.figures.sheet import Sheet
from rnnviz.words import say
from rnnviz.words.numbers import number, power

HEIGHT = 460
WIDE = 8.0
"""The least ratio of its ends at which an axis may be logarithmic."""
DASHES = ("dash", "dot", "dashdot", "longdash")
Values = NDArray[np.float64]


class Axis(NamedTuple):
    """The values along one side, rising, and its title."""

    values: Values
    title: str

    @property
    def log(self) -> bool:
        """Whether the values are even in their logarithm and not in themselves."""
        one = self.values
        if len(one) < 3 or one[0] <= 0 or one[-1] / one[0] < WIDE:
            return False
        logs, steps = np.diff(np.log(one)), np.diff(one)
        return bool(np.ptp(logs) / logs.mean() < np.ptp(steps) / steps.mean())

    def at(self, values: Any) -> Values:
        """Places along the drawn axis."""
        found = np.asarray(values, np.float64)
        with np.errstate(all="ignore"):
            return np.log10(found) if self.log else found

    @property
    def range(self) -> list[float]:
        """Half a cell beyond both ends."""
        at = self.at(self.values)
        half = (at[-1] - at[0]) / max(len(at) - 1, 1) / 2 or 0.5
        return [float(at[0] - half), float(at[-1] + half)]

    @property
    def ticks(self) -> dict[str, Any]:
        """Numbers along a logarithmic axis; Plotly finds the others."""
        if not self.log:
            return {}
        low, high = np.floor(self.range[0]), np.ceil(self.range[1])
        steps = (1, 2, 5) if high - low <= 4 else (1,)
        found = [m * 10.0**k for k in range(int(low), int(high) + 1) for m in steps]
        shown = [one for one in found if self.range[0] <= np.log10(one) <= self.range[1]]
        return {"tickvals": [float(np.log10(one)) for one in shown],
                "ticktext": [f"{one:g}" for one in shown]}  # fmt: skip


class Course(NamedTuple):
    """A line across the map, nan where it is broken, and its name."""

    x: Values
    y: Values
    name: str


class Plane(NamedTuple):
    """What is mapped.

    x, y      the two sides
    z         (len(y), len(x)); nan is left empty
    failed    the same shape: where there is a reason in the place of a number
    critical  the value at which the hues meet, and ``contour``, its line's name
    title     of the colour bar
    log10     whether z are logarithms of shares
    """

    x: Axis
    y: Axis
    z: Values
    failed: NDArray[np.bool_]
    critical: float
    contour: str
    title: str
    log10: bool


def phase_map(
    plane: Plane, courses: Sequence[Course] = (), *, at: tuple[float, float] | None = None,
    theme: str = "light", height: int | None = None,
) -> go.Figure:  # fmt: skip
    """Draw the map, the contour of the critical value, lines, and a ring round one point.

    The colours of either side reach their ends at the smallest and at the largest value. The last
    trace has an invisible point in every cell, row by row, for what follows the pointer.
    """
    fig, (x, y) = Sheet(), (plane.x.at(plane.x.values), plane.y.at(plane.y.values))
    lost = np.isneginf(plane.z) | (plane.log10 & (plane.z < FLOAT64[0]))
    shown = np.where(np.isfinite(plane.z) & ~lost, plane.z, np.nan)
    sides: dict[str, Any] = {"x": x, "y": y, "hoverinfo": "skip"}
    fig.add_heatmap(**sides, **_colours(plane, shown, theme), name=plane.title)
    for where, color, name in ((lost, UNDERFLOW[theme], say("below float64, or exactly 0")),
                               (plane.failed, NOT_FINITE, say("not finite"))):  # fmt: skip
        if where.any():
            fig.add_heatmap(**sides, z=np.where(where, 1.0, np.nan).astype(np.float32), name=name,
                            colorscale=[[0, color], [1, color]], showscale=False)  # fmt: skip
    _contour(fig, plane, sides, theme)
    for k, one in enumerate(courses):
        fig.add_scatter(
            x=plane.x.at(one.x), y=plane.y.at(one.y), mode="lines", name=one.name,
            hoverinfo="skip", showlegend=True,
            line={"color": TEXT[theme], "width": 2, "dash": DASHES[k % len(DASHES)]},
        )  # fmt: skip
    if at is not None:
        fig.add_scatter(
            x=plane.x.at(at[:1]), y=plane.y.at(at[1:]), mode="markers", hoverinfo="skip",
            name=say("chosen"), showlegend=False,
            marker={"size": 14, "color": "rgba(0,0,0,0)",
                    "line": {"width": 3, "color": TEXT[theme]}},
        )  # fmt: skip
    _pointed(fig, plane, x, y)
    frame(fig, theme, height or HEIGHT, [], t=48, r=8)
    fig.update_layout(showlegend=True, legend=LEGEND | {"itemclick": False})
    fig.update_xaxes(title={"text": plane.x.title}, range=plane.x.range, **plane.x.ticks)
    fig.update_yaxes(title={"text": plane.y.title}, range=plane.y.range, showgrid=False,
                     **plane.y.ticks)  # fmt: skip
    return fig.figure()


def _contour(fig: Sheet, plane: Plane, sides: dict[str, Any], theme: str) -> None:
    """The line at the critical value, and its entry in the legend."""
    level, look = plane.critical, {"color": TEXT[theme], "width": 2.5}
    fig.add_trace(
        "contour", **sides, z=plane.z, name=plane.contour, showscale=False, autocontour=False,
        contours={"start": level, "end": level, "size": 1, "coloring": "none"},
        line=look | {"smoothing": 0}, showlegend=False, connectgaps=False,
    )  # fmt: skip
    fig.add_scatter(x=[None], y=[None], mode="lines", name=plane.contour, line=look,
                    showlegend=True, hoverinfo="skip")  # fmt: skip


def _pointed(fig: Sheet, plane: Plane, x: Values, y: Values) -> None:
    """An invisible point a cell, with what stands there in words."""
    across, up = np.meshgrid(x, y)
    values = np.stack(np.meshgrid(plane.x.values, plane.y.values), axis=-1).reshape(-1, 2)
    said = power if plane.log10 else number
    clear = {"marker": {"opacity": 0}}
    fig.add_scatter(
        x=across.ravel(), y=up.ravel(), mode="markers", customdata=values.astype(np.float32),
        text=["" if np.isnan(one) else said(float(one)) for one in plane.z.ravel()], name="",
        hovertemplate=f"{plane.x.title}: %{{customdata[0]:.3~g}}<br>{plane.y.title}: "
                      f"%{{customdata[1]:.3~g}}<br>{plane.title}: %{{text}}<extra></extra>",
        showlegend=False, marker={"opacity": 0, "size": 14}, selected=clear, unselected=clear,
    )  # fmt: skip


def _colours(plane: Plane, shown: Values, theme: str) -> dict[str, Any]:
    """The map in colours: either hue has half of the scale, in proportion to its own side."""
    low, high = _ends(plane, shown)
    middle = plane.critical
    with np.errstate(invalid="ignore"):
        z = np.where(shown < middle, (shown - middle) / (middle - low),
                     (shown - middle) / (high - middle))  # fmt: skip
    ticks = [low, (low + middle) / 2, middle, (middle + high) / 2, high]
    return {
        "z": z.astype(np.float32), "zmin": -1, "zmax": 1, "colorscale": DIVERGING[theme],
        "colorbar": {
            "title": {"text": plane.title, "side": "right", "font": {"color": TEXT[theme]}},
            "thickness": 12, "outlinewidth": 0, "tickfont": {"color": QUIET[theme]},
            "tickvals": [-1, -0.5, 0, 0.5, 1],
            # Wide numbers: Plotly sets the title close by.
            "ticktext": [f"{power(one) if plane.log10 else number(one)}\u2002" for one in ticks],
        },
    }  # fmt: skip


def _ends(plane: Plane, shown: Values) -> tuple[float, float]:
    """The smallest and the largest value, on either side of the critical one."""
    away = shown[np.isfinite(shown)] - plane.critical
    below, above = -float(away.min(initial=0)), float(away.max(initial=0))
    # A side without a value is as wide as the other, so that its colours mean the same.
    below, above = below or above or 1.0, above or below or 1.0
    return plane.critical - below, plane.critical + above
