""".npz: a zip archive of NumPy's .npy arrays (numpy.lib.format); objects are never unpickled."""

from __future__ import annotations

import io
import zipfile
from math import prod
from typing import Any

import numpy as np

from rnnviz.formats import archives, limits, own_form
from rnnviz.formats.float_arrays import NoFloats
from rnnviz.formats.found import Contents
from rnnviz.formats.labels import NAMES, labels
from rnnviz.formats.named_arrays import Stored, contents
from rnnviz.formats.totals import check_names, check_totals
from rnnviz.numerics.arrays import Array
from rnnviz.words import Refusal

HEADERS = {(1, 0): 10, (2, 0): 12}
"""Version of the .npy format → bytes before its header's text."""
Described = tuple[np.dtype[Any], tuple[int, ...], bool, int]
"""Type, shape, whether in Fortran's order, and where the numbers begin."""


def read(data: bytes) -> Contents:
    """The nets in the archive."""
    members = archives.members(data)
    check_names(members)
    with archives.opened(data) as archive:
        described = {
            name.removesuffix(".npy"): (one, *_header(archive, one))
            for name, one in members.items()
        }
        check_totals({name: shape for name, (_, _, shape, *_) in described.items()})
        found = {name: _array(archive, *one) for name, one in described.items()}
    named = labels({name: found.pop(name) for name in NAMES if name in found})
    form = found.pop(own_form.KEY, None)
    if isinstance(form, np.ndarray) and form.dtype == np.uint8:
        return contents(found, form.tobytes().decode("utf-8", "replace"), named)
    return contents(found, None, named)


def _header(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Described:
    """What the array's header claims, compared with the size of the member."""
    start = archives.content(archive, member, limits.ARRAY_HEADER_BYTES)
    version = tuple(start[6:8])
    if not start.startswith(b"\x93NUMPY") or version not in HEADERS:
        raise Refusal("`{name}` is no .npy array: save with numpy.savez.", name=member.filename)
    at = HEADERS[version]
    size = int.from_bytes(start[8:at], "little")
    if at + size > limits.ARRAY_HEADER_BYTES:
        raise Refusal(
            "`{name}` must have a header of at most {most:,} bytes, got {size:,}.",
            name=member.filename, most=limits.ARRAY_HEADER_BYTES, size=at + size,
        )  # fmt: skip
    dtype, shape, fortran = _parsed(member.filename, start[8 : at + size], version)
    claimed = at + size + prod(shape) * dtype.itemsize
    if claimed != member.file_size:
        raise Refusal(
            "`{name}` must have the {claimed:,} bytes that its shape {shape} needs, got {size:,}.",
            name=member.filename, claimed=claimed, shape=shape, size=member.file_size,
        )  # fmt: skip
    return dtype, shape, fortran, at + size


def _parsed(
    name: str, text: bytes, version: tuple[int, ...]
) -> tuple[np.dtype[Any], tuple[int, ...], bool]:
    parse: Any = np.lib.format.read_array_header_1_0
    if version == (2, 0):
        parse = np.lib.format.read_array_header_2_0
    try:
        shape, fortran, dtype = parse(io.BytesIO(text), limits.ARRAY_HEADER_BYTES)
    except Exception as error:  # a hostile text brings NumPy's parser to any
        raise Refusal("`{name}` has a header that NumPy cannot read.", name=name) from error
    if dtype.hasobject or dtype.fields is not None or dtype.subdtype is not None:
        raise Refusal(
            "`{name}` must hold numbers, not objects or records, which are never unpickled: save "
            "the weights with numpy.savez, one array each.", name=name,
        )  # fmt: skip
    if len(shape) > 4 or any(size < 0 for size in shape):
        raise Refusal(
            "`{name}` must have at most 4 axes of no negative length, got the shape {shape}.",
            name=name, shape=shape[:9],
        )  # fmt: skip
    return dtype, shape, fortran


def _array(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo,
    dtype: np.dtype[Any], shape: tuple[int, ...], fortran: bool, at: int,
) -> Stored:  # fmt: skip
    name = member.filename.removesuffix(".npy")
    bytes_of_text = name in (own_form.KEY, *NAMES) and dtype == np.uint8
    text = bytes_of_text or (name in NAMES and dtype.kind == "U")
    if text and member.file_size > limits.JSON_BYTES:
        return NoFloats(shape, str(dtype))
    if not text and (dtype.kind != "f" or dtype.itemsize > 8):
        return NoFloats(shape, str(dtype))
    found = archives.content(archive, member, member.file_size)
    if len(found) != member.file_size:
        raise Refusal("`{name}` is cut off: save the file again.", name=member.filename)
    array: Array = np.frombuffer(found, dtype, offset=at).reshape(
        shape, order="F" if fortran else "C"
    )
    return array
