"""The figures of every cell in a table, and their definitions."""

from __future__ import annotations

import streamlit as st

from rnnviz import advice
from rnnviz.analysis.reach import Reach
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.settings import Settings
from rnnviz.ui import prose
from rnnviz.ui.pages.compare import over_seeds
from rnnviz.words import say, word
from rnnviz.words.numbers import number

DEFINITIONS = {
    word("followed"): word("the loss of one step S alone, back from S: its gradient on the "
    "state s that is chosen above the chart. Losses on other steps add gradients "
    "of their own, and their sum says nothing of how far one of them travels."),
    word("left at step 1"): word("the norm of that gradient at step 1, divided by its norm at "
    "step S: the share of the gradient at step S that reaches step 1."),
    word("mean factor"): word("the geometric mean of what the S − 1 steps back multiply the norm "
    "by: taken S − 1 times, it gives the share left exactly."),
    word("1 % horizon"): word("the fewest steps back from S from which on less than 1 % is left, "
    "at every earlier step. Where the norm falls below 1 % and grows again, only the last fall "
    "counts."),
    word("parameters"): word("the weights and biases of all recurrent layers; those of the output "
    "layer are not counted."),
}  # fmt: skip


def horizon(found: Reach) -> str:
    """The 1 % horizon in words."""
    return say("not reached") if found.horizon is None else advice.steps(found.horizon)


def numbers(
    settings: Settings, flows: dict[str, GradientFlow], found: dict[str, Reach]
) -> None:
    """A table of the figures, one row a cell, and what each of them means."""
    with st.expander(say("The figures, and their definitions"), key="_figures"):
        names = ["state", "left at step 1", "mean factor", "1 % horizon", "parameters"]
        rows = [["", *(say(name) for name in names)], ["---"] * (1 + len(names))]
        rows += [[f"**{say(CELLS[cell].title)}**", *_figures(flows[cell], one)]
                 for cell, one in found.items()]  # fmt: skip
        # In Markdown: a table element would have the browser fetch 0.7 MB for it, opened or not.
        st.markdown("\n".join(f"| {' | '.join(row)} |" for row in rows))
        if settings.trained is None and settings.net is None:
            over_seeds.show(settings)
        for name, words in DEFINITIONS.items():
            prose.markdown(f"**{say(name)}**: {say(words)}")


def _figures(flow: GradientFlow, found: Reach) -> list[str]:
    kind = advice.verdict(flow.layers[0], found)
    known = [advice.share(found), number(found.factor), horizon(found)]
    if kind in ("lost", "none"):
        known = ["–"] * 3
    state = "h, c" if found.signal == "all" else found.signal
    return [state, *known, f"{flow.trace.model.parameter_count:,}"]
