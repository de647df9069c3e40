"""What a browser may say of a widget: the kind of value that the widget has, and one it can read.

Streamlit hands every value to the widget's reader as it arrives; a text for a number, or an option
that is none, would end the run with a traceback, and every run after it.
"""

from __future__ import annotations

from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.common import WidgetMetadata, unpack_widget_state_value
from streamlit.runtime.state.session_state import Serialized, WStates

NUMBERS = {"int_value", "double_value"}
"""A field of whole numbers says that it has a float, and the browser sends an integer."""


class ReadableStates(WStates):
    """The states of a session's widgets without those that their widgets cannot read.

    A widget whose state is left out keeps the value that it had, or its default.
    """

    def set_widget_from_proto(self, widget_state: WidgetState) -> None:
        """Keep a state that arrives, unless its widget is known and cannot read it."""
        metadata = self.widget_metadata.get(widget_state.id)
        if metadata is None or readable(widget_state, metadata):
            super().set_widget_from_proto(widget_state)

    def set_widget_metadata(self, widget_meta: WidgetMetadata[Any]) -> None:
        """Get to know a widget; a state that arrived before it is dropped if it cannot read it."""
        super().set_widget_metadata(widget_meta)
        state = self.states.get(widget_meta.id)
        if isinstance(state, Serialized) and not readable(state.value, widget_meta):
            del self.states[widget_meta.id]


def readable(state: WidgetState, widget: WidgetMetadata[Any]) -> bool:
    """Whether a state is of its widget's kind, or of none, and the widget can read it."""
    kinds = {state.WhichOneof("value"), widget.value_type} - {None}  # Streamlit notes the last kind
    if len(kinds) > 1 and kinds != NUMBERS:
        return False
    try:
        widget.deserializer(unpack_widget_state_value(state))
    except Exception:  # whatever a reader raises
        return False
    return True


def keep_readable_alone() -> None:
    """Have the session of this run keep `ReadableStates`; called before any widget is drawn.

    Streamlit has no public way to see a state before the widget reads it.
    """
    run = get_script_run_ctx()
    if run is None:
        return
    session = run.session_state._state
    found = session._new_widget_state
    if type(found) is WStates:
        session._new_widget_state = ReadableStates(found.states, found.widget_metadata)
