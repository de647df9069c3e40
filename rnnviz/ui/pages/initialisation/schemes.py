"""Initialisation schemes: their names, and what they and a sweep of biases gave over the seeds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.experiments.initialisation_runs import (
    BIASES,
    SCHEMES,
    Runs,
    has_bias,
    swept,
)
from rnnviz.experiments.initialisation_theory import Prediction, predicted
from rnnviz.experiments.settings import Settings
from rnnviz.ui import cached
from rnnviz.ui.seed_runs import progress
from rnnviz.words import say, word
from rnnviz.words.symbols import lowered

TITLES = {
    "pytorch": word("PyTorch"),
    "keras": word("Keras"),
    "glorot": word("Glorot"),
    "orthogonal": word("orthogonal"),
    "identity": word("identity W_h"),
    "chrono": word("chrono"),
    "yours": word("sidebar"),
}
EXPENSIVE = 200_000
"""The T · H² above which every other bias is swept."""


def name_of(cell: str, scheme: str) -> str:
    """A scheme's name for this cell: with the identity an RNN takes ReLU."""
    if scheme == "identity" and "nonlinearity" in CELLS[cell].choices:
        return say("identity, ReLU")
    return lowered(say(TITLES[scheme]))


class Shown(NamedTuple):
    """One initialisation scheme, or several that drew the same weights: runs and closed form."""

    names: tuple[str, ...]
    label: str
    runs: Runs
    closed: Prediction


def measured(
    settings: Settings, cell: str, names: tuple[str, ...]
) -> tuple[list[Shown], dict[float, Runs]]:
    """The named schemes, equal ones as one, and bias → runs of the sweep."""
    work = len(cached.example(settings).x) * settings.hidden_size**2
    biases = BIASES[:: 2 if work > EXPENSIVE else 1] if has_bias(cell) else ()
    asked = [*((name, SCHEMES[name]) for name in names),
             *((bias, swept(settings, bias)) for bias in biases)]  # fmt: skip
    done = progress([(name, settings, cell, scheme) for name, scheme in asked])
    found: list[Shown] = []
    for name in names:
        same = [k for k, one in enumerate(found) if np.array_equal(one.runs.h, done[name].h)]
        if same:
            earlier = found[same[0]]
            label = f"{earlier.label} = {name_of(cell, name)}"
            found[same[0]] = earlier._replace(names=(*earlier.names, name), label=label)
        else:
            found.append(Shown((name,), name_of(cell, name), done[name],
                               predicted(settings, cell, SCHEMES[name])))  # fmt: skip
    return found, {bias: done[bias] for bias in biases}
