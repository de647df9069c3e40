"""Cells of typed equations in the sidebar: those of this visit, and those that a link asks for."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from rnnviz.cells import CELLS, is_typed
from rnnviz.experiments.settings_checks import MOST_CELLS

_KEPT = "_own_cells"
MOST = 8
"""How many typed cells a menu offers, the latest."""


def offered() -> tuple[str, ...]:
    """The names of typed cells that the menu of cells has besides the others."""
    asked = [*st.query_params.get("cells", "").split(","), *st.session_state.get("cells", ())]
    kept: Sequence[str] = st.session_state.get(_KEPT, ())
    names = [one for one in dict.fromkeys([*asked, *kept]) if is_typed(one) and one in CELLS]
    st.session_state[_KEPT] = names[:MOST]
    return tuple(names[:MOST])


def use(name: str, instead_of: str = "") -> None:
    """Put a typed cell among the chosen ones, before the sidebar is drawn.

    It takes the place of an earlier form of itself, or of the last one where there are too many.
    """
    now = [one for one in st.session_state.get("cells", ()) if one not in (name, instead_of)]
    st.session_state["cells"] = [*now[: MOST_CELLS - 1], name]
    kept = [one for one in st.session_state.get(_KEPT, ()) if one != instead_of]
    st.session_state[_KEPT] = [name, *kept][:MOST]
