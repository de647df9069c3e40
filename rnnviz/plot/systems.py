"""First-order systems: a run over time, eigenvalues, and the latch of one unit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from rnnviz.analysis.systems import (
    FixedPoint,
    Kind,
    Latch,
    Orbit,
    branches,
    classify,
    fixed_points,
    price,
)
from rnnviz.figures import latch, palette
from rnnviz.figures import phase_portrait as portrait
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.figures.planes import Eigenvalues, complex_plane
from rnnviz.plot._options import figure
from rnnviz.plot.lines import Span, spanned
from rnnviz.words import say

COLORS = ("z", "r")
"""The signals whose colours the one or two units take."""


@figure
def orbit(
    found: Orbit, *, theme: str = "light", scale: Span = None, height: int | None = None
) -> go.Figure:
    """State, input and output over time; below, norms of the state and of ∂x_t/∂x_0.

    ``found`` is what `rnnviz.orbit` returned, with one or two units. ``scale`` is (low, high) of
    the norms in powers of ten.

    >>> import numpy as np, rnnviz
    >>> found = rnnviz.orbit(rnnviz.system([[0.9]]), [1.0], np.zeros((20, 1)))
    >>> {"x", "y", "|x|"} <= {line.name for line in rnnviz.plot.orbit(found).data}
    True
    """
    rows = spanned(orbit_panels(found, classify(found.system.W), theme), scale)
    return over_time(rows, theme=theme, height=height or 210, first=0)


@figure
def system_eigenvalues(
    found: Orbit, *, points: Sequence[FixedPoint] | None = None, theme: str = "light",
    height: int | None = None,
) -> go.Figure:  # fmt: skip
    """Eigenvalues of W against the unit circle; with tanh, of the step at the nearest fixed point.

    ``points`` are the system's `rnnviz.fixed_points`, if they are known already.

    >>> import numpy as np, rnnviz
    >>> found = rnnviz.orbit(rnnviz.system([[0.9]]), [1.0], np.zeros((20, 1)))
    >>> rnnviz.plot.system_eigenvalues(found).data[1].x
    (0.9,)
    """
    groups = orbit_eigenvalues(found, points, theme)
    return complex_plane(groups, theme=theme, height=height or 300)


@figure
def phase_portrait(
    found: Orbit, *, points: Sequence[FixedPoint] | None = None, theme: str = "light",
    height: int | None = None,
) -> go.Figure:  # fmt: skip
    """Where one step takes every state of one or two units, the fixed points, and the run.

    One unit: the state after a step against the state before it, and the run as a staircase between
    that curve and the diagonal. Two: arrows of one step without input; with tanh the curves on
    which x₁ or x₂ does not change, without it the directions of real eigenvectors. ``points`` are
    the system's `rnnviz.fixed_points`, if they are known already. (Strogatz 2015.)

    >>> import numpy as np, rnnviz
    >>> found = rnnviz.orbit(rnnviz.system([[2.0]], nonlinearity="tanh"), [0.1], np.zeros((20, 1)))
    >>> [line.name for line in rnnviz.plot.phase_portrait(found).data]
    ['unchanged', 'one step', 'x', 'stable', 'unstable']
    """
    points = fixed_points(found.system) if points is None else points
    kind = classify(found.system.W)
    return portrait.phase_portrait(found, kind, points, theme=theme, height=height or 420)


@figure
def bifurcation(here: Latch, *, theme: str = "light", height: int | None = None) -> go.Figure:
    """All fixed points of x = tanh(w x + b) against b for the latch's w, its folds and its own b.

    ``here`` is what `rnnviz.latch` returned.

    >>> import rnnviz
    >>> [line.name for line in rnnviz.plot.bifurcation(rnnviz.latch(2.0, 0.1)).data]
    ['stable', 'unstable', 'here']
    """
    return latch.bifurcation(branches(here.w), here, theme=theme, height=height or 360)


@figure
def latch_price(here: Latch, *, theme: str = "light", height: int | None = None) -> go.Figure:
    """The gradient left after the latch's steps against the lasting push that it withstands.

    The line is w = 1 … 4 at b = 0, the points are the stable states of ``here``.

    >>> import rnnviz
    >>> [line.name for line in rnnviz.plot.latch_price(rnnviz.latch(2.0, 0.1)).data]
    ['b = 0', 'here']
    """
    found = price(steps=here.steps)
    return latch.latch_price(found, here, theme=theme, height=height or 360)


def unit_names(count: int) -> list[str]:
    """x, or x₁ and x₂."""
    return ["x"] if count == 1 else ["x₁", "x₂"]


def orbit_panels(found: Orbit, kind: Kind, theme: str) -> list[Panel]:
    """The panels of `orbit`; ``kind`` is that of the system's W."""
    n = found.system.size
    values = [Line(name, found.x[:, k], palette.signal_color(COLORS[k], theme), first=0)
              for k, name in enumerate(unit_names(n))]  # fmt: skip
    if found.u.any():
        values.append(Line("u", found.u[:, 0], palette.signal_color("u", theme), "dot"))
    values.append(Line("y", found.y[:, 0], palette.signal_color("o", theme), "dash"))
    warm, ink = palette.cell_color("rnn", theme), palette.signal_color("h", theme)
    logs = [Line(f"σ{'₁₂'[k]}" if n == 2 else "∂xₜ/∂x₀", found.log10_gradient[:, k], warm,
                 ("solid", "dash")[k], 0) for k in range(n)]  # fmt: skip
    logs.append(Line("‖x‖" if n == 2 else "|x|", found.log10_state, ink, "dashdot", 0))
    if found.system.nonlinearity == "identity" and kind.radius > 0:
        rate = np.arange(len(found.x)) * np.log10(kind.radius)
        logs.append(Line("ρᵗ", rate, palette.QUIET[theme], "dot", 0))
    return [
        Panel(say("State, input and output"), values, "state", say("value")),
        Panel(say("Norms of the state and of ∂x<sub>t</sub>/∂x<sub>0</sub>"), logs,
              "power", say("norm")),
    ]  # fmt: skip


def orbit_eigenvalues(
    found: Orbit, points: Sequence[FixedPoint] | None, theme: str
) -> list[Eigenvalues]:
    """The groups of points of `system_eigenvalues`."""
    kind = classify(found.system.W)
    groups = [Eigenvalues("W", kind.eigenvalues, palette.cell_color("rnn", theme))]
    points = fixed_points(found.system) if points is None else points
    if found.system.nonlinearity == "tanh" and points:
        nearest = min(points, key=lambda one: float(np.abs(one.x - found.x[-1]).max()))
        groups.append(Eigenvalues("J(x*)", nearest.slopes, palette.cell_color("lstm", theme),
                                  "diamond-open"))  # fmt: skip
    return groups
