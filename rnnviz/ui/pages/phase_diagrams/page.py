"""The page of phase diagrams: a map, its critical line, theory, and the net of any point."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.experiments.settings import Settings
from rnnviz.plot.phase import medians, sides
from rnnviz.sweeps import DIAGRAMS, Line, Sweep
from rnnviz.sweeps.going import Seen
from rnnviz.ui import prose, swept, url_controls
from rnnviz.ui.chart import figure
from rnnviz.ui.language import fragment
from rnnviz.ui.pages.phase_diagrams import findings, own, point
from rnnviz.ui.pages.phase_diagrams.diagrams import SHORT, TITLES, VALUES, figures_of, known_lines
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say

ENDED = ("cancelled", "spent", "failed")
EVERY = 1.0
"""Seconds between two pictures of what is computed so far."""


def show(settings: Settings) -> None:
    """Choose a map; its finding, its picture, one point of it, and how to compute it again."""
    place = heading(say("Where does a gradient vanish, and where does it explode?"), slider=False)
    prose.caption(say(
        "Every cell of a map stands for fresh nets with these two settings, one a seed, and shows "
        "their median. The line is where the map changes its kind; theory is dashed."
    ))  # fmt: skip
    name = url_controls.buttons(
        say("Map"), list(DIAGRAMS), key="diagram", default=next(iter(DIAGRAMS)),
        words=lambda one: say(TITLES[one]), label_visibility="collapsed", on_change=point.forget,
    )  # fmt: skip
    there = figures_of(name)
    value = url_controls.buttons(
        say("Shown"), there, key="shown", default=there[0], words=lambda one: say(VALUES[one]),
        drawn=len(there) > 1, label_visibility="collapsed",
    )  # fmt: skip
    own.open_link(name)
    own.pause_others(name)
    seen = own.seen(name)
    if seen is not None and seen.stage in ("waiting", "computing"):
        fragment(_live, EVERY)(name, value)
    else:
        found, lines = _chosen(name, seen)
        _picture(name, value, found, lines)
        point.show(place, settings, found, value)
    own.controls(name, seen)
    _about(name, seen)


def _chosen(name: str, seen: Seen | None) -> tuple[Sweep, tuple[Line, ...]]:
    """What is shown: what was computed here, as far as it came, or what is shipped."""
    if _shipped(seen):
        return swept.stored(name), known_lines(name)
    assert seen is not None
    assert seen.record is not None
    return seen.record, tuple(SHORT[one.name](one) for one in seen.lines)


def _shipped(seen: Seen | None) -> bool:
    """Whether the shipped map is shown: nothing else was asked for, or nothing of it is there."""
    return seen is None or (seen.record is None and seen.stage in ENDED)


def _live(name: str, value: str) -> None:
    """The map while it comes in; the whole page follows once it is there."""
    seen = own.seen(name)
    if seen is None or seen.stage not in ("waiting", "computing"):
        st.rerun()
    st.progress(seen.done / seen.points, own.progress_words(seen))
    st.button(say("Stop"), key="_sweep_stop", on_click=partial(own.stop, name))
    if seen.record is not None:
        st.plotly_chart(
            plot.phase_diagram(seen.record, value, theme=theme()), key="phase_map_live",
            theme=None, config={"displaylogo": False},
            alt=say("The map as far as it is computed."),
        )  # fmt: skip


def _picture(name: str, value: str, found: Sweep, lines: tuple[Line, ...]) -> None:
    words = findings.finding(name, found, lines)
    prose.markdown(words)
    x, y = sides(found)
    place = point.place(found, value)
    figure(
        plot.phase_diagram(found, value, lines=lines, at=(x[place[0]], y[place[1]]),
                           theme=theme()),
        key="phase_map", definition=findings.definition(value), summary=findings.plain(words),
        data=lambda: _table(found, value), picked=partial(point.pick, len(x)),
    )  # fmt: skip


def _table(found: Sweep, value: str) -> pd.DataFrame:
    x, y = sides(found)
    names = list(found.spec.axes)
    return pd.DataFrame(
        medians(found, value), index=pd.Index(np.round(y, 6), name=names[1]),
        columns=[f"{names[0]} = {one:.4g}" for one in x],
    )  # fmt: skip


def _about(name: str, seen: Seen | None) -> None:
    """Whose numbers these are, and what the dashed lines assume."""
    spec, shipped = own.spec(name), _shipped(seen)
    prose.caption(findings.about(name, DIAGRAMS[name] if shipped or spec is None else spec,
                                 shipped=shipped))  # fmt: skip
