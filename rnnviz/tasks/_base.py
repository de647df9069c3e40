"""What a task is: a seeded, named generator of sequences and targets.

A task file defines one `Task`. Its `generate(length, batch, rng, **options)` receives checked
values and returns an `Example`; the same arguments always give the same arrays.

An example has a part. "all" is what pages show. "train" and "test" are for a training loop: where
sequences are drawn, the two come from different random streams; where they are read from a data
set, from different stretches of it (`Task.held_out`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.words import word

from ._checks import choice, finite_number, some_text, whole_number
from ._example import Example
from ._score import ScoreName, score

Part = Literal["all", "train", "test"]
PARTS: tuple[Part, ...] = ("all", "train", "test")
MAX_LENGTH = 5000
MAX_BATCH = 256
BEST_CONSTANT = word("the constant answer that costs least")


@dataclass(frozen=True)
class Option:
    """One setting of a task: its default decides the kind, `check` decides what is allowed.

    With ``only_with`` (option, value) it counts only where that option has that value.
    """

    name: str
    default: str | int | float
    description: str
    choices: tuple[str, ...] = ()
    minimum: float = 0
    maximum: float = 0
    only_with: tuple[str, str] | None = None

    @property
    def kind(self) -> Literal["choice", "text", "whole", "number"]:
        """Which control fits: a menu, a text field, or a whole or real number."""
        if isinstance(self.default, str):
            return "choice" if self.choices else "text"
        return "whole" if isinstance(self.default, int) else "number"

    @property
    def label(self) -> str:
        """The name as people read it."""
        return self.name.replace("_", " ").capitalize()

    def counts(self, others: Mapping[str, object]) -> bool:
        """Whether the option changes anything beside the values of others."""
        return self.only_with is None or others.get(self.only_with[0]) == self.only_with[1]

    def check(self, value: object) -> str | int | float:
        """`value` if it is allowed; a ValueError that says the rule otherwise."""
        match self.kind:
            case "choice":
                return choice(self.name, value, self.choices)
            case "text":
                return some_text(self.name, value)
            case "whole":
                return whole_number(self.name, value, int(self.minimum), int(self.maximum))
            case "number":
                return finite_number(self.name, value, self.minimum, self.maximum)


class Lengths(NamedTuple):
    """The lengths a task can have, both ends allowed, and why where that is not obvious."""

    minimum: int
    maximum: int = MAX_LENGTH
    why: str = ""


def any_length(**_: object) -> Lengths:
    """A length rule that refuses nothing but a sequence without steps."""
    return Lengths(1)


def at_least(minimum: int) -> Callable[..., Lengths]:
    """A length rule that no option changes."""
    return lambda **_: Lengths(minimum)


@dataclass(frozen=True, eq=False)
class Task:
    """A named, seeded generator of sequences and targets.

    `length_is` says what `length` means: "exact", T itself; "maximum", the most that T may be,
    T being given by the text. `unit` is that of predicted numbers. Tasks are listed by `order`,
    then by name.

    `held_out` says what "test" examples are: "drawn", new draws of the same generator; "later",
    a later stretch of the data, none of whose values is in a "train" example; "none", the same data
    as "train". With `by_part`, `generate` and `length_rule` also receive `part`. `naive` says in
    words what an example's naive answers are, and `score` which measure of `scored` is the task's.
    """

    name: str
    title: str
    description: str
    generate: Callable[..., Example]
    options: tuple[Option, ...] = ()
    length_rule: Callable[..., Lengths] = any_length
    length_is: Literal["exact", "maximum"] = "exact"
    unit: str = ""
    default_length: int = 50
    order: int = 100
    by_part: bool = False
    held_out: Literal["drawn", "later", "none"] = "drawn"
    naive: str = BEST_CONSTANT
    score: ScoreName | None = None

    def make(
        self, length: int, *, seed: int = 0, batch: int = 1, part: Part = "all", **options: object
    ) -> Example:
        """The example that these arguments determine; ValueError when one is not allowed."""
        checked = self.check_options(**options) | self._part(part)
        span = self.length_rule(**checked)
        length = whole_number("length", length, *span)
        batch = whole_number("batch", batch, 1, MAX_BATCH)
        rng = _stream(whole_number("seed", seed, 0), part)
        return self.generate(length, batch, rng, **checked)

    def lengths(self, *, part: Part = "all", **options: object) -> Lengths:
        """The lengths that `make` accepts with these options."""
        return self.length_rule(**self.check_options(**options), **self._part(part))

    def scored(self, example: Example, predictions: NDArray[Any]) -> float:
        """This task's measure of predictions (T, B, K), softmax probabilities for classes.

        Where the task names no `score`: accuracy for classes, correlation for numbers.
        """
        usual: ScoreName = "accuracy" if example.loss == "cross_entropy" else "correlation"
        return score(self.score or usual, example, predictions)

    def _part(self, part: Part) -> dict[str, str]:
        choice("part", part, PARTS)
        return {"part": part} if self.by_part else {}

    def check_options(self, **options: object) -> dict[str, str | int | float]:
        """All options, checked, with defaults for those not given."""
        known = {option.name: option for option in self.options}
        for name in options:
            if name not in known:
                rule = f"must be among {', '.join(known)}" if known else "must not be given"
                raise ValueError(f"Options of the task `{self.name}` {rule}, got `{name}`.")
        return {name: known[name].check(options.get(name, known[name].default)) for name in known}


def _stream(seed: int, part: Part) -> np.random.Generator:
    """Random numbers that differ between parts, whatever the seeds are."""
    if part == "all":
        return np.random.default_rng(seed)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(PARTS.index(part),)))
