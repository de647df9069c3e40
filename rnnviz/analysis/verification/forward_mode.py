"""Random directions carried FORWARD through a trace, without any backward equation.

Complex steps through the cell's forward equations (Squire and Trapp 1998). Every timestep starts
from the recorded states, so that a chaotic network does not drive two roundings apart. Where a
complex step is not finite (a gate some 1000 standard units into saturation) central differences
take its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.core.model import Model, unchecked
from rnnviz.core.trace import LayerTrace, Trace, forward
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.relative_error import normal, powers_of

Array = NDArray[Any]
Arrays = Mapping[str, Array]
STEP, NUDGE = 2.0**-100, 2.0**-17
"""The complex step, and that of the central differences (both times a direction of order 1)."""
STILL = np.zeros((1, 1, 1, 1))
"""No direction."""
SMALL = 2**17
"""The most numbers that a product of matrices may have to stay on one thread."""


class Move:
    """One layer's random directions: dW per parameter, and the initial states' (B, H)."""

    def __init__(self, at: LayerTrace, kinds: list[str], rng: np.random.Generator) -> None:
        self.W = {name: rng.standard_normal(W.shape) for name, W in at.parameters.items()}
        start = {f"{name}_0": value for name, value in at.initial.items()}
        self.start = {name: rng.standard_normal(value.shape) for name, value in start.items()}


def moved_outputs(
    trace: Trace, moves: list[Move], kinds: list[str], dx: Array
) -> tuple[Scaled, bool]:
    """δoutputs (T, K, B, n) of each kind's direction, and whether all steps were complex ones."""
    sides, exact = trace.model.directions, True
    below = np.zeros((len(dx), len(kinds), *dx.shape[1:]))
    below[:, kinds.index("x")] = dx
    moved = Scaled(below, np.zeros(below.shape[:-1], np.int64))
    for level in range(trace.model.num_layers):
        ends = []
        for side in range(len(sides)):
            at = trace.layers[level * len(sides) + side]
            arriving = Scaled(at.in_time(moved.mantissa), at.in_time(powers_of(moved)))
            end, fine = _through(at, moves[level * len(sides) + side], kinds, arriving)
            ends.append(Scaled(at.in_time(end.mantissa), at.in_time(powers_of(end))))
            exact &= fine
        top = np.maximum.reduce([end.top() for end in ends])
        moved = Scaled(np.concatenate([end.at(top) for end in ends], axis=-1), top)
    return moved, exact


def _through(at: LayerTrace, move: Move, kinds: list[str], dx: Scaled) -> tuple[Scaled, bool]:
    """One layer's δh (T, K, B, H), in the order of processing."""
    states, size = at.cell.states, at.record["h"].shape[-1]
    step, (steps, _, batch, _) = _Step(at), dx.mantissa.shape
    inputs, width = normal(dx), len(states) * size
    push = inputs.map(np.zeros((*inputs.mantissa.shape[:-1], width)))
    moving = [k for k in range(len(kinds)) if inputs.mantissa[:, k].any()]
    for part in _chunks(steps, batch * max(1, len(moving)) * max(at.parameters["W_x"].shape) ** 2):
        if moving:
            push.mantissa[part, moving] = step(part, dx=inputs.mantissa[part, moving])
    for k, kind in enumerate(kinds):
        if kind in move.W:
            there = np.zeros(push.mantissa.shape)
            for part in _chunks(steps, batch * max(at.parameters["W_x"].shape) ** 2):
                there[part, k] = step(part, dW={kind: move.W[kind]})[:, 0]
            push = push + Scaled(there, np.zeros(there.shape[:-1], np.int64))
    start = np.zeros((len(kinds), batch, len(states), size))
    for j, name in enumerate(states):
        start[kinds.index(f"{name}_0"), :, j] = move.start[f"{name}_0"]
    now = Scaled(start.reshape(len(kinds), batch, -1), np.zeros((len(kinds), batch), np.int64))
    found, powers = np.empty((steps, len(kinds), batch, size)), np.empty(push.top().shape, np.int64)
    for t in range(steps):
        now = normal(now)
        on = step(slice(t, t + 1), ds=now.mantissa[None])[0]
        now = now.map(on) + Scaled(push.mantissa[t], powers_of(push)[t])
        found[t], powers[t] = now.mantissa[..., :size], powers_of(now)
    return Scaled(found, powers), step.exact


