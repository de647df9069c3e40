"""The contract of a cell: what it names, what it stores, one step forward, one step back.

The drivers in `rnnviz.core.trace` and `rnnviz.core.gradients` own every loop over time. A cell
hands them two closures whose ARGUMENT NAMES say which rows they want for one timestep:

- ``a`` the pre-activations of all blocks (filled with x_t W_x + b), ``a_g`` its block g; those of
  the blocks in `Cell.logistic` carry a minus sign, which is how σ(a) = 1 / (1 + exp(−a)) wants
  them, and `Cell.turned` gives W_h the same sign once instead of every step;
- ``h``, ``c``, ``g`` … a signal's row, ``h_prev``, ``c_prev`` the state one step before;
- in the backward step ``dh``, ``dc`` (direct loss already in), ``da``, ``da_g`` …, ``dh_prev``,
  ``dc_prev``, and the names that `Cell.slopes` returned.

All rows have shape (B, n) and are written in place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy import add, dot, exp, reciprocal
from numpy.typing import NDArray

from rnnviz.numerics.records import ReadOnly
from rnnviz.numerics.validation import finite_number, one_of, shown

Array = NDArray[Any]
Arrays = Mapping[str, Array]
Contribution = Array | tuple[tuple[Array, Array], ...]
SHUT = 1000.0
"""The bias at which σ is exactly 1, and 0 at minus it, in every float format."""


@dataclass(frozen=True)
class Signal:
    """A named quantity of a cell: its kind, its words, and what 0 and 1 mean."""

    name: str
    kind: Literal["gate", "candidate", "state"]
    title: str
    equation: str
    at_0: str = ""
    at_1: str = ""

    @property
    def meaning(self) -> str:
        """What the ends of a gate's range do, in words; empty for other kinds."""
        return f"1 {self.at_1}, 0 {self.at_0}" if self.at_1 else ""


@dataclass(frozen=True)
class Line:
    """One signal's arithmetic: ``template`` has {0}, {1} … where the terms' (T, B, H) go."""

    signal: str
    template: str
    terms: tuple[Array, ...]


@dataclass(frozen=True)
class Wire:
    """An operand of a node: which node it comes from, and by what road.

    ``weight`` names the parameter that an affine node multiplies it by; without one it is added as
    it is. ``via`` (column, lane) is a detour that keeps clear of other nodes.
    """

    source: str
    weight: str = ""
    via: tuple[float, float] | None = None


@dataclass(frozen=True)
class Node:
    """One operation of a cell, and where it is drawn: columns run with time, lane 0 is on top.

    op     past and input (what comes in), affine (its wires' sum and biases, then ``phi``), times,
           plus, rest (1 − its operand), share (the first of two over their sum), phi (a function
           alone), out (the road to the next step)
    name   a signal's where it is one; ``c_prev`` a past, ``c_out`` the way out of the state c
    block  which block of the parameters an affine node reads, if that is not its name
    biases the biases it adds, those of them that the cell has
    """

    name: str
    op: Literal["past", "input", "affine", "times", "plus", "rest", "share", "phi", "out"]
    of: tuple[Wire, ...] = ()
    at: tuple[float, float] = (0, 0)
    phi: str = "identity"
    block: str = ""
    biases: tuple[str, ...] = ("b", "b_h")


def wires(*sources: str) -> tuple[Wire, ...]:
    """Operands as they are, by the shortest road."""
    return tuple(Wire(source) for source in sources)


def sigmoid(minus_a: Array, one: Array) -> None:
    """Replace −a by 1 / (1 + exp(−a)), exact in both tails (exp may overflow to inf: 1/inf = 0).

    ``one`` holds ones of a's shape: a Python number there would double the time of the sum.
    """
    exp(minus_a, minus_a)
    add(minus_a, one, minus_a)
    reciprocal(minus_a, minus_a)


