""".safetensors: a header of JSON and the arrays' bytes (safetensors.readthedocs.io)."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from rnnviz.formats import limits, own_form
from rnnviz.formats.float_arrays import NoFloats
from rnnviz.formats.found import Contents
from rnnviz.formats.labels import labels
from rnnviz.formats.named_arrays import contents
from rnnviz.formats.totals import check_names, check_totals
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.optional import needed
from rnnviz.words import Refusal

TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}
BF16 = "BF16"
METADATA = "__metadata__"


def read(data: bytes) -> Contents:
    """The nets in the file; arrays of other types are refused only where they are weights."""
    header = _header(data)
    metadata = header.pop(METADATA, None)
    described = metadata if isinstance(metadata, dict) else {}
    check_names(header)
    library = needed("safetensors", who="A .safetensors file", extra="files")
    try:
        stored = dict(library.deserialize(data))
    except library.SafetensorError as error:
        raise Refusal(
            "It is no whole .safetensors file ({error}): save it again.", error=str(error)
        ) from error
    check_totals({name: tuple(stored[name]["shape"]) for name in header})
    # The library's order differs from run to run.
    found = {name: _array(stored[name]) for name in header}
    return contents(found, described.get(own_form.KEY), labels(described))


def _header(data: bytes) -> dict[str, Any]:
    size = int.from_bytes(data[:8], "little")
    if size > limits.HEADER_BYTES or size > len(data) - 8:
        raise Refusal(
            "Its header must have at most {most:,} bytes and lie within the file, but it claims "
            "{size:,} bytes of {length:,}: save it again.",
            most=limits.HEADER_BYTES, size=size, length=len(data),
        )  # fmt: skip
    try:
        header = json.loads(data[8 : 8 + size], object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        if isinstance(error, Refusal):
            raise
        raise Refusal("Its header must be JSON: save it again.") from error
    if not isinstance(header, dict):
        raise Refusal("Its header must be JSON: save it again.")
    return header


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refusal("Its header must name every array once: save it again.")
    return found


def _array(stored: dict[str, Any]) -> Array | NoFloats:
    kind, shape = stored["dtype"], tuple(stored["shape"])
    if kind == BF16:  # the upper half of a float32
        halves = np.frombuffer(stored["data"], "<u2").astype(np.uint32)
        return (halves << 16).view(np.float32).reshape(shape)
    if kind not in TYPES:
        return NoFloats(shape, kind)
    return np.frombuffer(stored["data"], TYPES[kind]).reshape(shape)
