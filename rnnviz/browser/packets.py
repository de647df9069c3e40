"""What a browser component is made of: its script, its styles, and its packet of data."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.browser.bundle import bundle

ROOT = Path(__file__).parent
"""The folder of all scripts and styles; one is named by its path below it, without ending."""


def script(name: str) -> str:
    """One JavaScript module: the file ``name``, as "cell_diagram/diagram", and all it imports."""
    return bundle(ROOT, f"{name}.js")


def styles(*names: str) -> str:
    """The stylesheets of these names, one after the other."""
    return "\n".join((ROOT / f"{one}.css").read_text("utf-8") for one in names)


def pack(head: dict[str, Any], values: NDArray[np.float64], *, half: bool = False) -> bytes:
    """Return one packet of data for the browser, which `opened` of `_shared.js` reads.

    First the size of the header in bytes (uint32, little-endian), then the header as JSON, padded
    with spaces so that the numbers begin at a multiple of 8, then ``values`` (n, length) row by row
    as little-endian float64, or with ``half`` as float32. The header gets ``length`` and ``half``.
    JSON has no NaN: it belongs in ``values``.
    """
    head = {**head, "length": values.shape[1]} | ({"half": True} if half else {})
    numbers = np.ascontiguousarray(values, "<f4" if half else "<f8").tobytes()
    text = json.dumps(head, allow_nan=False).encode()
    text += b" " * (-(len(text) + 4) % 8)
    return struct.pack("<I", len(text)) + text + numbers


def unpack(packet: bytes) -> tuple[dict[str, Any], NDArray[np.float64]]:
    """The header and the values (n, length) of a packet of `pack`."""
    (size,) = struct.unpack_from("<I", packet)
    head: dict[str, Any] = json.loads(packet[4 : 4 + size])
    numbers = np.frombuffer(packet[4 + size :], "<f4" if head.get("half") else "<f8")
    return head, numbers.reshape(-1, head["length"]).astype(np.float64)
