"""The first screen at every checkpoint of trained nets, computed after the page is drawn.

Nothing here is computed before the page is drawn. The browser asks for some checkpoints after the
others, so that no run of the script is long.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from rnnviz.advice.chips import chips
from rnnviz.analysis.reach import Reach, alone, reach, state_norms
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.settings import Settings
from rnnviz.tasks import Example
from rnnviz.ui import cached
from rnnviz.ui.components.update_slider.course import Picture, course
from rnnviz.ui.language import fragment
from rnnviz.ui.pages.compare.first_screen import ANSWER, CHART, chart_of, how_far
from rnnviz.ui.pages.compare.followed import Followed, follow
from rnnviz.words import language

SLICE = 0.15
"""Seconds of computing after which a run ends; the browser asks for the next one."""
EXPENSIVE = 0.2
"""Where one checkpoint takes longer than these seconds, the others are not computed ahead."""
Found = dict[int, Picture | None]
"""Update → its picture; None where it is not computed ahead."""
_KEPT, _ASKED = "_pictures_ahead", "_pictures_asked"


class Once:
    """The records of one checkpoint, kept no longer than its picture is made."""

    def __init__(self) -> None:
        """Hold no records yet."""
        self._flows: dict[str, GradientFlow] = {}
        self._lone: dict[str, GradientFlow] = {}

    def example(self, settings: Settings) -> Example:
        """The sequence, which is that of all checkpoints."""
        return cached.example(cached.before_training(settings))

    def lone(self, settings: Settings, cell: str, step: int | None) -> GradientFlow:
        """The flow of one loss alone."""
        if cell not in self._lone:
            self._flows[cell] = settings.flow(cell)
            self._lone[cell] = alone(self._flows[cell], step)[0]
        return self._lone[cell]

    def reached(self, settings: Settings, cell: str, signal: str, step: int | None) -> Reach:
        """How far back that loss reaches."""
        return reach(self.lone(settings, cell, step), signal)

    def all_losses(self, settings: Settings, cell: str, signal: str) -> NDArray[np.float64]:
        """log10 norms of all losses together, (T + 1,)."""
        found = self.reached(settings, cell, signal, None)
        return state_norms(self._flows[cell], found.signal)


def send(settings: Settings, followed: Followed) -> None:
    """Send the pictures that are there, and let the browser ask for the others; draw nothing."""
    if settings.trained is not None and settings.net is None:
        step = followed.start if followed.chosen else None
        fragment(_send)(settings, followed.signal, step)


def _send(settings: Settings, signal: str, step: int | None) -> None:
    key = replace(settings, update=0), signal, step, language()
    if st.session_state.get(_KEPT, (None,))[0] != key:
        st.session_state[_KEPT] = key, {}
    found: Found = st.session_state[_KEPT][1]
    if st.session_state.pop(_ASKED, False):
        _compute(settings, signal, step, found)
    there = {update: one for update, one in found.items() if one is not None}
    more = bool(_missing(settings, found))
    course(there, settings.update, key="_course", more=more, on_more=_ask)


def _ask() -> None:
    st.session_state[_ASKED] = True


def _missing(settings: Settings, found: Found) -> list[int]:
    """The trained checkpoints without a picture, the nearest to the shown one first."""
    trained = settings.trained
    assert trained is not None
    ready = [one for one in trained.checkpoints if one not in found and all(
        trained.ready(cell, settings.options_of(cell), upto=one) for cell in settings.cells
    )]  # fmt: skip
    return sorted(ready, key=lambda one: abs(one - settings.update))


def _compute(settings: Settings, signal: str, step: int | None, found: Found) -> None:
    """Add the pictures of some checkpoints; None for those that would take too long."""
    begun = last = time.perf_counter()
    missing = _missing(settings, found)
    for update in missing:
        found[update] = picture(replace(settings, update=update), signal, step)
        took, last = time.perf_counter() - last, time.perf_counter()
        if took > EXPENSIVE:
            found.update(dict.fromkeys(set(missing) - set(found)))
        if took > EXPENSIVE or last - begun > SLICE:
            return


def picture(settings: Settings, signal: str, step: int | None) -> Picture:
    """What `first_screen` draws of these settings' checkpoint."""
    assert settings.trained is not None
    records = Once()
    followed = follow(settings, signal, step, records)
    scope = f".st-key-{ANSWER}"
    return Picture(
        html={f"{scope} .stHtml": chips(followed.alone, followed.found)},
        sentences={scope: how_far(settings)},
        charts={CHART: chart_of(settings, followed, step, records)},
    )
