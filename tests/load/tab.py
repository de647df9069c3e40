"""A tab of the app without a browser: it speaks Streamlit's protocol over its WebSocket."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

WELL = ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
WIDGETS = ("slider", "number_input", "checkbox", "selectbox", "radio", "button_group", "button",
           "text_input")  # fmt: skip
PATIENCE = 120.0
"""Seconds to wait for a message, by default."""


@dataclass
class Tab:
    """One tab: a page of the app that is open, and the widgets and fragments that it has.

    widgets     key → (kind, its message), as far as the server told of them
    ids         key → identifier of everything that can send a value
    components  identifiers of components, of which events come, too
    reruns      fragment → seconds from one run to the next
    errors      what was shown in red boxes with a traceback, since the tab was opened
    patience    seconds to wait for a message
    pictures    specifications of charts and packets of components of the last run
    texts       (kind, text) of all texts, Markdown and HTML of the last run, in their order
    """

    url: str
    path: str = ""
    query: str = ""
    widgets: dict[str, tuple[str, Any]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    components: list[str] = field(default_factory=list)
    reruns: dict[str, float] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    received: int = 0
    patience: float = PATIENCE

    def __post_init__(self) -> None:
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self.connection: ClientConnection = connect(
            address, subprotocols=[Subprotocol("streamlit")], max_size=None, open_timeout=PATIENCE,
            origin=Origin(self.url), legacy=True,
        )  # fmt: skip

    def __enter__(self) -> Tab:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        """Close the tab, as a visitor does who leaves."""
        self.connection.close()

    def open(self, path: str, query: str) -> float:
        """Open a link, in a session of its own as a browser does; return the seconds it takes."""
        self.close()
        self.path, self.query = path, query
        self.__post_init__()
        return self._fresh()

    def go(self, path: str) -> float:
        """Go to another page of the app; return the seconds it takes."""
        self.path = path
        return self._fresh()

    def _fresh(self) -> float:
        self.widgets.clear()
        self.ids.clear()
        self.components.clear()
        self.reruns.clear()
        return self.run()

    def run(self, fragment: str = "", **values: Any) -> float:
        """Run the page or a part of it, widgets set by key; return the seconds it takes."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_name, asked.fragment_id = self.query, self.path, fragment
        asked.is_auto_rerun = bool(fragment)
        asked.context_info.locale = "en"
        for key, value in values.items():
            kind, told = self.widgets[key]
            _set(asked.widget_states.widgets.add(id=told.id), kind, value)
        return self.send(message)

    def send(self, message: BackMsg) -> float:
        """Send any message that asks for a run; return the seconds that it takes."""
        if not message.rerun_script.fragment_id:
            self.texts.clear()
            self.pictures.clear()
        begun = time.perf_counter()
        self.connection.send(message.SerializeToString())
        self._hear()
        return time.perf_counter() - begun

    def _hear(self) -> None:
        """Read messages until the run is over."""
        while True:
            data = self.connection.recv(timeout=self.patience)
            self.received += len(data)
            told = ForwardMsg.FromString(data)
            kind = told.WhichOneof("type")
            if kind == "auto_rerun":
                self.reruns[told.auto_rerun.fragment_id] = told.auto_rerun.interval
            elif kind == "delta" and told.delta.HasField("new_element"):
                self._element(told.delta.new_element)
            elif kind == "script_finished":
                if told.script_finished in WELL:
                    return
                raise RuntimeError(f"the page {self.path!r} ended with {told.script_finished}")

    def _element(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        one = getattr(element, kind)
        if getattr(one, "id", ""):
            self.ids[one.id.rpartition("-")[2]] = one.id
        if kind in WIDGETS:
            self.widgets[one.id.rpartition("-")[2]] = kind, one
        elif kind == "plotly_chart":
            self.pictures.append(one.spec.encode())
        elif kind == "bidi_component":
            self.pictures.append(one.bytes or one.json.encode())
            self.components.append(one.id)
        elif kind == "exception":
            self.errors.append(f"{one.type}: {one.message}")
        elif kind in ("markdown", "text", "html", "alert", "heading"):
            self.texts.append((kind, one.body))


def _set(state: Any, kind: str, value: Any) -> None:
    if kind == "slider":
        state.double_array_value.data.append(value)
    elif kind == "number_input":
        state.double_value = value
    elif kind == "checkbox":
        state.bool_value = value
    elif kind == "button":
        state.trigger_value = value
    elif kind == "button_group":
        state.string_array_value.data.extend(value)
    else:
        state.string_value = value
