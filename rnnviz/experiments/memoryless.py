"""A feed-forward net beside recurrent ones: the same output layer on a layer that sees x_t only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rnnviz.core.forward_run import run
from rnnviz.core.model import Model
from rnnviz.core.trace import Trace
from rnnviz.experiments.problem_types import PROBLEMS, SYMBOLS, models_of
from rnnviz.numerics.validation import instance

if TYPE_CHECKING:
    from rnnviz.experiments.settings import Settings

TASK = "many_to_one"
"""The problem type on which the nets are compared: after the last letter, name the first."""


def without_memory(model: Model) -> Model:
    """A simple RNN with W_h = 0, h_t = φ(x_t W_x + b): a feed-forward layer under the same readout.

    Raises ValueError for a cell whose state goes on by other ways than W_h.

    >>> import rnnviz
    >>> model = without_memory(rnnviz.build("rnn", 1, 2))
    >>> float(abs(model.parameters[0]["W_h"]).max())
    0.0
    """
    instance("model", model, Model)
    cell = model.cell
    if not cell.sees_past or cell.states != ("h",) or cell.keeping_gate or cell.open_path:
        raise ValueError(f"`model` must be a simple RNN, got the cell {cell.name!r}.")
    layers = [dict(one) | {"W_h": np.zeros_like(one["W_h"])} for one in model.parameters]
    return model.with_parameters(layers)


def on_first_letter(settings: Settings, cell: str, first: int | None = None) -> Trace:
    """A net's run on letters of which the first is to be named at the end.

    ``cell`` is a cell's name, or "" for the feed-forward net; ``first`` puts another letter, 0 … 4,
    in the first place.
    """
    problem = PROBLEMS[TASK]
    sequence = problem.sequence(len(settings.example().x), seed=settings.seed)
    x = sequence.x.copy()
    if first is not None:
        x[0] = np.eye(len(SYMBOLS))[first]
    (model,) = models_of(settings, cell or "rnn", problem)
    return run(model if cell else without_memory(model), x)


def moved(settings: Settings, cell: str) -> float:
    """The largest change of any probability at T where the first letter is another one."""
    here = on_first_letter(settings, cell)
    letter = int(here.x[0, 0].argmax())
    there = on_first_letter(settings, cell, (letter + 1) % len(SYMBOLS))
    assert here.predictions is not None
    assert there.predictions is not None
    return float(np.abs(here.predictions[-1] - there.predictions[-1]).max())
