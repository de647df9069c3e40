"""Registration of our browser components, and the packet of data that each gets in a run."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from rnnviz.ui.components._bundle import bundle

_ROOT = Path(__file__).parent


def component(script: str, *styles: str) -> Callable[..., Any]:
    """Register a script and the stylesheet of its name, once, when its Python file is imported.

    ``script`` is a path below this folder without ending, as "cell_diagram/diagram"; what its file
    imports is put before it (see `_bundle`). Its default export is what Streamlit calls:
    ``mounted(mount)`` of `_shared.js`, which says what ``mount`` must do. Styles, those of the
    further files ``styles`` too, reach the whole page, not only the component.
    """
    css = "\n".join((_ROOT / f"{one}.css").read_text("utf-8") for one in (script, *styles))
    name = script.rpartition("/")[2]
    js = bundle(_ROOT, f"{script}.js")
    return st.components.v2.component(f"rnnviz_{name}", js=js, css=css, isolate_styles=False)


def pack(head: dict[str, Any], values: NDArray[np.float64], *, half: bool = False) -> bytes:
    """Return one packet of data for the browser, which `opened` of `_shared.js` reads.

    First the size of the header in bytes (uint32, little-endian), then the header as JSON, padded
    with spaces so that the numbers begin at a multiple of 8, then ``values`` (n, length) row by row
    as little-endian float64, or with ``half`` as float32. The header gets ``length`` and ``half``.
    JSON has no NaN: it belongs in ``values``.
    """
    head = {**head, "length": values.shape[1]} | ({"half": True} if half else {})
    text = json.dumps(head, allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % 8)
    numbers = np.ascontiguousarray(values, "<f4" if half else "<f8").tobytes()
    return struct.pack("<I", len(text)) + text + numbers
