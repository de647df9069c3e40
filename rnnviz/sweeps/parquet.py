"""Rows of points as the bytes of a Parquet file, with JSON in its metadata."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.optional import needed

KEY = b"rnnviz.sweep"
ROW_GROUP = 100_000


def written(columns: Mapping[str, Array], reasons: Iterable[str | None], about: Any) -> bytes:
    """A Parquet file's bytes: the same columns give the same."""
    arrow, parquet = libraries()
    arrays = {name: _column(arrow, one) for name, one in columns.items()}
    arrays["reason"] = arrow.array(list(reasons), arrow.string())
    table = arrow.table(arrays)
    table = table.replace_schema_metadata({KEY: json.dumps(about, ensure_ascii=False)})
    parquet.write_table(table, body := io.BytesIO(), row_group_size=ROW_GROUP, compression="zstd",
                        write_page_checksum=True)  # fmt: skip
    return body.getvalue()


def read(path: Path) -> tuple[Any, Any]:
    """A file's table, and what its metadata say; None where they say nothing.

    Raises ValueError for what is damaged or no Parquet file, FileNotFoundError.
    """
    arrow, parquet = libraries()
    body = io.BytesIO(path.read_bytes())
    try:
        table = parquet.read_table(body, page_checksum_verification=True)
        return table, json.loads((table.schema.metadata or {}).get(KEY, b"null"))
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise ValueError(f"`path` must be a whole Parquet file, got {str(path)!r}: "
                         f"{str(error).rstrip('.')}.") from None  # fmt: skip


def libraries() -> tuple[Any, Any]:
    """pyarrow and its Parquet. Raises ImportError with the command that installs it."""
    who = "A sweep's file"
    return (needed("pyarrow", who=who, extra="sweeps"),
            needed("pyarrow.parquet", who=who, extra="sweeps"))  # fmt: skip


def _column(arrow: Any, column: Array) -> Any:
    """An Arrow array; values of several types become text."""
    if column.dtype != object:
        return arrow.array(column)
    try:
        return arrow.array(column.tolist())
    except (TypeError, ValueError, arrow.ArrowException):
        return arrow.array([None if one is None else str(one) for one in column])
