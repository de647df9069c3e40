"""Registration of our browser components with Streamlit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from rnnviz.browser import packets

NAMES: dict[str, str] = {}
"""Name that Streamlit knows a component by → its script."""


def component(script: str, *styles: str) -> Callable[..., Any]:
    """Register a script and the stylesheet of its name, once, when its Python file is imported.

    ``script`` is a path below `rnnviz/browser` without ending, as "cell_diagram/diagram"; what its
    file imports is put before it (see `bundle`). Its default export is what Streamlit calls:
    ``mounted(mount)`` of `_shared.js`, which says what ``mount`` must do. Styles, those of the
    further files ``styles`` too, reach the whole page, not only the component.
    """
    name = f"rnnviz_{script.rpartition('/')[2]}"
    NAMES[name] = script
    return st.components.v2.component(
        name, js=packets.script(script), css=packets.styles(script, *styles),
        isolate_styles=False,
    )  # fmt: skip
