"""What drivers run of a cell: the compiled steps, with their records.

A record is a mapping name → array with time first. Forward it has the inputs ``x``, every signal,
every state one step before (``h_prev``), and what the backward step needs besides. Backward,
``dh`` and ``dc`` are ∂L/∂state, ``da`` (T, B, G·H) is ∂L/∂(weighted sums) in the parameters' order
of blocks and ``da_f`` its block f.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from rnnviz.cells._backward import CALLS as BACKWARD_CALLS
from rnnviz.cells._backward import BackwardStep, compile_backward
from rnnviz.cells._equations import ALWAYS as BIASES
from rnnviz.cells._equations import Statement
from rnnviz.cells._forward import CALLS as FORWARD_CALLS
from rnnviz.cells._forward import ForwardStep, compile_forward, run_key
from rnnviz.cells._local import Local, differentiate
from rnnviz.cells._stated import Stated
from rnnviz.cells._values import Values
from rnnviz.cells._weights import Inputs, plan
from rnnviz.numerics.arrays import Array, Arrays

COMPUTED = ("rest", "times", "plus", "share")
"""Operations whose value `Values` finds from those of their operands."""


@dataclass(frozen=True)
class Steps:
    """A cell's compiled steps and the derivatives that they were made from."""

    local: Local
    forward: ForwardStep
    backward: BackwardStep


@cache
def compiled(statement: Statement, states: tuple[str, ...], signals: tuple[str, ...]) -> Steps:
    """The steps of a statement, compiled once."""
    local = differentiate(statement, states)
    kept = {*signals, *states, *_read(local)}
    forward = compile_forward(statement, kept)
    return Steps(local, forward, compile_backward(local))


def _read(local: Local) -> set[str]:
    """The nodes whose values a backward step reads."""
    statement = local.statement
    found = {wire.source for node in statement.nodes for wire in node.of if wire.weight}
    for factor in (*local.factors.values(), *local.values.values()):
        for kind, name, *_ in (atom for term in factor for atom in term.atoms):
            if kind == "over":
                found |= {wire.source for wire in statement.node(name).of}
            elif kind != "weight":
                found.add(name)
    # What has no line of its own is computed again from its operands, but for a function.
    for node in reversed(statement.nodes):
        if node.name in found and node.name not in statement.lines and node.op in COMPUTED:
            found.remove(node.name)
            found |= {wire.source for wire in node.of}
    pasts = {node.name for node in statement.nodes if node.op in ("past", "input")}
    return found - pasts


AT_ONCE = 48 * 1024
"""Bytes of a record (T, B, H) whose local derivatives are computed at once, to stay in the cache.
"""


def room(shape: tuple[int, ...], dtype: Any, *, units_first: bool = False) -> Array:
    """An array (…, B, n) to be filled; in memory with the n units before the B examples, if asked.

    Then the blocks of a gate lie in one piece, and a call on some of them is one loop, not B of
    them. Shapes, and so the steps' text, are the same.
    """
    if not units_first:
        return np.empty(shape, dtype)
    return np.empty((*shape[:-2], shape[-1], shape[-2]), dtype).swapaxes(-1, -2)


@cache
def _for_units_first(text: str) -> Callable[..., Any]:
    """`make` of a step's text whose products can be written with the units first."""
    scope: dict[str, Any] = {**FORWARD_CALLS, **BACKWARD_CALLS, "dot": np.matmul}
    exec(compile(text, "<step>", "exec"), scope)
    make: Callable[..., Any] = scope["make"]
    return make


