"""A batch with numbers that are not finite, and what is known of its log all the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rnnviz.numerics.validation import as_array
from rnnviz.recorder.measures import Batch, Row

SIZES, OF_WEIGHTS = ("examples", "steps"), ("sigma1", "rho")
GRADIENTS = ("log10_", "horizon", "norm_of_examples")
"""How the names of columns begin that tell of gradients."""


def cleaned(batch: Batch) -> tuple[Batch, set[str]]:
    """The batch with 0 for what is not finite, and which arrays had such: "x", "dh", "final" ….

    What is no array of real numbers stays as it is. Raises ValueError for what is no array.
    """
    bad: set[str] = set()

    def clean(name: str, value: Any) -> Any:
        array = as_array(name, value)
        if array.dtype.kind != "f" or np.isfinite(array).all():
            return value
        bad.add(name)
        return np.where(np.isfinite(array), array, array.dtype.type(0))

    initial, final = (
        {name: clean(kind, one) for name, one in getattr(batch, kind).items()}
        for kind in ("initial", "final")
    )
    return replace(batch, x=clean("x", batch.x), dh=clean("dh", batch.dh), initial=initial,
                   final=final), bad  # fmt: skip


def known(row: Row, bad: set[str]) -> Row:
    """A row of the cleaned batch, with nan where its arrays that were not finite take part."""
    only_back = bad <= {"dh", "final"}

    def stays(name: str) -> bool:
        short = name.rpartition("/")[2]
        back = short.startswith(GRADIENTS)
        return short in SIZES + OF_WEIGHTS or (only_back and not back)

    return {name: one if stays(name) else _unknown(one) for name, one in row.items()}


def _unknown(value: Any) -> Any:
    return np.full_like(value, np.nan) if isinstance(value, np.ndarray) else float("nan")
