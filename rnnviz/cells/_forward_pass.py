"""The forward loop over time: room for the records, prepared sums, and the compiled step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from rnnviz.cells._equation_weights import ALWAYS as BIASES
from rnnviz.cells._forward import ForwardStep
from rnnviz.cells._forward_text import run_key
from rnnviz.cells._room import for_batch, for_complex, for_units_first, room, with_units_first
from rnnviz.cells._stated import Stated
from rnnviz.cells._steps import Steps
from rnnviz.cells._weights import Inputs, plan
from rnnviz.numerics.arrays import Array, Arrays


class ForwardPass:
    """A cell's forward step with room for its records, for any x of one shape (T, B, D).

    Every call writes into the same arrays; of the parameters, names and shapes must not change.
    With ``again``, for many calls, x is copied into ``x``, an array of the pass, and what is bound
    to arrays once stays bound.
    """

    def __init__(
        self, cell: Stated, compiled_steps: Steps, W: Arrays, shape: tuple[int, ...], size: int,
        dtype: Any, *, units_first: bool = False, again: bool = True,
    ) -> None:  # fmt: skip
        self.cell, self.step, self.size, self.dtype = cell, compiled_steps.forward, size, dtype
        self.steps, self.batch = shape[:2]
        self.units_first, self.again = units_first, again
        self.make = for_batch(self.step.text) if self.batch > 1 else self.step.make
        if units_first:
            self.make = for_units_first(self.step.text)
        if np.dtype(dtype).kind == "c":
            self.make = for_complex(self.step.text)
        if units_first:
            self.x_and_1 = room((*shape[:2], shape[2] + 1), dtype, units_first=True)
            self.x_and_1[..., -1] = 1
        if again:
            self.x = self.x_and_1[..., :-1] if units_first else np.empty(shape, dtype)
        biases = tuple(name for name in BIASES if name in cell.as_held(W))
        self.weights, self.inputs = plan(self.step, cell.statement, biases)
        self.bases = {key: self.series(one.count) for key, one in self.inputs.items()}
        self.record = _records(self.step, cell.states, self.series, self.state, self.bases,
                               alone=self.batch > 1 and not units_first)  # fmt: skip
        self.temporary = {name: self.series(1) for name in self.step.temporary}
        self.bound: dict[str, Array] = {}
        self.runs: list[Callable[[], None]] = []

    def series(self, count: int) -> Array:
        """Room for some blocks at every timestep, (T, B, n·H)."""
        return self._room(self.steps, self.batch, count * self.size)

    def state(self) -> Array:
        """Room for a state at every timestep and before the first, (T + 1, B, H)."""
        return self._room(self.steps + 1, self.batch, self.size)

    def scratch(self, count: int) -> Array:
        """Room for some blocks at one timestep, as the loop takes them."""
        shape = self.batch, count * self.size
        return np.empty(shape[::-1] if self.units_first else shape, self.dtype)

    def ones(self, count: int) -> Array:
        """`scratch`, filled with ones."""
        found = self.scratch(count)
        found.fill(1)
        return found

    def _room(self, *shape: int) -> Array:
        return room(shape, self.dtype, units_first=self.units_first)

    def __call__(self, W: Arrays, x: Array, start: Arrays) -> dict[str, Array]:
        """Step through x from states (B, H), in the order of processing; the records."""
        W, size = self.cell.as_held(W), self.size
        if self.again:
            self.x[...] = x
            x = self.x
        for key, one in self.inputs.items():
            if self.units_first and one.weight is not None:
                both = _weights_and_bias(one, one.weight.of(W, size), W, size)
                np.matmul(self.x_and_1, both, out=self.bases[key])
            else:
                _base(one, W, x, self.bases[key], size)
        for name, first in start.items():
            self.record[f"{name}_prev"][0] = first
        weights = {key: one.of(W, size) for key, one in self.weights.items()}
        if not self._renewed(weights):
            self.record["x"] = x
            self.runs = self._bind(weights)
            self.bound = weights
        for run in self.runs:
            run()
        return self.record

    def _renewed(self, weights: dict[str, Array]) -> bool:
        """Write other weights where the loop is bound to; False if it has to be bound anew."""
        if not self.again or not self.bound:
            return False
        for key, one in weights.items():
            to = self.bound[key]
            if one is not to:
                if self.weights[key].whole:  # the array is the caller's
                    return False
                to[...] = one
        return True

    def _bind(self, weights: dict[str, Array]) -> list[Callable[[], None]]:
        """What is to be done before the loop, and the loop, bound to weights and records."""
        named = {**self.record, **self.bases, **self.temporary}
        if self.units_first:
            named = {name: with_units_first(one) for name, one in named.items()}
            weights = {
                key: one[..., None] if self.weights[key].vector else one.T
                for key, one in weights.items()
            }
        before, fixed_rows, loop, rows = self.make(
            weights, self.scratch, self.ones,
            lambda value: np.array(value, self.dtype), self.size,
        )  # fmt: skip
        found: list[Callable[[], None]] = []
        if fixed_rows:
            made = (self.steps, self.batch, self.size, self.dtype, self.units_first)
            found.append(
                partial(before, partial(_wide, *made), *[named[row] for row in fixed_rows])
            )
        steps = [named[row][0] if row in self.step.pasts else named[row] for row in rows]
        if self.again:  # views of all rows, made once
            count = sum(row in self.step.pasts for row in rows)
            steps[count:] = [list(one) for one in steps[count:]]
        return [*found, partial(loop, *steps)]


def _wide(steps: int, batch: int, size: int, dtype: Any, units_first: bool, count: int) -> Array:
    """Room for some blocks at every timestep, as the text takes it."""
    width = count * size
    return np.empty((steps, width, batch) if units_first else (steps, batch, width), dtype)


def run_forward(
    cell: Stated, compiled_steps: Steps, W: Arrays, x: Array, start: Arrays
) -> dict[str, Array]:
    """Step one layer through x (T, B, D) from states (B, H), in the order of processing."""
    first = start["h"]
    forward = ForwardPass(cell, compiled_steps, W, x.shape, first.shape[-1], first.dtype,
                          again=False)  # fmt: skip
    return forward(W, x, start)


def _records(
    step: ForwardStep, states: tuple[str, ...], series: Callable[[int], Array],
    state: Callable[[], Array], bases: Arrays, *, alone: bool,
) -> dict[str, Array]:  # fmt: skip
    """Room for everything that is kept; ``h_prev`` and ``h`` are rows of one array.

    Where a step has read its row of a group's prepared sums, the gates made of them take its place;
    with ``alone`` a gate that is no run and not the first of them has room without gaps instead.
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
        home = _home(step, run, bases, size, alone=alone)
        record[run_key(run)] = whole = series(len(run)) if home is None else home
        if len(run) > 1:
            for k, name in enumerate(run):
                record[name] = whole[..., k * size : (k + 1) * size]
    return record


def _home(
    step: ForwardStep, run: tuple[str, ...], bases: Arrays, size: int, *, alone: bool
) -> Array | None:
    """The blocks of prepared sums (T, B, n·H) that a run of gates is made of, read before it."""
    for group in step.groups:
        names = [node.name for node in group.nodes]
        in_place = len(names) == 1 and group.nodes[0].phi == "identity"
        if group.source and not in_place and run[0] in names:
            start = names.index(run[0])
            if alone and start and len(run) == 1:
                return None
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
