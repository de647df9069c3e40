"""Identities between backpropagation and the views of the gradient that hold for any numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnviz.analysis import gradient_paths, jacobian, loss_attribution, memory
from rnnviz.analysis.verification.check import Check, made, skipped, too_many
from rnnviz.analysis.verification.forward_mode import in_order
from rnnviz.cells._roles import values_of
from rnnviz.core.backward_run import arriving_at
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.carried_rows import carried
from rnnviz.numerics.extended_range import Scaled, norms
from rnnviz.numerics.relative_error import gap, largest_gap, nan_first, smallest_size
from rnnviz.words import sentence

LOG10_2, BORDER = float(np.log10(2.0)), 1e-6
FAR = 1000
"""Powers of two below what enters a step at which nothing of it is left."""
LARGE = 5 * 10**7
"""The T H² up to which the paths of both directions are checked."""
ITEMISED = sentence("the gradients of the single losses add up to ∂L/∂h_t at every t")
CHAIN = sentence(
    "the Jacobians of the single steps, multiplied, carry the gradient to the first state"
)


def identities(flow: GradientFlow, bound: float) -> Iterator[Check]:
    """Itemised map, paths and step Jacobians of the top layer, first example; memory of all."""
    top = flow.layers[-len(flow.trace.model.directions) :]
    steps, _, size = top[0].d["dh"].shape
    most = jacobian.MOST_NUMBERS
    if (needed := (steps + 1) * steps * size) <= most:
        error = max((_itemised_sum(flow, own, bound) for own in top), key=nan_first)
        yield made("itemised", error, bound, ITEMISED)
    else:
        yield skipped("itemised", bound, ITEMISED, too_many(needed, most))
    yield _paths(flow, top, bound)
    if (needed := steps * (size * len(flow.trace.model.cell.states)) ** 2) <= most:
        error = max((_chain(flow, own, bound) for own in top), key=nan_first)
        yield made("chain", error, bound, CHAIN)
    else:
        yield skipped("chain", bound, CHAIN, too_many(needed, most))
    close = 1e-8 if flow.trace.model.dtype == np.float64 else 1e-3
    yield made("memory", max((_memory(flow, own) for own in flow.layers), key=nan_first), close,
               sentence("the decay factor, the 1 % horizon and the time constants, against their "
                        "definitions"))


def _paths(flow: GradientFlow, top: tuple[LayerFlow, ...], bound: float) -> Check:
    """The two paths of the top layer; of two directions of a large net, of the forward one."""
    state, shape = flow.trace.model.cell.states[-1], top[0].d["dh"].shape
    words = sentence("the two paths add up to ∂L/∂{state}_t at every t", state=state)
    if len(top) > 1 and shape[0] * shape[2] ** 2 > LARGE:
        top = top[:1]
        words = sentence("the two paths add up to ∂L/∂{state}_t at every t, in the forward "
                         "direction of the top layer", state=state)  # fmt: skip
    error = max((_paths_sum(flow, own, bound) for own in top), key=nan_first)
    return made("roads", error, bound, words)


def _place(own: LayerFlow) -> dict[str, Any]:
    return {"layer": own.trace.layer, "direction": own.trace.direction}


def _itemised_sum(flow: GradientFlow, own: LayerFlow, bound: float) -> float:
    """The single losses' gradients against their sum; and their norms, in units of the bound."""
    if not np.isfinite(flow.outputs).all():
        return np.nan
    vectors = loss_attribution.itemised_vectors(flow.trace, flow.outputs, **_place(own))
    top = np.maximum(vectors.top().max(axis=0), _entering(own) - FAR)
    parts = vectors.at(np.broadcast_to(top, vectors.mantissa.shape[:2]))
    size = np.maximum(norms(parts).sum(axis=0), _least(own, bound, top))
    error = gap(Scaled(parts.sum(axis=0), top), _states(own, "h"), size)
    read = loss_attribution.itemised(flow.trace, flow.outputs, **_place(own))
    return error + bound * (largest_gap(read, vectors.log10_norms()) > 1e-4)


def _paths_sum(flow: GradientFlow, own: LayerFlow, bound: float) -> float:
    if not np.isfinite(flow.outputs).all():
        return np.nan
    found = gradient_paths.path_vectors(flow.trace, flow.outputs, **_place(own))
    main, rest, state = found["main"], found["rest"], own.trace.cell.states[-1]
    total = main + rest
    top = np.maximum(total.top(), _entering(own) - FAR)
    size = norms(main.at(top)) + norms(rest.at(top))
    size = np.maximum(size, _least(own, bound, top))
    return gap(Scaled(total.at(top), top), _states(own, state), size)


