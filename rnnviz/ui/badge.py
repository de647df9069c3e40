"""The badge of every page: a check of these very numbers, and all of its errors on request."""

from __future__ import annotations

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz.analysis.verification.live_checks import Check, verify
from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
from rnnviz.ui import affordable
from rnnviz.ui.cached import flow
from rnnviz.ui.language import fragment
from rnnviz.words import say
from rnnviz.words.numbers import number


@st.cache_resource(max_entries=48, show_spinner=False)
def checks(settings: Settings, cell: str) -> tuple[Check, ...]:
    """The live checks of one cell under these settings."""
    one = flow(settings, cell)
    return tuple(verify(one.trace, settings.loss_object(settings.example())))


def show(place: DeltaGenerator, settings: Settings, cells: tuple[str, ...]) -> None:
    """Put the badge in its place, once the pictures are there."""
    with place:
        _badge(settings, cells)


@fragment
def _badge(settings: Settings, cells: tuple[str, ...]) -> None:
    """Say whether the checks hold; opened, each with its error and its bound."""
    at_once = all(affordable.checks_by_themselves(flow(settings, cell).layers[0]) for cell in cells)
    label = say("verify these numbers")
    if at_once:
        failed = sum(not check.ok for cell in cells for check in checks(settings, cell))
        label = say("✓ verified")
        if failed:
            label = say("not verified: {failed} checks fail", failed=failed)
    box = st.popover(label, key="_verified", on_change="rerun")
    if box.open:
        with box, st.spinner(say("Checking …"), show_time=True):
            st.markdown(
                say("These very numbers, checked live. Each error must stay below its bound.")
            )
            for cell in cells:
                _table(say(CELLS[cell].title), checks(settings, cell))


def _table(title: str, found: tuple[Check, ...]) -> None:
    st.markdown(f"**{title}**")
    rows = [
        {say("check"): say(one.words), say("error"): number(one.error),
         say("bound"): number(one.bound), say("holds"): say("yes") if one.ok else say("NO")}
        for one in found if not one.skipped
    ]  # fmt: skip
    st.table(pd.DataFrame(rows).set_index(say("check")))
    for one in found:
        if one.skipped:
            st.caption(
                say("Skipped: {check}; {reason}.", check=one.words, reason=one.skipped)
            )


