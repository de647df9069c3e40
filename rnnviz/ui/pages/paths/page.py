"""Two marked paths: every stop is a link that opens a page with the settings that it is about."""

from __future__ import annotations

import streamlit as st

from rnnviz.experiments.paths import PATHS, Path
from rnnviz.experiments.settings import Settings
from rnnviz.ui.prose import markdown
from rnnviz.ui.shell.frame import heading
from rnnviz.ui.shell.marked_paths import KEY
from rnnviz.ui.shell.navigation import name_of
from rnnviz.words import say


def show(settings: Settings) -> None:
    """What there is to choose from, then the stops of every path."""
    heading(say("Where to start"))
    st.markdown(say(
        "The tour takes about ten minutes and asks for a prediction at every step. The paths below "
        "are lists of links: each opens a page with the settings that its sentence is about."
    ))  # fmt: skip
    for path in PATHS:
        _stops(path)


def _stops(path: Path) -> None:
    st.subheader(say(path.title))
    st.caption(say(path.about))
    with st.container(gap="xsmall"):
        for n, stop in enumerate(path.stops, 1):
            title = f"{n} · {name_of(stop.page)}"
            if stop.minutes:
                title += " · " + say("{n} min", n=stop.minutes)
            st.page_link(stop.page, label=f"**{title}**",
                         query_params={KEY: f"{path.name}-{n}"})  # fmt: skip
            markdown(say(stop.see))
