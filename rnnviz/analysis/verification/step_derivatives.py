"""Derivatives step by step, on a few timesteps of every layer and direction.

Where directions carried through all timesteps would take too long, they are carried through single
steps: in the past states, the parameters, the inputs, and every signal and pre-activation of a
step. ∂L/∂h_t and ∂L/∂c_t say what a direction does to L; that must be ⟨gradient, direction⟩ of the
recorded gradients of the step before, of the step's share of the weights' gradients, of the inputs
and of the signals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rnnviz.analysis.jacobian import step_matrices
from rnnviz.analysis.verification.check import Check, made, skipped, too_long
from rnnviz.analysis.verification.forward_mode import in_order
from rnnviz.analysis.verification.nudges import names_of, states_moved
from rnnviz.analysis.verification.one_step import OneStep
from rnnviz.core.backward_run import arriving_at, inputs_gradient
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.trace import LayerTrace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.relative_error import nan_first
from rnnviz.words import sentence

FEW = 32
"""Timesteps in a row that are checked in every layer and direction."""
JACOBIANS = 4_000_000
"""The most numbers of step Jacobians that are held at once (32 MB)."""
ROUGH = 1e-8
"""The bound: 1 − h² and 1 − z, from the recorded digits, may have lost a few."""

Errors = dict[str, float]


def step_derivatives(
    flow: GradientFlow, seconds: float, most: float, rng: np.random.Generator
) -> Iterator[Check]:
    """The checks; ``seconds`` is what directions through all timesteps would take."""
    steps = len(flow.trace.x)
    count = min(FEW, steps - 1)
    if count < 1:
        words = sentence("∂L along random directions in every step")
        yield skipped("derivatives", ROUGH, words, too_long(seconds, most))
        return
    first = int(rng.integers(1, steps - count + 1))
    part, found = slice(first, first + count), Errors()
    for own in flow.layers:
        for name, error in _of_layer(flow, own, part, rng).items():
            found[name] = max(found.get(name, 0.0), error, key=nan_first)
    for level in range(flow.trace.model.num_layers):
        error = _of_inputs(flow, level, part, rng)
        found["x"] = max(found.get("x", 0.0), error, key=nan_first)
    bound = ROUGH if flow.trace.model.dtype == np.float64 else 1e-3
    over = {"count": count, "first": first + 1}
    jacobians = found.pop("jacobians")
    for name, error in found.items():
        words = (
            sentence("∂L/∂(past states) of {count} single steps of every layer, from step {first} "
                     "on, along random directions", **over)
            if name == "past states" else
            sentence("∂L/∂{symbol} of {count} single steps of every layer, from step {first} on, "
                     "along random directions", symbol=name, **over)
        )  # fmt: skip
        yield made(f"derivative by {name}", error, bound, words)
    over["count"] = min(count, _held(flow.layers[0].trace))
    yield made("jacobians", jacobians, bound, sentence(
        "the Jacobians of {count} steps of every layer, from step {first} on, along a random "
        "direction, against forward steps", **over))  # fmt: skip


def _of_layer(
    flow: GradientFlow, own: LayerFlow, part: slice, rng: np.random.Generator
) -> Errors:
    """Errors by the name of what moves, in the layer's own order of processing."""
    at, few = own.trace, _cut(own.trace, part)
    step, (_, batch, size) = OneStep(few), at.record["h"].shape
    every, count = slice(None), part.stop - part.start
    ds = rng.standard_normal((count, batch, size * len(at.cell.states)))
    moved = step(every, ds=ds[:, None])[:, 0]
    before = slice(part.start - 1, part.stop - 1)
    arrived = arriving_at(flow, own)[before]
    told = [_felt(own, before, ds), -arrived.map(arrived.mantissa * ds[..., :size])]
    found = {"past states": _apart(_felt(own, part, moved), told),
             "jacobians": _jacobians(few, ds, moved)}  # fmt: skip
    powers = own.exponent[1:][part]
    for name, share in at.cell.contributions(at.parameters, at.record, own.d).items():
        way = rng.standard_normal(at.parameters[name].shape)
        felt = _felt(own, part, step(every, dW={name: way})[:, 0])
        found[name] = _apart(felt, [Scaled(_along(share, way, part), powers)])
    for name in names_of(at.cell):
        way = rng.standard_normal((count, batch, size))
        recorded = own.scaled(name)[part]
        felt = _felt(own, part, states_moved(few, {name: way})[0])
        found[name] = _apart(felt, [recorded.map(recorded.mantissa * way)])
    return found


