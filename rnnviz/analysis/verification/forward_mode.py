"""Random directions carried FORWARD through a trace, without any backward equation.

Every timestep is linearised at the recorded states (`one_step`, `nudges`), so that rounding errors
which a chaotic network amplifies do not count. Where the step Jacobians have few enough numbers,
they carry the directions; another check compares each of them with a forward step.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from rnnviz.analysis.verification.complex_step import divided, divides_small
from rnnviz.analysis.verification.nudges import names_of, states_moved
from rnnviz.analysis.verification.one_step import OneStep, portions
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.carried_rows import carried
from rnnviz.numerics.extended_range import Scaled, joined

HELD = 64
"""Timesteps of which it is held what all directions do at them."""


class Move:
    """One layer's random directions, by the name of what they move.

    ``W`` parameters, ``start`` initial states (B, H), ``inside`` signals and pre-activations
    (T, B, H) and ``past`` all past states side by side (T, B, n), in the order of processing. Gates
    so small that a direction of order 1 would leave them behind move in proportion to themselves.
    """

    def __init__(self, at: LayerTrace, rng: np.random.Generator) -> None:
        self.W = {name: rng.standard_normal(W.shape) for name, W in at.parameters.items()}
        shape = at.record["h"].shape
        self.start = {f"{name}_0": rng.standard_normal(shape[1:]) for name in at.cell.states}
        self.inside = {name: rng.standard_normal(shape) for name in names_of(at.cell)}
        if divides_small(at):
            for name in divided(at) & set(self.inside):
                self.inside[name] *= at.record[name]
        self.past = rng.standard_normal((*shape[:2], shape[2] * len(at.cell.states)))


def in_order(at: LayerTrace, array: Array) -> Array:
    """Rows in input time, put in the order of processing, or back; stated here once more."""
    return array[::-1] if at.direction == "reverse" else array


def moved_outputs(
    trace: Trace, steps: list[OneStep], moves: list[Move], kinds: list[str], dx: Array
) -> Scaled:
    """δoutputs (T, K, B, n) of each kind's direction; ``steps`` and ``moves`` are the layers'."""
    sides = trace.model.directions
    below = np.zeros((len(dx), len(kinds), *dx.shape[1:]))
    below[:, kinds.index("x")] = dx
    moved = Scaled(below, np.zeros(below.shape[:-1], np.int64))
    for level in range(trace.model.num_layers):
        ends = []
        for side in range(len(sides)):
            index = level * len(sides) + side
            at = trace.layers[index]
            arriving = Scaled(in_order(at, moved.mantissa), in_order(at, moved.exponent))
            end = _through(steps[index], moves[index], kinds, arriving)
            if at.projection is not None:
                end = end.map(end.mantissa @ at.projection.astype(float))
            ends.append(Scaled(in_order(at, end.mantissa), in_order(at, end.exponent)))
        top = np.maximum.reduce([end.top() for end in ends])
        moved = Scaled(np.concatenate([end.at(top) for end in ends], axis=-1), top)
    return moved


def _through(step: OneStep, move: Move, kinds: list[str], dx: Scaled) -> Scaled:
    """One layer's δh (T, K, B, H), in the order of processing."""
    states, size = step.names, step.size
    steps, _, batch, _ = dx.mantissa.shape
    start = np.zeros((len(kinds), batch, len(states), size))
    for j, name in enumerate(states):
        start[kinds.index(f"{name}_0"), :, j] = move.start[f"{name}_0"]
    now = Scaled(start.reshape(len(kinds), batch, -1), np.zeros((len(kinds), batch), np.int64))
    matrices, found = step.matrices(), list[Scaled]()
    for first in range(0, steps, HELD):
        part = slice(first, min(first + HELD, steps))
        below = _pushed_from_below(step, dx[part].normalised(), part)
        push = below + _pushed_here(step, move, kinds, part)
        on = partial(_on, step, None if matrices is None else matrices[part], first)
        rows = carried(now, push, on, one_by_one=matrices is None)
        now = rows[-1]
        found.append(rows.columns(slice(size)))
    return joined(found)


def _on(step: OneStep, matrices: Array | None, first: int, k: int, rows: Array) -> Array:
    """What δ(past states) (K, B, n), in rows of order 1, do at timestep ``first`` + k."""
    if matrices is None:
        return step(slice(first + k, first + k + 1), ds=rows[None])[0]
    return np.matmul(rows.swapaxes(0, 1), matrices[k]).swapaxes(0, 1)


def _pushed_from_below(step: OneStep, dx: Scaled, at: slice) -> Scaled:
    """δ(states at t) (t, K, B, n) by what the inputs at t do alone; ``dx`` is that of ``at``."""
    steps, count, batch, _ = dx.mantissa.shape
    moving = [k for k in range(count) if dx.mantissa[:, k].any()]
    found = np.zeros((steps, count, batch, step.past.shape[-1]))
    for part in portions(steps, batch * max(1, len(moving)) * step.widest**2):
        if moving:
            there = slice(at.start + part.start, at.start + part.stop)
            found[part, moving] = step(there, dx=dx.mantissa[part, moving])
    return dx.map(found)


def _pushed_here(step: OneStep, move: Move, kinds: list[str], at: slice) -> Scaled:
    """δ(states at t) (t, K, B, n) by what this layer's parameters and signals do at t alone."""
    steps, batch, width = step.past[at].shape
    found = np.zeros((steps, len(kinds), batch, width))
    for part in portions(steps, batch * step.widest**2):
        there = slice(at.start + part.start, at.start + part.stop)
        for name, direction in move.W.items():
            found[part, kinds.index(name)] = step(there, dW={name: direction})[:, 0]
    few = replace(step.at, record={name: one[at] for name, one in step.at.record.items()})
    inside = {name: one[at] for name, one in move.inside.items()}
    for one, name in zip(states_moved(few, inside), inside, strict=True):
        found[:, kinds.index(name)] = one
    return Scaled(found, np.zeros(found.shape[:-1], np.int64))
