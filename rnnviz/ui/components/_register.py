"""Registration of our browser components with Streamlit."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from traceback import extract_tb
from typing import Any

import streamlit as st

from rnnviz.browser import packets

UNREADABLE = TypeError, ValueError, LookupError, AttributeError, OverflowError
"""What reading a value of another kind, or with parts missing, raises."""
MOST_SAID = 200
"""Characters of an error in the log; what a visitor sent may be in it."""
LOG = logging.getLogger(__name__)
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
    drawn: Callable[..., Any] = st.components.v2.component(
        name, js=packets.script(script), css=packets.styles(script, *styles),
        isolate_styles=False,
    )  # fmt: skip

    def with_events(**given: Any) -> Any:
        return drawn(**{key: careful(one) if key.startswith("on_") else one
                        for key, one in given.items()})  # fmt: skip

    return with_events


def careful(taken: Callable[[], object]) -> Callable[[], None]:
    """The function that takes a component's event; events that it cannot read change nothing.

    No script of ours sends such an event, but anyone who writes to the server can. The server's log
    gets one line with the place of the error, which may be a mistake of ours.
    """
    @wraps(taken)
    def event() -> None:
        try:
            taken()
        except UNREADABLE as error:
            at = extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__}: {error}"[:MOST_SAID]
            LOG.log(logging.WARNING, "An event was not taken: %r in %s, line %s", said,
                    at.filename, at.lineno)  # fmt: skip

    return event
