"""A sweep written into a Parquet file, from parts that are kept while it goes on.

Beside `name.parquet` a folder `name.parquet.parts` has `spec.json` and a small file for every few
chunks of points. When all points are there the file is written, in their order, and the folder is
deleted: the same points give the same bytes, however often the sweep was interrupted.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np

from rnnviz.numerics.array_files import write_whole
from rnnviz.numerics.file_lock import FileLock
from rnnviz.sweeps.chunks import Rows
from rnnviz.sweeps.parquet import libraries, written
from rnnviz.sweeps.spec import Spec
from rnnviz.sweeps.stored import SPEC, VERSION, Found, parts_in, parts_of, spec_in, whole

JOIN = 64
"""So many small parts are joined to one."""
WHOLE = "whole.parquet"
"""The name of the file while it is written."""


class Store:
    """Where a sweep is written: the file and its folder of parts, which is locked meanwhile.

    Raises ValueError where another sweep is there or is being written, ImportError without pyarrow.
    """

    def __init__(self, path: Path, spec: Spec) -> None:
        if path.suffix != ".parquet":
            raise ValueError(f"`out` must be a .parquet file, got {str(path)!r}.")
        self.path, self.spec = path, spec
        self.folder = parts_of(path)
        self.lock = FileLock(self.folder / "lock")
        libraries()
        self.count = 0
        self.small: list[tuple[Path, Rows]] = []

    def begin(self, found: Found) -> None:
        """Take in what is there, and make the folder where something is missing."""
        self._fill(found)
        if found.done.all() and not self.folder.exists():
            return
        if not self.lock.take():
            raise ValueError("`out` must be a file that no other sweep is writing, got "
                             f"{str(self.path)!r}.")  # fmt: skip
        self._fill(found)  # another one may have written meanwhile
        if (there := spec_in(self.folder)) is not None:
            self._same(there.digest, self.folder)
        parts = {part: found.fill_part(part) for part in parts_in(self.folder)}
        for part, digest in parts.items():
            self.count = int(part.stem) + 1
            if digest is not None:
                self._same(digest, part)
        for part in (one for one, digest in parts.items() if digest is None):
            part.unlink()  # damaged: its points are computed again
        write_whole(self.folder / SPEC, self.spec.text.encode())

    def _fill(self, found: Found) -> None:
        """Take in the file, where it is there, but for points that failed with their worker."""
        if not self.path.exists():
            return
        try:
            there = whole(self.path)
        except ValueError as error:
            raise ValueError(
                f"`out` must be new or a sweep's file, got {str(self.path)!r}, which cannot be "
                f"read: delete it or choose another name. ({error})"
            ) from None
        self._same(there.spec.digest, self.path)
        found.take(*there.kept())

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
        ), lasting=True)  # fmt: skip
        for path, _ in self.small:
            path.unlink(missing_ok=True)
        self.small = []

    def _write(self, rows: Rows, *, lasting: bool = False) -> Path:
        names = dict(zip(self.spec.figures, rows.values.T, strict=True))
        path = self.folder / f"{self.count:09d}.parquet"
        body = written({"number": rows.numbers, **names}, rows.reasons, self.spec.digest)
        write_whole(path, body, lasting=lasting)
        self.count += 1
        return path

    def finish(self, found: Found) -> None:
        """Write the file, once all points are there, and delete the parts."""
        if self.lock.file is None:  # nothing was missing
            return
        reasons = [found.reasons.get(k) for k in range(len(found.done))]
        about = {"version": VERSION, "digest": self.spec.digest, "spec": self.spec.as_dict()}
        values = dict(zip(self.spec.figures, found.table.T, strict=True))
        inside = self.folder / WHOLE  # no file is left beside it if this is killed here
        write_whole(inside, written({**self.spec.columns, **values}, reasons, about), lasting=True)
        inside.replace(self.path)
        for one in self.folder.iterdir():
            if one != self.lock.path:
                one.unlink(missing_ok=True)

    def close(self) -> None:
        """Give the lock back, and delete the folder where nothing is in it."""
        if self.lock.file is not None:
            self.lock.free()
            with suppress(OSError):
                self.folder.rmdir()

    def _same(self, digest: str, where: Path) -> None:
        if digest != self.spec.digest:
            raise ValueError(
                f"`out` must be new or of the same sweep ({self.spec.digest}), got {str(where)!r} "
                f"of another one ({digest})."
            )
