"""Problem types: how far a loss is, what comes back, and what the softmax answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from rnnviz.cells import CELLS
from rnnviz.experiments.problem_types import SYMBOLS, ways
from rnnviz.experiments.unrolling import Unrolled
from rnnviz.figures import palette
from rnnviz.figures.panels import Line
from rnnviz.figures.paths import paths_and_norms
from rnnviz.figures.unrolled import Answers, probabilities
from rnnviz.plot._options import figure
from rnnviz.words import say
from rnnviz.words.numbers import number


@figure
def problem_paths(found: Mapping[str, Unrolled], *, theme: str = "light") -> go.Figure:
    """Steps from t to the nearest and the farthest loss, over ‖∂L/∂h_t‖₂ of every cell.

    ``found`` is cell → what `rnnviz.unroll` returned, all of one problem type and length.

    >>> import rnnviz
    >>> from rnnviz.experiments.problem_types import models_of
    >>> from rnnviz.experiments.settings import Settings
    >>> problem = rnnviz.PROBLEMS["many_to_one"]
    >>> models = models_of(Settings(hidden_size=4), "gru", problem)
    >>> found = {"gru": rnnviz.unroll(problem, models, problem.sequence(8, seed=0))}
    >>> [line.name for line in rnnviz.plot.problem_paths(found).data]
    ['the one loss', 'GRU']
    """
    one = next(iter(found.values()))
    near, far = ways(one.problem, one.steps)
    inks = palette.ramp(2, theme, readable=True)
    paths = [Line(say("farthest"), far, inks[0]), Line(say("nearest"), near, inks[1], "dash")]
    return paths_and_norms(
        paths if (near != far).any() else [paths[0]._replace(label=say("the one loss"))],
        norm_lines(found, theme), titles=(say("Steps to a loss"), say("The gradient there")),
        axes=(say("steps"), "‖∂L/∂h<sub>t</sub>‖₂"), theme=theme,
        handed=one.problem.handed(one.steps),
    )  # fmt: skip


@figure
def problem_answers(
    found: Mapping[str, Unrolled], *, symbols: Sequence[str] = SYMBOLS, theme: str = "light"
) -> go.Figure:
    """The softmax's probabilities, symbols against time, a map a cell; rings mark the targets.

    ``found`` is cell → what `rnnviz.unroll` returned, all of one problem type and length.

    >>> import rnnviz
    >>> from rnnviz.experiments.problem_types import models_of
    >>> from rnnviz.experiments.settings import Settings
    >>> problem = rnnviz.PROBLEMS["many_to_one"]
    >>> models = models_of(Settings(hidden_size=4), "gru", problem)
    >>> found = {"gru": rnnviz.unroll(problem, models, problem.sequence(8, seed=0))}
    >>> rnnviz.plot.problem_answers(found).data[0].z.shape
    (5, 8)
    """
    one = next(iter(found.values()))
    asked, targets = one.problem.answers(one.steps), one.sequence.targets[:, 0]
    maps = [
        Answers(say("{cell}: loss {loss}", cell=say(CELLS[cell].title), loss=number(flow.loss)),
                flow.probabilities[:, 0])
        for cell, flow in found.items()
    ]  # fmt: skip
    wanted = [int(k) if ask else None for k, ask in zip(targets, asked, strict=True)]
    handed = one.problem.handed(one.steps)
    return probabilities(maps, symbols, wanted, theme=theme, handed=handed)


def norm_lines(found: Mapping[str, Unrolled], theme: str) -> list[Line]:
    """The lower lines of `problem_paths`."""
    return [
        Line(say(CELLS[cell].title), flow.log10("h")[:, 0], palette.cell_color(cell, theme),
             palette.CELL_DASHES.get(cell, "solid"))
        for cell, flow in found.items()
    ]  # fmt: skip
