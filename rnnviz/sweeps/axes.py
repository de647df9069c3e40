"""The values along an axis: a list, or numbers from one end to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import finite_number, one_of, shown, whole_number
from rnnviz.sweeps.names import WHOLE, unknown, value_of

SPACINGS = ("linear", "log")
MOST = 100_000
"""The most values of one axis."""


class Span(NamedTuple):
    """Numbers from ``low`` to ``high``, to be drawn from uniformly, or so in their logarithm."""

    low: float
    high: float
    spacing: str = "linear"

    def as_dict(self) -> dict[str, Any]:
        """As it is written in a spec."""
        return {"from": self.low, "to": self.high, "spacing": self.spacing}

    def at(self, share: Any) -> Any:
        """The number at a share from 0 to 1 of the way."""
        if self.spacing == "log":
            logs = np.log(self.low) + share * (np.log(self.high) - np.log(self.low))
            return np.exp(logs)
        return self.low + share * (self.high - self.low)


Axis = tuple[Any, ...] | Span


def axis_of(name: str, given: Any, *, sampled: bool) -> Axis:
    """The values of an axis, checked; a span stays one where points are drawn.

    Raises ValueError naming the axis, the rule and what arrived.
    """
    if isinstance(given, Span):
        given = given.as_dict()
    if isinstance(given, Mapping):
        span, count = _span(name, given, sampled=sampled)
        if sampled:
            return span
        given = [float(f"{one:.12g}") for one in span.at(np.linspace(0, 1, count))]
        given[-1] = span.high
        if name in WHOLE:
            given = list(dict.fromkeys(round(one) for one in given))
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ValueError(
            f"`axes` must map {name!r} to a list of values, or to {{from, to, count}}, got "
            f"{shown(given)}."
        )
    values = tuple(value_of(name, one.item() if isinstance(one, np.generic) else one)
                   for one in islice(given, MOST + 1))  # fmt: skip
    if not values or len(values) > MOST or len(set(values)) < len(values):
        raise ValueError(
            f"`axes` must give {name!r} from 1 to {MOST:,} values, all different, got "
            f"{shown(list(values))}."
        )
    return values


def _span(name: str, given: Mapping[str, Any], *, sampled: bool) -> tuple[Span, int]:
    keys = ("from", "to", "spacing") if sampled else ("from", "to", "count", "spacing")
    for key in given:
        if key not in keys:
            raise unknown(key, f"axes.{name}", keys)
    low, high = (finite_number(f"{name}.{end}", given.get(end)) for end in ("from", "to"))
    spacing = one_of(f"{name}.spacing", given.get("spacing", "linear"), SPACINGS)
    if not low < high or (spacing == "log" and low <= 0):
        rule = "from 0 < from < to" if spacing == "log" else "from < to"
        raise ValueError(f"`axes` must give {name!r} numbers with {rule}, got {low:g}, {high:g}.")
    if not np.isfinite(high - low):
        raise ValueError(f"`axes` must give {name!r} numbers whose difference is finite, got "
                         f"{low:g}, {high:g}.")  # fmt: skip
    count = 2 if sampled else whole_number(f"{name}.count", given.get("count"), 2, MOST)
    return Span(low, high, spacing), count


def column(values: Sequence[Any]) -> Array:
    """Values as an array of one type, of objects where None or several types are among them."""
    kinds = {type(one) for one in values}
    return np.array(values, None if len(kinds) == 1 else object)
