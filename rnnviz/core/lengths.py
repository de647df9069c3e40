"""Sequences of several lengths in one batch, padded at the end.

Every layer processes an example's own steps first: a reverse direction begins at its last valid
step. After them nothing happens: states stay as they are, outputs and gradients are 0 (as in
PyTorch's packed sequences and ONNX's ``sequence_lens``).
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.validation import as_array, frozen, shown

Rows = TypeVar("Rows", Array, Scaled)


def lengths_of(given: Any, steps: int, batch: int) -> Array | None:
    """Whole numbers (B,) from 0 to T, read-only; None where every example has all T steps."""
    if given is None:
        return None
    found = as_array("lengths", given)
    if found.shape != (batch,) or found.dtype.kind not in "iu":
        raise ValueError(f"`lengths` must be {batch} whole numbers, one an example, got "
                         f"{shown(given)}.")  # fmt: skip
    wrong = found[(found < 0) | (found > steps)]
    if wrong.size:
        raise ValueError(f"`lengths` must lie in 0 … {steps}, the timesteps of x, got {wrong[0]}.")
    return None if (found == steps).all() else frozen(found.astype(np.int64))


def inside(lengths: Array, steps: int) -> Array:
    """Whether a timestep is before an example's end, (T, B)."""
    return np.arange(steps)[:, None] < lengths


def turned(rows: Rows, lengths: Array) -> Rows:
    """Every example's own steps the other way round, (T, B, …); what is after its end stays."""
    if isinstance(rows, Scaled):
        exponent = None if rows.plain else turned(rows.exponent, lengths)
        return Scaled(turned(rows.mantissa, lengths), exponent)  # type: ignore[return-value]
    t = np.arange(len(rows))[:, None]
    order = np.where(t < lengths, lengths - 1 - t, t)
    return np.asarray(rows[order, np.arange(len(lengths))])


def kept_after_the_end(record: dict[str, Array], states: tuple[str, ...], lengths: Array) -> None:
    """Repeat each example's last row of a record (T, B, ·) to the end, in place."""
    after = ~inside(lengths, len(record["h"]))[..., None]
    last, examples = np.maximum(lengths - 1, 0), np.arange(len(lengths))
    for name in states:
        # Rows of past states are rows of the same array, one earlier.
        first = record[f"{name}_prev"][0]
        end = np.where((lengths > 0)[:, None], record[name][last, examples], first)
        np.copyto(record[name], end, where=after)
    for name, one in record.items():
        if name != "x" and name.removesuffix("_prev") not in states:
            np.copyto(one, one[last, examples], where=after)


def only_one_length(lengths: Array | None, what: str = "trace") -> None:
    """Refuse examples of several lengths, and say how to choose one of them."""
    if lengths is not None:
        raise ValueError(
            f"`{what}` must have no lengths here, got {shown(lengths.tolist())}: take one of its "
            f"examples, {what}.example(k)."
        )
