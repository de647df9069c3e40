"""Weights set by hand: kept in the URL as `edit`, counted on the page, and reset by a button."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from rnnviz.core.weight_edits import Edit, read, set_to, without, written
from rnnviz.experiments.settings import Settings
from rnnviz.ui import cached, url_controls
from rnnviz.words import say

_KEY = "edit"


def asked() -> tuple[Edit, ...]:
    """The edits in the URL, or made since."""
    text = url_controls.kept(_KEY, default="", read=read)
    return (read(text) or ()) if text else ()


def note(where: str) -> None:
    """Draw the number of edited weights and a button that resets them, if there are any."""
    found = asked()
    if not found:
        return
    count = len(found)
    with st.container(horizontal=True, vertical_alignment="center", key=f"rv-edits-{where}"):
        st.markdown(
            say("{n} weight edited", n=count) if count == 1 else say("{n} weights edited", n=count),
            help="\n".join(f"- `{one.cell}` {one.name} = {one.value:g}" for one in found),
            width="content",
        )  # fmt: skip
        st.button(say("Reset edits"), on_click=_reset, key=f"_reset_edits_{where}")


def take(settings: Settings, event: dict[str, Any]) -> None:
    """Apply the browser's {cell, parameter, place, value}; a value of None removes the edit."""
    cell, parameter = str(event["cell"]), str(event["parameter"])
    shapes = settings.shapes(cell, cached.example(settings))
    index = np.unravel_index(int(event["place"]), shapes[parameter])
    value, entry = event["value"], tuple(int(k) for k in index)
    one = Edit(cell, parameter, entry, 0.0 if value is None else float(value))
    st.session_state[_KEY] = written((without if value is None else set_to)(asked(), one))


def _reset() -> None:
    st.session_state[_KEY] = ""
