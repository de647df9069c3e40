"""Arrays as the bytes of one file, without pickle, and files that a reader sees whole or not."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from rnnviz.numerics.arrays import Array


def packed(arrays: Mapping[str, Any]) -> bytes:
    """Arrays as one .npz."""
    np.savez(file := io.BytesIO(), allow_pickle=False, **arrays)
    return file.getvalue()


def unpacked(body: bytes) -> dict[str, Array]:
    """The arrays of `packed`. Raises what NumPy and zipfile raise for other bytes."""
    with np.load(io.BytesIO(body), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}


def write_whole(path: Path, body: bytes, prefix: str = ".", *, lasting: bool = False) -> None:
    """Write a file under another name first, ``prefix`` ….part, then give it its own.

    Who may read it is what the user's own files allow. ``lasting`` waits until the bytes are on the
    disk, so that a loss of power leaves no file of zeros under the name. Raises OSError naming
    ``path``.
    """
    part = path.with_name(f"{prefix}{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as out:
            out.write(body)
            if lasting:
                out.flush()
                os.fsync(out.fileno())
        part.replace(path)
    except BaseException as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
