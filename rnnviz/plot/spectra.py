"""Singular values of one step and of all, Lyapunov exponents, eigenvalues of W_h."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

import rnnviz.analysis.spectrum as analysis
from rnnviz.analysis.bounds import power_norms
from rnnviz.analysis.leading_directions import Leading
from rnnviz.analysis.spectrum import SingularValues
from rnnviz.core.trace import LayerTrace, Trace, only
from rnnviz.figures import palette
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.figures.planes import Bar, Eigenvalues, bars, complex_plane
from rnnviz.numerics.validation import real_array
from rnnviz.plot._options import figure
from rnnviz.plot.lines import Span, spanned
from rnnviz.words import say, word

SHOWN = 12
"""The most singular values drawn as lines: the largest, the smallest, and some between."""
SYMBOLS = ("circle-open", "square-open", "diamond-open", "cross-open")


@figure
def spectrum(
    found: Trace | SingularValues | Leading, *, state: str = "", theme: str = "light",
    scale: Span = None, labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """Singular values of each step's Jacobian, and of the product of all steps so far.

    ``found`` is a trace, or what `rnnviz.singular_values` or `rnnviz.leading` made of it; of many
    values 12 are drawn, from the largest to the smallest. ``state`` is how the title names it,
    that of a trace all its states; ``scale`` is (low, high) in powers of ten for both axes.
    Raises ValueError as `rnnviz.singular_values` does.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("rnn", 2, 8), np.ones((20, 1, 2)))
    >>> len(rnnviz.plot.spectrum(trace).data)
    16
    """
    if isinstance(found, Trace):
        names = found.model.cell.states
        state = state or (f"({', '.join(names)})" if len(names) > 1 else names[0])
        found = analysis.singular_values(found)
    rows = spanned(spectrum_panels(found, state or "h", theme), scale)
    return over_time(rows, theme=theme, labels=labels, height=height or 230)


@figure
def lyapunov(
    exponents: NDArray[Any], *, cell: str = "rnn", theme: str = "light", height: int | None = None
) -> go.Figure:
    """A bar for each Lyapunov exponent, in nats a step, in the colour of ``cell``.

    ``exponents`` (n,) is what `rnnviz.lyapunov` or `rnnviz.leading(…).exponents` gives.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("rnn", 2, 8), np.ones((20, 1, 2)))
    >>> len(rnnviz.plot.lyapunov(rnnviz.lyapunov(trace)).data[0].y)
    8
    """
    return bars(
        [Bar(str(k + 1), float(one)) for k, one in enumerate(exponents)], theme=theme,
        axis=say("exponent, nats a step"), color=palette.cell_color(cell, theme),
        category=say("direction, from the fastest growing"), height=height or 300,
    )  # fmt: skip


@figure
def eigenvalues(
    trace: Trace | LayerTrace, *, theme: str = "light", height: int | None = None
) -> go.Figure:
    """The eigenvalues of every recurrent block of W_h against the unit circle.

    ``trace`` has one layer, or is one of a trace's layers. A cell without W_h gives the circle.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8), np.ones((20, 1, 2)))
    >>> [len(group.x) for group in rnnviz.plot.eigenvalues(trace).data[1:]]
    [8, 8, 8]
    """
    at: LayerTrace = trace if isinstance(trace, LayerTrace) else only(trace.layers, "trace")
    return complex_plane(eigenvalue_groups(at, theme), theme=theme, height=height or 420)


@figure
def matrix_powers(
    W: Any, *, count: int = 30, theme: str = "light", scale: Span = None, height: int | None = None
) -> go.Figure:
    """log10 ‖Wⁿ‖₂ of a square matrix for n = 0 … count, and its spectral radius to that power.

    >>> import rnnviz
    >>> len(rnnviz.plot.matrix_powers([[0.5, 10.0], [0.0, 0.5]]).data[0].y)
    31
    """
    rows = spanned([power_panel(real_array("W", W), count, theme)], scale)
    return over_time(rows, theme=theme, height=height or 240, first=0,
                     counted=say("n, steps of the linear net h ← h W_h"))  # fmt: skip


def spectrum_panels(found: SingularValues | Leading, state: str, theme: str) -> list[Panel]:
    """The panels of `spectrum`: one step above, all steps so far below."""
    if isinstance(found, Leading):
        titles = (
            say("Stretch of each leading direction in one step, s = {state}", state=state),
            say("Growth of each leading direction in all steps so far"),
        )
        axes, symbol = (say("stretch of one step"), say("growth so far")), word("direction {k}")
    else:
        titles = (
            say("Singular values of one step, ∂s<sub>t</sub>/∂s<sub>t−1</sub>, s = {state}",
                state=state),
            say("Singular values of all steps so far, ∂s<sub>t</sub>/∂s<sub>0</sub>"),
        )  # fmt: skip
        axes, symbol = (say("σ of one step"), say("σ of the product")), "σ{k}"
    return [
        Panel(title, _lines(logs, theme, symbol), "power", axis)
        for title, logs, axis in zip(titles, (found.step, found.cumulative), axes, strict=True)
    ]


def eigenvalue_groups(trace: LayerTrace, theme: str) -> list[Eigenvalues]:
    """The groups of points of `eigenvalues`: the eigenvalues of every block of W_h."""
    cell, W = trace.cell, trace.parameters
    if "W_h" not in W:
        return []
    return [
        Eigenvalues(f"W_h{block}" if len(cell.blocks) > 1 else "W_h",
                    np.linalg.eigvals(cell.part(W, "W_h", block)).astype(np.complex128),
                    palette.signal_color(block, theme), SYMBOLS[k % len(SYMBOLS)])
        for k, block in enumerate(cell.statement.parameters["W_h"])
    ]  # fmt: skip


def power_panel(W: NDArray[Any], count: int, theme: str) -> Panel:
    """The panel of `matrix_powers`."""
    radius = float(np.abs(np.linalg.eigvals(W)).max())
    with np.errstate(divide="ignore"):
        rate = np.log10(radius) * np.arange(count + 1) if radius else np.log10(
            [1.0] + [0.0] * count)  # fmt: skip
    norms = np.concatenate([[0.0], power_norms(W, count)])
    lines = [Line("‖W<sub>h</sub>ⁿ‖", norms, palette.cell_color("rnn", theme), first=0),
             Line("ρⁿ", rate, palette.QUIET[theme], "dot", first=0)]  # fmt: skip
    return Panel("", lines, "power", "‖W<sub>h</sub>ⁿ‖₂")


def _lines(logs: NDArray[np.float64], theme: str, symbol: str) -> list[Line]:
    count = logs.shape[1]
    which = np.unique(np.linspace(0, count - 1, min(SHOWN, count)).round().astype(int))
    colors = palette.ramp(len(which), theme, readable=True)
    pairs = zip(which, colors, strict=True)
    return [Line(_rank(k, count, symbol), logs[:, k], color) for k, color in pairs]


def _rank(k: int, count: int, symbol: str) -> str:
    return say(symbol, k=k + 1) if k in (0, count - 1) else ""
