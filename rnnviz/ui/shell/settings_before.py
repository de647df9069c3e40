"""The settings before the first file was opened, which come back when the last one is closed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import streamlit as st

from rnnviz.tasks import TASKS
from rnnviz.ui import url_controls
from rnnviz.ui.shell.sidebar_labels import CELL_OPTIONS

_BEFORE = "_before_opening"
KEYS = frozenset(("task", "T", "cells", "H", "bf", "bz", "seed", "init", "scaling", "scale",
                  "loss", "at", "edit", "plan", "u", *CELL_OPTIONS))  # fmt: skip
"""The keys of settings; those of tasks' options and of held gates have names of their own."""


def keep(*, anew: bool) -> None:
    """Remember all settings, unless a file is open and they are remembered already."""
    if anew:
        found = {key: st.session_state[key] for key in _keys() if key in st.session_state}
        st.session_state[_BEFORE] = found


def put_back(keys: Collection[str], *, everything: bool) -> None:
    """Set these settings as they were, or all of them; called before the controls are drawn.

    One that was not there gets its default. Where nothing is remembered, ``keys`` alone get it.
    """
    before: dict[str, Any] | None = st.session_state.get(_BEFORE)
    for key in keys if before is None or not everything else _keys():
        st.session_state.pop(key, None)
        st.query_params.pop(key, None)
        if before is not None and key in before:
            st.session_state[key] = before[key]
    if everything:
        st.session_state.pop(_BEFORE, None)


def _keys() -> set[str]:
    """The keys of all settings that were read in this session."""
    starts = tuple(f"{task}_" for task in TASKS)
    read = url_controls.keys()
    return {key for key in read
            if key in KEYS or "." in key or key.startswith(starts)}  # fmt: skip
