"""The contract of a cell: it states its equations once, and everything else is derived from them.

A cell file gives names, `equations` (`rnnviz.cells._equations` reads them), the meaning of its
gates, and where its nodes are drawn. From the equations come the parameters and their shapes, the
compiled steps forward and back, local derivatives, step Jacobian, gate gradients, arithmetic and
drawing. Parameters are handed in, never kept. All arrays have time first, then the batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from rnnviz.cells import _arithmetic, _gradients, _jacobian
from rnnviz.cells._arithmetic import Line
from rnnviz.cells._derived import derived, printed
from rnnviz.cells._drawing import Node, Place, placed
from rnnviz.cells._equations import Statement
from rnnviz.cells._forward_pass import ForwardPass, run_forward
from rnnviz.cells._functions import function
from rnnviz.cells._gradients import Contribution
from rnnviz.cells._stated import Signal, Stated, candidate, gate, state, statement
from rnnviz.cells._steps import BackwardLoop, Steps, compiled, gradient_records
from rnnviz.numerics.arrays import Array, Arrays

__all__ = ["Cell", "Signal", "candidate", "gate", "state"]


class Cell(Stated):
    """One recurrent cell with its options.

    name, title, source   its name in `rnnviz.CELLS`, in words, and the paper
    equations             text, or `stated` where options change it
    states                h first; the last one is the memory
    signals               gates, candidates and states, with words
    places                node → (column, lane), "source → node" → a detour of that wire
    color                 in light and dark; without one it gets a spare of the palette
    path                  how memory gets to the next step, in a sentence beside the drawing
    choices               option → its values, the default first
    phi_option            the option that φ in the equations stands for
    roles                 role of `_roles.ROLES` → signal, where it is not what the equations say

    ``hold`` fixes gates at a value from 0 to 1: such a gate has no parameters any more, so its
    weights change nothing and get no gradient.

    Two options are those of every cell, since nets from files have them; a held gate needs neither.
    ``activations`` maps symbols of the equations to functions: {"f": "hard_sigmoid", "g": "relu",
    "m": "elu(1.5)"}; `rnnviz.cells._function_names` has their names and numbers. ``clip`` limits
    to −clip … clip what the functions of weighted sums are given, as in ONNX.

    >>> import rnnviz
    >>> cell = rnnviz.CELLS["lstm"](activations={"f": "hard_sigmoid", "m": "softsign"}, clip=3)
    >>> print(cell.written.splitlines()[1])
    f = hard_sigmoid(clip(x @ W_xf + h_prev @ W_hf + b_f, 3.0))
    >>> rnnviz.CELLS["lstm"](activations={"f": "step"})
    Traceback (most recent call last):
    ValueError: `activations['f']` must be one of sigmoid, tanh, relu, identity, hard_sigmoid, \
