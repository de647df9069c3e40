"""The badge of every page: whether the checks of its numbers hold, and on request each error."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz.analysis.verification.check import Check
from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
from rnnviz.ui import affordable
from rnnviz.ui.cached import flow
from rnnviz.ui.cell_checks import begin, made_here
from rnnviz.ui.language import fragment
from rnnviz.words import say, word
from rnnviz.words.numbers import number

HELP = word(
    "The numbers on this page are computed a second time, by another method, and compared: "
    "gradients with what a small change of a weight does to the outputs, sums with their parts. "
    "Open it to see each check, its error and its bound."
)

_WAITS = "_badge_waits"
Found = Mapping[str, Sequence[Check]]
"""A title, such as a cell's name → the checks under it."""


def show(place: DeltaGenerator, checks: Callable[[], Found], *, at_once: bool = True) -> None:
    """Put the badge in its place, once the pictures are there.

    ``checks`` is called when the page is drawn, or, where that would take too long and ``at_once``
    is False, when the badge is opened.
    """
    waits = st.session_state.pop(_WAITS, False)
    with place:
        _badge(checks, at_once, waits)


def wait_once(waits: bool = True) -> None:
    """Leave the checks out of the next run of the page, where another one follows at once."""
    st.session_state[_WAITS] = waits


def of_cells(
    place: DeltaGenerator, settings: Settings, cells: tuple[str, ...]
) -> Callable[[], None]:
    """Begin `verify` of each cell that the page shows; what is returned shows the badge.

    Call it when the pictures are there: the checks are made meanwhile.
    """
    cheap = all(affordable.checks_by_themselves(flow(settings, cell).layers[0]) for cell in cells)
    at_once = cheap and not st.session_state.get(_WAITS, False)
    found = begin(settings, cells) if at_once else partial(made_here, settings, cells)

    def checks() -> Found:
        return {say(CELLS[cell].title): one for cell, one in found().items()}

    return lambda: show(place, checks, at_once=cheap)


@fragment
def _badge(checks: Callable[[], Found], at_once: bool, waits: bool = False) -> None:
    """Say whether the checks hold; opened, list each with its error and its bound."""
    if waits:
        st.popover(say("Checks follow"), key="_verified", disabled=True)
        return
    found = checks() if at_once else None
    label = say("Check these numbers") if found is None else _verdict(found)
    box = st.popover(label, key="_verified", on_change="rerun", help=say(HELP))
    if box.open:
        with box, st.spinner(say("Checking …"), show_time=True):
            st.markdown(say("The numbers on this page, checked in this run. Each error must stay "
                            "below its bound."))  # fmt: skip
            for title, one in (found or checks()).items():
                _table(title, one)


def _verdict(found: Found) -> str:
    failed = sum(not check.ok for one in found.values() for check in one)
    if failed:
        return say("Checks failed: {failed}", failed=failed)
    return say("✓ Checks passed")


def _table(title: str, found: Sequence[Check]) -> None:
    if title:
        st.markdown(f"**{title}**")
    rows = [
        {say("check"): say(one.words), say("error"): number(one.error),
         say("bound"): number(one.bound), say("holds"): say("yes") if one.ok else say("NO")}
        for one in found if not one.skipped
    ]  # fmt: skip
    st.table(pd.DataFrame(rows).set_index(say("check")))
    for one in found:
        if one.skipped:
            st.caption(say("Skipped: {check}; {reason}.", check=one.words, reason=one.skipped))
