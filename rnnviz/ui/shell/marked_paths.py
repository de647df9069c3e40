"""A link to a stop of a marked path: `path=first-3` sets the controls, and is then removed."""

from __future__ import annotations

import streamlit as st

from rnnviz.experiments.paths import STOPS
from rnnviz.ui.shell import preset_menu

KEY = "path"


def follow() -> None:
    """Before anything is drawn: set the controls as the stop in the address has them."""
    stop = STOPS.get(st.query_params.get(KEY, ""))
    if stop is not None:
        preset_menu.apply(stop.settings, stop.controls)
    if KEY in st.query_params:
        del st.query_params[KEY]
