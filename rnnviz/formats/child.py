"""Decode a file in a child process: a C library that crashes or hangs ends the child alone.

The child gets the file's bytes on stdin and answers on stdout with one .npz: the arrays, and a
description in JSON. Nothing is unpickled. It imports the decoder and what that needs, not all of
rnnviz. Its memory is limited, and its time by the file's size; where the operating system has no
such limits for a process (Windows), the time that goes by is limited alone.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnnviz.formats.limits import (
    CHILD_BYTES,
    CHILD_SECONDS,
    DESCRIPTION_BYTES,
    MEGA,
    PARSE_SECONDS,
    PARSE_SECONDS_A_MB,
)
from rnnviz.numerics.arrays import Array
from rnnviz.words import Refusal

MODULES = {"HDF5": "rnnviz.formats.decode_hdf5", "ONNX": "rnnviz.formats.decode_onnx"}
"""Format → the module whose `decode` reads it, imported in the child alone."""
LIBRARIES = {"HDF5": "h5py", "ONNX": "onnx"}
"""Format → what its decoder imports when it is called: before the time is counted."""
EXTRAS = {"HDF5": "keras", "ONNX": "onnx"}
"""Format → what installs its library."""
BARE = """
import sys, types
for name, path in zip(("rnnviz", "rnnviz.formats"), sys.argv[3:]):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [path]
"""
"""Packages without what their `__init__` imports, which takes longer than to decode a file."""
CODE = BARE + "from rnnviz.formats.child import main; main()"
DESCRIPTION = "description"


TIME_IS_UP = tuple(-getattr(signal, one) for one in ("SIGPROF", "SIGXCPU") if hasattr(signal, one))
"""How a child ends whose processor time is up."""


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
    seconds, here = parse_seconds(len(data)), Path(__file__).parent
    try:
        ended = subprocess.run(
            [sys.executable, "-P", "-c", CODE, kind, str(seconds), str(here.parent), str(here)],
            input=data, capture_output=True, timeout=CHILD_SECONDS, env=_environment(), check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise _too_slow(kind, CHILD_SECONDS) from None
    if ended.returncode in TIME_IS_UP:
        raise _too_slow(kind, seconds)
    return ended.stdout


def parse_seconds(size: int) -> float:
    """The processor time in which a file of ``size`` bytes must be parsed."""
    return float(min(CHILD_SECONDS, PARSE_SECONDS + PARSE_SECONDS_A_MB * size / MEGA))


def _too_slow(kind: str, seconds: float) -> Refusal:
    return Refusal(
        "A file of {kind} of its size must be decoded within {seconds:.1f} s; this one was not. It "
        "is damaged, or holds too much: save the recurrent layers alone.",
        kind=kind, seconds=seconds,
    )  # fmt: skip


def _environment() -> dict[str, str]:
    """This process's, with its path for imports and one thread for its arithmetic."""
    path = os.pathsep.join(os.path.abspath(one) for one in sys.path)
    return {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def main() -> None:
    """Answer for the bytes on stdin; the arguments are the format's name and seconds for it."""
    kind, seconds = sys.argv[1], float(sys.argv[2])
    found = Decoded({}, None)
    try:
        decode: Decoder = import_module(MODULES[kind]).decode
        data = sys.stdin.buffer.read()
        with contextlib.suppress(ImportError):
            import_module(LIBRARIES[kind])
        _limit(seconds)
        found = decode(data)
        _limit_time(0)
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


def _limit(seconds: float) -> None:
    """End this process when it takes more memory, or more of the processor's time."""
    with contextlib.suppress(ImportError):
        resource = import_module("resource")
        resource.setrlimit(resource.RLIMIT_AS, (CHILD_BYTES, CHILD_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (CHILD_SECONDS, CHILD_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _limit_time(seconds)


def _limit_time(seconds: float) -> None:
    """Let the kernel end this process after so much processor time; 0 takes the limit away.

    No handler is set: a C library that never comes back to Python would never call it.
    """
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _too_much(kind: str) -> list[Any]:
    refusal = Refusal(
        "Decoding a file of {kind} must take at most {most:.0f} MB of memory; this one takes more. "
        "Save the recurrent layers alone.", kind=kind, most=CHILD_BYTES / MEGA,
    )  # fmt: skip
    return [refusal.words.template, refusal.words.values]
