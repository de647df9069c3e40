"""The sizes of a net in a file against the limits, before its arrays are put together."""

from __future__ import annotations

from rnnviz.formats import limits
from rnnviz.words import Refusal, sentence


def check_sizes(input_size: int, hidden_size: int, layers: int, outputs: int = 1) -> None:
    """Refuse a net that is larger than `limits` allows, with both numbers."""
    sizes = (
        (sentence("inputs"), input_size, limits.INPUTS),
        (sentence("hidden units"), hidden_size, limits.HIDDEN),
        (sentence("layers"), layers, limits.LAYERS),
        (sentence("outputs"), outputs, limits.INPUTS),
    )
    for what, size, most in sizes:
        if size > most:
            raise Refusal(
                "A net must have at most {most:,} {what} to be opened here, got {size:,}; in code, "
                "`rnnviz.from_torch` and `rnnviz.from_arrays` take it.",
                most=most, what=what, size=size,
            )  # fmt: skip