class Cell:
    """One recurrent cell with its options; parameters are handed in, never kept.

    ``hold`` fixes gates at a value from 0 to 1: such a gate has no parameters any more, so its
    weights change nothing and get no gradient. Drivers call `as_held`, `local` and `lines`, which
    see to it for every cell; a cell's own steps know nothing of it.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    source: ClassVar[str]
    blocks: ClassVar[tuple[str, ...]]
    states: ClassVar[tuple[str, ...]] = ("h",)
    signals: ClassVar[tuple[Signal, ...]]
    own_rows: ClassVar[tuple[str, ...]] = ()
    own_gradients: ClassVar[tuple[str, ...]] = ()
    choices: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    bias_blocks: ClassVar[Mapping[str, str]] = {}
    keeping_gate: ClassVar[str | None] = None
    """The gate that multiplies the last of ``states`` on its way to the next step, if there is."""
    keeping_block: ClassVar[str | None] = None
    """The block whose bias opens that gate, where it is not the gate itself."""
    open_road: ClassVar[bool] = False
    """Whether the last of ``states`` goes on to the next step as it is, times 1, with no gate."""
    sees_past: ClassVar[bool] = True
    """Whether the blocks read h_{t−1}: without it there is no W_h."""
    road: ClassVar[str] = ""
    """What the drawing shows at a glance, in a sentence: how memory gets to the next step."""
    logistic: tuple[str, ...] = ()
    paired: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *, hold: Mapping[str, float] | None = None, **options: Any) -> None:
        """Set the options named in ``choices``; the first value of each is its default."""
        self.hold: Mapping[str, float] = ReadOnly(self._holds({} if hold is None else hold))
        for name in options:
            one_of(f"option of {self.name!r}", name, tuple(self.choices) or ("(it has none)",))
        self.options = {
            name: one_of(name, options.get(name, allowed[0]), allowed)
            for name, allowed in self.choices.items()
        }

    @property
    def keeps_by(self) -> str | None:
        """The block whose bias opens the gate that keeps, if there is one."""
        return self.keeping_block or self.keeping_gate

    @classmethod
    def holdable(cls) -> tuple[str, ...]:
        """The gates that can be held: those with weights of their own, as ``signals`` has them."""
        return tuple(s.name for s in cls.signals if s.kind == "gate" and s.name in cls.blocks)

    def _holds(self, hold: Any) -> dict[str, float]:
        if not isinstance(hold, Mapping):
            raise ValueError(f"`hold` must map gates to values, got {shown(hold)}.")
        for gate in hold:
            one_of(f"gate to hold of {self.name!r}", gate, self.holdable() or ("(it has none)",))
        values = {gate: finite_number(f"hold[{gate!r}]", value) for gate, value in hold.items()}
        for gate, value in values.items():
            if not 0 <= value <= 1:
                raise ValueError(f"`hold[{gate!r}]` must be from 0 to 1, got {shown(value)}.")
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
        for gate, value in self.hold.items():
            for name in held:
                self.part(held, name, gate)[...] = 0
            odds = np.log(value / (1 - value)) if 0 < value < 1 else SHUT * (2 * value - 1)
            self.part(held, "b", gate)[...] = odds
        return held

    def local(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """`slopes`, with zeros at the pre-activations of held gates: nothing comes back there."""
        found = self.slopes(r, d)
        for gate in self.hold:
            d[f"da_{gate}"][...] = 0
        return found

    def lines(self, W: Arrays, r: Arrays) -> tuple[Line, ...]:
        """`arithmetic`, in which a held gate is the number that it is held at."""
        return tuple(
            Line(line.signal, "{0} = {1}", (np.full_like(r[line.signal], value), r[line.signal]))
            if (value := self.hold.get(line.signal)) is not None else line
            for line in self.arithmetic(W, r)
        )  # fmt: skip

    @property
    def steepest(self) -> float | None:
        """The largest |φ′| of a cell whose step is one φ of its pre-activation; else None."""
        return None

    @property
    def graph(self) -> tuple[Node, ...]:
        """The cell's drawing: every operation of one step, operands before what uses them."""
        raise NotImplementedError

    def shapes(self, input_size: int, hidden_size: int) -> dict[str, tuple[int, ...]]:
        """Name → shape of every parameter, D = input_size, H = hidden_size, G blocks."""
        width = len(self.blocks) * hidden_size
        past = {"W_h": (hidden_size, width)} if self.sees_past else {}
        return {"W_x": (input_size, width), **past, "b": (width,)}

    def block(self, name: str, array: Array) -> Array:
        """The block ``name`` (…, H) of an array (…, G·H)."""
        size = array.shape[-1] // len(self.blocks)
        start = self.blocks.index(name) * size
        return array[..., start : start + size]

    def part(self, W: Arrays, parameter: str, block: str) -> Array:
        """What of a parameter feeds one block: (n, H), or (H,) where it acts unit by unit."""
        return self.block(block, W[parameter])

    def affine(self, W: Arrays, x: Array, a: Array) -> None:
        """Fill a (T, B, G·H), contiguous, with x W_x plus every bias that is added to it."""
        dot(x.reshape(-1, x.shape[-1]), W["W_x"], a.reshape(-1, a.shape[-1]))
        for name in ("b", "b_h"):
            if name in W:
                a += W[name]

    def turned(self, array: Array) -> Array:
        """An array (…, G·H) with a minus sign on the blocks that go into σ."""
        if not self.logistic:
            return array
        copy = array.copy()
        for name in self.logistic:
            np.negative(self.block(name, copy), self.block(name, copy))
        return copy

    def forward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """The step from t−1 to t; ``spare(n)`` gives scratch space (B, n·H)."""
        raise NotImplementedError

    def slopes(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """Local derivatives, all timesteps at once: those by the pre-activations go into ``da``.

        The backward step multiplies the gradient that arrives into them, in place. Returned are
        the others that it names.
        """
        raise NotImplementedError

    def backward(self, W: Arrays, spare: Callable[[int], Array]) -> Callable[..., None]:
        """The step from ∂L/∂(state at t) to ∂L/∂(pre-activations at t) and ∂L/∂(state at t−1)."""
        raise NotImplementedError

    def jacobians(self, W: Arrays, r: Arrays, d: Arrays) -> Array | None:
        """∂s_t/∂s_{t−1} (T, n, n) of one example in closed form, or None where there is none.

        s is h, or all ``states`` side by side; row j is ∂s_t[j]. The rows of r and d are (T, ·); d
        holds the local derivatives that `slopes` wrote and returned. Without a closed form the
        backward step is fed with unit vectors, which takes some times as long. A subclass with
        another backward step brings its own form, or None.
        """
        return None

    def views(self, d: Arrays) -> dict[str, Array]:
        """Other shapes of the backward records that the backward step names."""
        return {}

    def gate_gradients(self, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂L/∂gate (after the activation) and ∂L/∂candidate from ∂L/∂state, all timesteps."""
        raise NotImplementedError

    def contributions(self, W: Arrays, r: Arrays, d: Arrays) -> dict[str, Contribution]:
        """What each timestep adds to each parameter's gradient.

        A matrix: pairs (left (T, B, m), right (T, B, n)), one a group of columns, whose outer
        products over B are the columns' gradient at t. A vector: an array (T, B, n).
        """
        da = d["da"]
        found: dict[str, Contribution] = {"W_x": ((r["x"], da),)}
        if "W_h" in W:
            found["W_h"] = ((r["h_prev"], da),)
        return found | {name: da for name in ("b", "b_h") if name in W}

    def arithmetic(self, W: Arrays, r: Arrays) -> tuple[Line, ...]:
        """Every signal's equation with its numbers, from recorded signals: terms (T, B, H)."""
        raise NotImplementedError

    def affine_line(self, W: Arrays, r: Arrays, name: str, symbol: str, *more: Array) -> Line:
        """φ(x W_x + h_prev W_h + b + …) of the block ``name``, for cells of the usual form.

        Without a W_h there is no second term.
        """
        past = [r["h_prev"] @ self.block(name, W["W_h"])] if "W_h" in W else []
        bias = sum((self.block(name, W[key]) for key in ("b", "b_h") if key in W), np.zeros(1))
        inputs = r["x"] @ self.block(name, W["W_x"])
        terms = [inputs, *past, np.broadcast_to(bias, inputs.shape), *more]
        total = np.asarray(sum(terms))
        slots = " + ".join(f"{{{k}}}" for k in range(len(terms)))
        n = len(terms)
        text = f"{symbol}({slots}) = {symbol}({{{n}}}) = {{{n + 1}}}"
        return Line(name, text, (*terms, total, r[name]))
