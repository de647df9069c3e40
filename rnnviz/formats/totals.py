"""Names and shapes of a file's arrays against the limits, before the numbers are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import prod

from rnnviz.formats import limits
from rnnviz.words import Refusal


def check_names(names: Collection[str]) -> None:
    """Refuse more arrays, or longer names, than `limits` allows."""
    if len(names) > limits.ARRAYS:
        raise Refusal(
            "It must hold at most {most:,} arrays, got {n:,}.", most=limits.ARRAYS, n=len(names)
        )
    for name in names:
        if len(name) > limits.NAME_CHARACTERS:
            raise Refusal(
                "A name must have at most {most} characters, got {n:,}: {start}….",
                most=limits.NAME_CHARACTERS, n=len(name), start=name[:30],
            )  # fmt: skip


def check_totals(shapes: Mapping[str, tuple[int, ...]], number_bytes: int = 8) -> None:
    """Refuse arrays that are empty or too large, alone or together.

    ``number_bytes`` is what a number takes at most once it is decoded.
    """
    total = 0
    for name, shape in shapes.items():
        numbers = prod(shape)
        if numbers == 0:
            raise Refusal(
                "`{name}` must not be empty, got the shape {shape}.", name=name, shape=shape
            )
        if numbers > limits.ARRAY_NUMBERS:
            raise Refusal(
                "`{name}` must have at most {most:,} numbers, got {n:,}, its shape is {shape}.",
                name=name, most=limits.ARRAY_NUMBERS, n=numbers, shape=shape,
            )  # fmt: skip
        total += numbers
    most = min(limits.DECODED_NUMBERS, limits.DECODED_BYTES // number_bytes)
    if total > most:
        raise Refusal(
            "Its arrays must have at most {most:,} numbers together, got {n:,}.",
            most=most, n=total,
        )  # fmt: skip
