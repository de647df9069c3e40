"""Training in windows: which losses reach their cause, losses over updates, what nets know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.figures import learning, palette
from rnnviz.figures.learning import Curve
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.plot._options import figure
from rnnviz.plot.lines import DASHES, Span, spanned
from rnnviz.training.cut_effect import Compared, Heard
from rnnviz.training.echo_stream import FLOOR, reached
from rnnviz.training.truncated_bptt import Plan, Run
from rnnviz.words import say

BINS = 40
"""The most means that a line of losses is made of."""
Values = NDArray[np.float64]


@figure
def training_windows(
    steps: int, delay: int, window: int, *, theme: str = "light"
) -> go.Figure:  # fmt: skip
    """Every loss of a stream joined to its cause, ``delay`` steps back, and the cuts between.

    >>> import rnnviz
    >>> [line.name for line in rnnviz.plot.training_windows(20, 4, 6).data[:2]]
    ['cut: no gradient', 'reaches its cause']
    """
    color = palette.cell_color("rnn", theme)
    return learning.windows(reached(steps, delay, window), delay, window, color=color, theme=theme)


@figure
def training_losses(
    runs: Sequence[Run], *, title: str = "", plans: Sequence[Plan] | None = None,
    theme: str = "light", scale: Span = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """Mean squared error over updates, in means of up to 40 stretches, a line a run.

    ``plans`` are all that are to be told apart by colour, those of the runs if left out; ``scale``
    is (low, high) in powers of ten, the same for several cells side by side: `training_scale`.

    >>> import rnnviz
    >>> from rnnviz.training.truncated_bptt import Plan, train
    >>> run = train(rnnviz.build("gru", 1, 4, output_size=1), Plan(delay=2, window=4, updates=8))
    >>> rnnviz.plot.training_losses([run]).data[0].name
    'k = 4'
    """
    styles = plan_styles([one.plan for one in runs] if plans is None else plans, theme)
    lines = [Curve(plan_name(one.plan), *binned(one.loss), *styles[one.plan]) for one in runs]
    return learning.curves(
        title, lines, ends=scale or training_scale(runs), theme=theme, height=height or 300,
        across=(0, max((one.plan.updates for one in runs), default=1)), counted=say("updates"),
        axis=say("mean squared error"), floor=([0.0], say("guessing: 1")),
    )  # fmt: skip


def training_scale(runs: Iterable[Run]) -> tuple[float, float]:
    """One axis, in powers of ten, for the losses of several runs."""
    return learning.span([binned(one.loss)[1] for one in runs] + [np.log10([FLOOR])], 2)


@figure
def cut_gradient(
    found: Compared, *, title: str = "", theme: str = "light", scale: Span = None,
    height: int | None = None,
) -> go.Figure:  # fmt: skip
    """log10 ‖∂L/∂h_t‖ of one window's losses, uncut and cut, against the steps after the cut.

    ``scale`` is (low, high) in powers of ten, the same for several cells: `cut_scale`.

    >>> import rnnviz
    >>> from rnnviz.training.cut_effect import compared
    >>> model = rnnviz.build("gru", 1, 4, output_size=1)
    >>> found = compared(model, 2, 4, before=6)
    >>> [line.name for line in rnnviz.plot.cut_gradient(found).data]
    ['full', 'truncated']
    """
    t = np.arange(-found.before, len(found.log10_full) - found.before).astype(float)
    lines = [
        Curve(say("full"), t, found.log10_full, palette.signal_color("h", theme)),
        Curve(say("truncated"), t[found.before :], found.log10_cut,
              palette.cell_color("rnn", theme),
              "dash"),
    ]  # fmt: skip
    return learning.curves(
        title, lines, ends=scale or cut_scale([found]), theme=theme, height=height or 300,
        across=(float(t[0]), float(t[-1])), counted=say("steps after the cut"),
        axis="‖∂L/∂h<sub>t</sub>‖₂", cut=0.5,
    )  # fmt: skip


def cut_scale(found: Iterable[Compared]) -> tuple[float, float]:
    """One axis, in powers of ten, for several comparisons."""
    return learning.span([one.log10_full for one in found], 3)


@figure
def training_answers(
    answers: Mapping[Plan, Heard], *, steps: int | None = None, theme: str = "light",
    scale: Span = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """Mean squared error at each timestep of new streams, of nets trained by each plan.

    >>> import rnnviz
    >>> from rnnviz.training.cut_effect import heard
    >>> from rnnviz.training.truncated_bptt import Plan
    >>> found = {Plan(delay=2): heard(rnnviz.build("gru", 1, 4, output_size=1), 2, 20, 8)}
    >>> len(rnnviz.plot.training_answers(found).data[0].y)
    20
    """
    rows = spanned([answer_panel(answers, steps, theme)], scale)
    return over_time(rows, theme=theme, height=height or 240)


@figure
def training_lags(
    answers: Mapping[Plan, Heard], *, theme: str = "light", height: int | None = None
) -> go.Figure:
    """Correlation of the answers with the input j steps ago, of nets trained by each plan.

    >>> import rnnviz
    >>> from rnnviz.training.cut_effect import heard
    >>> from rnnviz.training.truncated_bptt import Plan
    >>> found = {Plan(delay=2): heard(rnnviz.build("gru", 1, 4, output_size=1), 2, 20, 8)}
    >>> len(rnnviz.plot.training_lags(found).data[0].y)
    9
    """
    return over_time([lag_panel(answers, theme)], theme=theme, height=height or 240, first=0,
                     counted=say("j, steps ago"))  # fmt: skip


def plan_name(plan: Plan) -> str:
    """The name of a run, by its window."""
    return say("no truncation") if plan.back else f"k = {plan.window}"


def plan_styles(plans: Sequence[Plan], theme: str) -> dict[Plan, tuple[str, str]]:
    """Plan → colour and dash; what is not cut looks the same beside any number of windows."""
    cut = [plan for plan in plans if not plan.back]
    colors = palette.ramp(len(cut), theme, readable=True)
    styles = {plan: (colors[k], DASHES[k % len(DASHES)]) for k, plan in enumerate(cut)}
    whole = (palette.cell_color("lstm", theme), "longdashdot")
    return styles | {plan: whole for plan in plans if plan.back}


def binned(loss: Values) -> tuple[Values, Values]:
    """Where and how large the mean of each of up to BINS stretches of updates is, log10."""
    edges = np.linspace(0, len(loss), min(BINS, len(loss)) + 1).astype(int)
    pairs = list(pairwise(edges))
    with np.errstate(divide="ignore"):
        means = np.log10([loss[a:b].mean() for a, b in pairs])
    return np.array([(a + 1 + b) / 2 for a, b in pairs]), means


def answer_panel(answers: Mapping[Plan, Heard], steps: int | None, theme: str) -> Panel:
    """The panel of `training_answers`."""
    styles = plan_styles(list(answers), theme)
    with np.errstate(divide="ignore"):
        lines = [Line(plan_name(plan), np.log10(one.loss[:steps]), *styles[plan])
                 for plan, one in answers.items()]  # fmt: skip
    return Panel(say("Mean squared error at each timestep of a new stream"), lines, "power",
                 say("mean squared error"))  # fmt: skip


def lag_panel(answers: Mapping[Plan, Heard], theme: str) -> Panel:
    """The panel of `training_lags`."""
    styles = plan_styles(list(answers), theme)
    lines = [Line(plan_name(plan), one.correlation, *styles[plan], first=0)
             for plan, one in answers.items()]  # fmt: skip
    return Panel(say("Correlation of the answer with the input j steps ago"), lines, "state",
                 say("correlation"))  # fmt: skip
