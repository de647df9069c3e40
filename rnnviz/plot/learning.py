"""What nets learn: losses and gradient norms over updates, gradients by update and timestep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from rnnviz.cells import CELLS
from rnnviz.figures import learning, palette
from rnnviz.figures.axes import FLOAT64, colour_range
from rnnviz.figures.learning import Curve
from rnnviz.figures.maps import step_map
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.plot._options import figure
from rnnviz.plot.lines import DASHES, Span, spanned
from rnnviz.training.run import Run
from rnnviz.words import say
from rnnviz.words.numbers import number

BINS = 80
"""The most means that a line over the updates is made of."""
TICKS = 7
"""So many updates are named beside a map."""
Values = NDArray[np.float64]


@figure
def learning_curves(
    runs: Mapping[str, Run], *, theme: str = "light", naive: float | None = None,
    scale: Span = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """Training loss over updates, a line a run, in means of up to 80 stretches.

    ``runs`` are by name; the name of a cell gives its title and colour. ``naive`` is what the
    task's naive answers cost; ``scale`` (low, high) in powers of ten: `loss_scale`.

    >>> import rnnviz
    >>> run = rnnviz.train("gru", "adding", length=10, hidden_size=4, updates=6)
    >>> rnnviz.plot.learning_curves({"gru": run}, naive=1 / 6).data[0].name
    'GRU'
    """
    lines = [curve(name, run.loss, run.plan.updates, palette_of(runs, theme)[name])
             for name, run in runs.items()]  # fmt: skip
    return learning.curves(
        "", lines, ends=scale or loss_scale((one.loss for one in runs.values()), naive),
        across=across(runs), counted=say("updates"), axis=loss_axis(runs), theme=theme,
        height=height or 300,
        floor=None if not naive else ([float(np.log10(naive))], naive_line(runs, naive)),
    )  # fmt: skip


@figure
def total_gradients(
    runs: Mapping[str, Run], *, theme: str = "light", scale: Span = None,
    height: int | None = None, until: int | None = None,
) -> go.Figure:  # fmt: skip
    """The norm of all weights' gradients together, before clipping, over updates; a line a run.

    Means of up to 80 stretches, or, with ``until``, the first so many updates one by one. Where
    training stopped, a line ends.

    >>> import rnnviz
    >>> run = rnnviz.train("gru", "adding", length=10, hidden_size=4, updates=6)
    >>> len(rnnviz.plot.total_gradients({"gru": run}).data[0].y)
    6
    """
    lines = [curve(name, run.gradient_norm[:until], until or run.plan.updates,
                   palette_of(runs, theme)[name], BINS if until is None else until)
             for name, run in runs.items()]  # fmt: skip
    return learning.curves(
        "", lines, ends=scale or learning.span([one.y for one in lines]),
        across=across(runs) if until is None else (0.0, float(until)),
        counted=say("updates"), axis=say("‖∂L/∂(all weights)‖₂"), theme=theme,
        height=height or 300,
    )  # fmt: skip


@figure
def gradient_history(
    gradients: Mapping[int, ArrayLike], *, title: str = "", theme: str = "light",
    scale: Span = None, height: int | None = None, colorbar: bool = True,
    update: int | None = None,
) -> go.Figure:  # fmt: skip
    """Colours for log10 ‖∂L_S/∂s_t‖: checkpoints upwards, timesteps to the right.

    ``gradients`` is `Run.gradients`, or a part of it: update → (T + 1,). A row is a checkpoint, so
    that early ones, which lie close together, are as high as late ones. ``scale`` is (low, high) in
    powers of ten, the same for several cells: `history_scale`. A line marks the last checkpoint
    that is not after ``update``.

    >>> import rnnviz
    >>> run = rnnviz.train("gru", "adding", length=10, hidden_size=4, updates=6)
    >>> rnnviz.plot.gradient_history(run.gradients).data[0].z.shape
    (7, 11)
    """
    updates = list(gradients)
    rows = np.array([np.asarray(gradients[one], float) for one in updates])
    fig = step_map(
        rows, first=0, rows=say("after update"), columns=say("timestep t"), name="history",
        title="‖∂L<sub>S</sub>/∂s<sub>t</sub>‖₂", theme=theme, height=height, colorbar=colorbar,
        scale=history_scale([gradients]) if scale is None else scale,
    )  # fmt: skip
    for layer, one in enumerate(fig.data):
        words = "10<sup>%{z:.2f}</sup>" if layer == 0 else one.name
        one.customdata = np.repeat(np.array(updates)[:, None], rows.shape[1], axis=1)
        one.hovertemplate = f"%{{customdata}}, t = %{{x}}: {words}<extra></extra>"
    shown = np.unique(np.linspace(0, len(updates) - 1, min(TICKS, len(updates))).astype(int))
    fig.update_yaxes(tickvals=shown.tolist(), ticktext=[str(updates[k]) for k in shown])
    if update is not None and updates:
        row = max(sum(one <= update for one in updates) - 1, 0)
        for color, width in (("black", 4), ("white", 1.5)):  # seen on light and dark colours
            fig.add_hline(y=row, line={"color": color, "width": width}, name="update")
    if title:
        fig.update_layout(title={"text": title, "x": 0, "font": {"size": 13}, "y": 0.99})
    return fig


@figure
def gradients_after(
    gradients: Mapping[str, Mapping[int, ArrayLike]], update: int, *, theme: str = "light",
    scale: Span = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """log10 ‖∂L_S/∂s_t‖ over t after so many updates, a line a cell; before training thin.

    ``gradients`` is cell → `Run.gradients`. A net whose training ended earlier is shown as it
    ended.

    >>> import rnnviz
    >>> run = rnnviz.train("gru", "adding", length=10, hidden_size=4, updates=6)
    >>> [line.name for line in rnnviz.plot.gradients_after({"gru": run.gradients}, 6).data]
    ['GRU, before training', 'GRU']
    """
    lines, styles = list[Line](), palette_of(gradients, theme)
    for name, of in gradients.items():
        known = max(one for one in of if one <= update)
        for one in ([0, known] if known else [0]):
            words = label(name) if one or not known else say(
                "{cell}, before training", cell=label(name))  # fmt: skip
            lines.append(Line(words, np.asarray(of[one], float), *styles[name], 0,
                              thin=bool(known) and one == 0))  # fmt: skip
    panel = Panel("", lines, "power", "‖∂L<sub>S</sub>/∂s<sub>t</sub>‖₂")
    return over_time(spanned([panel], scale), theme=theme, height=height or 260, first=0)


def curve(
    name: str, values: Values, updates: int, style: tuple[str, str], bins: int = BINS
) -> Curve:
    """A run's line in powers of ten: means of about so many stretches of all updates."""
    return Curve(label(name), *stretches(values, updates, bins), *style)


