"""What of which runs is shown: choices that stand in the URL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from rnnviz.recorder import RecordedRun
from rnnviz.recorder.series import ROWS
from rnnviz.ui import url_controls
from rnnviz.ui.pages.runs.seen import Span
from rnnviz.words import say, word

MOST = 4
FIRST = 2
"""So many runs are chosen at first."""
STATES = {"memory": word("memory state (c, or h without one)"), "h": word("hidden state h")}
PART = re.compile(r"\s*(\d{1,15})\s*[-–]\s*(\d{1,15})\s*")


class Asked(NamedTuple):
    """A layer and direction, a state ("" for the memory state), and the updates between which."""

    place: str
    state: str
    span: Span


def which(names: list[str], newest: list[str]) -> tuple[str, ...]:
    """The runs that are chosen, at first the newest; none where all were taken away."""
    return url_controls.several(
        say("Runs"), names, key="runs", words=str, most=MOST, none=True,
        placeholder=say("Choose runs"), default=[one for one in names if one in newest[:FIRST]],
    )  # fmt: skip


def asked(runs: Mapping[str, RecordedRun]) -> Asked:
    """Draw the choices that there are."""
    places = list(dict.fromkeys(place for run in runs.values() for place in run.net.places))
    several = any(len(run.net.states) > 1 for run in runs.values())
    long = any(run.count > ROWS for run in runs.values())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = url_controls.buttons(
            say("Layer"), places, key="place", default=places[-1], words=place_words,
            drawn=len(places) > 1,
        )  # fmt: skip
        state = url_controls.buttons(
            say("State"), list(STATES), key="rstate", default="memory", drawn=several,
            words=lambda one: say(STATES[one]),
        )  # fmt: skip
        text = url_controls.text(
            say("Updates, such as “4000-5000”; empty: all"), key="span", default="", most=40,
            drawn=long, width=320,
        )  # fmt: skip
    return Asked(place, "" if state == "memory" else state, part(text) if long else None)


def part(text: str) -> Span:
    """The updates that a text names, such as "4000-5000"; None for anything else."""
    match = PART.fullmatch(text)
    if match is None:
        return None
    low, high = sorted((int(match[1]), int(match[2])))
    return float(low), float(high)


def place_words(place: str) -> str:
    """A layer and direction in words."""
    number = int(place.removesuffix("r")) + 1
    if place.endswith("r"):
        return say("layer {n}, from the end", n=number)
    return say("layer {n}", n=number)
