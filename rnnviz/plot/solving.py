"""Nets that were trained until they solved their task: costs over updates, updates needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from rnnviz.cells import CELLS
from rnnviz.experiments.initialisation_training import Entry as Reach
from rnnviz.experiments.solving import EVERY, Outcome
from rnnviz.figures import palette, updates
from rnnviz.figures.changes import Change, changes
from rnnviz.figures.updates import Group, Level, Tried
from rnnviz.plot._options import figure
from rnnviz.training.one_update import Passed, Recorded, Weight, place
from rnnviz.words import say
from rnnviz.words.symbols import lowered


@figure
def solving_curves(
    found: Mapping[str, Sequence[Outcome]], share: float, *, bands: bool = False,
    theme: str = "light", height: int | None = None,
) -> go.Figure:  # fmt: skip
    """Held-out cost over updates, as a share of what the task's naive answers cost.

    ``found`` is name → `rnnviz.experiments.solving.Outcome` of each seed; a name is that of a cell,
    or begins with it and a space ("lstm (b = 3)"). ``share`` is the one below which the task counts
    as solved. A line ends where its net was done; with ``bands`` the median of the seeds and a band
    from the least to the largest, ended ones counting with their last cost.

    >>> import rnnviz
    >>> from rnnviz.experiments.task_table import entries, stored
    >>> found = {"gru": entries(stored())["adding", "gru", 0.0].outcomes}
    >>> len(rnnviz.plot.solving_curves(found, 0.1).data)
    5
    """
    groups, seen = list[Group](), list[str]()
    for name, own in found.items():
        cell, space, rest = name.partition(" ")
        dash = palette.CELL_DASHES.get(cell, "solid") if cell not in seen else "dot"
        label = say(CELLS[cell].title) + space + rest
        curves = [np.array(one.curve) for one in own]
        groups.append(Group(label, palette.cell_color(cell, theme), dash, curves))
        seen.append(cell)
    levels = [Level(1.0, say("naive answers: 1"))]
    if share < 1:
        levels.append(Level(share, say("solved below {share:g}", share=share)))
    return updates.over_updates(
        groups, every=EVERY, axis=say("held-out cost / naive"), levels=levels, bands=bands,
        theme=theme, height=height or 320,
    )  # fmt: skip


@figure
def updates_needed(
    found: Mapping[str, Mapping[float, Sequence[Outcome]]], *, most: int, cell: str = "lstm",
    setting: str = "b_f", marks: Sequence[tuple[float, str]] = (), theme: str = "light",
    height: int | None = None,
) -> go.Figure:  # fmt: skip
    """Updates that a task needed, against a setting: a dot each seed, a line through the medians.

    ``found`` is task → value of the setting → outcomes; ``most`` how many updates there were;
    ``marks`` a value and its name for each task.

    >>> import rnnviz
    >>> from rnnviz.experiments.forget_bias import ROWS, by_bias, stored
    >>> found = {ROWS[0].title: by_bias(stored(), ROWS[0])}
    >>> len(rnnviz.plot.updates_needed(found, most=600).data[0].x)
    45
    """
    tasks = [Tried(title, np.array(list(own)), [needed(one) for one in own.values()])
             for title, own in found.items()]  # fmt: skip
    return updates.updates_needed(
        tasks, setting=lowered(setting), most=most, color=palette.cell_color(cell, theme),
        mark=[Level(*one) for one in marks], theme=theme, height=height or 190,
    )  # fmt: skip


@figure
def initialisation_training(
    found: Mapping[tuple[str, str], Reach], *, seeds: int = 5, theme: str = "light",
    height: int | None = None,
) -> go.Figure:  # fmt: skip
    """The share of the gradient that reaches step 1 before and after training, a row a scheme.

    ``found`` is (cell, scheme) → `rnnviz.experiments.initialisation_training.Entry`; ``seeds`` of
    how many it is the median. At the right end: how many of them learnt the task.

    >>> import rnnviz
    >>> from rnnviz.experiments.initialisation_training import entries, stored
    >>> len(rnnviz.plot.initialisation_training(entries(stored())).data[-1].x)
    18
    """
    rows = []
    for (cell, scheme), one in found.items():
        words = f"{one.solved}/{seeds}"
        rows.append(
            Change(f"{say(CELLS[cell].title)}, {scheme}", one.before, one.after, words,
                   palette.cell_color(cell, theme), 2 * one.solved > seeds)
        )  # fmt: skip
    axis = say("share of the gradient that reaches step 1")
    return changes(rows, axis=axis, theme=theme, height=height)


def needed(outcomes: Sequence[Outcome]) -> list[float]:
    """The updates that each seed needed; ∞ where it never solved the task."""
    return [float("inf") if one.needed is None else float(one.needed) for one in outcomes]


@figure
def weight_path(
    found: Recorded, weight: Weight, *, update: int = 1, theme: str = "light",
    height: int | None = None,
) -> go.Figure:  # fmt: skip
    """One weight before the first and after every update, and its gradient in every update.

    ``found`` is what `rnnviz.training.one_update.recorded` gives; ``update`` is marked.

    >>> import rnnviz
    >>> from rnnviz.training.one_update import Weight, recorded
    >>> found = recorded("rnn", "adding", length=6, hidden_size=4, updates=5)
    >>> len(rnnviz.plot.weight_path(found, Weight("W_h", 0, 1)).data[0].y)
    6
    """
    p = place(found.first, weight)
    return updates.weight_path(
        found.weights[:, p], found.gradient[:, p], name=symbol(weight), update=update,
        color=palette.cell_color(found.first.cell.name, theme), theme=theme, height=height or 150,
    )  # fmt: skip


@figure
def weight_terms(
    found: Passed, weight: Weight, *, cell: str = "lstm", theme: str = "light",
    height: int | None = None,
) -> go.Figure:  # fmt: skip
    """What each timestep adds to ∂L/∂w in one update: bars whose sum is ∂L/∂w.

    >>> import rnnviz
    >>> from rnnviz.training.one_update import Weight, passed, recorded
    >>> weight, found = Weight("W_h", 0, 1), recorded("rnn", "adding", length=6, updates=5)
    >>> len(rnnviz.plot.weight_terms(passed(found, 5, weight), weight, cell="rnn").data[0].y)
    6
    """
    return updates.step_terms(
        found.terms, name=symbol(weight), color=palette.cell_color(cell, theme), theme=theme,
        height=height or 220,
    )  # fmt: skip


def symbol(weight: Weight) -> str:
    """The weight with its place, counted from 1, for a figure: W<sub>h</sub>[3, 7]."""
    head, _, low = weight.name.partition("_")
    sub = f"{head}<sub>{low}</sub>" if low else head
    inside = f"{weight.row + 1}, {weight.column + 1}"
    return f"{sub}[{weight.column + 1 if head == 'b' else inside}]"
