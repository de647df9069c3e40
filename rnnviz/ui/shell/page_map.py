"""The map of all pages: what each answers, with a picture of its main figure."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from rnnviz.ui.shell.frame import theme
from rnnviz.ui.shell.labels import PAGES
from rnnviz.words import say, word

HERE = Path(__file__).parent
FOLDER = HERE.parents[2] / "static" / "thumbnails"
WIDTH, HEIGHT = 320, 180
SCHEMES = ("light", "dark")
ANCHOR = "all-pages"
QUESTIONS = {
    "app.py": word("Where does the gradient of each cell go, and what keeps it?"),
    "pages/Step.py": word("What does a cell compute at one timestep, number by number?"),
    "pages/Gradient_flow.py": word("How does the gradient come back, and what does each step add?"),
    "pages/Whose_gradient.py": word("Which loss pays for which timestep?"),
    "pages/Spectrum.py": word("What does one step stretch, and what do all of them?"),
    "pages/Roads.py": word("How much comes along the kept state, how much through the weights?"),
    "pages/Cuts.py": word("What do truncation and clipping take away?"),
    "pages/Training.py": word(
        "What does a net learn in windows of k steps, and what is out of reach?"
    ),
    "pages/Depth.py": word("How does it fade across layers, and what do two directions change?"),
    "pages/Variants.py": word("What do peepholes add, and which GRU does a library compute?"),
    "pages/Problem_types.py": word("Where do losses sit, and how long are the gradient's paths?"),
    "pages/Initialisation.py": word("Which law of the weights carries a gradient the farthest?"),
    "pages/Cost.py": word("What does each cell cost in parameters, work and time?"),
    "pages/Systems.py": word("Where does the state settle, and what does remembering cost?"),
    "pages/Glossary.py": word("What do the words and symbols mean, here and elsewhere?"),
}
"""Script of each page → the question that it answers."""
PICTURED = {
    "app.py": word("Falling lines: one a cell, gradient norm against time."),
    "pages/Step.py": word("A cell as a street map: its gates stand on the road of its state."),
    "pages/Gradient_flow.py": word("A triangle of colours: each step against every earlier one."),
    "pages/Whose_gradient.py": word("A triangle of colours: each loss against each timestep."),
    "pages/Spectrum.py": word("A fan of lines: the singular values of the product, step by step."),
    "pages/Roads.py": word("Lines over time: the whole gradient and what came by each road."),
    "pages/Cuts.py": word("A loss with a cliff in it, and the path that clipping takes."),
    "pages/Training.py": word(
        "Inputs above, answers below, cuts between: which loss reaches its cause."
    ),
    "pages/Depth.py": word("Two maps of layers against time, one a direction."),
    "pages/Variants.py": word("A gate's pre-activation over time, in its parts."),
    "pages/Problem_types.py": word("An unrolled net: inputs, states, outputs and a loss."),
    "pages/Initialisation.py": word("Bands of lines: gradient norms of twenty seeds."),
    "pages/Cost.py": word("Bars: what the cells cost."),
    "pages/Systems.py": word("A phase portrait: arrows and a path in the plane of two units."),
    "pages/Glossary.py": word("A page of entries."),
}
"""Script of each page → what its picture shows, for those who do not see it."""


def picture(script: str, scheme: str) -> str:
    """The name of a page's thumbnail in light or dark."""
    return f"{Path(script).stem}.{scheme}.webp"


def link_to() -> None:
    """A short way to the map from the top of the page."""
    st.markdown(f"[{say('All pages')} ↓](#{ANCHOR})")


def show() -> None:
    """A card for every page: its picture, its name and its question, and all of it a link."""
    st.subheader(say("All pages"), anchor=ANCHOR)
    st.html(HERE / "page_map.css")
    with st.container(key="rv-atlas"):
        for script, name in PAGES.items():
            with st.container(key=f"rv-card-{Path(script).stem}", gap=None):
                st.page_link(script, label=f"**{say(name)}**  \n{say(QUESTIONS[script])}")
                st.html(_image(script, theme()))


def _image(script: str, scheme: str) -> str:
    """A thumbnail whose place is kept before it is there, and fetched only near the window.

    Its address is relative, as that of the fonts is, so that it is right under any base path.
    """
    return (
        f'<img src="app/static/{FOLDER.name}/{picture(script, scheme)}" loading="lazy" '
        f'width="{WIDTH}" height="{HEIGHT}" alt="{escape(say(PICTURED[script]))}">'
    )
