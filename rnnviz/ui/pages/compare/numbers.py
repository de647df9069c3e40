"""The figures of every cell in a table, and their definitions."""

from __future__ import annotations

import streamlit as st

from rnnviz.advice.definitions import FIGURES, table
from rnnviz.analysis.reach import Reach
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.settings import Settings
from rnnviz.ui import prose
from rnnviz.ui.pages.compare import over_seeds
from rnnviz.words import say


def numbers(
    settings: Settings, flows: dict[str, GradientFlow], found: dict[str, Reach]
) -> None:
    """A table of the figures, one row a cell, and what each of them means."""
    with st.expander(say("The figures, and their definitions"), key="_figures"):
        # In Markdown: a table element would have the browser fetch 0.7 MB for it, opened or not.
        st.markdown(table(flows, found))
        if settings.trained is None and settings.net is None:
            over_seeds.show(settings)
        prose.markdown("\n\n".join(f"**{say(name)}**: {say(words)}"
                                   for name, words in FIGURES.items()))  # fmt: skip
