"""A sweep as a Parquet file, and the parts that it is put together from while it goes on.

Beside `name.parquet` a folder `name.parquet.parts` has `spec.json` and a small file for every few
chunks of points. When all points are there the file is written, in their order, and the folder is
deleted: the same points give the same bytes, however often the sweep was interrupted.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from rnnviz.numerics.array_files import write_whole
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.optional import needed
from rnnviz.numerics.records import ReadOnly
from rnnviz.numerics.validation import frozen
from rnnviz.sweeps.chunks import Rows
from rnnviz.sweeps.record import Sweep
from rnnviz.sweeps.spec import Spec

VERSION = 1
"""Of the format. A reader refuses a later one."""
KEY = b"rnnviz.sweep"
SPEC = "spec.json"
LOST = "Its worker was lost: "
"""How the reason of a point begins that failed with its worker."""
JOIN = 64
"""So many small parts are joined to one."""
ROW_GROUP = 100_000


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

    def record(self) -> Sweep:
        """What is there now, as a record of its own."""
        values = {name: frozen(self.table[:, k].copy())
                  for k, name in enumerate(self.spec.figures)}  # fmt: skip
        ordered: Any = {k: self.reasons[k] for k in sorted(self.reasons)}
        reasons: Any = ReadOnly(ordered)
        lost = frozenset(k for k, one in reasons.items() if one.startswith(LOST))
        return Sweep(self.spec, ReadOnly(values), reasons, frozen(self.done.copy()), lost)


class Store:
    """Where a sweep is written: the file and its folder of parts.

    Raises ValueError where another sweep is there, ImportError without pyarrow.
    """

    def __init__(self, path: Path, spec: Spec) -> None:
        self.path, self.spec = path, spec
        self.folder = _folder(path)
        if path.suffix != ".parquet":
            raise ValueError(f"`out` must be a .parquet file, got {str(path)!r}.")
        _arrow()
        self.count = 0
        self.small: list[tuple[Path, Rows]] = []

    def begin(self, found: Found) -> None:
        """Take in what is there, and make the folder where something is missing."""
        if self.path.exists():
            _same(read_sweep(self.path).spec, self.spec, self.path)
            _fill(found, _table(self.path), kept_only=True)
        if self.folder.exists():
            with suppress(FileNotFoundError):  # killed before it was written
                text = (self.folder / SPEC).read_text("utf-8")
                _same(Spec.from_json(text), self.spec, self.folder)
            for part in _parts(self.folder):
                _fill(found, _table(part))
                self.count = max(self.count, int(part.stem) + 1)
        if not found.done.all():
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / SPEC, self.spec.text.encode())

    def add(self, rows: Rows) -> None:
        """Write the rows of a chunk."""
        self.small.append((self._write(rows), rows))
        if len(self.small) < JOIN:
            return
        joined = [rows for _, rows in self.small]
        self._write(Rows(
            np.concatenate([one.numbers for one in joined]),
            np.concatenate([one.values for one in joined]),
            tuple(reason for one in joined for reason in one.reasons), 0.0,
        ))  # fmt: skip
        for path, _ in self.small:
            path.unlink(missing_ok=True)
        self.small = []

    def _write(self, rows: Rows) -> Path:
        names = dict(zip(self.spec.figures, rows.values.T, strict=True))
        path = self.folder / f"{self.count:09d}.parquet"
        write_whole(path, _bytes({"number": rows.numbers, **names}, rows.reasons))
        self.count += 1
        return path

    def finish(self, found: Found) -> None:
        """Write the file, once all points are there, and delete the parts."""
        reasons = [found.reasons.get(k) for k in range(len(found.done))]
        about = {"version": VERSION, "digest": self.spec.digest, "spec": self.spec.as_dict()}
        values = dict(zip(self.spec.figures, found.table.T, strict=True))
        write_whole(self.path, _bytes({**self.spec.columns, **values}, reasons, about))
        shutil.rmtree(self.folder, ignore_errors=True)


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
    if not path.exists() and (_folder(path) / SPEC).exists():
        found = Found(Spec.from_json((_folder(path) / SPEC).read_text("utf-8")))
        for part in _parts(_folder(path)):
            with suppress(FileNotFoundError):  # joined to a larger one meanwhile
                _fill(found, _table(part))
        return found.record()
    table = _table(path)
    try:
        about = json.loads((table.schema.metadata or {})[KEY])
        version, spec = int(about["version"]), about["spec"]
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"`path` must be a sweep's file, got {str(path)!r}.") from None
    if version > VERSION:
        raise ValueError(f"`path` must be of format {VERSION} or earlier, got {version}: it comes "
                         "from a later rnnviz.")  # fmt: skip
    found = Found(Spec.of(spec))
    if table.num_rows != len(found.done):
        raise ValueError(f"`path` must have {len(found.done):,} rows, got {table.num_rows:,}.")
    _fill(found, table)
    return found.record()


def _fill(found: Found, table: Any, *, kept_only: bool = False) -> None:
    """Take a table's rows in; ``kept_only`` leaves those out that failed with their worker."""
    reasons = table["reason"].to_pylist()
    columns = [table[name].to_numpy() for name in found.spec.figures]
    numbers = (table["number"].to_numpy() if "number" in table.column_names
               else np.arange(table.num_rows))  # fmt: skip
    values = np.stack(columns, axis=1)
    if kept_only:
        keep = [k for k, one in enumerate(reasons) if one is None or not one.startswith(LOST)]
        numbers, values, reasons = numbers[keep], values[keep], [reasons[k] for k in keep]
    found.take(numbers, values, reasons)


def _bytes(
    columns: Mapping[str, Array], reasons: Iterable[str | None], about: Any = None
) -> bytes:
    """A Parquet file's bytes: the same columns give the same."""
    arrow, parquet = _arrow()
    arrays = {name: _arrow_column(arrow, one) for name, one in columns.items()}
    arrays["reason"] = arrow.array(list(reasons), arrow.string())
    table = arrow.table(arrays)
    if about is not None:
        table = table.replace_schema_metadata({KEY: json.dumps(about, ensure_ascii=False)})
    parquet.write_table(table, body := io.BytesIO(), row_group_size=ROW_GROUP, compression="zstd")
    return body.getvalue()


def _arrow_column(arrow: Any, column: Array) -> Any:
    """An Arrow array; values of several types become text."""
    if column.dtype != object:
        return arrow.array(column)
    try:
        return arrow.array(column.tolist())
    except (TypeError, ValueError, arrow.ArrowException):
        return arrow.array([None if one is None else str(one) for one in column])


def _arrow() -> tuple[Any, Any]:
    who = "A sweep's file"
    return (needed("pyarrow", who=who, extra="sweeps"),
            needed("pyarrow.parquet", who=who, extra="sweeps"))  # fmt: skip


def _table(path: Path) -> Any:
    arrow, parquet = _arrow()
    try:
        return parquet.read_table(io.BytesIO(path.read_bytes()))
    except arrow.ArrowException as error:
        raise ValueError(f"`path` must be a Parquet file, got {str(path)!r}: {error}.") from None


def _folder(path: Path) -> Path:
    return path.with_name(f"{path.name}.parts")


def _parts(folder: Path) -> list[Path]:
    return sorted(folder.glob("[0-9]*.parquet"))


def _same(there: Spec, spec: Spec, where: Path) -> None:
    if there.digest != spec.digest:
        raise ValueError(
            f"`out` must be new or of the same sweep ({spec.digest}), got {str(where)!r} of "
            f"another one ({there.digest})."
        )
