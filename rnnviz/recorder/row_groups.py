"""Read single rows out of a run's Parquet files: of each only the columns and row groups asked for.

What stands in a file may be damaged or foreign: whatever is wrong is a ValueError with its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from rnnviz.numerics.optional import needed
from rnnviz.recorder.layout import CHUNK, Part
from rnnviz.words import Refusal

LARGEST = 64_000_000
"""Bytes of the columns that are read of a row group, both as they stand in the file and decoded."""
WIDTHS = {"BOOLEAN": 1, "INT32": 4, "INT64": 8, "FLOAT": 4, "DOUBLE": 8}
"""Parquet's types of numbers → bytes of one, decoded. Others are not read."""


def values(part: Part, group: int, first: int, rows: Sequence[int], columns: Sequence[str]
           ) -> dict[str, list[Any]]:  # fmt: skip
    """Column → values at ``rows`` of a row group that begins with the row ``first``.

    None stands where there is no value, or no such column; a list is an array of float32. Raises
    ValueError for a damaged file, FileNotFoundError.
    """
    try:
        return _values(part, group, first, rows, columns)
    except (FileNotFoundError, Refusal):
        raise
    except Exception as error:  # a damaged file may fail anywhere
        raise Refusal("{file} is damaged.", file=part.path.name) from error


def _values(part: Part, group: int, first: int, rows: Sequence[int], columns: Sequence[str]
            ) -> dict[str, list[Any]]:  # fmt: skip
    parquet = needed("pyarrow.parquet", who="", extra="recorder")
    with parquet.ParquetFile(part.path, metadata=_footer(part)) as file:
        there = set(file.schema_arrow.names)
        own = [name for name in dict.fromkeys(("row", *columns)) if name in there]
        _hold(part.path.name, file.metadata.row_group(group), own)
        table = file.read_row_group(group, columns=own).take(
            [row - first for row in rows])  # fmt: skip
    if table["row"].to_pylist() != list(rows):
        raise ValueError
    return {name: [_plain(one) for one in table[name]] if name in own else [None] * len(rows)
            for name in columns}  # fmt: skip


def _hold(name: str, about: Any, own: Sequence[str]) -> None:
    """Refuse a row group that is larger than a recorder writes, before anything of it is decoded.

    A constant column takes a few bytes of the file, however many values it has.
    """
    if about.num_rows > CHUNK:
        raise Refusal("{file} must have at most {most} rows in a row group, got {got}.",
                      file=name, most=CHUNK, got=about.num_rows)  # fmt: skip
    read = [column for column in map(about.column, range(about.num_columns))
            if column.path_in_schema.partition(".")[0] in own]  # fmt: skip
    size = max(sum(one.total_uncompressed_size for one in read),
               sum(one.num_values * WIDTHS[one.physical_type] for one in read))  # fmt: skip
    if size > LARGEST:
        raise Refusal("{file} must have at most {most} MB of numbers in the columns that are read "
                      "of a row group, got {got} MB.", file=name, most=LARGEST // 10**6,
                      got=-(-size // 10**6))  # fmt: skip


def _plain(scalar: Any) -> Any:
    """A number, an array of numbers (n,), or None."""
    if not scalar.is_valid:
        return None
    if hasattr(scalar, "values"):
        listed = scalar.values.to_numpy(zero_copy_only=False)
        if listed.ndim != 1 or listed.dtype.kind not in "fiu":
            raise ValueError
        return listed.astype(np.float32)
    number = scalar.as_py()
    if not isinstance(number, (int, float)):
        raise ValueError
    return number


@lru_cache(maxsize=64)
def _footer(part: Part) -> Any:
    return needed("pyarrow.parquet", who="", extra="recorder").read_metadata(part.path)


@lru_cache(maxsize=256)
def names(part: Part) -> tuple[str, ...]:
    """The columns of a file."""
    parquet = needed("pyarrow.parquet", who="", extra="recorder")
    return tuple(parquet.read_schema(part.path).names)
