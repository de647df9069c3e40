"""Read single rows out of a run's Parquet files: of each only the columns and row groups asked for.

What stands in a file may be damaged or foreign: whatever is wrong is a ValueError with its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from rnnviz.numerics.optional import needed
from rnnviz.recorder.layout import Part
from rnnviz.words import Refusal

LARGEST = 64_000_000
"""Bytes of the columns that are read of a row group."""


def values(part: Part, group: int, first: int, rows: Sequence[int], columns: Sequence[str]
           ) -> dict[str, list[Any]]:  # fmt: skip
    """Column → values at ``rows`` of a row group that begins with the row ``first``.

    None stands where there is no value, or no such column; a list is an array of float32. Raises
    ValueError for a damaged file, FileNotFoundError.
    """
    try:
        return _values(part, group, first, rows, columns)
    except FileNotFoundError:
        raise
    except Exception as error:  # a damaged file may fail anywhere
        raise Refusal("{file} is damaged.", file=part.path.name) from error


def _values(part: Part, group: int, first: int, rows: Sequence[int], columns: Sequence[str]
            ) -> dict[str, list[Any]]:  # fmt: skip
    parquet = needed("pyarrow.parquet", who="", extra="recorder")
    with parquet.ParquetFile(part.path, metadata=_footer(part)) as file:
        there = set(file.schema_arrow.names)
        own = [name for name in dict.fromkeys(("row", *columns)) if name in there]
        about = file.metadata.row_group(group)
        sizes = [about.column(k).total_uncompressed_size for k in range(about.num_columns)
                 if about.column(k).path_in_schema.partition(".")[0] in own]  # fmt: skip
        if sum(sizes) > LARGEST:
            raise ValueError
        table = file.read_row_group(group, columns=own).take(
            [row - first for row in rows])  # fmt: skip
    if table["row"].to_pylist() != list(rows):
        raise ValueError
    return {name: [_plain(one) for one in table[name]] if name in own else [None] * len(rows)
            for name in columns}  # fmt: skip


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
