"""What is swept, as a plain value: fixed values, axes, and the figures of every point."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import ReadOnly
from rnnviz.numerics.validation import shown, whole_number
from rnnviz.sweeps.axes import Span, axis_of, column
from rnnviz.sweeps.names import WHOLE, check_options, named, unknown, value_of

FIGURES = {
    "log10_share": "log10 of the share left at step 1",
    "factor": "mean factor a step",
    "horizon": "1 % horizon, in steps; inf: not reached",
    "lyapunov": "λ₁ per step, in natural logarithms",
    "updates": "updates until the task is solved; inf: not solved within the plan",
    "cost": "held-out cost as a share of the naive answers' cost",
    "score": "the task's figure on held-out sequences",
}
"""Figure of a point → its definition."""
OF_TRAINING = ("updates", "cost", "score")
USUAL = ("log10_share", "factor", "horizon")
KEYS = ("name", "base", "axes", "figures", "sample")
MOST_POINTS = 10_000_000
MEANING = 1
"""Goes into the digest: a number that changes with what the figures mean."""


@dataclass(frozen=True, eq=False)
class Spec:
    """A grid over all axes or, with ``sample``, points that are drawn from them.

    base     name → fixed value
    axes     name → values; the last axis varies fastest. Numbers may be given as
             {"from": …, "to": …, "count": …, "spacing": "linear" or "log"}
    figures  names in `FIGURES`
    sample   {"count": n, "seed": s}: n points, each axis drawn on its own; spans have no count
    name     for people; it is no part of the digest

    Names are the fields of an experiment's settings, `options.…` of the task, `cell_options.…`,
    `hold.…` (a gate), and `train.…` of the plan where nets are trained. What is not given is at
    the default of `rnnviz.experiments.settings.Settings`, but the task is "noisy_sine" and the cell
    "rnn". T, H and gain stand for length, hidden_size and scale.

    Raises ValueError naming argument, rule and what arrived, for unknown names with the nearest.

    >>> from rnnviz.sweeps import Spec
    >>> spec = Spec({"gain": [0.5, 1.0], "seed": range(3)}, {"cell": "rnn", "T": 20})
    >>> len(spec), spec.point(4)["scale"], spec.point(4)["seed"]
    (6, 1.0, 1)
    """

    axes: Mapping[str, Any]
    base: Mapping[str, Any] = field(default_factory=dict)
    figures: Sequence[str] = USUAL
    sample: Mapping[str, int] | None = None
    name: str = ""

    def __post_init__(self) -> None:
        """Check, and bring to one form."""
        if not isinstance(self.axes, Mapping) or not isinstance(self.base, Mapping):
            raise ValueError(f"`axes` and `base` must map names to values, got {shown(self.axes)} "
                             f"and {shown(self.base)}.")  # fmt: skip
        drawn = None if self.sample is None else _sample(self.sample)
        axes, base = named(self.axes, "axes"), named(self.base, "base")
        axes = {name: axis_of(name, given, sampled=drawn is not None)
                for name, given in axes.items()}  # fmt: skip
        base = {name: value_of(name, given) for name, given in sorted(base.items())}
        for name in axes.keys() & base.keys():
            raise ValueError(f"`base` must not fix {name!r}, which is an axis.")
        for one, value in (("axes", axes), ("base", base), ("sample", drawn)):
            object.__setattr__(self, one, None if value is None else ReadOnly(value))
        object.__setattr__(self, "figures", self._figures())
        if not isinstance(self.name, str) or re.search("[\ud800-\udfff]", self.name):
            raise ValueError(f"`name` must be a text that UTF-8 can hold, got {shown(self.name)}.")
        check_options({name: self.values(name) for name in (*axes, *base)})
        if not axes or len(self) > MOST_POINTS:
            raise ValueError(f"`axes` must make from 1 to {MOST_POINTS:,} points, got "
                             f"{len(self) if axes else 0:,}.")  # fmt: skip

    def _figures(self) -> tuple[str, ...]:
        if isinstance(self.figures, str) or not isinstance(self.figures, Iterable):
            raise ValueError(f"`figures` must be a list of names, got {shown(self.figures)}.")
        for one in self.figures:
            if not isinstance(one, str) or one not in FIGURES:
                raise unknown(one, "figures", FIGURES)
            if one in OF_TRAINING and not self.trained:
                raise ValueError(f"`figures` has {one!r}, which needs a training plan: give "
                                 "train.updates, or another train.… value.")  # fmt: skip
        return tuple(dict.fromkeys(self.figures)) or USUAL

    @property
    def trained(self) -> bool:
        """Whether nets are trained."""
        return any(name.startswith("train.") for name in (*self.axes, *self.base))

    def values(self, name: str) -> tuple[Any, ...]:
        """The values that a name has; of a span both ends."""
        if name in self.base:
            return (self.base[name],)
        axis = self.axes[name]
        return (axis.low, axis.high) if isinstance(axis, Span) else tuple(axis)

    @property
    def shape(self) -> tuple[int, ...]:
        """The number of values along each axis; of a sample, the number of points."""
        if self.sample is not None:
            return (self.sample["count"],)
        return tuple(len(axis) for axis in self.axes.values())

    def __len__(self) -> int:
        return prod(self.shape)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spec) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    @cached_property
    def columns(self) -> Mapping[str, Array]:
        """Axis → its value at every point, (n,)."""
        if self.sample is not None:
            found = {name: self._drawn(k, name) for k, name in enumerate(self.axes)}
        else:
            places = np.unravel_index(np.arange(len(self)), self.shape)
            found = {name: column(self.axes[name])[at]
                     for at, name in zip(places, self.axes, strict=True)}  # fmt: skip
        return ReadOnly(found)

    def _drawn(self, place: int, name: str) -> Array:
        assert self.sample is not None
        rng = np.random.default_rng([self.sample["seed"], place])
        share, axis = rng.random(self.sample["count"]), self.axes[name]
        if not isinstance(axis, Span):
            return column(axis)[(share * len(axis)).astype(int)]
        numbers = np.asarray(axis.at(share))
        return np.rint(numbers).astype(np.int64) if name in WHOLE else numbers

    def point(self, number: int) -> dict[str, Any]:
        """Name → value at one point, counted from 0."""
        at = whole_number("number", number, 0, len(self) - 1)
        own = {name: _plain(column[at]) for name, column in self.columns.items()}
        return {**self.base, **own}

    def as_dict(self) -> dict[str, Any]:
        """Plain values; `Spec.of` makes the spec again."""
        axes = {name: axis.as_dict() if isinstance(axis, Span) else list(map(_written, axis))
                for name, axis in self.axes.items()}  # fmt: skip
        found: dict[str, Any] = {
            "name": self.name, "base": {k: _written(v) for k, v in self.base.items()},
            "axes": axes, "figures": list(self.figures),
        }  # fmt: skip
        if self.sample is not None:
            found["sample"] = dict(self.sample)
        return found

    @cached_property
    def text(self) -> str:
        """`as_dict` as JSON."""
        return json.dumps(self.as_dict(), ensure_ascii=False)

    @cached_property
    def digest(self) -> str:
        """The first 16 hexadecimal digits of the SHA-256 of all but the name."""
        plain = {**self.as_dict(), "name": "", "meaning": MEANING}
        return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:16]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Spec:
        """The spec of `as_dict`. Raises ValueError as `Spec` does."""
        if not isinstance(given, Mapping):
            raise ValueError(f"`spec` must map names to values, got {shown(given)}.")
        for key in given:
            if key not in KEYS:
                raise unknown(key, "spec", KEYS)
        return cls(**{"axes": {}, **given})

    @classmethod
    def from_json(cls, text: str) -> Spec:
        """The spec of `text`."""
        return cls.of(json.loads(text))

    def __getstate__(self) -> str:
        return self.text

    def __setstate__(self, state: str) -> None:
        self.__init__(**json.loads(state))  # type: ignore[misc]


def _sample(given: Any) -> dict[str, int]:
    if not isinstance(given, Mapping) or given.keys() - {"count", "seed"}:
        raise ValueError(f"`sample` must be {{count, seed}}, got {shown(given)}.")
    return {"count": whole_number("sample.count", given.get("count"), 1, MOST_POINTS),
            "seed": whole_number("sample.seed", given.get("seed", 0), 0, 2**53)}  # fmt: skip


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _written(value: Any) -> Any:
    return "none" if value is None else value
