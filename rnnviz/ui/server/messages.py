"""What a browser may send: Streamlit's messages, of bounded size, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.state.common import GENERATED_ELEMENT_ID_PREFIX
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX

MOST_BYTES = 2 * 10**6
"""Of one message: the states of all widgets, texts included. Files come another way."""
MOST_QUERY = 2**16
"""Characters of a link's query that are read; a longer one is left out, whole."""
SERVED = ("rerun_script", "stop_script", "app_heartbeat", "file_urls_request",
          "backend_operation_request")
"""What a visitor may ask for. Left unread are orders to the server: clear everyone's caches, run on
save, shut down, install files.
"""
NO_BYTES, UNREADABLE, TOO_LARGE = 1003, 1007, 1009
"""Codes with which a WebSocket is closed (RFC 6455, section 7.4)."""


class Messages:
    """Middleware that closes a visit's WebSocket when what arrives is none of Streamlit's messages.

    Streamlit itself would write a traceback into the log for each.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on what is well formed, and the end of the connection."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return

        async def received() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                data = message.get("bytes")
                code, data = (NO_BYTES, b"") if data is None else read(data)
                if code:
                    await send({"type": "websocket.close", "code": code})
                    return {"type": "websocket.disconnect", "code": code}
                if data:
                    return {"type": "websocket.receive", "bytes": data}

        await self.app(scope, received, send)


def read(data: bytes) -> tuple[int, bytes]:
    """0 and the message, without a query that is too long and without states that cannot be read;
    or the code of its refusal, and b"".

    Of an order that a browser may not give there remains b"", too.
    """
    if len(data) > MOST_BYTES:
        return TOO_LARGE, b""
    try:
        message = BackMsg.FromString(data)
    except DecodeError:
        return UNREADABLE, b""
    if (kind := message.WhichOneof("type")) is None:
        return UNREADABLE, b""
    if kind not in SERVED or _writes(message):
        return 0, b""
    asked, changed = message.rerun_script, False
    if len(asked.query_string) > MOST_QUERY:
        asked.query_string, changed = "", True
    for state in [one for one in asked.widget_states.widgets if _unreadable(one)]:
        asked.widget_states.widgets.remove(state)
        changed = True
    return 0, message.SerializeToString() if changed else data


def _writes(message: BackMsg) -> bool:
    """Whether a message asks for more than data: Streamlit can install files for developers."""
    payload = message.backend_operation_request.WhichOneof("payload")
    return payload not in (None, "deferred_file", "dataframe_chunk")


def _unreadable(state: Any) -> bool:
    """Whether a state is of no widget, or says that it is JSON, and is not."""
    if not state.id.startswith((GENERATED_ELEMENT_ID_PREFIX, STREAMLIT_INTERNAL_KEY_PREFIX)):
        return True
    if state.WhichOneof("value") not in ("json_value", "json_trigger_value"):
        return False
    try:
        json.loads(getattr(state, state.WhichOneof("value")))
    except (ValueError, RecursionError):
        return True
    return False