def _chunks(steps: int, size: int) -> list[slice]:
    """Timesteps in portions so small that no product of matrices is worth a second thread."""
    count = max(1, SMALL // size)
    return [slice(start, min(start + count, steps)) for start in range(0, steps, count)]


class _Step:
    """Directional derivatives of one forward step from the recorded states, by small steps."""

    def __init__(self, at: LayerTrace) -> None:
        self.at, self.exact = at, True
        self.names, self.size = at.cell.states, at.record["h"].shape[-1]
        self.W = {name: W.astype(complex) for name, W in at.parameters.items()}
        joined = {
            end: np.concatenate([at.record[name + end] for name in self.names], axis=-1)
            for end in ("", "_prev")
        }
        self.past, self.here = joined["_prev"].astype(float), joined[""].astype(float)
        self.x = at.record["x"].astype(float)
        self.close = 1e-6 if at.record["h"].dtype == np.float64 else 1e-3

    def __call__(
        self, part: slice, ds: Array | None = None, dx: Array | None = None, dW: Any = None
    ) -> Array:
        """δs (t, K, B, n) at the timesteps of ``part``, from directions so shaped (or K = 1)."""
        directions = (STILL if ds is None else ds, STILL if dx is None else dx, dW or {})
        ends = self._both_ends(part, 1j * STEP, *directions)
        here = self.here[part][:, None]
        near = np.abs(ends[0].real - here) <= self.close * np.maximum(1, np.abs(here))
        if near.all() and np.isfinite(ends[0]).all() and np.isfinite(ends[1]).all():
            plus, minus = ends[0].imag / STEP, -ends[1].imag / STEP
            # At a kink (relu at 0) the two differ, and the cell takes the smaller slope: none.
            kink = np.abs(plus - minus) > 1e-6 * (np.abs(plus) + np.abs(minus))
            return np.where(kink & (np.abs(minus) < np.abs(plus)), minus, plus)
        self.exact = False
        nudge = NUDGE / self._reach()
        ends = [end.real for end in self._both_ends(part, nudge, *directions)]
        return (ends[0] - ends[1]) / (2 * nudge)

    def _reach(self) -> float:
        """How far a direction of order 1 may move a pre-activation: a nudge must not leave it."""
        sums = [np.abs(W).sum(axis=0).max() for W in self.W.values()]
        return max(1.0, *sums, *(np.abs(one).sum(axis=-1).max() for one in (self.x, self.past)))

    def _both_ends(self, part: slice, by: complex, ds: Array, dx: Array, dW: Arrays) -> list[Array]:
        """The states after a step that begins a little to one side, and to the other.

        Directions of states and inputs go there side by side, in one step of twice the batch.
        """
        if dW:
            return [self._end(part, sign * by, ds, dx, dW) for sign in (1, -1)]
        ds, dx = (one if one is STILL else np.concatenate([one, -one], 1) for one in (ds, dx))
        return np.split(self._end(part, by, ds, dx, dW), 2, axis=1)

    def _end(self, part: slice, by: complex, ds: Array, dx: Array, dW: Arrays) -> Array:
        past = self.past[part][:, None] + complex(by) * ds
        x = self.x[part][:, None] + by * dx
        shape = np.broadcast_shapes(past.shape[:-1], x.shape[:-1])
        past, x = (
            np.broadcast_to(one, (*shape, one.shape[-1])).reshape(1, -1, one.shape[-1])
            for one in (past, x)
        )
        W = {name: one + by * dW[name] if name in dW else one for name, one in self.W.items()}
        start = {
            name: past[..., k * self.size : (k + 1) * self.size]
            for k, name in enumerate(self.names)
        }
        model = unchecked(  # of complex numbers
            Model, cell=self.at.cell, input_size=x.shape[-1], hidden_size=self.size,
            parameters=(W,),
        )  # fmt: skip
        record = forward(model, np.ascontiguousarray(x, complex), start).layers[0].record
        end = np.concatenate([record[name] for name in self.names], axis=-1)
        return end.reshape(*shape, -1)
