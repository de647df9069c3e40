"""Decode a file in a child process: a C library that crashes or hangs takes nothing along.

The child gets the file's bytes on stdin and answers on stdout with one .npz: the arrays, and a
description in JSON. Nothing is unpickled. Its memory and time are limited; where the operating
system has no limit of memory for a process (Windows), the time alone is.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from rnnviz.formats.limits import CHILD_BYTES, CHILD_SECONDS, DESCRIPTION_BYTES, MEGA
from rnnviz.numerics.arrays import Array
from rnnviz.words import Refusal

MODULES = {"HDF5": "rnnviz.formats.decode_hdf5", "ONNX": "rnnviz.formats.decode_onnx"}
"""Format → the module whose `decode` reads it, imported in the child alone."""
EXTRAS = {"HDF5": "keras", "ONNX": "onnx"}
"""Format → what installs its library."""
CODE = "from rnnviz.formats.child import main; main()"
DESCRIPTION = "description"


class Decoded(NamedTuple):
    """What a decoder found: arrays by name, and the rest as JSON has it."""

    arrays: dict[str, Array]
    description: Any


Decoder = Callable[[bytes], Decoded]


def decoded(kind: str, data: bytes) -> Decoded:
    """What the decoder of ``kind``, HDF5 or ONNX, finds in a file's bytes.

    Raises Refusal with the decoder's own sentence, or when the decoder does not come to an end in
    its time and memory, or naming the library that is not installed.
    """
    try:
        with np.load(io.BytesIO(_answer(kind, data)), allow_pickle=False) as answer:
            arrays = {name: answer[name] for name in answer.files}
        said = json.loads(arrays.pop(DESCRIPTION).tobytes())
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile) as error:
        if isinstance(error, Refusal):
            raise
        raise Refusal(
            "This file makes the reader of {kind} stop: it is damaged or harmful; save it again.",
            kind=kind,
        ) from None
    if "refused" in said:
        template, values = said["refused"]
        raise Refusal(template, **values)
    if "missing" in said:
        raise Refusal(
            "A file of {kind} needs {package}, which is not installed: "
            "pip install 'rnnviz[{extra}]'.",
            kind=kind, package=said["missing"], extra=EXTRAS[kind],
        )  # fmt: skip
    return Decoded(arrays, said["found"])


def _answer(kind: str, data: bytes) -> bytes:
    """What the child writes before it ends, in its time."""
    try:
        return subprocess.run(
            [sys.executable, "-P", "-c", CODE, kind], input=data, capture_output=True,
            timeout=CHILD_SECONDS, env=_environment(), check=False,
        ).stdout  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Refusal(
            "A file of {kind} must be decoded within {seconds} s; this one was not. Save the "
            "recurrent layers alone.", kind=kind, seconds=CHILD_SECONDS,
        ) from None  # fmt: skip


def _environment() -> dict[str, str]:
    """This process's, with its path for imports and one thread for its arithmetic."""
    path = os.pathsep.join(os.path.abspath(one) for one in sys.path)
    return {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def main() -> None:
    """Answer for the bytes on stdin; the format's name is the only argument."""
    kind = sys.argv[1]
    found = Decoded({}, None)
    try:
        decode: Decoder = import_module(MODULES[kind]).decode
        _limit()
        found = decode(sys.stdin.buffer.read())
        said: dict[str, Any] = {"found": found.description}
    except Refusal as refusal:
        said = {"refused": [refusal.words.template, refusal.words.values]}
    except ImportError as missing:
        said = {"missing": missing.name}
    except (MemoryError, RecursionError):
        said = {"refused": _too_much(kind)}
    written = json.dumps(said).encode()
    if len(written) > DESCRIPTION_BYTES:
        found, written = Decoded({}, None), json.dumps({"refused": _too_much(kind)}).encode()
    text = np.frombuffer(written, np.uint8)
    arrays = found.arrays if "found" in said else {}
    np.savez(sys.stdout.buffer, **{DESCRIPTION: text, **arrays})  # type: ignore[arg-type]


def _limit() -> None:
    with contextlib.suppress(ImportError):
        resource = import_module("resource")
        resource.setrlimit(resource.RLIMIT_AS, (CHILD_BYTES, CHILD_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CHILD_SECONDS, CHILD_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _too_much(kind: str) -> list[Any]:
    refusal = Refusal(
        "Decoding a file of {kind} must take at most {most:.0f} MB of memory; this one takes more. "
        "Save the recurrent layers alone.", kind=kind, most=CHILD_BYTES / MEGA,
    )  # fmt: skip
    return [refusal.words.template, refusal.words.values]
