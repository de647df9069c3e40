"""Find the recorded runs in a folder."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from rnnviz.recorder.layout import ABOUT

RUNS, FOLDERS, DEPTH = 500, 3000, 3
"""The most runs that are found in a folder, folders that are looked into, and how deep they lie."""


def find_runs(folder: str | Path) -> list[Path]:
    """The recorded runs in a folder, itself among them, and in its folders, by name.

    At most 500, and three folders deep; links are not followed, and what cannot be read is left
    out.
    """
    found: list[Path] = []
    level, looked = [Path(folder)], 0
    for _ in range(DEPTH + 1):
        below: list[Path] = []
        for one in level[: FOLDERS - looked]:
            looked += 1
            with suppress(OSError), os.scandir(one) as entries:
                inside = list(entries)
                if any(entry.name == ABOUT for entry in inside):
                    found.append(one)
                else:
                    names = [entry.name for entry in inside
                             if entry.is_dir(follow_symlinks=False)]  # fmt: skip
                    below += [one / name for name in sorted(names)]
        level = below
    return found[:RUNS]
