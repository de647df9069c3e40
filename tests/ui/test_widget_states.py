"""A widget keeps its value where what arrives is none that it can read."""

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import WidgetMetadata

from rnnviz.ui.widget_states import ReadableStates
from tests.ui.apps import no_exception, open_app


def number(value):
    """A reader of whole numbers up to 9."""
    return range(10)[int(value or 0)]


def state(**value):
    return WidgetState(id="$$ID-n", **value)


WRONG = (state(string_value="2"), state(int_value=10), state(double_value=1e300),
         state(double_value=float("nan")), state(json_value="["))  # fmt: skip


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_a_state_that_its_widget_cannot_read_is_left_out(known, wrong):
    states = ReadableStates()
    widget = WidgetMetadata("$$ID-n", number, lambda value: value, value_type="double_value")
    if known:
        states.set_widget_metadata(widget)
        states.set_widget_from_proto(state(double_value=7))
    states.set_widget_from_proto(wrong)
    states.set_widget_metadata(widget)
    assert states.get("$$ID-n") == (7 if known else None)
    states.set_widget_from_proto(state())
    assert states["$$ID-n"] == 0, "a field that was cleared"
    states.set_widget_from_proto(state(int_value=2))
    assert states["$$ID-n"] == 2, "what a browser sends of a field of whole numbers"


def test_every_session_keeps_readable_states_alone():
    app = open_app("pages/Cuts.py", T=6, H=3, task="impulse")
    no_exception(app)
    assert isinstance(app.session_state._state._state._new_widget_state, ReadableStates)
