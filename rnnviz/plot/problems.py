"""Problem types: how far a loss is, what comes back, and what the softmax answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from rnnviz.cells import CELLS
from rnnviz.experiments.problem_types import SYMBOLS, ways
from rnnviz.experiments.unrolling import Unrolled
from rnnviz.figures import palette
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.figures.paths import paths_and_norms
from rnnviz.figures.unrolled import Answers, probabilities
from rnnviz.numerics.arrays import Array
from rnnviz.plot._options import figure
from rnnviz.plot.lines import Span
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
        norm_lines(found, theme),
        titles=(say("Number of steps from t to a loss"),
                say("Gradient of the hidden state at t")),
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
    >>> model = rnnviz.build("gru", 5, 4, output_size=5, readout="softmax")
    >>> problem = rnnviz.PROBLEMS["many_to_one"]
    >>> one = rnnviz.unroll(problem, (model,), problem.sequence(8, seed=0))
    >>> rnnviz.plot.problem_answers({"gru": one}).data[0].z.shape
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


@figure
def input_dependence(
    found: Mapping[str, Array], *, theme: str = "light", scale: Span = None,
    labels: Sequence[str] | None = None, height: int | None = None,
) -> go.Figure:  # fmt: skip
    """log10 ‖∂y_T/∂x_t‖ against t = 1 … T, one line a net; exact zeros are marked.

    ``found`` is cell → what `rnnviz.forgetting` returned; the name "" is the feed-forward net.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 4), np.ones((6, 1, 2)))
    >>> found = {"": np.array([-np.inf] * 5 + [0.0]), "gru": rnnviz.forgetting(trace)}
    >>> [line.name for line in rnnviz.plot.input_dependence(found).data]
    ['feed-forward', 'feed-forward: exactly 0', 'GRU']
    """
    lines = [
        Line(say(CELLS[cell].title) if cell else say("feed-forward"), np.asarray(logs, float),
             palette.cell_color(cell, theme) if cell else palette.TEXT[theme],
             palette.CELL_DASHES.get(cell, "solid") if cell else "dot")
        for cell, logs in found.items()
    ]  # fmt: skip
    axis = "‖∂y<sub>T</sub>/∂x<sub>t</sub>‖"
    panel = Panel(say("What the last output depends on"), lines, "power", axis, span=scale)
    return over_time([panel], theme=theme, labels=labels, height=height or 260)


def norm_lines(found: Mapping[str, Unrolled], theme: str) -> list[Line]:
    """The lower lines of `problem_paths`."""
    return [
        Line(say(CELLS[cell].title), flow.log10("h")[:, 0], palette.cell_color(cell, theme),
             palette.CELL_DASHES.get(cell, "solid"))
        for cell, flow in found.items()
    ]  # fmt: skip
