"""What drivers run of a cell: the compiled steps, with their records.

A record is a mapping name → array with time first. Forward it has the inputs ``x``, every signal,
every state one step before (``h_prev``), and what the backward step needs besides. Backward,
``dh`` and ``dc`` are ∂L/∂state, ``da`` (T, B, G·H) is ∂L/∂(weighted sums) in the parameters' order
of blocks and ``da_f`` its block f.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from rnnviz.cells._backward import MANY_OF_BATCH, BackwardStep, compile_backward
from rnnviz.cells._dependence import Recurrence
from rnnviz.cells._equations import KEPT, Statement
from rnnviz.cells._forward import ForwardStep, compile_forward
from rnnviz.cells._local import Local, differentiate
from rnnviz.cells._room import (
    Room,
    for_changing_weights,
    for_units_first,
    room,
    with_units_first,
)
from rnnviz.cells._stated import Stated
from rnnviz.cells._values import Values
from rnnviz.numerics.arrays import Array, Arrays

COMPUTED = ("rest", "times", "plus", "share")
"""Operations whose value `Values` finds from those of their operands."""


@dataclass(frozen=True)
class Steps:
    """A cell's compiled steps and the derivatives that they were made from."""

    local: Local
    forward: ForwardStep
    backward: BackwardStep
    recurrence: Recurrence

    @cached_property
    def backward_of_batch(self) -> BackwardStep:
        """The backward step for several examples, the units of each in one piece."""
        return compile_backward(self.local, MANY_OF_BATCH)


@lru_cache(maxsize=KEPT)
def compiled(statement: Statement, states: tuple[str, ...], signals: tuple[str, ...]) -> Steps:
    """The steps of a statement, compiled once."""
    local = differentiate(statement, states)
    kept = {*signals, *states, *_read(local)}
    forward = compile_forward(statement, kept)
    return Steps(local, forward, compile_backward(local), Recurrence(local))


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


AT_ONCE = 160 * 1024
"""Bytes of a record (T, B, H) whose local derivatives are computed at once, to stay in the cache.
"""


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
    cell: Stated, step: BackwardStep, values: Values, d: Arrays
) -> dict[str, Array]:
    """What the backward loop reads beside records: factors (T, B, H) and blocks of ``da``.

    The blocks of ``da`` that one later gradient serves are filled with their factors: the loop
    multiplies that gradient into them, in place.
    """
    for name, factor in step.ahead.items():
        values.factor(factor, d[name])
    shape = values.r["h"].shape
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
    """A cell's backward step, bound to its weights, for rows (B, ·) of any timesteps.

    With ``changing`` the weights may change from one pass to the next.
    """

    def __init__(
        self, cell: Stated, steps: Steps, W: Arrays, batch: int, size: int, dtype: Any, *,
        units_first: bool = False, changing: bool = False,
    ) -> None:  # fmt: skip
        self.cell, self.steps, self.W, self.units_first = cell, steps, W, units_first
        self.step = steps.backward if batch == 1 or units_first else steps.backward_of_batch
        make = self.step.make
        if units_first or changing:
            make = (for_units_first if units_first else for_changing_weights)(self.step.text)
        bound = make(
            W, lambda count: np.empty(_row(batch, count * size, units_first), dtype), size
        )
        self.loop: Callable[..., None] = bound[0]
        self.rows: list[str] = bound[1]

    def __call__(self, record: Arrays, d: Arrays) -> None:
        """Go back through all rows of the records (T, B, ·), last timestep first.

        ``d`` has the records of `gradient_records` and, for every state, ``dh`` and ``dh_prev``:
        the last row of ``dh`` and all of ``dh_prev`` hold what arrives there; the rest is written.
        """
        steps, rows = len(record["h"]), max(1, AT_ONCE // max(1, record["h"][:1].nbytes))
        if steps <= rows:
            self._at_once(record, d)
            return
        for high in range(steps, 0, -rows):
            part = slice(max(0, high - rows), high)
            self._at_once(*({name: one[part] for name, one in of.items()} for of in (record, d)))

    def _at_once(self, record: Arrays, d: Arrays) -> None:
        first, series = self._rows(self._values(record), record, d)
        self.loop(*first, *(one[::-1] for one in series))

    def _values(self, record: Arrays, scratch: Room | None = None) -> Values:
        return Values(self.steps.local.statement, record, self.W, self.cell.hold, scratch)

    def _rows(self, values: Values, record: Arrays, d: Arrays) -> tuple[list[Array], list[Array]]:
        """What the loop takes: its states' gradients at the last step, and series."""
        named = {**record, **d, **local_derivatives(self.cell, self.step, values, d)}
        series, states = [named[name] for name in self.rows], len(self.cell.states)
        if self.units_first:
            series = [with_units_first(one) for one in series]
        return [one[-1] for one in series[:states]], series[states:]

    def again(self, record: Arrays, d: Arrays, scratch: Room) -> Callable[[], None]:
        """`__call__` on these arrays, in one go, as a function for whatever they hold later.

        ``scratch`` gives room for what is computed in between. The first pass is still to be made.
        """
        values = self._values(record, scratch)
        first, series = self._rows(values, record, d)
        rows, calls = [list(one[::-1]) for one in series], values.calls

        def run() -> None:
            for function, arguments in calls:
                function(*arguments)
            self.loop(*first, *rows)

        return run

    def bound(self, record: Arrays, d: Arrays) -> Callable[[int], None]:
        """The step at one timestep by itself; local derivatives are computed here, once for all."""
        values = self._values(record)
        named = {**record, **d, **local_derivatives(self.cell, self.step, values, d)}
        series, states = [named[name] for name in self.rows], len(self.cell.states)

        def step(t: int) -> None:
            first = [one[t] for one in series[:states]]
            self.loop(*first, *(one[t : t + 1] for one in series[states:]))

        return step


def _row(batch: int, width: int, units_first: bool) -> tuple[int, int]:
    return (width, batch) if units_first else (batch, width)
