"""The app without a browser: opened by its address, and its pictures read as data."""

from __future__ import annotations

import base64
import json
import struct
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
from streamlit.testing.v1 import AppTest, local_script_runner

from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.settings_checks import MOST_CELLS

ROOT = Path(__file__).resolve().parents[2]
WORDS_ALONE = ("pages/Glossary.py", "pages/Paths.py", "pages/Your_net.py",
               "pages/Runs.py", "pages/Phase_diagrams.py")  # fmt: skip
"""Pages without pictures of the settings and without time."""
SCRIPTS = ["app.py", *sorted(f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py"))]
"""Every other page, found by looking in the folder."""
SCRIPTS = [script for script in SCRIPTS if script not in WORDS_ALONE]


_NAMES = list(CELLS)
GROUPS = [",".join(_NAMES[k : k + MOST_CELLS]) for k in range(0, len(_NAMES), MOST_CELLS)]
"""All cells that there are, as many at a time as a page shows."""
SHORT: dict[str, dict[str, object]] = {
    "pages/Training.py": {"tab": "windows", "upd": 50},
}  # fmt: skip
"""What a page that takes seconds is asked for, unless a test says otherwise."""
MANY_RUNS = ("pages/Training.py", "pages/Initialisation.py", "pages/Cost.py", "pages/Depth.py")
"""Pages that run more than one model of a cell: large ones take seconds."""
FOUR = "rnn,lstm,gru,peephole_lstm"


def open_app(script: str = "app.py", theme: str | None = None, **query: object) -> AppTest:
    """A page opened cold, by a link."""
    query = SHORT.get(script, {}) | query
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    if script != "app.py":
        app.switch_page(script)
    if theme is not None:
        app.context = {"theme": theme}
    app.query_params.update({name: str(value) for name, value in query.items()})
    return app.run()


def with_cell_options(app: AppTest) -> AppTest:
    """The app with the sidebar's box of cell options opened: it draws its menus only then."""
    app.session_state["_cell_options"] = True
    return app.run()


@cache
def shown(script: str = "app.py", theme: str | None = None, **query: object) -> AppTest:
    """`open_app`, once an address: only to be looked at."""
    return open_app(script, theme, **query)


def badges(app: AppTest) -> list[str]:
    """What the page's badge says of its checks; the other menu beside the title is no badge."""
    labels = [one.proto.popover.label for one in app.get("popover")]
    return [one for one in labels if one != "Export"]


def settings_of(app: AppTest) -> Settings:
    """What the page shows: the last settings that could be shown."""
    return app.session_state["_good_settings"]


def in_words(app: AppTest) -> str:
    """All that the main part of the page says."""
    kinds = (app.main.title, app.main.markdown, app.main.caption, app.main.text)
    return "\n".join(one.value for kind in kinds for one in kind)


def rerun_fragments(app: AppTest) -> None:
    """Run all fragments of the page again, as a browser asks for, and nothing else of it.

    What the app can be asked for is after that only what the fragments have drawn.
    """
    ids = list(app._fragment_storage._fragments)
    again = partial(local_script_runner.RerunData, fragment_id_queue=ids)
    with mock.patch.object(local_script_runner, "RerunData", again):
        app.run()


def no_exception(app: AppTest) -> None:
    """Neither a traceback nor an error on the page."""
    assert not app.exception, [one.message for one in app.exception]
    assert not app.error


def drawn(app: AppTest) -> dict[str, list[str]]:
    """Kind of element → all that the main part of the page draws, but what repeats the settings."""
    told = str(settings_of(app).in_words())
    said = [one.value.replace(told, "") for kind in ("markdown", "caption", "text")
            for one in app.main.get(kind)]  # fmt: skip
    found = {"words": [one for one in said if "Changed from the preset" not in one]}
    found["choices"] = [str(one.options) for one in app.main.get("button_group")]
    for kind in ("html", "table", "plotly_chart", "bidi_component"):
        found[kind] = [_packet(one) for one in app.main.get(kind) if one.key not in APART]
    found["html"] = [one for one in found["html"] if "rv-sketch" not in one]
    return found


APART = ("rv-stage", "_tour_card", "_permalink")
"""Keys of components that repeat the address."""


def _packet(element: Any) -> str:
    proto = getattr(element, "proto", element)
    if hasattr(proto, "bytes"):
        return f"{element.key} {proto.bytes!r} {proto.json}"
    return str(getattr(proto, "spec", "") or getattr(proto, "body", "") or proto)


def charts(app: AppTest) -> dict[str, dict[str, Any]]:
    """Key of every chart → its figure, arrays as arrays, and so the numbers of every line."""
    found = {one.key: _arrays(json.loads(one.proto.spec)) for one in app.get("plotly_chart")}
    for trace in (trace for figure in found.values() for trace in figure["data"]):
        for name in ("x", "y", "customdata"):
            if all(one is None or isinstance(one, int | float) for one in trace.get(name, ["x"])):
                trace[name] = np.array(trace[name], float)
    return found


def alts(app: AppTest) -> dict[str, str]:
    """Key of every chart → its text for those who do not see it."""
    return {one.key: one.proto.alt for one in app.get("plotly_chart")}


def traces(figure: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Name of every trace of a figure → the trace."""
    return {one.get("name", str(k)): one for k, one in enumerate(figure["data"])}


class Live(NamedTuple):
    """One packet that follows time: its header and its values (n_slots, T)."""

    head: dict[str, Any]
    values: np.ndarray


def blank(app: AppTest) -> list[str]:
    """Keys of charts in which there is nothing to see: no finite value, bar, mark or word."""
    return [
        key
        for key, figure in charts(app).items()
        if not any(_seen(one) for one in figure["data"])
        and not figure["layout"].get("annotations")
    ]


def _seen(trace: dict[str, Any]) -> bool:
    values = trace.get("z", trace.get("y", []))
    flat = [np.nan if one is None else one for row in values for one in np.atleast_1d(row)]
    return bool(np.isfinite(np.asarray(flat, float)).any())


def live(app: AppTest) -> dict[str, Live]:
    """Key of every view that follows time → its packet."""
    return {key: unpack(blob) for key, blob in _blobs(app).items() if "map" not in _head(blob)[0]}


def curves(app: AppTest) -> dict[str, np.ndarray]:
    """Name of every curve of the overview → its log10 norms at t = 0 … T; no ghosts."""
    head, values = live(app)["headline"]
    return {curve["name"]: row for curve, row in zip(head["curves"], values, strict=False)}


def probes(app: AppTest) -> dict[str, Live]:
    """Key of every probe → its packet: the header, and the map (n, T + 1)."""
    return {key: unpack(blob) for key, blob in _blobs(app).items() if "map" in _head(blob)[0]}


def _blobs(app: AppTest) -> dict[str, bytes]:
    parts = [one for one in app.get("bidi_component") if one.proto.WhichOneof("data") == "bytes"]
    return {one.key: one.proto.bytes for one in parts}


def stage(app: AppTest) -> dict[str, Any]:
    """What the time control was told."""
    (one,) = (one for one in app.get("bidi_component") if one.key == "rv-stage")
    return json.loads(one.proto.json)


def unpack(blob: bytes) -> Live:
    """Header size (uint32), JSON header, float64 row by row."""
    head, end = _head(blob)
    return Live(head, np.frombuffer(blob[end:], "<f8").reshape(-1, head["length"]))


def _head(blob: bytes) -> tuple[dict[str, Any], int]:
    (size,) = struct.unpack_from("<I", blob)
    assert (4 + size) % 8 == 0
    return json.loads(blob[4 : 4 + size]), 4 + size


def _arrays(value: Any) -> Any:
    if isinstance(value, dict) and "bdata" in value:
        flat = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
        shape = [int(n) for n in str(value["shape"]).split(",")] if "shape" in value else [-1]
        return flat.reshape(shape)
    if isinstance(value, dict):
        return {key: _arrays(one) for key, one in value.items()}
    return [_arrays(one) for one in value] if isinstance(value, list) else value
