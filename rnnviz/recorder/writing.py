"""Write a run's rows, chunk by chunk, and its snapshots; nothing that was written is changed."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from rnnviz.numerics.array_files import packed, write_whole
from rnnviz.numerics.optional import needed
from rnnviz.recorder.layout import (
    ABOUT,
    BLOCK,
    CHUNK,
    VERSION,
    part_path,
    parts,
    read_about,
    snapshot_path,
    snapshots,
)
from rnnviz.recorder.measures import Row

SNAPSHOTS = 64
"""The most snapshots that are kept: of more, the one with the nearest neighbours is deleted."""
SECONDS = 5.0
"""After so long a chunk is written though it is not full."""


class RunWriter:
    """A folder that rows are added to. An existing run is gone on with: its rows stay.

    Raises ValueError for a folder that holds something else, ImportError without pyarrow.
    """

    def __init__(self, folder: Path, about: Mapping[str, Any]) -> None:
        self.arrow = needed("pyarrow", who="Recording a run", extra="recorder")
        self.parquet = needed("pyarrow.parquet", who="Recording a run", extra="recorder")
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / ABOUT).exists():
            self.about = read_about(folder)
            if self.about.pop("stopped", None) is not None:  # it is gone on with
                self._say()
        elif any(folder.iterdir()):
            raise ValueError(f"`folder` must be new, empty or a recorded run, got {str(folder)!r}.")
        else:
            self.about = {"version": VERSION, "created": time.time(), **about, "resumed": []}
            self._say()
        self.told: set[str] = set()
        there = parts(folder)
        self.rows = there[-1].last + 1 if there else 0
        self.last = self._last_step(there[-1].path) if there else None
        self.resumed = bool(there)
        self.waiting: list[Row] = []
        self.written = time.monotonic()

    def tell(self, **more: Any) -> None:
        """Add to run.json what is not in it yet. Raises ValueError for another net than before."""
        for name, value in more.items():
            if self.about.setdefault(name, value) != value:
                raise ValueError(
                    f"`net` must be as it was when the run began, {name} {self.about[name]!r}, got "
                    f"{value!r}."
                )
        if more.keys() - self.told:
            self.told |= more.keys()
            self._say()

    def note(self, **values: Any) -> None:
        """Write values into run.json, in place of those that stand there."""
        self.about.update(values)
        self._say()

    def leave_out(self, what: str) -> None:
        """Say in run.json what the record does not take into account."""
        known = self.about.setdefault("left_out", [])
        if what not in known:
            known.append(what)
            self._say()

    def add(self, step: int, row: Row) -> int:
        """Add a row; returns its number.

        Raises ValueError for a step that is not above the last one, but for the first after the run
        was opened again: training may have gone back to an earlier checkpoint.
        """
        if self.last is not None and step <= self.last:
            if not self.resumed:
                raise ValueError(f"`step` must be above the last one, {self.last}, got {step}.")
            self.about["resumed"].append({"row": self.rows, "step": step})
            self._say()
        self.resumed, self.last = False, step
        number = self.rows
        self.waiting.append({"row": number, "step": step, "time": time.time(), **row})
        self.rows += 1
        if len(self.waiting) >= CHUNK or time.monotonic() - self.written > SECONDS:
            self.flush()
        return number

    def flush(self) -> None:
        """Write the rows that wait."""
        self.written = time.monotonic()
        if not self.waiting:
            return
        first, last = self.waiting[0]["row"], self.waiting[-1]["row"]
        self._write(self.arrow.Table.from_pylist(self._listed(self.waiting)), first, last)
        self.waiting = []
        if (last + 1) // BLOCK > first // BLOCK:
            self._join(last)

    def snapshot(self, row: int, arrays: Mapping[str, Any]) -> None:
        """Write arrays as they were at a row, and thin out the older snapshots."""
        write_whole(snapshot_path(self.folder, row), packed(arrays))
        known = snapshots(self.folder)
        if len(known) > SNAPSHOTS:
            _, one = min((known[k + 1] - known[k - 1], known[k]) for k in range(1, SNAPSHOTS))
            snapshot_path(self.folder, one).unlink(missing_ok=True)

    def _join(self, last: int) -> None:
        """Make one file of the chunks of all whole blocks, and delete the chunks."""
        whole = (last + 1) // BLOCK * BLOCK
        small = [one for one in parts(self.folder) if one.last - one.first + 1 < BLOCK]
        inside = [one for one in small if one.last < whole]
        if len(inside) < 2:
            return
        tables = [self.parquet.read_table(one.path) for one in inside]
        joined = self.arrow.concat_tables(tables, promote_options="default")
        self._write(joined, inside[0].first, inside[-1].last)
        for one in inside:
            with suppress(OSError):  # a reader on Windows may hold it; parts() passes over it
                one.path.unlink()

    def _write(self, table: Any, first: int, last: int) -> None:
        body = io.BytesIO()
        self.parquet.write_table(table, body, row_group_size=CHUNK, compression="zstd")
        write_whole(part_path(self.folder, first, last), body.getvalue())

    def _listed(self, rows: list[Row]) -> list[Row]:
        """The rows with the same columns each, None where a row has no value."""
        names = dict.fromkeys(name for row in rows for name in row)
        return [{name: row.get(name) for name in names} for row in rows]

    def _last_step(self, path: Path) -> int:
        return int(self.parquet.read_table(path, columns=["step"])["step"][-1].as_py())

    def _say(self) -> None:
        text = json.dumps(self.about, ensure_ascii=False, indent=1)
        write_whole(self.folder / ABOUT, text.encode())
