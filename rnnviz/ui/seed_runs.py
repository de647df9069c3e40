"""Runs over twenty seeds, computed once per settings and shared by pages, with a bar."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from rnnviz.experiments.initialisation_runs import (
    SEEDS,
    Runs,
    Scheme,
    measure,
)
from rnnviz.experiments.settings import Settings
from rnnviz.ui.kept import kept_of_seeds
from rnnviz.words import say

SLOW = 0.5
"""Seconds after which a bar tells how far it has come."""


@kept_of_seeds
def runs(settings: Settings, cell: str, scheme: Scheme) -> Runs:
    """One initialisation scheme over all seeds."""
    return measure(settings, cell, scheme)


def progress(asked: Sequence[tuple[Any, Settings, str, Scheme]]) -> dict[Any, Runs]:
    """Name → runs of (name, settings, cell, scheme), with a bar where it takes a while."""
    place, start = st.empty(), time.perf_counter()
    done = {}
    for k, (name, settings, cell, scheme) in enumerate(asked):
        if time.perf_counter() - start > SLOW:
            place.progress(k / len(asked), say("{n} seeds of each …", n=SEEDS))
        done[name] = runs(settings, cell, scheme)
    place.empty()
    return done
