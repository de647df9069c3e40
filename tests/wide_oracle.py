"""A slow backward pass without limits of range: `Decimal` chains of complex-step Jacobians.

Each step's Jacobian comes from the forward equations in `tests.oracle`; the chain through time is a
plain sum of products of decimals, whose exponents have no end. No backward equation is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from typing import Any

import numpy as np

from rnnviz import Model
from tests.oracle import STEP, series, step

Array = Any
WIDE = Context(prec=34, Emax=MAX_EMAX, Emin=MIN_EMIN)
exact = np.vectorize(Decimal, otypes=[object])


@dataclass
class Wide:
    """One layer's and direction's gradients as decimals, in input time."""

    signals: dict[str, Array]
    initial: dict[str, Array]
    inputs: Array
    parameters: dict[str, Array]

    def log10_norms(self, name: str) -> Array:
        """(T + 1, B); nan at 0 for what has no initial value."""
        rows = log10_norms(self.signals[name])
        first = log10_norms(self.initial[name]) if name in self.initial else np.nan * rows[0]
        return np.concatenate([first[None], rows])


def log10_norms(values: Array) -> Array:
    """log10 of Euclidean norms over the last axis of decimals."""
    with localcontext(WIDE):
        squares = np.asarray((values * values).sum(axis=-1), object)
        found = [float(one.log10() / 2) if one else -np.inf for one in squares.ravel()]
    return np.array(found).reshape(squares.shape)


def backward(model: Model, x: Array, start: Mapping[str, Array], dh: Array) -> list[Wide]:
    """Every layer and direction of the stack; ``dh`` is ∂L/∂outputs (T, B, directions·H)."""
    sides, size = model.directions, model.hidden_size
    below, runs = x.astype(float), []
    for layer in range(model.num_layers):
        here = []
        for side in range(len(sides)):
            index, order = layer * len(sides) + side, slice(None, None, 1 - 2 * side)
            first = {name: values[index].astype(float) for name, values in start.items()}
            W = {key: value.astype(float) for key, value in model.parameters[index].items()}
            here.append((order, W, below[order], first, series(model.cell, W, below[order], first)))
        below = np.concatenate([run[-1]["h"][run[0]] for run in here], axis=-1)
        runs.append(here)
    found: list[Wide] = []
    with localcontext(WIDE):
        direct = exact(dh.astype(float))
        for here in reversed(runs):
            total = None
            for side, (order, W, inputs, first, signals) in reversed(list(enumerate(here))):
                mine = direct[order][..., side * size : (side + 1) * size]
                one = _layer(model, W, inputs, first, signals, mine)
                one.signals = {name: value[order] for name, value in one.signals.items()}
                one.inputs = one.inputs[order]
                total = one.inputs if total is None else total + one.inputs
                found.insert(0, one)
            direct = total
    return found


def _layer(model: Model, W: Array, x: Array, first: Array, signals: Array, direct: Array) -> Wide:
    cell, names = model.cell, model.cell.states
    past = {n: np.concatenate([first[n][None], signals[n][:-1]]) for n in names}
    nudged = [*(s.name for s in cell.signals), *(f"a_{block}" for block in cell.blocks)]
    by_state = {n: _jacobian(cell, W, x, past, "past", n) for n in names}
    by_nudge = {n: _jacobian(cell, W, x, past, "nudge", n) for n in nudged}
    by_input = _jacobian(cell, W, x, past, "x", "x")
    steps = len(x)
    later = {n: exact(np.zeros(first[n].shape)) for n in names}
    d: dict[str, list[Array]] = {name: [] for name in [*nudged, "x"]}
    adjoints = []
    for t in reversed(range(steps)):
        adjoint = {n: later[n] + (direct[t] if n == "h" else 0) for n in names}
        adjoints.append(adjoint)
        for name, jacobian in by_nudge.items():
            d[name].append(_pull(adjoint, jacobian, t))
        d["x"].append(_pull(adjoint, by_input, t))
        later = {n: _pull(adjoint, by_state[n], t) for n in names}
    in_order = {name: np.stack(values[::-1]) for name, values in d.items()}
    parameters = _parameters(cell, W, x, past, adjoints[::-1])
    return Wide({n: in_order[n] for n in nudged}, later, in_order["x"], parameters)


def _jacobian(cell: Any, W: Array, x: Array, past: Array, what: str, name: str) -> dict[str, Array]:
    """State → ∂state_t/∂(entry k of what) as decimals (T, B, H, K), all timesteps at once."""
    base = x if what == "x" else past["h"] if what == "nudge" else past[name]
    columns: dict[str, list[Array]] = {state: [] for state in cell.states}
    for k in range(base.shape[-1]):
        moved = (0 * base if what == "nudge" else base).astype(complex)
        moved[..., k] += STEP * 1j
        made = step(
            cell, W,
            moved if what == "x" else x,
            {**past, name: moved} if what == "past" else past,
            {name: moved} if what == "nudge" else {},
        )  # fmt: skip
        for state in cell.states:
            columns[state].append(np.imag(made[state]) / STEP)
    return {state: exact(np.stack(found, axis=-1)) for state, found in columns.items()}


def _pull(adjoint: Mapping[str, Array], jacobian: Mapping[str, Array], t: int) -> Array:
    """Σ over states and units of adjoint · Jacobian: (B, K)."""
    return sum((jacobian[n][t] * adjoint[n][..., None]).sum(axis=1) for n in adjoint)


def _parameters(
    cell: Any, W: Array, x: Array, past: Array, adjoints: list[Array]
) -> dict[str, Array]:
    """∂L/∂parameter, entry by entry: the local derivatives of all timesteps, then the sum."""
    stacked = {n: np.stack([one[n] for one in adjoints]) for n in cell.states}
    found = {}
    for key, values in W.items():
        found[key] = np.empty(values.shape, object)
        for place in np.ndindex(values.shape):
            moved = values.astype(complex)
            moved[place] += STEP * 1j
            made = step(cell, {**W, key: moved}, x, past)
            found[key][place] = sum(
                (exact(np.imag(made[n]) / STEP) * stacked[n]).sum() for n in cell.states
            )
    return found
