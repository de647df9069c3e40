"""What our browser components share: registration, and one blob of data per run."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

_SOURCES = {path.name: path for path in Path(__file__).parent.rglob("*.*s")}


def component(name: str, *parts: str) -> Callable[..., Any]:
    """Register `<name>.js` with `<name>.css` once; styles reach the page, not only the part.

    ``parts`` are scripts that are set before it, after what all share.
    """
    scripts = ("_shared", *parts, name)
    js = "\n".join(_SOURCES[f"{one}.js"].read_text("utf-8") for one in scripts)
    css = _SOURCES[f"{name}.css"].read_text("utf-8")
    return st.components.v2.component(f"rnnviz_{name}", js=js, css=css, isolate_styles=False)


def pack(head: dict[str, Any], values: NDArray[np.float64]) -> bytes:
    """Header size (uint32), JSON header padded to 8 bytes, then float64 values row by row.

    values (n, length); the header is told ``length``.
    """
    text = json.dumps({**head, "length": values.shape[1]}, allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % 8)
    return struct.pack("<I", len(text)) + text + np.ascontiguousarray(values, "<f8").tobytes()