hard_sigmoid_6, elu, selu, softsign, softplus, leaky_relu, thresholded_relu, scaled_tanh, affine, \
exponential, got 'step'.
    """

    title: ClassVar[str]
    source: ClassVar[str]
    places: ClassVar[Mapping[str, Place]] = {}
    color: ClassVar[tuple[str, str] | None] = None
    path: ClassVar[str] = ""

    bias_blocks: ClassVar[Mapping[str, str]] = {}
    """Argument of `rnnviz.build` → the block whose bias it sets."""
    keeping_gate: ClassVar[str | None] = None
    """The gate that multiplies the last of ``states`` on its way to the next step, if there is.

    "1 − f" where what is left of a gate f keeps; a trace is asked for it like for a signal.
    """
    keeping_block: ClassVar[str | None] = None
    """The block whose bias opens that gate, where it is not the gate itself."""
    open_path: ClassVar[bool] = False
    """Whether the last of ``states`` goes on to the next step as it is, times 1, with no gate."""
    roles: ClassVar[Mapping[str, str]] = {}
    """What keeps, writes and reads the memory state: role → signal, or ``1 - signal``."""
    sees_past: ClassVar[bool] = True
    """Whether the blocks read h_{t−1}: without it there is no W_h."""

    def __init_subclass__(cls, **more: Any) -> None:
        """Read the equations of the default options, and what the class says of itself in them."""
        super().__init_subclass__(**more)
        if "name" not in vars(cls):
            return
        own = cls().statement
        _known(cls, own)
        for name, one in derived(own, cls.states, cls.signals).items():
            stated = vars(cls).get("roles", {}) if name == "roles" else {}
            setattr(cls, name, one | dict(stated) if stated else one)

    def __init__(self, **options: Any) -> None:
        """The options of `Stated`; signals are printed as they are under them."""
        super().__init__(**options)
        if {"activations", "clip"} & set(self.options):
            vars(self)["signals"] = printed(self.signals, self.statement)

    def _adapt(self) -> None:
        own = statement(self.stated(), self.states, None)
        vars(self).update(derived(own, self.states, self.signals))

    def __reduce__(self) -> tuple[Any, ...]:
        """A cell is its class, options and held gates: what is derived is made again."""
        return _made, (type(self), dict(self.options), dict(self.hold))

    def unusual(self, beside: Cell | None = None) -> list[str]:
        """Held gates and other functions in words; ``beside`` is a cell that has the usual ones."""
        found = [f"{gate} held at {value:g}" for gate, value in self.hold.items()]
        found += [f"{name} by {phi}" for name, phi in self.options.get("activations", ())]
        if "clip" in self.options:
            found.append(f"clipped to ±{self.options['clip']:g}")
        if beside is None:
            return found
        phi = self.options.get(self.phi_option)
        if phi != beside.options.get(self.phi_option):
            found.append(f"by {phi}")
        return found

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
        return next(iter(self.bias_blocks.values()), None)

    @property
    def steepest(self) -> float | None:
        """The largest |φ′| of a cell whose step is one φ of its pre-activation; else None."""
        node = last = self.statement.node("h")
        if node.op == "phi":
            node = self.statement.node(node.of[0].source)
        wires = {(wire.source, wire.weight) for wire in node.of}
        plain = node.op == "affine" and wires == {("x", "W_x"), ("h_prev", "W_h")}
        if not plain or self.states != ("h",):
            return None
        return function(last.phi).steepest

    def forward(self, W: Arrays, x: Array, start: Arrays) -> dict[str, Array]:
        """Step through x (T, B, D) from states (B, H): the record, in the order of processing."""
        return run_forward(self, self.steps, W, x, start)

    def forward_pass(
        self, W: Arrays, shape: tuple[int, int, int], dtype: Any, *, units_first: bool = False
    ) -> ForwardPass:
        """`forward` for any W and x of these shapes, (T, B, D), into the same records each time."""
        size = W["W_x"].shape[1] // len(self.blocks)
        return ForwardPass(self, self.steps, W, shape, size, dtype, units_first=units_first)

    def gradient_records(
        self, shape: tuple[int, int, int], dtype: Any, *, units_first: bool = False
    ) -> dict[str, Array]:
        """Room for ``da`` (T, B, G·H), its blocks and own gradients; ``shape`` is (T, B, H)."""
        return gradient_records(self, self.steps, shape, dtype, units_first=units_first)

    def backward_loop(
        self, W: Arrays, batch: int, size: int, dtype: Any, *, units_first: bool = False,
        changing: bool = False,
    ) -> BackwardLoop:  # fmt: skip
        """The backward step for rows (B, H), bound to its weights, which may be ``changing``."""
        return BackwardLoop(self, self.steps, W, batch, size, dtype, units_first=units_first,
                            changing=changing)  # fmt: skip

    def jacobians(self, W: Arrays, r: Arrays) -> Array:
        """∂s_t/∂s_{t−1} (T, n, n) of one example: row j is ∂s_t[j], s all ``states`` in a row.

        W has the parameters, r the record with rows (T, ·), both of the type of the result.
        """
        return _jacobian.step_jacobians(self, self.steps.recurrence, W, r)

    def gate_gradients(self, W: Arrays, r: Arrays, d: Arrays) -> dict[str, Array]:
        """∂L/∂gate (after the function) and ∂L/∂candidate (T, B, H), from a backward record d."""
        return _gradients.gate_gradients(self, self.steps.local, W, r, d)

    def contributions(self, W: Arrays, r: Arrays, d: Arrays) -> dict[str, Contribution]:
        """What each timestep adds to each parameter's gradient.

        A matrix: pairs (left (T, B, m), right (T, B, n)), one a group of columns, whose outer
        products over B are the columns' gradient at t. A vector: an array (T, B, …).
        """
        return _gradients.contributions(self, W, r, d)

    def pieces(self, parameter: str, r: Arrays, d: Arrays) -> list[tuple[Any, Array]]:
        """What a parameter's `contributions` are products of, as views of the records (T, B, ·).

        One a group of columns, or a row of a vector: what multiplies it, or None, and ∂L/∂sum.
        """
        return _gradients.pieces(self, parameter, r, d)

    def lines(self, W: Arrays, r: Arrays) -> tuple[Line, ...]:
        """Every signal's equation with its numbers, from recorded signals: terms (T, B, H)."""
        return _arithmetic.lines(self, W, r)


def _made(kind: type[Cell], options: Mapping[str, Any], hold: Mapping[str, float]) -> Cell:
    return kind(hold=hold, **options)


def _known(kind: type[Cell], own: Statement) -> None:
    """Refuse signals without an equation, and states that are no signals."""
    names = [signal.name for signal in kind.signals]
    for name in names:
        if name == "a":
            raise ValueError("`signals` must not have 'a', the name of the sums in the records.")
        if name not in own.lines:
            raise ValueError(f"`equations` must define the signal {name!r}.")
    for name in kind.states:
        if name not in names:
            raise ValueError(f"`signals` must have the state {name!r}.")
