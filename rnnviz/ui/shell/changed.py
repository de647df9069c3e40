"""A change of settings that a button applies, and how it is undone.

The controls are set, so that URL and sidebar show the change. What was there before is kept in the
session: its curve is drawn thin beside the new one, and one press brings it back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import streamlit as st

from rnnviz.experiments.address import hold_key, in_controls
from rnnviz.experiments.remedies import Tried
from rnnviz.experiments.settings import Settings
from rnnviz.ui.shell.held_gates import FREE

_CHANGES = "_changes"
MOST = 20
"""How many changes in a row can be undone."""


class Applied(NamedTuple):
    """The settings before a change that was applied, and what was measured of it."""

    before: Settings
    tried: Tried


def apply(before: Settings, tried: Tried) -> None:
    """Set the controls to what was tried; called before they are drawn."""
    _set(before, tried.change.settings)
    kept: list[Applied] = st.session_state.get(_CHANGES, [])
    st.session_state[_CHANGES] = [*kept, Applied(before, tried)][-MOST:]


def undo() -> None:
    """Set the controls as they were before the last change."""
    *rest, one = st.session_state[_CHANGES]
    _set(one.tried.change.settings, one.before)
    st.session_state[_CHANGES] = rest


def last(settings: Settings) -> Applied | None:
    """The change that led to these settings; None where another control was moved since."""
    kept: list[Applied] = st.session_state.get(_CHANGES, [])
    if kept and same(kept[-1].tried.change.settings, settings):
        return kept[-1]
    return None


def earlier(settings: Settings) -> Settings | None:
    """The settings whose curves are drawn thin: before the last change, edits, or training."""
    if (applied := last(settings)) is not None:
        return applied.before
    if any(one.cell in settings.cells for one in settings.edits):
        return replace(settings, edits=())
    if settings.trained is not None and settings.update:
        return replace(settings, update=0)
    return None


def same(one: Settings, other: Settings) -> bool:
    """Whether all controls show the same."""
    return _shown(one) == _shown(other)


def _shown(settings: Settings) -> dict[str, Any]:
    """Key → value of the controls, without gates that are free and texts that are empty."""
    return {key: value for key, value in in_controls(settings).items() if value not in (FREE, "")}


def _set(now: Settings, wanted: Settings) -> None:
    """Set the controls that differ, and no other."""
    there, then = in_controls(now), in_controls(wanted)
    gone = {hold_key(cell, gate): FREE for cell, gate, _ in now.hold} | {"edit": "", "plan": ""}
    for key in there.keys() - then.keys() & gone.keys():
        st.session_state[key] = gone[key]
    for key, value in then.items():
        if there.get(key) != value:
            st.session_state[key] = value
