"""Read a recorded run, also while it grows: any rows, any columns, and its snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from rnnviz.core.model import Model
from rnnviz.formats.reading import read
from rnnviz.numerics.array_files import unpacked
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.optional import needed
from rnnviz.numerics.records import Record, sealed
from rnnviz.recorder.layout import (
    ABOUT,
    CHUNK,
    Part,
    parts,
    read_about,
    snapshot_path,
    snapshots,
)
from rnnviz.recorder.measures import Batch

MOST = 300
"""Rows that are read for a picture of a whole run."""
RUNS, DEPTH = 500, 3
"""The most runs that are found in a folder, and how many folders deep."""
SNAPSHOT_BYTES = 256_000_000


@dataclass(frozen=True, repr=False)
class Snapshot(Record):
    """The net and the batch of one log.

    ``x`` (T, B, D) and ``dh`` = ∂L/∂outputs (T, B, directions·H) have time first; ``lengths`` (B,)
    or None; ``initial`` and ``final`` by state, (layers·directions, B, H), empty where there was
    none.
    """

    step: int
    model: Model
    x: Array
    dh: Array
    lengths: Array | None
    initial: Arrays
    final: Arrays


class RecordedRun:
    """A folder that `Watch` wrote, or is writing.

    Raises ValueError where there is no such run, ImportError without pyarrow.

    >>> import tempfile, numpy as np, rnnviz
    >>> lstm = rnnviz.build("lstm", 2, 4, seed=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with rnnviz.Watch(folder) as watch:
    ...         for step in (1, 2, 3):
    ...             watch.log(step, lstm, np.ones((6, 1, 2)), np.ones((6, 1, 4)))
    ...     run = rnnviz.RecordedRun(folder)
    ...     table = run.read(run.sample(2), ["step", "0/log10_dc"])
    >>> table["step"], [len(norms) for norms in table["0/log10_dc"]]
    ([1, 3], [7, 7])
    """

    def __init__(self, folder: str | Path) -> None:
        needed("pyarrow.parquet", who="Reading a recorded run", extra="recorder")
        self.folder = Path(folder)
        if not (self.folder / ABOUT).is_file():
            raise ValueError(f"`folder` must be a recorded run with a {ABOUT}, got {folder!r}.")
        self.refresh()

    def __repr__(self) -> str:
        return f"RecordedRun({str(self.folder)!r}, {self.count} rows)"

    def refresh(self) -> None:
        """Look at the folder again."""
        self.about = read_about(self.folder)
        self.parts = parts(self.folder)
        self.count = self.parts[-1].last + 1 if self.parts else 0
        self.snapshots = snapshots(self.folder)

    @property
    def segments(self) -> list[tuple[int, int]]:
        """Rows (first, end) that count, in their order.

        Where training went back to an earlier step, what came after that step before is left out.
        """
        found, begin = [], 0
        for taken in self._resumed():
            end = taken["row"]
            found.append((begin, end))
            found = [(low, self._before(low, high, taken["step"])) for low, high in found]
            begin = end
        found.append((begin, self.count))
        return [(low, high) for low, high in found if high > low]

    def sample(self, most: int = MOST, steps: tuple[float, float] | None = None) -> list[int]:
        """At most so many rows, evenly spread over the run or over ``steps`` (both ends in it)."""
        segments = self.segments
        if steps is not None:
            segments = [
                (self._before(low, high, steps[0]), self._before(low, high, np.nextafter(
                    steps[1], np.inf)))
                for low, high in segments
            ]  # fmt: skip
        total = sum(high - low for low, high in segments)
        if not total:
            return []
        wanted = np.unique(np.linspace(0, total - 1, min(most, total)).round().astype(int))
        starts = np.cumsum([0, *(high - low for low, high in segments)])
        which = np.searchsorted(starts, wanted, side="right") - 1
        return [segments[k][0] + int(n - starts[k]) for n, k in zip(wanted, which, strict=True)]

    def read(self, rows: Iterable[int], columns: Sequence[str]) -> dict[str, list[Any]]:
        """Column → its values at the rows; None where a row has none, as for a column not there."""
        found: dict[str, list[Any]] = {name: [] for name in columns}
        for row in rows:
            group = self._group(row, tuple(columns))
            at = group["row"].index(row)
            for name in columns:
                found[name].append(group[name][at])
        return found

    def columns(self) -> list[str]:
        """The names of the last file's columns."""
        return list(_names(self.parts[-1])) if self.parts else []

    def nearest(self, step: float) -> int:
        """The row whose step is nearest to the given one."""
        rows = [row for low, high in self.segments
                for row in {max(low, min(high - 1, self._before(low, high, step) - back))
                            for back in (0, 1)}]  # fmt: skip
        steps = self.read(rows, ["step"])["step"]
        return rows[int(np.argmin([abs(one - step) for one in steps]))]

    def snapshot(self, row: int) -> Snapshot:
        """What was kept whole at a row, one of ``snapshots``.

        Raises ValueError for another row or a damaged file.
        """
        path = snapshot_path(self.folder, row)
        if not path.is_file():
            raise ValueError(f"`row` must be one with a snapshot ({self.snapshots}), got {row}.")
        if path.stat().st_size > SNAPSHOT_BYTES:
            raise ValueError(f"{path.name} is larger than {SNAPSHOT_BYTES // 1_000_000} MB.")
        try:
            arrays = unpacked(path.read_bytes())
            model = read(arrays["model"].tobytes(), "model.npz").net().model()
            batch = Batch.of(arrays)
            return Snapshot(
                int(arrays["step"]), model, batch.x, batch.dh, batch.lengths,
                sealed(batch.initial), sealed(batch.final),
            )  # fmt: skip
        except Exception as error:  # a damaged file may fail anywhere
            raise ValueError(f"{path.name} is damaged: {error}") from error

    def _resumed(self) -> list[dict[str, int]]:
        listed = self.about.get("resumed")
        good = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        return [one for one in good
                if all(isinstance(one.get(name), int) for name in ("row", "step"))
                and 0 <= one["row"] <= self.count]  # fmt: skip

    def _before(self, low: int, high: int, step: float) -> int:
        """The first row of low … high whose step is not below the given one, or high."""
        while low < high:
            middle = (low + high) // 2
            if self.read([middle], ["step"])["step"][0] < step:
                low = middle + 1
            else:
                high = middle
        return low

    def _group(self, row: int, columns: tuple[str, ...]) -> dict[str, list[Any]]:
        for attempt in (0, 1):
            index = int(np.searchsorted([one.first for one in self.parts], row, side="right")) - 1
            part = self.parts[index] if index >= 0 else None
            if part is None or row > part.last:
                raise ValueError(f"`rows` must lie in 0 … {self.count - 1}, got {row}.")
            try:
                return _row_group(part, (row - part.first) // CHUNK, columns)
            except FileNotFoundError:  # it has been joined to a larger file meanwhile
                if attempt:
                    raise
                self.refresh()
        raise AssertionError


@lru_cache(maxsize=4096)
def _row_group(part: Part, group: int, columns: tuple[str, ...]) -> dict[str, list[Any]]:
    """Some columns of a row group, and "row"; columns that are not there are None."""
    file = needed("pyarrow.parquet", who="", extra="recorder").ParquetFile(part.path)
    there = [name for name in dict.fromkeys(("row", *columns)) if name in file.schema_arrow.names]
    table = file.read_row_group(group, columns=there)
    found = {name: table[name].to_pylist() for name in there}
    return {name: found.get(name, [None] * len(table)) for name in ("row", *columns)}


@lru_cache(maxsize=256)
def _names(part: Part) -> tuple[str, ...]:
    parquet = needed("pyarrow.parquet", who="", extra="recorder")
    return tuple(parquet.read_schema(part.path).names)


def find_runs(folder: str | Path) -> list[Path]:
    """The recorded runs in a folder, itself among them, and in its folders, by name.

    At most 500, and three folders deep.
    """
    found: list[Path] = []
    level = [Path(folder)]
    for _ in range(DEPTH + 1):
        below: list[Path] = []
        for one in level:
            if (one / ABOUT).is_file():
                found.append(one)
            else:
                below += [inner for inner in sorted(one.iterdir())
                          if inner.is_dir() and not inner.is_symlink()]  # fmt: skip
        level = below
    return found[:RUNS]
