"""What other seeds give: the share left at step 1 over twenty of them, on demand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.experiments.initialisation_runs import SCHEMES, SEEDS, quantiles
from rnnviz.experiments.settings import Settings
from rnnviz.numerics.arrays import Array
from rnnviz.ui import prose, seed_runs
from rnnviz.ui.language import fragment
from rnnviz.words import say
from rnnviz.words.numbers import share

_FOR = "_over_seeds"


@fragment
def show(settings: Settings) -> None:
    """A button that runs the shown cells with twenty seeds, and what they give."""
    if st.session_state.get(_FOR) != settings and not st.button(
        say("Compare over {n} seeds", n=SEEDS), key="_seeds"
    ):
        return
    st.session_state[_FOR] = settings
    found = seed_runs.progress([(cell, settings, cell, SCHEMES["yours"])
                                for cell in settings.cells])  # fmt: skip
    prose.markdown(finding({cell: runs.ratios() for cell, runs in found.items()}, settings.seed))


def finding(logs: Mapping[str, Array], first: int) -> str:
    """The medians, and how often the best two cells change places; ``logs`` log10 of the shares.

    Each has one entry a seed, from the seed ``first`` on, by the cell's memory state.
    """
    middles = {cell: float(quantiles(one)[1]) for cell, one in logs.items()}
    seeds = len(next(iter(logs.values())))
    said = say(
        "Median share left at step 1, by the memory state, over the seeds {first} to {last}: "
        "{shares}.", first=first, last=first + seeds - 1,
        shares=", ".join(f"{say(CELLS[cell].title)} {share(one)}" for cell, one in middles.items()),
    )  # fmt: skip
    if len(logs) < 2:
        return said
    one, other = sorted(middles, key=lambda cell: -middles[cell])[:2]
    with np.errstate(invalid="ignore"):
        above = int((logs[one] > logs[other]).sum())
    return f"{said} " + say(
        "The {one} keeps more than the {other} with {above} of {n} seeds.",
        one=say(CELLS[one].title), other=say(CELLS[other].title), above=above, n=seeds,
    )  # fmt: skip
