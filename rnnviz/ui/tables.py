"""A table as a file: CSV for spreadsheets, Parquet and NPZ for programs."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pandas as pd

from rnnviz.numerics.array_files import packed
from rnnviz.numerics.optional import needed

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a formula of a spreadsheet begins."""


def as_csv(table: pd.DataFrame) -> str:
    """A table as CSV in which no text begins as a formula does: a spreadsheet would compute it."""
    safe = table.copy()
    for k in range(safe.shape[1]):
        if not pd.api.types.is_numeric_dtype(safe.dtypes.iloc[k]):
            safe.isetitem(k, [_no_formula(one) for one in safe.iloc[:, k]])
    safe.index, safe.columns = safe.index.map(_no_formula), safe.columns.map(_no_formula)
    return safe.to_csv()


def _no_formula(value: object) -> object:
    """A text that begins as a formula, behind an apostrophe; a name in parts, part by part."""
    if isinstance(value, tuple):
        return tuple(map(_no_formula, value))
    return f"'{value}" if isinstance(value, str) and value[:1] in FORMULA else value


def as_parquet(table: pd.DataFrame, about: str) -> bytes:
    """A table as Parquet; ``about`` stands in the schema's metadata under the key rnnviz."""
    arrow, parquet = (needed(f"pyarrow{one}", who="A Parquet file", extra="recorder")
                      for one in ("", ".parquet"))  # fmt: skip
    found = arrow.table({name: arrow.array(one) for name, one in columns(table).items()})
    said = json.dumps({"about": about}, ensure_ascii=False)
    file = io.BytesIO()
    parquet.write_table(found.replace_schema_metadata({"rnnviz": said}), file)
    return file.getvalue()


def as_npz(table: pd.DataFrame, about: str) -> bytes:
    """A table as one array a column, and ``about`` as text; read without pickle."""
    found = columns(table)
    return packed({"about" if "about" not in found else "about_": np.array(about), **found})


def columns(table: pd.DataFrame) -> dict[str, np.ndarray]:
    """Name → column, the index first: numbers as they are, all else as text.

    A name in parts has " · " between them; of equal names the later ones are counted.
    """
    flat = table.reset_index()
    found: dict[str, np.ndarray] = {}
    for k, name in enumerate(list[Any](flat.columns)):
        parts = [str(one) for one in (name if isinstance(name, tuple) else (name,)) if str(one)]
        plain = " · ".join(parts) or f"column {k + 1}"
        count = sum(one == plain or one.startswith(f"{plain} (") for one in found)
        series = flat.iloc[:, k]
        numeric = pd.api.types.is_numeric_dtype(series.dtype)
        values = series.to_numpy() if numeric else np.array([_text(one) for one in series], str)
        found[plain if plain not in found else f"{plain} ({count + 1})"] = values
    return found


def _text(value: object) -> str:
    return "" if value is None or value is pd.NA else str(value)
