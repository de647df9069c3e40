"""Read a recorded run, also while it grows: any rows, any columns, and its snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np

from rnnviz.numerics.optional import needed
from rnnviz.recorder.described import Described, described
from rnnviz.recorder.layout import (
    ABOUT,
    CHUNK,
    Part,
    parts,
    read_about,
    snapshot_path,
    snapshots,
)
from rnnviz.recorder.row_groups import names, values
from rnnviz.recorder.snapshot import Snapshot, read_snapshot
from rnnviz.words import Refusal

MOST = 300
"""Rows that are read for a picture of a whole run."""
RESUMED = 100
"""The most times that a run was taken up again which are followed."""
KEPT, ENTRY = 32_000_000, 150
"""Bytes of values that are kept, and of what keeps one of them, about."""


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
        self._lock = RLock()
        self._forget()
        self.refresh()

    def __repr__(self) -> str:
        return f"RecordedRun({str(self.folder)!r}, {self.count} rows)"

    def refresh(self) -> None:
        """Look at the folder again."""
        about = read_about(self.folder)
        if about.get("created") != getattr(self, "about", about).get("created"):
            self._forget()  # another run in the same place
        self.about = about
        self.parts = parts(self.folder)
        self.count = self.parts[-1].last + 1 if self.parts else 0
        self.snapshots = snapshots(self.folder)

    @property
    def net(self) -> Described:
        """Which net it is. Raises ValueError where nothing was logged yet."""
        return described(self.about)

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

    def logged(self, steps: tuple[float, float] | None = None) -> int:
        """How many rows count, of the run or between two steps, both in it."""
        return _count(self._between(steps))

    def sample(self, most: int = MOST, steps: tuple[float, float] | None = None) -> list[int]:
        """At most so many rows, evenly spread over the run or over ``steps`` (both ends in it)."""
        segments = self._between(steps)
        if not (total := _count(segments)):
            return []
        wanted = np.unique(np.linspace(0, total - 1, min(most, total)).round().astype(int))
        starts = np.cumsum([0, *(high - low for low, high in segments)])
        which = np.searchsorted(starts, wanted, side="right") - 1
        return [segments[k][0] + int(n - starts[k]) for n, k in zip(wanted, which, strict=True)]

    def spread(self, most: int = MOST, steps: tuple[float, float] | None = None) -> list[int]:
        """Rows at a distance that is a power of two, and the last one; the fewer, the larger it is.

        Unlike those of `sample` they stay as the run grows, until there are more than ``most``:
        then every second one does.
        """
        segments = self._between(steps)
        if not (total := _count(segments)):
            return []
        width = 1 << max(0, -(-total // most) - 1).bit_length()
        found = {row for low, high in segments for row in range(-(-low // width) * width, high,
                                                                width)}  # fmt: skip
        return sorted(found | {segments[0][0], segments[-1][1] - 1})

    def read(
        self, rows: Iterable[int], columns: Sequence[str], *, lost: set[str] | None = None
    ) -> dict[str, list[Any]]:
        """Column → its values at the rows; None where a row has none, as for a column not there.

        Lists are arrays of float32. What was read is kept, up to 32 MB, so that a run that grows is
        read once. Raises ValueError for a row that is not there, and for a damaged file, but with
        ``lost``: then its rows are None, and its name is added there.
        """
        rows = list(rows)
        for row in rows:
            if not 0 <= row < self.count:
                raise ValueError(f"`rows` must lie in 0 … {self.count - 1}, got {row}.")
        with self._lock:  # sessions of the app share a run
            if self._bytes > KEPT:
                self._forget()
            missing = [row for row in rows if any((row, one) not in self._kept for one in columns)]
            self._take(missing, columns, lost)
            return {name: [self._kept.get((row, name)) for row in rows] for name in columns}

    def columns(self) -> list[str]:
        """The names of the last file's columns."""
        return list(names(self.parts[-1])) if self.parts else []

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
        if row not in self.snapshots:
            raise ValueError(f"`row` must be one with a snapshot ({self.snapshots}), got {row}.")
        return read_snapshot(snapshot_path(self.folder, row))

    def _resumed(self) -> list[dict[str, int]]:
        listed = self.about.get("resumed")
        good = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        return [one for one in good[:RESUMED]
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

    def _between(self, steps: tuple[float, float] | None) -> list[tuple[int, int]]:
        """The `segments`, or what of them lies between two steps, both in it."""
        if steps is None:
            return self.segments
        after = np.nextafter(steps[1], np.inf)
        found = [(self._before(low, high, steps[0]), self._before(low, high, after))
                 for low, high in self.segments]  # fmt: skip
        return [(low, high) for low, high in found if high > low]

    def _in_groups(self, rows: Iterable[int]) -> dict[tuple[Part, int], list[int]]:
        """(File, row group) → rows of it."""
        parts, found = self.parts, dict[tuple[Part, int], list[int]]()
        firsts = [one.first for one in parts]
        for row in dict.fromkeys(rows):
            index = int(np.searchsorted(firsts, row, side="right")) - 1
            if index < 0 or row > parts[index].last:
                continue  # a file was taken away: nothing is known of its rows
            group = (row - parts[index].first) // CHUNK
            found.setdefault((parts[index], group), []).append(row)
        return found

    def _take(
        self, rows: Iterable[int], columns: Sequence[str], lost: set[str] | None, *,
        again: bool = True,
    ) -> None:  # fmt: skip
        """Read rows, group by group, and keep what was read."""
        for (part, group), own in self._in_groups(rows).items():
            try:
                found = values(part, group, part.first + group * CHUNK, own, columns)
            except FileNotFoundError:  # it has been joined to a larger file meanwhile
                if not again:
                    raise Refusal("{file} is gone.", file=part.path.name) from None
                self.refresh()
                return self._take(rows, columns, lost, again=False)
            except ValueError:
                if lost is None:
                    raise
                lost.add(part.path.name)
                continue
            for name, listed in found.items():
                for row, one in zip(own, listed, strict=True):
                    self._kept[row, name] = one
                    self._bytes += ENTRY + getattr(one, "nbytes", 0)

    def _forget(self) -> None:
        self._kept: dict[tuple[int, str], Any] = {}
        self._bytes = 0


def _count(segments: list[tuple[int, int]]) -> int:
    """The rows of some (first, end)."""
    return sum(high - low for low, high in segments)
