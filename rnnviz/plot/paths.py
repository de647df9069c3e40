"""Along the kept state or through the weights; the part of each loss; how long units remember."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.analysis.gradient_paths import Roads, time_constants
from rnnviz.core.trace import LayerTrace, Trace, only
from rnnviz.figures import palette
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.figures.planes import Stack, stacked
from rnnviz.numerics.validation import whole_number
from rnnviz.plot._options import figure
from rnnviz.plot.lines import Span, gate_panel, spanned
from rnnviz.words import say

DISTANCES = ((0, 0), (1, 2), (3, 5), (6, 10), (11, 20), (21, None))
"""Steps between a loss and the timestep that it reaches, in groups; the last is open."""
Values = NDArray[np.float64]


@figure
def gradient_paths(
    trace: Trace | LayerTrace, found: Roads, *, batch: int = 0, theme: str = "light",
    scale: Span = None, labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """The gates; the gradient's norm along the kept state and through the weights; and the share.

    ``found`` is what `rnnviz.roads` made of the trace and its loss.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8), np.ones((20, 1, 2)))
    >>> figure = rnnviz.plot.gradient_paths(trace, rnnviz.roads(trace, np.ones((20, 1, 8))))
    >>> "along h" in [line.name for line in figure.data]
    True
    """
    at: LayerTrace = trace if isinstance(trace, LayerTrace) else only(trace.layers, "trace")
    rows = spanned(path_panels(at, found, theme, batch), scale)
    return over_time(rows, theme=theme, labels=labels, height=height or 200, first=0)


@figure
def memory(
    trace: Trace, *, batch: int = 0, theme: str = "light", scale: Span = None,
    labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """Time constants 1 / (1 − gate) in steps, of the gate that keeps the state: 10, 50 and 90 %.

    Raises ValueError, as `rnnviz.time_constants` does, for a cell without such a gate.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 8, forget_bias=3.0), np.ones((20, 1, 2)))
    >>> [line.name for line in rnnviz.plot.memory(trace).data]
    ['10 %', 'median', '90 %']
    """
    rows = spanned([memory_panel(trace, theme, batch)], scale)
    return over_time(rows, theme=theme, labels=labels, height=height or 200)


@figure
def one_loss(
    logs: Values, sender: int, receiver: int, *, state: str = "h", theme: str = "light",
    scale: Span = None, labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """The gradient of the loss of step ``sender`` everywhere, and of all losses at ``receiver``.

    ``logs`` (T, T + 1) is what `rnnviz.itemised` returned.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8), np.ones((20, 1, 2)))
    >>> logs = rnnviz.itemised(trace, np.ones((20, 1, 8)))
    >>> [line.name for line in rnnviz.plot.one_loss(logs, 20, 1).data]
    ['τ = 20', 't = 1']
    """
    whole_number("sender", sender, 1, len(logs))
    whole_number("receiver", receiver, 0, len(logs))
    ink, axis = palette.signal_color("h", theme), f"‖∂L<sub>τ</sub>/∂{state}<sub>t</sub>‖₂"
    rows = [
        Panel(say("What the loss of step {sender} sends to each timestep", sender=sender),
              [Line(f"τ = {sender}", logs[sender - 1], ink, first=0)], "power", axis),
        Panel(say("What timestep {receiver} receives from the loss of each step",
                  receiver=receiver),
              [Line(f"t = {receiver}", logs[:, receiver], ink, first=1)], "power", axis),
    ]  # fmt: skip
    rows = spanned(rows, scale)
    return over_time(rows, theme=theme, labels=labels, height=height or 190, first=0,
                     counted=say("timestep: t above, τ below"))  # fmt: skip


@figure
def loss_distances(
    logs: Values, *, state: str = "h", theme: str = "light", height: int | None = None
) -> go.Figure:  # fmt: skip
    """For each timestep, the shares of the losses' norms by the steps between, stacked to 1.

    ``logs`` (T, T + 1) is what `rnnviz.itemised` returned.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8), np.ones((20, 1, 2)))
    >>> logs = rnnviz.itemised(trace, np.ones((20, 1, 8)))
    >>> round(sum(part.y[0] for part in rnnviz.plot.loss_distances(logs).data), 6)
    1.0
    """
    names, colors = distance_names(), palette.ramp(len(DISTANCES), theme)
    parts = [Stack(*part) for part in zip(names, distance_shares(logs), colors, strict=True)]
    axis = say("share of Σ ‖∂L<sub>τ</sub>/∂{state}<sub>t</sub>‖₂", state=state)
    return stacked(parts, axis=axis, theme=theme, height=height or 320)


def path_panels(trace: LayerTrace, found: Roads, theme: str, batch: int = 0) -> list[Panel]:
    """The panels of `gradient_paths`."""
    ink, quiet = palette.signal_color(found.state, theme), palette.QUIET[theme]
    main = palette.signal_color(found.gate or "h", theme)
    along = say("along {state}", state=found.state)
    norms = [
        Line(say("whole"), found.total, ink, first=0),
        Line(along, found.main, main, "longdash", first=0),
        Line(say("weights"), found.rest, quiet, "dot", first=0),
    ]
    share = [Line(along, found.share, main, first=0)]
    axis = f"‖∂L/∂{found.state}<sub>t</sub>‖₂"
    opened = gate_panel(trace, theme, batch)
    return [
        *([opened] if opened else []),
        Panel(say("Gradient of {state}, by path", state=found.state), norms, "power", axis),
        Panel(say("Share that came along {state} alone", state=found.state), share, "gate",
              say("share of the two norms")),
    ]


def memory_panel(trace: Trace, theme: str, batch: int = 0) -> Panel:
    """The panel of `memory`: three quantiles over the units, as values of single units."""
    values = np.asarray(time_constants(trace)[:, batch], np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(np.quantile(values, [0.1, 0.5, 0.9], axis=1, method="nearest"))
    names, colors = ("10 %", say("median"), "90 %"), palette.ramp(3, theme, readable=True)
    lines = [Line(*one) for one in zip(names, logs, colors, strict=True)]
    return Panel("", lines, "power", say("τ, steps"), span=_around(logs))


def _around(logs: Values) -> tuple[float, float] | None:
    """The range of all finite values with a margin; time constants are ≥ 1, whose log10 is 0."""
    finite = logs[np.isfinite(logs)]
    if not finite.size:
        return None
    low, high = float(finite.min()), float(finite.max())
    pad = 0.08 * max(high - low, 0.5)
    return max(low - pad, -0.05), max(high + pad, low + 0.5)


def distance_shares(logs: Values) -> Values:
    """Each distance group's share of Σ_τ ‖∂L_τ/∂h_t‖, (groups, T): columns add up to 1 or 0."""
    steps = len(logs)
    received = logs[:, 1:]
    top = np.where(np.isfinite(received), received, -np.inf).max(axis=0)
    with np.errstate(invalid="ignore"):
        sizes = np.where(np.isfinite(received), 10.0 ** (received - top), 0.0)
    distance = np.arange(1, steps + 1)[:, None] - np.arange(1, steps + 1)
    groups = [
        np.where((distance >= low) & (distance <= (steps if high is None else high)), sizes, 0)
        for low, high in DISTANCES
    ]
    parts = np.array([group.sum(axis=0) for group in groups])
    total = parts.sum(axis=0)
    return np.asarray(np.divide(parts, total, out=np.zeros_like(parts), where=total > 0))


def distance_names() -> list[str]:
    """The groups of `DISTANCES`, in words."""
    return [_distance_name(*group) for group in DISTANCES]


def _distance_name(low: int, high: int | None) -> str:
    if high == 0:
        return say("its own step")
    if high is None:
        return say("{low} or more steps", low=low)
    return say("{low}–{high} steps", low=low, high=high)
