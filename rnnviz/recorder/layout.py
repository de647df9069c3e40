"""The files of a recorded run: their names, and what stands in run.json (docs/recorder.md)."""

from __future__ import annotations

import json
import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from rnnviz.words import Refusal

VERSION = 1
"""Of the format. A reader refuses a later one."""
ABOUT = "run.json"
VARIABLE = "RNNVIZ_RECORDED"
"""The environment variable that tells the app the folder of recorded runs."""
CHUNK, BLOCK = 64, 1024
"""Rows of a chunk, and of the block that chunks are joined to."""
ROWS = re.compile(r"rows-(\d{9})-(\d{9})\.parquet")
SNAPSHOT = re.compile(r"snapshot-(\d{12})\.npz")
LARGEST_ABOUT = 1_000_000
"""Bytes of run.json."""


class Part(NamedTuple):
    """A Parquet file: rows ``first`` to ``last``, both in it; ``written`` tells it from others."""

    first: int
    last: int
    path: Path
    written: int


def part_path(folder: Path, first: int, last: int) -> Path:
    """Where the rows ``first`` to ``last`` are written."""
    return folder / f"rows-{first:09d}-{last:09d}.parquet"


def snapshot_path(folder: Path, row: int) -> Path:
    """Where the snapshot of a row is written."""
    return folder / f"snapshot-{row:012d}.npz"


def parts(folder: Path) -> list[Part]:
    """The Parquet files in the order of their rows; none whose rows stand in a larger one too."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):  # joined to a larger one meanwhile
                match = ROWS.fullmatch(entry.name)
                if match and entry.is_file(follow_symlinks=False):
                    written = entry.stat().st_mtime_ns
                    found.append(Part(int(match[1]), int(match[2]), folder / entry.name, written))
    kept: list[Part] = []
    for one in sorted(found, key=lambda part: (part.first, -part.last)):
        if one.last >= one.first and (not kept or one.first > kept[-1].last):
            kept.append(one)
    return kept


def snapshots(folder: Path) -> list[int]:
    """The rows of which there is a snapshot."""
    found = (SNAPSHOT.fullmatch(name) for name in os.listdir(folder))
    return sorted(int(match[1]) for match in found if match)


def own_size(path: Path) -> int:
    """Bytes of a file. Raises ValueError where it is none: a link, a pipe, or nothing at all."""
    try:
        found = path.lstat()
    except OSError:
        raise Refusal("{file} cannot be read.", file=path.name) from None
    if not stat.S_ISREG(found.st_mode):
        raise Refusal("{file} must be a file of its own, not a link.", file=path.name)
    return found.st_size


def read_about(folder: Path) -> dict[str, Any]:
    """What run.json says. Raises ValueError where it is no such file, or of a later format."""
    path = folder / ABOUT
    if own_size(path) > LARGEST_ABOUT:
        raise Refusal("{file} must be at most {most} MB.", file=ABOUT, most=1)
    try:
        said = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError, OSError):
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("version"), int):
        raise Refusal("{file} must be a JSON object with the format's version.", file=ABOUT)
    if said["version"] > VERSION:
        raise Refusal(
            "{file} must be of format {version} or earlier, got {got}: it comes from a later "
            "rnnviz.", file=ABOUT, version=VERSION, got=said["version"],
        )  # fmt: skip
    return said
