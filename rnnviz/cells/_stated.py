"""What a cell says of itself: names, equations, options, and the layout of its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar, Literal

import numpy as np

from rnnviz.cells._equations import KEPT, Statement, read
from rnnviz.cells._rewritten import activations_of, rewritten
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.records import ReadOnly
from rnnviz.numerics.validation import finite_number, one_of, positive_number, shown

SHUT = 1000.0
"""The bias at which σ is exactly 1, and 0 at minus it, in every float format."""


@dataclass(frozen=True)
class Signal:
    """A named quantity of a cell: its kind, its words, and what 0 and 1 mean.

    ``equation`` is printed from the cell's own equations.
    """

    name: str
    kind: Literal["gate", "candidate", "state"]
    title: str
    equation: str = ""
    at_0: str = ""
    at_1: str = ""

    @property
    def meaning(self) -> str:
        """What the ends of a gate's range do, in words; empty for other kinds."""
        return f"1 {self.at_1}, 0 {self.at_0}" if self.at_1 else ""


def gate(name: str, title: str, *, at_0: str, at_1: str) -> Signal:
    """A signal from 0 to 1, with what it does at 0 and at 1."""
    return Signal(name, "gate", title, at_0=at_0, at_1=at_1)


def candidate(name: str, title: str = "candidate") -> Signal:
    """What a gate lets into a state."""
    return Signal(name, "candidate", title)


def state(name: str, title: str) -> Signal:
    """What is carried to the next step."""
    return Signal(name, "state", title)


statement = lru_cache(maxsize=KEPT)(read)
"""`read`, each text once: cells that state the same share their compiled steps."""


