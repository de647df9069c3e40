"""The contract of a cell: it states its equations once, and everything else is derived from them.

A cell file gives names, `equations` (`rnnviz.cells._equations` reads them), the meaning of its
gates, and where its nodes are drawn. From the equations come the parameters and their shapes, the
compiled steps forward and back, local derivatives, step Jacobian, gate gradients, arithmetic and
drawing. Parameters are handed in, never kept. All arrays have time first, then the batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, ClassVar, Literal

import numpy as np

from rnnviz.cells import _arithmetic, _gradients, _jacobian
from rnnviz.cells._arithmetic import Line
from rnnviz.cells._drawing import Node, Place, placed
from rnnviz.cells._equations import Statement, displayed, read
from rnnviz.cells._gradients import Contribution
from rnnviz.cells._steps import Steps, compiled
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.records import ReadOnly
from rnnviz.numerics.validation import finite_number, one_of, shown

SHUT = 1000.0
"""The bias at which σ is exactly 1, and 0 at minus it, in every float format."""
BIAS_ARGUMENTS = {"f": "forget_bias", "z": "update_bias"}
"""Block → the argument of `rnnviz.build` that sets its bias."""
STEEPEST = {"sigmoid": 0.25}
"""The largest slope of a function, where it is not 1."""


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


statement = cache(read)
"""`read`, each text once: cells that state the same share their compiled steps."""


class Cell:
    """One recurrent cell with its options.

    name, title, source   its name in `rnnviz.CELLS`, in words, and the paper
    equations             text, or `stated` where options change it
    states                h first; the last one is the memory
    signals               gates, candidates and states, with words
    places                node → (column, lane), "source → node" → a detour of that wire
    path                  how memory gets to the next step, in a sentence beside the drawing
    choices               option → its values, the default first
    phi_option            the option that φ in the equations stands for

    ``hold`` fixes gates at a value from 0 to 1: such a gate has no parameters any more, so its
    weights change nothing and get no gradient.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    source: ClassVar[str]
    equations: ClassVar[str] = ""
    states: ClassVar[tuple[str, ...]] = ("h",)
    signals: ClassVar[tuple[Signal, ...]]
    places: ClassVar[Mapping[str, Place]] = {}
    path: ClassVar[str] = ""
    choices: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    phi_option: ClassVar[str] = ""

    blocks: ClassVar[tuple[str, ...]]
    """The blocks of the parameters, in their order."""
    bias_blocks: ClassVar[Mapping[str, str]] = {}
    """Argument of `rnnviz.build` → the block whose bias it sets."""
    keeping_gate: ClassVar[str | None] = None
    """The gate that multiplies the last of ``states`` on its way to the next step, if there is."""
    keeping_block: ClassVar[str | None] = None
    """The block whose bias opens that gate, where it is not the gate itself."""
    open_path: ClassVar[bool] = False
    """Whether the last of ``states`` goes on to the next step as it is, times 1, with no gate."""
    sees_past: ClassVar[bool] = True
    """Whether the blocks read h_{t−1}: without it there is no W_h."""

    def __init_subclass__(cls, **more: Any) -> None:
        """Read the equations of the default options, and what the class says of itself in them."""
        super().__init_subclass__(**more)
        if "name" not in vars(cls):
            return
        own = cls().statement
        cls.blocks = own.blocks
        cls.sees_past = "W_h" in own.parameters
        cls.bias_blocks = {BIAS_ARGUMENTS[b]: b for b in own.blocks if b in BIAS_ARGUMENTS}
        names = tuple(signal.name for signal in cls.signals)
        cls.signals = tuple(
            replace(signal, equation=displayed(own, signal.name, names)) for signal in cls.signals
        )
        cls.keeping_gate, cls.open_path = _kept(own, cls.states[-1], names)
        cls.keeping_block = _opened_by(own, cls.keeping_gate)

    def __init__(self, *, hold: Mapping[str, float] | None = None, **options: Any) -> None:
        """Set the options named in ``choices``; the first value of each is its default."""
        for name in options:
            one_of(f"option of {self.name!r}", name, tuple(self.choices) or ("(it has none)",))
        self.options = {
            name: one_of(name, options.get(name, allowed[0]), allowed)
            for name, allowed in self.choices.items()
        }
        self.hold: Mapping[str, float] = ReadOnly(self._holds({} if hold is None else hold))

    def __reduce__(self) -> tuple[Any, ...]:
        """A cell is its class, options and held gates: what is derived is made again."""
        return _made, (type(self), dict(self.options), dict(self.hold))

    def stated(self) -> str:
        """The equations under these options."""
        return self.equations

    @cached_property
    def statement(self) -> Statement:
        """The equations, read."""
        phi = str(self.options[self.phi_option]) if self.phi_option else None
        return statement(self.stated(), self.states, phi)

    @cached_property
    def steps(self) -> Steps:
        """The compiled steps."""
        names = tuple(signal.name for signal in self.signals)
        return compiled(self.statement, self.states, names)

    @cached_property
    def graph(self) -> tuple[Node, ...]:
        """The cell's drawing: every operation of one step, operands before what uses them."""
        return placed(self.statement.nodes, self.places)

    @property
    def keeps_by(self) -> str | None:
        """The block whose bias opens the gate that keeps, if there is one."""
        return self.keeping_block or self.keeping_gate

    @property
    def steepest(self) -> float | None:
        """The largest |φ′| of a cell whose step is one φ of its pre-activation; else None."""
        if len(self.blocks) > 1 or self.states != ("h",):
            return None
        return STEEPEST.get(self.statement.node("h").phi, 1.0)

    @classmethod
    def holdable(cls) -> tuple[str, ...]:
        """The gates that can be held: those with weights of their own, as ``signals`` has them."""
        return tuple(s.name for s in cls.signals if s.kind == "gate" and s.name in cls.blocks)

    def _holds(self, hold: Any) -> dict[str, float]:
        if not isinstance(hold, Mapping):
            raise ValueError(f"`hold` must map gates to values, got {shown(hold)}.")
        for name in hold:
            one_of(f"gate to hold of {self.name!r}", name, self.holdable() or ("(it has none)",))
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

    def jacobians(self, W: Arrays, r: Arrays) -> Array:
        """∂s_t/∂s_{t−1} (T, n, n) of one example: row j is ∂s_t[j], s all ``states`` in a row.

        W has the parameters, r the record with rows (T, ·), both of the type of the result.
        """
        return _jacobian.step_jacobians(self, W, r)

    def gate_gradients(self, W: Arrays, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂L/∂gate (after the function) and ∂L/∂candidate (T, B, H), from a backward record d."""
        return _gradients.gate_gradients(self, W, r, d)

    def contributions(self, W: Arrays, r: Arrays, d: Arrays) -> dict[str, Contribution]:
        """What each timestep adds to each parameter's gradient.

        A matrix: pairs (left (T, B, m), right (T, B, n)), one a group of columns, whose outer
        products over B are the columns' gradient at t. A vector: an array (T, B, …).
        """
        return _gradients.contributions(self, W, r, d)

    def lines(self, W: Arrays, r: Arrays) -> tuple[Line, ...]:
        """Every signal's equation with its numbers, from recorded signals: terms (T, B, H)."""
        return _arithmetic.lines(self, W, r)


def _made(kind: type[Cell], options: Mapping[str, Any], hold: Mapping[str, float]) -> Cell:
    return kind(hold=hold, **options)


def _kept(own: Statement, state: str, signals: tuple[str, ...]) -> tuple[str | None, bool]:
    """The gate that multiplies a state on its way on, and whether it goes on as it is."""
    past = f"{state}_prev"
    for node in own.nodes:
        sources = [wire.source for wire in node.of]
        if past not in sources:
            continue
        if node.op == "times":
            gates = [one for one in sources if one in signals and own.node(one).op != "past"]
            if gates and any(user.name == state for user in _users(own, node.name)):
                return gates[0], False
        if node.op == "plus" and node.name == state:
            return None, True
    return None, False


def _users(own: Statement, name: str) -> list[Node]:
    return [node for node in own.nodes if any(wire.source == name for wire in node.of)]


def _opened_by(own: Statement, gate: str | None) -> str | None:
    """The block whose bias opens a gate that has no weights of its own."""
    if gate is None or gate in own.blocks:
        return None
    return next((wire.source for wire in own.node(gate).of if wire.source in own.blocks), None)