class ForwardPass:
    """A cell's forward step with room for its records, for any x of one shape (T, B, D).

    Every call writes into the same arrays; of the parameters, names and shapes must not change.
    """

    def __init__(
        self, cell: Stated, compiled_steps: Steps, W: Arrays, shape: tuple[int, ...], size: int,
        dtype: Any, *, units_first: bool = False,
    ) -> None:  # fmt: skip
        self.cell, self.step, self.size, self.dtype = cell, compiled_steps.forward, size, dtype
        self.steps, self.batch = shape[:2]
        self.units_first = units_first
        self.make = _for_units_first(self.step.text) if units_first else self.step.make
        if units_first:
            self.x_and_1 = room((*shape[:2], shape[2] + 1), dtype, units_first=True)
            self.x_and_1[..., -1] = 1
        biases = tuple(name for name in BIASES if name in cell.as_held(W))
        self.weights, self.inputs = plan(self.step, cell.statement, biases)
        self.bases = {key: self.series(one.count) for key, one in self.inputs.items()}
        self.record = _records(self.step, cell.states, self.series, self.state, self.bases)
        self.temporary = {name: self.series(1) for name in self.step.temporary}

    def series(self, count: int) -> Array:
        """Room for some blocks at every timestep, (T, B, n·H)."""
        return self._room(self.steps, self.batch, count * self.size)

    def state(self) -> Array:
        """Room for a state at every timestep and before the first, (T + 1, B, H)."""
        return self._room(self.steps + 1, self.batch, self.size)

    def scratch(self, count: int) -> Array:
        """Room for some blocks at one timestep, (B, n·H)."""
        return self._room(self.batch, count * self.size)

    def _room(self, *shape: int) -> Array:
        return room(shape, self.dtype, units_first=self.units_first)

    def __call__(self, W: Arrays, x: Array, start: Arrays) -> dict[str, Array]:
        """Step through x from states (B, H), in the order of processing; the records."""
        W, size, dtype = self.cell.as_held(W), self.size, self.dtype
        if self.units_first:
            self.x_and_1[..., :-1] = x
            x = self.x_and_1[..., :-1]
        for key, one in self.inputs.items():
            if self.units_first and one.weight is not None:
                both = _weights_and_bias(one, one.weight.of(W, size), W, size)
                np.matmul(self.x_and_1, both, out=self.bases[key])
            else:
                _base(one, W, x, self.bases[key], size)
        for name, first in start.items():
            self.record[f"{name}_prev"][0] = first
        self.record["x"] = x
        named = {**self.record, **self.bases, **self.temporary}
        before, fixed_rows, loop, rows = self.make(
            {key: one.of(W, size) for key, one in self.weights.items()},
            self.scratch,
            lambda count: np.ones_like(self.scratch(count)),
            lambda value: np.array(value, dtype),
            size,
        )
        if fixed_rows:
            before(self.series, *[named[row] for row in fixed_rows])
        loop(*[named[row][0] if row in self.step.pasts else named[row] for row in rows])
        return self.record


def run_forward(
    cell: Stated, compiled_steps: Steps, W: Arrays, x: Array, start: Arrays
) -> dict[str, Array]:
    """Step one layer through x (T, B, D) from states (B, H), in the order of processing."""
    first = start["h"]
    forward = ForwardPass(cell, compiled_steps, W, x.shape, first.shape[-1], first.dtype)
    return forward(W, x, start)


def _records(
    step: ForwardStep, states: tuple[str, ...], series: Callable[[int], Array],
    state: Callable[[], Array], bases: Arrays,
) -> dict[str, Array]:  # fmt: skip
    """Room for everything that is kept; ``h_prev`` and ``h`` are rows of one array.

    Where a step has read its row of a group's prepared sums, the gates made of them take its place.
    """
    record = dict[str, Array]()
    for name in states:
        rows = state()
        record[name], record[f"{name}_prev"] = rows[1:], rows[:-1]
    for name in step.recorded:
        if name not in record:
            record[name] = series(1)
    size = record["h"].shape[-1]
    for run in step.runs:
        if run[0] in states:
            continue
        home = _home(step, run, bases, size)
        record[run_key(run)] = whole = series(len(run)) if home is None else home
        if len(run) > 1:
            for k, name in enumerate(run):
                record[name] = whole[..., k * size : (k + 1) * size]
    return record


def _home(step: ForwardStep, run: tuple[str, ...], bases: Arrays, size: int) -> Array | None:
    """The blocks of prepared sums (T, B, n·H) that a run of gates is made of, read before it."""
    for group in step.groups:
        names = [node.name for node in group.nodes]
        in_place = len(names) == 1 and group.nodes[0].phi == "identity"
        if group.source and not in_place and run[0] in names:
            start = names.index(run[0])
            if tuple(names[start : start + len(run)]) == run:
                return bases[group.key][..., start * size : (start + len(run)) * size]
    return None


def _base(one: Inputs, W: Arrays, x: Array, base: Array, size: int) -> Array:
    """x W_x and biases of a group of sums, (T, B, n·H)."""
    biases = [bias.of(W, size) for bias in one.biases]
    if one.weight is None:
        base[...] = sum(biases) if biases else 0
        return base
    np.dot(x.reshape(-1, x.shape[-1]), one.weight.of(W, size), base.reshape(-1, base.shape[-1]))
    for bias in biases:
        base += bias
    return base


