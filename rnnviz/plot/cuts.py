"""What truncation takes away, and the cliff that clipping is for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

import rnnviz.analysis.loss_cliff as analysis
from rnnviz.analysis.truncation import Truncated
from rnnviz.figures import palette, planes
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.plot._options import figure
from rnnviz.plot.lines import Span, spanned
from rnnviz.words import say

GRID = 161
"""Points of the surface along each axis."""


@figure
def truncation(
    found: Truncated, *, batch: int = 0, theme: str = "light", scale: Span = None,
    labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """‖∂L/∂s_t‖ in full and with the cuts, and the share of it that the cuts remove.

    s is the cell's memory state: c where there is one, else h.

    ``found`` is what `rnnviz.truncated` returned.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8), np.ones((20, 1, 2)))
    >>> found = rnnviz.truncated(trace, np.ones((20, 1, 8)), k=5)
    >>> [line.name for line in rnnviz.plot.truncation(found).data]
    ['full', 'truncated', 'missing', 'removed']
    """
    rows = spanned(truncation_panels(found, theme, batch), scale)
    return over_time(rows, theme=theme, labels=labels, height=height or 230, first=0)


def truncation_panels(found: Truncated, theme: str, batch: int = 0) -> list[Panel]:
    """The panels of `truncation`."""
    state = found.full.trace.model.cell.states[-1]
    full, part = (one.log10_norms(state)[:, batch] for one in (found.full, found.flow))
    ink, warm = palette.signal_color(state, theme), palette.cell_color("rnn", theme)
    return [
        Panel(say("Gradient norm (shaded: removed by truncation)"),
              [Line(say("full"), full, ink, first=0),
               Line(say("truncated"), part, warm, "dash", first=0)],
              "power", f"‖∂L/∂{state}<sub>t</sub>‖₂", shade=say("missing")),
        Panel(say("Share of ∂L/∂{state}<sub>t</sub> that truncation removes", state=state),
              [Line(say("removed"), found.removed[0][:, batch], warm, first=0)], "gate",
              say("‖full − truncated‖ / ‖full‖")),
    ]  # fmt: skip


@figure
def loss_cliff(
    w: float, b: float, steps: int = 50, *, target: float = 0.5, norm: float = 0.5,
    theme: str = "light", height: int | None = None,
) -> go.Figure:  # fmt: skip
    """The loss of x_t = w σ(x_{t−1}) + b over w and b, with one step of descent of rate 1.

    One arrow is that step, the other the same clipped to ``norm``; both stop at the edge.
    Source: Pascanu, Mikolov and Bengio 2013. Raises ValueError as `rnnviz.cliff` does.

    >>> import rnnviz
    >>> rnnviz.plot.loss_cliff(5.0, -2.45).data[0].z.shape
    (161, 161)
    """
    across, down = np.linspace(0.0, 8.0, GRID), np.linspace(-4.0, 0.0, GRID)
    here = analysis.cliff(w, b, steps, target=target, norm=norm)
    loss = analysis.cliff_surface(across, down, steps, target=target)
    # A gradient that no float holds still has a direction, and its step leaves the picture.
    whole = here.gradient if np.isfinite(here.gradient).all() else 1e6 * here.direction
    raw, clipped = ((float(-one[0]), float(-one[1])) for one in (whole, here.clipped))
    arrows = ((say("unclipped"), raw, palette.cell_color("rnn", theme)),
              (say("clipped"), clipped, palette.cell_color("lstm", theme)))  # fmt: skip
    surface = planes.Cliff(across, down, np.log10(np.maximum(loss, 1e-12)), (w, b), arrows)
    return planes.cliff(surface, theme=theme, height=height or 440)
