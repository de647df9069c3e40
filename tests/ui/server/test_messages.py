"""Only Streamlit's own messages reach it, and no orders to the server."""

import pytest
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.BackMsg_pb2 import BackMsg

from rnnviz.ui.server import messages
from tests.ui.server.test_server import finished

RERUN = BackMsg()
RERUN.rerun_script.query_string = "T=5"


def handed_on(*arriving):
    """What the app gets of messages that arrive, and what is sent back."""
    waiting, got, sent = [*arriving, {"type": "websocket.disconnect", "code": 1001}], [], []

    async def receive():
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    async def app(scope, receive, send):
        while True:
            got.append(await receive())
            if got[-1]["type"] == "websocket.disconnect":
                return

    finished(messages.Messages(app)({"type": "websocket"}, receive, send))
    return got, sent


def test_a_message_goes_through_and_the_end_too():
    arriving = {"type": "websocket.receive", "bytes": RERUN.SerializeToString()}
    got, sent = handed_on({"type": "websocket.connect"}, arriving)
    assert got == [{"type": "websocket.connect"}, arriving,
                   {"type": "websocket.disconnect", "code": 1001}]  # fmt: skip
    assert not sent


@pytest.mark.parametrize(("message", "code"), [
    ({"text": "a text"}, messages.NO_BYTES), ({"bytes": None, "text": ""}, messages.NO_BYTES),
    ({"bytes": b"\xff" * 40}, messages.UNREADABLE), ({"bytes": b""}, messages.UNREADABLE),
    ({"bytes": bytes(messages.MOST_BYTES + 1)}, messages.TOO_LARGE),
])  # fmt: skip
def test_what_is_no_message_ends_the_connection(message, code):
    got, sent = handed_on({"type": "websocket.receive"} | message)
    assert got == [{"type": "websocket.disconnect", "code": code}]
    assert sent == [{"type": "websocket.close", "code": code}]


def test_orders_to_the_server_are_left_out_and_long_queries_too():
    order = BackMsg(clear_cache=True).SerializeToString()
    install = BackMsg()
    install.backend_operation_request.install_skills.SetInParent()
    assert messages.read(install.SerializeToString()) == (0, b"")
    install.backend_operation_request.deferred_file.SetInParent()
    assert messages.read(install.SerializeToString())[1]
    long = BackMsg()
    long.rerun_script.query_string = "x" * (messages.MOST_QUERY + 1)
    long.rerun_script.page_name = "Cuts"
    got, _ = handed_on(*({"type": "websocket.receive", "bytes": one}
                         for one in (order, long.SerializeToString())))  # fmt: skip
    assert len(got) == 2
    left = BackMsg.FromString(got[0]["bytes"]).rerun_script
    assert (left.query_string, left.page_name) == ("", "Cuts")


def test_a_state_that_is_no_json_or_of_no_widget_is_left_out_and_the_others_stay():
    states = RERUN.rerun_script.widget_states.widgets
    for text in ("{", "[" * 10**5, "{}"):
        states.add(id=f"$$ID-{len(text)}", json_value=text)
    states.add(id="$$ID-s", string_value="{")
    states.add(id=_make_trigger_id("$$ID-c", "events"), json_trigger_value="{}")
    states.add(id="_good_settings", string_value="{")
    left = BackMsg.FromString(messages.read(RERUN.SerializeToString())[1])
    ids = [one.id for one in left.rerun_script.widget_states.widgets]
    assert ids == ["$$ID-2", "$$ID-s", states[-2].id], "the event of a component among them"
    del states[:]


def test_the_server_has_the_middleware():
    from rnnviz.ui.server import MIDDLEWARE

    assert messages.Messages in [one.cls for one in MIDDLEWARE]
