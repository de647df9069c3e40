"""A sweep read from its Parquet file, or from the parts that are there while it goes on.

Beside `name.parquet` a folder `name.parquet.parts` has `spec.json` and a small file for every few
chunks of points (`writing.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import ReadOnly
from rnnviz.numerics.validation import frozen
from rnnviz.sweeps.parquet import read
from rnnviz.sweeps.record import Sweep
from rnnviz.sweeps.spec import Spec

VERSION = 1
"""Of the format. A reader refuses a later one."""
SPEC = "spec.json"
LOST = "Its worker was lost: "
"""How the reason of a point begins that failed with its worker."""


class Found:
    """The rows that are there, by point."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.table = np.full((len(spec), len(spec.figures)), np.nan)
        self.done = np.zeros(len(spec), bool)
        self.reasons: dict[int, str] = {}

    def take(self, numbers: Array, values: Array, reasons: Iterable[str | None]) -> None:
        """Take rows in."""
        self.table[numbers], self.done[numbers] = values, True
        for number, reason in zip(numbers, reasons, strict=True):
            if reason is not None:
                self.reasons[int(number)] = reason

    def fill_from(self, known: Sweep) -> None:
        """Take in the points of a record of the same spec; but of those that failed with their
        worker, which are to be tried again."""
        numbers = np.setdiff1d(np.flatnonzero(known.done), list(known.lost))
        values = np.stack([known.values[name][numbers] for name in self.spec.figures], axis=1)
        self.take(numbers, values, [known.reasons.get(int(k)) for k in numbers])

    def fill(self, table: Any) -> None:
        """Take a table's rows in: those of all points, or of those that it numbers."""
        numbers = (table["number"].to_numpy() if "number" in table.column_names
                   else np.arange(table.num_rows))  # fmt: skip
        values = np.stack([table[name].to_numpy() for name in self.spec.figures], axis=1)
        self.take(numbers, values, table["reason"].to_pylist())

    def fill_part(self, path: Path) -> str | None:
        """Take a part's rows in if it is of the same sweep.

        Returns the digest of its spec, or None where it is damaged.
        """
        try:
            table, digest = read(path)
        except ValueError:
            return None
        if digest == self.spec.digest:
            self.fill(table)
        return digest if isinstance(digest, str) else None

    def kept(self) -> tuple[Array, Array, list[str | None]]:
        """The rows but of points that failed with their worker: numbers, values, reasons."""
        lost = [k for k, one in self.reasons.items() if one.startswith(LOST)]
        numbers = np.setdiff1d(np.flatnonzero(self.done), lost)
        return numbers, self.table[numbers], [self.reasons.get(int(k)) for k in numbers]

    def record(self) -> Sweep:
        """What is there now, as a record of its own."""
        values = {name: frozen(self.table[:, k].copy())
                  for k, name in enumerate(self.spec.figures)}  # fmt: skip
        ordered: Any = {k: self.reasons[k] for k in sorted(self.reasons)}
        reasons: Any = ReadOnly(ordered)
        lost = frozenset(k for k, one in reasons.items() if one.startswith(LOST))
        return Sweep(self.spec, ReadOnly(values), reasons, frozen(self.done.copy()), lost)


def read_sweep(path: str | Path) -> Sweep:
    """The sweep of a file, or as far as it has come where it is still going on.

    Raises ValueError for other files, ImportError without pyarrow, FileNotFoundError.

    >>> import tempfile, rnnviz
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> spec = {"axes": {"seed": [0, 1]}, "base": {"T": 9, "H": 3}}
    >>> with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as pool:
    ...     found = rnnviz.sweep(spec, pool, out=f"{folder}/seeds.parquet")
    ...     print(rnnviz.read_sweep(f"{folder}/seeds.parquet"))
    Sweep(seed, 2 of 2 points, log10_share, factor, horizon)
    """
    path = Path(path)
    if not path.exists() and (spec := spec_in(parts_of(path))) is not None:
        found = Found(spec)
        for part in parts_in(parts_of(path)):
            with suppress(FileNotFoundError):  # joined to a larger one meanwhile
                found.fill_part(part)
        if not path.exists():
            return found.record()
    return whole(path).record()


def whole(path: Path) -> Found:
    """The rows of a sweep's file. Raises as `read_sweep` does."""
    table, about = read(path)
    try:
        version, spec = int(about["version"]), about["spec"]
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"`path` must be a sweep's file, got {str(path)!r}.") from None
    if version > VERSION:
        raise ValueError(f"`path` must be of format {VERSION} or earlier, got {version}: it comes "
                         "from a later rnnviz.")  # fmt: skip
    found = Found(Spec.of(spec))
    if table.num_rows != len(found.done):
        raise ValueError(f"`path` must have {len(found.done):,} rows, got {table.num_rows:,}.")
    found.fill(table)
    return found


def parts_of(path: Path) -> Path:
    """The folder of a file's parts."""
    return path.with_name(f"{path.name}.parts")


def parts_in(folder: Path) -> list[Path]:
    """The parts that are there, in the order in which they were written."""
    return sorted(folder.glob(f"{'[0-9]' * 9}.parquet"))


def spec_in(folder: Path) -> Spec | None:
    """The spec of a folder of parts; None where there is none, or it is damaged."""
    with suppress(FileNotFoundError, ValueError):
        return Spec.from_json((folder / SPEC).read_text("utf-8"))
    return None