def _of_inputs(
    flow: GradientFlow, level: int, part: slice, rng: np.random.Generator
) -> float:
    """The error of ∂L/∂x_t of one layer, to which all its directions add; ``part`` in its time."""
    told = inputs_gradient(flow, level)[part]
    dx = rng.standard_normal(told.mantissa.shape)
    felt = list[Scaled]()
    for direction in flow.trace.model.directions:
        own, steps = flow.layer(level, direction), len(flow.trace.x)
        turned = direction == "reverse"
        here = slice(steps - part.stop, steps - part.start) if turned else part
        step = OneStep(_cut(own.trace, here))
        moved = step(slice(None), dx=in_order(own.trace, dx)[:, None])[:, 0]
        one = _felt(own, here, moved)
        felt.append(Scaled(in_order(own.trace, one.mantissa), in_order(own.trace, one.exponent)))
    return _apart(told.map(told.mantissa * dx), felt)


def _cut(at: LayerTrace, part: slice) -> LayerTrace:
    return replace(at, record={name: one[part] for name, one in at.record.items()})


def _felt(own: LayerFlow, part: slice, moved: Array) -> Scaled:
    """Terms (t, B, ·) of what δ(states at t) (t, B, n) do to L.

    ∂L/∂c_t includes what c_t does through h_t, and δh_t has that already: it is taken off.
    """
    at, size = own.trace, own.trace.record["h"].shape[-1]
    rows = slice(part.start + 1, part.stop + 1)
    by_h = own.d["dh_all"][rows].astype(float)
    terms = [by_h * moved[..., :size]]
    for k, name in enumerate(at.cell.states[1:], 1):
        way = moved[..., k * size : (k + 1) * size]
        through = states_moved(_cut(at, part), {name: way})[0][..., :size]
        terms += [own.d[f"d{name}_all"][rows] * way, -by_h * through]
    return Scaled(np.concatenate(terms, axis=-1), own.exponent[rows])


def _along(share: Array | tuple[tuple[Array, Array], ...], way: Array, part: slice) -> Array:
    """Terms (t, B, ·) of ⟨a timestep's share of a parameter's gradient, direction⟩."""
    if not isinstance(share, tuple):
        terms = share[part] * way
        return np.asarray(terms.reshape(*terms.shape[:2], -1), float)
    found, start = [], 0
    for left, right in share:
        columns = way[:, start : start + right.shape[-1]]
        found.append((left[part].astype(float) @ columns) * right[part])
        start += right.shape[-1]
    return np.concatenate(found, axis=-1)


def _apart(one: Scaled, others: list[Scaled]) -> float:
    """The largest |Σ one − Σ others| of a step and example, relative to the terms' magnitudes."""
    top = np.maximum.reduce([each.top() for each in (one, *others)])
    left, right = one.at(top), [each.at(top) for each in others]
    gaps = left.sum(axis=-1) - sum(each.sum(axis=-1) for each in right)
    sizes = np.maximum(
        np.abs(left).sum(axis=-1), sum(np.abs(each).sum(axis=-1) for each in right)
    )
    return float((np.abs(gaps) / np.where(sizes == 0, 1, sizes)).max(initial=0.0))


def _held(at: LayerTrace) -> int:
    return max(1, JACOBIANS // (at.record["h"].shape[-1] * len(at.cell.states)) ** 2)


def _jacobians(few: LayerTrace, ds: Array, moved: Array) -> float:
    """The step Jacobians of the last example times a direction, against what it moved."""
    batch, part = ds.shape[1] - 1, slice(_held(few))
    J, v = step_matrices(_cut(few, part), batch), ds[part, batch, :, None]
    sizes = (np.abs(J) @ np.abs(v)).max(axis=(1, 2))
    gaps = np.abs((J @ v)[..., 0] - moved[part, batch]).max(axis=1)
    return float((gaps / np.where(sizes > 0, sizes, 1)).max())