def _chain(flow: GradientFlow, own: LayerFlow, bound: float) -> float:
    """∂L/∂h_0 by the step Jacobians, against the recorded one."""
    jacobians = jacobian.step_jacobians(flow.trace, **_place(own))
    size, width = own.d["dh"].shape[-1], jacobians.shape[1]
    direct = arriving_at(flow, own)[::-1, :1]
    entries = np.zeros((len(jacobians) + 1, 1, width))
    entries[:-1, :, :size] = direct.mantissa
    powers = np.concatenate([direct.exponent, direct.exponent[:1]])
    rows, back = Scaled(entries, powers), jacobians[::-1]
    now = carried(rows[0], rows[1:], lambda k, one: one @ back[k])[-1]
    entering = own.exponent[1:, 0].tolist()
    lost = float(entering[-1])  # the power of two below which numbers were lost, times the least
    grown = np.log2(np.einsum("tij,tij->t", back, back)) / 2
    before = [entering[0], *entering[:-1]][::-1]
    for log2, power in zip(grown.tolist(), before, strict=True):
        lost = max(lost + log2, float(power))
    first = _states(own, "h")
    start = Scaled(first.mantissa[:1], first.exponent[:1])
    lost = int(np.clip(np.nan_to_num(np.ceil(lost)), -(2**29), 2**29))
    top = np.maximum(now.top(), lost - FAR)
    total, least = now.at(top), np.ldexp(smallest_size(own.d["dh_all"], bound), lost - top)
    return gap(Scaled(total[:, :size], top), start, np.maximum(norms(total), least))


def _states(own: LayerFlow, state: str) -> Scaled:
    """∂L/∂state of the first example in input time, (T + 1, H), index 0 for the initial state."""
    order = _input_time(own)
    return Scaled(own.d[f"d{state}_all"][order, 0], own.exponent[order, 0])


def _input_time(own: LayerFlow) -> Array:
    """The rows 0 … T of a layer's gradients in input time."""
    order = np.arange(len(own.exponent))
    if own.trace.direction == "reverse":
        order[1:] = order[:0:-1].copy()
    return order


def _least(own: LayerFlow, bound: float, powers: Array) -> Array:
    """The size from which ∂L/∂state_t is right to ``bound``, (T + 1,) times 2^powers."""
    return np.ldexp(smallest_size(own.d["dh_all"], bound), _entering(own) - powers)


def _entering(own: LayerFlow) -> Array:
    """The power of two of the numbers that a step of the first example multiplies, (T + 1,).

    In input time. They are of the size of what enters the step or of what leaves it.
    """
    powers = own.exponent[:, 0].copy()
    powers[:-1] = np.maximum(powers[:-1], powers[1:])
    return np.asarray(powers[_input_time(own)])


def _memory(flow: GradientFlow, own: LayerFlow) -> float:
    """The figures of merit of the first example against their definitions, from the records."""
    read = memory.memory(flow if len(flow.layers) == 1 else own)
    at, powers = own.trace, own.exponent[1:, 0]
    logs = Scaled(own.d["dh_all"][1:, 0], powers).log10_norms()
    errors = [0.0]
    if at.cell.keeping_gate is not None and read.tau is not None:
        lost = 1 - in_order(at, values_of(at.cell.keeping_gate, at.record)[:, 0])
        errors.append(largest_gap(1 / read.tau, lost, lost + np.finfo(lost.dtype).tiny))
    start = int(np.flatnonzero(~np.isneginf(logs)).max(initial=-1))
    errors.append(float(read.start != start + 1))
    if start < 0:
        return max(errors)
    logs, back = logs[: start + 1], np.arange(start, -1, -1)
    errors.append(largest_gap(np.array(read.log10_ratio), logs[0] - logs[-1]))
    left = logs[::-1] - logs[-1] + 2  # above 0 where more than 1 % is left, by steps back
    end = len(left) if read.horizon is None else read.horizon
    errors.append(float((left[end - 1 : end] < -BORDER).any() or (left[end:] > BORDER).any()))
    use = np.isfinite(logs)
    slope = np.polyfit(back[use], logs[use], 1)[0] if use.sum() > 1 else np.nan
    rates = np.array([np.log10(read.factor), -LOG10_2 / read.half_life])
    in_range = np.isnan(slope) or abs(slope) < 300
    errors.append(largest_gap(rates, np.full(2, slope), 1 + abs(slope)) if in_range else 0.0)
    return max(errors, key=nan_first)