class Stated:
    """A cell with its options, its equations read; `Cell` derives the rest."""

    name: ClassVar[str]
    equations: ClassVar[str] = ""
    states: ClassVar[tuple[str, ...]] = ("h",)
    signals: ClassVar[tuple[Signal, ...]]
    choices: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    more: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    """Options that menus do not show, since only nets from files have them; the default first."""
    phi_option: ClassVar[str] = ""
    blocks: ClassVar[tuple[str, ...]]
    """The blocks of the parameters, in their order."""
    holds: ClassVar[frozenset[str]] = frozenset()
    """The blocks that a bias alone can fix: sums of σ with one, and nothing added as it is."""

    def __init__(
        self, *, hold: Mapping[str, float] | None = None, activations: Any = None,
        clip: float | None = None, **options: Any,
    ) -> None:  # fmt: skip
        """Set the options named in ``choices``; the first value of each is its default.

        ``activations`` maps symbols to functions, {"f": "hard_sigmoid", "g": "relu"}, ``clip``
        limits what the functions of weighted sums are given. Both are in ``options`` where they
        change the equations.
        """
        known = {**self.choices, **self.more}
        for name in options:
            one_of(f"option of {self.name!r}", name, tuple(known) or ("(it has none)",))
        chosen = {
            name: one_of(name, options.get(name, allowed[0]), allowed)
            for name, allowed in known.items()
        }
        self.options = {
            name: one for name, one in chosen.items()
            if name in self.choices or one != self.more[name][0]
        }  # fmt: skip
        if set(self.more) & set(self.options):
            self._adapt()
        self.hold: Mapping[str, float] = ReadOnly(self._holds({} if hold is None else hold))
        self._set_functions(activations, clip)

    def stated(self) -> str:
        """The equations under these options."""
        return self.equations

    @cached_property
    def written(self) -> str:
        """The equations under these options, with the functions that ``activations`` names."""
        changed, clip = self.options.get("activations", ()), self.options.get("clip")
        if not changed and clip is None:
            return self.stated()
        return rewritten(self.stated(), dict(changed), clip, self._alone())

    @cached_property
    def statement(self) -> Statement:
        """The equations, read."""
        phi = str(self.options[self.phi_option]) if self.phi_option else None
        return statement(self.written, self.states, phi)

    def _adapt(self) -> None:
        """Take what options of ``more`` change of the equations beside their text."""

    def _alone(self) -> frozenset[str]:
        """The symbols whose function stays: a held gate is what it is held at."""
        return frozenset(self.hold)

    def _set_functions(self, activations: Any, clip: float | None) -> None:
        """Take the functions that are others than the stated ones, and the limit."""
        phi = str(self.options[self.phi_option]) if self.phi_option else ""
        signals = {signal.name for signal in self.signals}
        chosen = activations_of(self.name, self.stated(), signals, phi, activations)
        for symbol, one in list(chosen.items()):
            if self.phi_option and one in self.choices[self.phi_option]:
                self.options[self.phi_option] = one
                del chosen[symbol]
        if chosen:
            self.options["activations"] = tuple(chosen.items())
        if clip is not None:
            self.options["clip"] = positive_number("clip", clip)

    @classmethod
    def holdable(cls) -> tuple[str, ...]:
        """The gates that can be held: those with weights of their own, as ``signals`` has them."""
        return tuple(s.name for s in cls.signals if s.kind == "gate" and s.name in cls.holds)

    def _holds(self, hold: Any) -> dict[str, float]:
        if not isinstance(hold, Mapping):
            raise ValueError(f"`hold` must map gates to values, got {shown(hold)}.")
        for name in hold:
            gates = [s.name for s in self.signals if s.kind == "gate" and s.name in self.holds]
            one_of(f"gate to hold of {self.name!r}", name, gates or ("(it has none)",))
        values = {name: finite_number(f"hold[{name!r}]", value) for name, value in hold.items()}
        for name, value in values.items():
            if not 0 <= value <= 1:
                raise ValueError(f"`hold[{name!r}]` must be from 0 to 1, got {shown(value)}.")
        return values

    def as_held(self, W: Arrays) -> Arrays:
        """The parameters that the forward step runs on: a held gate has a bias and nothing else.

        Its share of every matrix is 0 and its bias is ln(v / (1 − v)), or ±SHUT for 1 and 0: then
        σ(…) is v to the last digit or two, whatever comes in, and 0, ½ and 1 exactly.
        """
        if not self.hold:
            return W
        held = {name: one.copy() for name, one in W.items()}
        if "b" not in held:
            held["b"] = np.zeros_like(held["W_x"][0])
        for name, value in self.hold.items():
            for parameter in held:
                if name in self.statement.parameters.get(parameter, self.blocks):
                    self.part(held, parameter, name)[...] = 0
            odds = np.log(value / (1 - value)) if 0 < value < 1 else SHUT * (2 * value - 1)
            self.part(held, "b", name)[...] = odds
        return held

    def shapes(self, input_size: int, hidden_size: int) -> dict[str, tuple[int, ...]]:
        """Name → shape of every parameter, D = input_size, H = hidden_size, G blocks."""
        found: dict[str, tuple[int, ...]] = {}
        for name, blocks in self.statement.parameters.items():
            if name in self.statement.vectors:
                found[name] = (len(blocks), hidden_size)
                continue
            of = {wire.source for node in self.statement.nodes for wire in node.of
                  if wire.weight == name}  # fmt: skip
            left = () if not of else (input_size,) if of == {"x"} else (hidden_size,)
            found[name] = (*left, len(blocks) * hidden_size)
        return found

    def block(self, name: str, array: Array) -> Array:
        """The block ``name`` (…, H) of an array (…, G·H)."""
        size = array.shape[-1] // len(self.blocks)
        start = self.blocks.index(name) * size
        return array[..., start : start + size]

    def part(self, W: Arrays, parameter: str, block: str) -> Array:
        """What of a parameter feeds one block: (n, H), or (H,) where it acts unit by unit."""
        blocks = self.statement.parameters.get(parameter, self.blocks)
        place = blocks.index(block)
        if parameter in self.statement.vectors:
            return W[parameter][place]
        size = W[parameter].shape[-1] // len(blocks)
        return W[parameter][..., place * size : (place + 1) * size]