def palette_of(names: Iterable[str], theme: str) -> dict[str, tuple[str, str]]:
    """Name → colour and dash: a cell's own, or one after the other for names that are no cell's."""
    others = [name for name in names if name not in CELLS]
    ramp = palette.ramp(len(others), theme, readable=True)
    found = {name: (ramp[k], DASHES[k % len(DASHES)]) for k, name in enumerate(others)}
    return found | {
        name: (palette.cell_color(name, theme), palette.CELL_DASHES.get(name, "solid"))
        for name in names if name in CELLS
    }  # fmt: skip


def stretches(values: Values, updates: int, bins: int = BINS) -> tuple[Values, Values]:
    """Middle and log10 mean of every stretch of updates, from 1; a stretch never moves later."""
    width = max(1, updates // bins)
    starts = np.arange(0, len(values), width)
    with np.errstate(all="ignore"):
        means = np.log10([values[k : k + width].mean() for k in starts])
    middles = (starts + 1 + np.minimum(starts + width, len(values))) / 2
    return np.asarray(middles, float), np.asarray(means, float)


def loss_scale(losses: Iterable[Values], naive: float | None) -> tuple[float, float]:
    """One axis, in powers of ten, that holds finite losses and the naive cost."""
    with np.errstate(all="ignore"):
        logs = [np.log10(one) for one in losses] + ([np.log10([naive])] if naive else [])
    return learning.span([np.where(one > FLOAT64[1], np.nan, one) for one in logs], 2)


def history_scale(all_gradients: Iterable[Mapping[int, ArrayLike]]) -> tuple[float, float]:
    """One colour scale for several histories, in powers of ten."""
    return colour_range(np.asarray(one, float) for of in all_gradients for one in of.values())


def across(runs: Mapping[str, Run]) -> tuple[float, float]:
    """The updates of all runs."""
    return 0.0, float(max((one.plan.updates for one in runs.values()), default=1))


def loss_axis(runs: Mapping[str, Run]) -> str:
    """What the losses are, in words."""
    kinds = {one.measures.batches.example.loss for one in runs.values()}
    return say("cross entropy, nats") if kinds == {"cross_entropy"} else say("mean squared error")


def naive_words(runs: Mapping[str, Run]) -> str:
    """The name of the naive answers."""
    return say(next(iter(runs.values())).task.naive)


def naive_line(runs: Mapping[str, Run], naive: float) -> str:
    """The naive answers and what they cost: «always 1: 0.167»."""
    return f"{naive_words(runs)}: {number(naive)}"


def label(name: str) -> str:
    """A cell's title; another name as it is."""
    return say(CELLS[name].title) if name in CELLS else name
