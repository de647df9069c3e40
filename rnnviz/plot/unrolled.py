"""A problem type unrolled in time: what is read, where losses sit, and what comes back."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from rnnviz.experiments.problem_types import SYMBOLS
from rnnviz.experiments.unrolling import Unrolled
from rnnviz.figures import palette
from rnnviz.figures.axes import frame, power_axis, time_axis
from rnnviz.figures.sheet import Sheet
from rnnviz.plot._options import figure
from rnnviz.words import say, word
from rnnviz.words.numbers import power

ROWS = ("h", "back", "down", "own", "fed", "inputs")
"""The quantities that are drawn, as `Unrolled.log10` names them."""
ARROWS = {
    "back": word("back from step {t} to the state before it: {value}"),
    "down": word("from the output of step {t} into its state: {value}"),
    "own": word("from the loss of step {t}: {value}"),
    "fed": word("back to the output of step {t}, which was read as the next input: {value}"),
    "inputs": word("into the input of step {t}: {value}"),
}
"""The words of each arrow; the browser fills in {t} and {value}."""


def right(found: Unrolled) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The probability of the right answer, (T,); nan where there is no readout."""
    p, targets = found.probabilities[:, 0], found.sequence.targets[:, 0]
    return np.asarray(np.take_along_axis(p, targets[:, None], axis=1)[:, 0])


def letters(found: Unrolled) -> list[str]:
    """The input of each step: a letter, the decoder's empty start, or its own answer."""
    read = ["" if not one.any() else SYMBOLS[int(one.argmax())] for one in found.sequence.x[:, 0]]
    n = found.problem.handed(found.steps)
    return ["∅" if t == n and n else one for t, one in enumerate(read)]


def fed(found: Unrolled) -> list[bool]:
    """The steps that read the answer of the step before."""
    first = found.problem.handed(found.steps)
    return [found.fed and t > first for t in range(found.steps)]


PLACES = {
    "back": (-0.5, 2.0, "triangle-left"), "down": (0.0, 2.5, "triangle-down"),
    "own": (0.0, 3.5, "triangle-down"), "fed": (0.5, 2.5, "triangle-up"),
    "inputs": (0.0, 1.5, "triangle-down"),
}  # fmt: skip
"""Arrow → how far right of its step it stands, its height among the rows, and its symbol."""


@figure
def problem_graph(
    found: Unrolled, *, theme: str = "light", scale: tuple[float, float] | None = None,
    height: int | None = None,
) -> go.Figure:  # fmt: skip
    """The unrolled net: inputs, states, outputs, losses, and the gradient that each wire carries.

    Columns are t = 1 … T. Triangles point the way that the gradient goes; their colour is log10 of
    its norm, ``scale`` (low, high) in powers of ten. ``found`` is what `rnnviz.unroll` returned;
    its first example is drawn.

    >>> import rnnviz
    >>> problem = rnnviz.PROBLEMS["many_to_one"]
    >>> model = rnnviz.build("gru", 5, 4, output_size=5, readout="softmax", seed=0)
    >>> found = rnnviz.unroll(problem, [model], problem.sequence(8, seed=0))
    >>> [trace.name for trace in rnnviz.plot.problem_graph(found).data]
    ['back', 'down', 'own', 'inputs', 'nodes']
    """
    logs = {name: found.log10(name)[:, 0] for name in PLACES}
    low, high = scale or power_axis(logs.values(), "")["range"]
    fig = Sheet(rows=1, cols=1)
    for name, values in logs.items():
        there = np.isfinite(values)
        there[0] &= name != "back"
        shown = np.flatnonzero(there)
        if shown.size:
            _arrows(fig, name, shown, values[shown], (low, high))
    _nodes(fig, found, theme)
    frame(fig, theme, height or 340, ["x"], l=64, r=70)
    fig.update_xaxes(**time_axis(found.steps))
    rows = [say("input"), "h", "y", "L"]
    fig.update_yaxes(range=[0.5, 4.5], tickvals=[1, 2, 3, 4], ticktext=rows, showgrid=False)
    n = found.problem.handed(found.steps)
    if n:
        fig.add_vline(x=n + 0.5, line={"color": palette.QUIET[theme], "dash": "dash", "width": 1})
    return fig.figure()


def _arrows(
    fig: Sheet, name: str, at: Any, values: Any, span: tuple[float, float]
) -> None:
    right_of, row, symbol = PLACES[name]
    said = [say(ARROWS[name], t=t + 1, value=power(float(one)))
            for t, one in zip(at, values, strict=True)]  # fmt: skip
    bar = {"title": {"text": "log₁₀ ‖∂L‖"}, "thickness": 10} if name == "back" else None
    fig.add_scatter(
        x=at + 1 + right_of, y=np.full(len(at), row), name=name, mode="markers", hovertext=said,
        hovertemplate="%{hovertext}<extra></extra>",
        marker={"symbol": symbol, "size": 13, "color": values, "cmin": span[0], "cmax": span[1],
                "colorscale": "Viridis", "showscale": bar is not None, "colorbar": bar},
    )  # fmt: skip


def _nodes(fig: Sheet, found: Unrolled, theme: str) -> None:
    """Inputs, states, the right answer's probability, and targets, in their rows."""
    p, answers = right(found), found.problem.answers(found.steps)
    targets = found.sequence.targets[:, 0]
    nodes = []
    for t, (read, own) in enumerate(zip(letters(found), fed(found), strict=True)):
        nodes.append((t + 1, 1, f"p<sub>{t}</sub>" if own else read))
        nodes.append((t + 1, 2, f"h<sub>{t + 1}</sub>"))
        if answers[t]:
            nodes += [(t + 1, 3, f"{p[t]:.2f}"), (t + 1, 4, SYMBOLS[int(targets[t])])]
    x, y, text = zip(*nodes, strict=True)
    fig.add_scatter(
        x=x, y=y, text=text, mode="text", name="nodes", hoverinfo="skip",
        textfont={"color": palette.TEXT[theme], "size": 13},
    )  # fmt: skip