def _weights_and_bias(one: Inputs, weight: Array, W: Arrays, size: int) -> Array:
    """W_x with the sum of the biases as its last row, (D + 1, n·H)."""
    bias = sum((bias.of(W, size) for bias in one.biases), np.zeros_like(weight[0]))
    return np.concatenate([weight, bias[None]])


def gradient_records(
    cell: Stated, steps: Steps, shape: tuple[int, int, int], dtype: Any, *,
    units_first: bool = False,
) -> dict[str, Array]:  # fmt: skip
    """Room for ``da``, its blocks and a cell's own gradients; ``shape`` is (T, B, H)."""
    whole = (*shape[:2], len(cell.blocks) * shape[2])
    d = {"da": room(whole, dtype, units_first=units_first)}
    d |= {name: room(shape, dtype, units_first=units_first) for name in steps.backward.own}
    return d | {f"da_{block}": cell.block(block, d["da"]) for block in cell.blocks}


def local_derivatives(
    cell: Stated, steps: Steps, W: Arrays, record: Arrays, d: Arrays
) -> dict[str, Array]:
    """What the backward loop reads beside records: factors (T, B, H) and blocks of ``da``.

    The blocks of ``da`` that one later gradient serves are filled with their factors: the loop
    multiplies that gradient into them, in place.
    """
    step, statement = steps.backward, steps.local.statement
    values = Values(statement, record, W, cell.hold)
    for name, factor in step.ahead.items():
        values.factor(factor, d[name])
    shape = record["h"].shape
    found = dict[str, Array]()
    for name, factor in step.factors.items():
        one = np.asarray(values.factor(factor))
        found[name] = one if one.shape == shape else np.broadcast_to(one, shape)
    da = d["da"].reshape(*shape[:-1], len(cell.blocks), shape[-1])
    for name, (low, high, apart) in step.blocks.items():
        part = slice(low * shape[-1], high * shape[-1])
        found[name] = da[..., low:high, :] if apart else d["da"][..., part]
    return found


class BackwardLoop:
    """A cell's backward step, bound to its weights, for rows (B, ·) of any timesteps."""

    def __init__(
        self, cell: Stated, steps: Steps, W: Arrays, batch: int, size: int, dtype: Any, *,
        units_first: bool = False,
    ) -> None:  # fmt: skip
        self.cell, self.steps, self.W = cell, steps, W
        text, make = steps.backward.text, steps.backward.make
        bound = (_for_units_first(text) if units_first else make)(
            W, lambda count: room((batch, count * size), dtype, units_first=units_first), size
        )
        self.loop: Callable[..., None] = bound[0]
        self.rows: list[str] = bound[1]

    def __call__(self, record: Arrays, d: Arrays) -> None:
        """Go back through all rows of the records (T, B, ·), last timestep first.

        ``d`` has the records of `gradient_records` and, for every state, ``dh`` and ``dh_prev``:
        the last row of ``dh`` and all of ``dh_prev`` hold what arrives there; the rest is written.
        """
        steps, rows = len(record["h"]), max(1, AT_ONCE // max(1, record["h"][:1].nbytes))
        for high in range(steps, 0, -rows):
            part = slice(max(0, high - rows), high)
            self.at_once(*({name: one[part] for name, one in of.items()} for of in (record, d)))

    def at_once(self, record: Arrays, d: Arrays) -> None:
        """`__call__`, all rows in one go: for few of them."""
        named = {**record, **d, **local_derivatives(self.cell, self.steps, self.W, record, d)}
        states = len(self.cell.states)
        first = [named[name][-1] for name in self.rows[:states]]
        self.loop(*first, *(named[name][::-1] for name in self.rows[states:]))

    def bound(self, record: Arrays, d: Arrays) -> Callable[[int], None]:
        """The step at one timestep by itself; local derivatives are computed here, once for all."""
        named = {**record, **d, **local_derivatives(self.cell, self.steps, self.W, record, d)}
        series, states = [named[name] for name in self.rows], len(self.cell.states)

        def step(t: int) -> None:
            first = [one[t] for one in series[:states]]
            self.loop(*first, *(one[t : t + 1] for one in series[states:]))

        return step
