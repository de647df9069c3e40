"""The recorded runs that the page shows: below a folder given at start, or the shipped example."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import streamlit as st

import rnnviz.recorder
from rnnviz.recorder import RecordedRun, find_runs
from rnnviz.recorder.layout import VARIABLE
from rnnviz.words import Refusal
from rnnviz.words.markup import inert

EXAMPLE = Path(rnnviz.recorder.__file__).parent / "example"
"""Made by docs/examples/adding_problem.py."""
LONGEST = 80
"""Characters of a run's name."""


class Folder(NamedTuple):
    """Where runs are looked for, and the runs that there are: name → folder, by name.

    ``given`` is whether the folder was given at start; else it is the example.
    """

    path: Path
    given: bool
    runs: dict[str, Path]

    @property
    def newest(self) -> list[str]:
        """The names, those that were written last first; of the example by name."""
        if not self.given:
            return list(self.runs)
        return sorted(self.runs, key=lambda name: -_written(self.runs[name]))

    @property
    def name(self) -> str:
        """The folder's own name, as text that nothing reads as markup."""
        return inert(self.path.name or "/")


def look() -> Folder:
    """The folder that the environment names, as it is now; without one the example."""
    asked = os.environ.get(VARIABLE, "")
    path = Path(asked) if asked else EXAMPLE
    return Folder(path, bool(asked), _named(path, list(find_runs(path))))


def _named(root: Path, runs: list[Path]) -> dict[str, Path]:
    """Name → run, each with a name of its own: where several would have one, a digest tells them
    apart, which is of the place alone, so that links stay right when runs are added.
    """
    names = [_name(root, one) for one in runs]
    count, found = Counter(names), {}
    for name, one in zip(names, runs, strict=True):
        own, digits = name, 8
        while own in found or (count[own] > 1 if own == name else own in count):
            place = hashlib.sha256(os.fsencode(one.relative_to(root))).hexdigest()
            own, digits = f"{name[: LONGEST - 1 - digits]} {place[:digits]}", digits + 1
        found[own] = one
    return found


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _name(root: Path, one: Path) -> str:
    """A run's place below the folder, without signs that an address or a list of names splits at.

    The folder itself, where it is a run, has its own name.
    """
    text = "/".join(one.relative_to(root).parts) or one.name
    return inert(text.replace(",", "，"))[:LONGEST]


@st.cache_resource(max_entries=8, show_spinner=False)
def _kept(path: Path) -> RecordedRun:
    return RecordedRun(path)


def opened(path: Path) -> RecordedRun:
    """The run in a folder, looked at again; one for all sessions, so that it is read once.

    Raises Refusal where it cannot be read.
    """
    try:
        run = _kept(path)
        run.refresh()
        if not run.count:
            raise Refusal("nothing is logged yet; it appears with its first log.")
        run.net  # noqa: B018 - refused here rather than by a picture
    except Refusal:
        raise
    except (ValueError, OSError) as error:
        raise Refusal("{run} cannot be read.", run=inert(path.name)) from error
    return run
