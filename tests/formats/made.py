"""Files of weights made in memory, good and bad ones."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from typing import Any

import numpy as np

from tests.references import state_of

LSTM = state_of("LSTM:{}")


def npz(arrays: dict[str, Any], **more: bytes) -> bytes:
    """An archive as numpy.savez writes it, with further members as they are."""
    file = io.BytesIO()
    np.savez(file, **arrays)
    with zipfile.ZipFile(file, "a") as archive:
        for name, content in more.items():
            archive.writestr(name, content)
    return file.getvalue()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def npy(header: str, body: bytes = b"") -> bytes:
    """A .npy array with that text as its header."""
    text = header.encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + body


def described(shape: Any, kind: str = "<f8", body: bytes = b"") -> bytes:
    return npy(f"{{'descr': {kind!r}, 'fortran_order': False, 'shape': {shape!r}}}\n", body)


def safetensors(header: Any, body: bytes = b"", claim: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if claim is None else claim) + text + body


def tensor(kind: str, shape: tuple[int, ...], start: int, end: int) -> dict[str, Any]:
    return {"dtype": kind, "shape": shape, "data_offsets": [start, end]}


def tensors(arrays: dict[str, Any], kinds: dict[str, str] | None = None) -> bytes:
    """A .safetensors file of arrays; ``kinds`` are those of raw bytes that NumPy cannot name."""
    header, body = {}, b""
    names = {"float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64"}
    for name, array in arrays.items():
        kind = (kinds or {}).get(name) or names[array.dtype.name]
        header[name] = tensor(kind, array.shape, len(body), len(body) + array.nbytes)
        body += array.tobytes()
    return safetensors(header, body)
