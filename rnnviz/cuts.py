"""What is done to gradients on purpose: truncation through time, clipping, and why clipping exists.

Truncated backpropagation (Williams and Peng 1990) as it trains: the input is cut into windows of k
timesteps from the start, states are handed on, gradients are not. Clipping and the cliff of a
one-unit network: Pascanu, Mikolov and Bengio 2013.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import hypot, ldexp, log10
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.checks import (
    finite_number,
    frozen,
    instance,
    positive_number,
    real_array,
    shown,
    whole_number,
)
from rnnviz.gradients import GradientFlow, LayerFlow, backprop, backward
from rnnviz.model import sealed
from rnnviz.scaled import LOG10_2, Scaled, norms, times_power
from rnnviz.trace import LayerTrace, Trace
from rnnviz.weights import parameter_gradients

Array = NDArray[Any]
FAR = 2.0**500


class Truncated(NamedTuple):
    """A backward pass cut between windows of k timesteps, and what the cuts remove.

    flow     the cut gradients
    full     the gradients without a cut
    removed  one array per layer and direction, (T + 1, B), in input time, 0 the initial state:
             ‖full − cut‖ / ‖full‖ of ∂L/∂h_t; nan where the full one is exactly zero
    weights  one mapping per layer and direction, parameter name → the same share, Frobenius norm
    """

    flow: GradientFlow
    full: GradientFlow
    removed: tuple[Array, ...]
    weights: tuple[Mapping[str, float], ...]


def truncated(trace: Trace, dh: Any, k: int) -> Truncated:
    """Cut the backward pass between the timesteps k and k + 1, 2k and 2k + 1, … of input time.

    The windows are counted from the start of the sequence, as training by truncated backpropagation
    meets them; no gradient passes from one into another, in any layer or direction. ``dh`` is what
    `backprop` takes; k ≥ T cuts nothing and gives the full flow, to the last bit.

    Raises ValueError naming argument, rule and what arrived.
    """
    width = whole_number("k", k)
    full = backprop(trace, dh)
    steps = len(trace.x)
    if width >= steps:
        flow = full
    else:
        starts = range(0, steps, width)
        spans = [slice(start, min(start + width, steps)) for start in starts]
        parts = [backward(_window(trace, span), full.outputs[span]) for span in spans]
        flow = _joined(full, parts)
    pairs = list(zip(full.layers, flow.layers, strict=True))
    return Truncated(
        flow, full,
        tuple(frozen(_removed(*pair)) for pair in pairs),
        tuple(_removed_weights(*pair) for pair in pairs),
    )  # fmt: skip


def _window(trace: Trace, span: slice) -> Trace:
    """The trace of some timesteps only."""
    layers = []
    for at in trace.layers:
        rows = span if at.direction == "forward" else _mirrored(span, len(trace.x))
        layers.append(replace(at, record={name: one[rows] for name, one in at.record.items()}))
    return Trace(trace.model, trace.x[span], tuple(layers), trace.outputs[span])


def _mirrored(span: slice, steps: int) -> slice:
    return slice(steps - span.stop, steps - span.start)


def _joined(full: GradientFlow, parts: Sequence[GradientFlow]) -> GradientFlow:
    """The windows' flows, first window first, as one flow of the whole trace."""
    layers = []
    for k, at in enumerate(full.trace.layers):
        own = [part.layers[k] for part in parts]
        layers.append(_joined_layer(at, own if at.direction == "forward" else own[::-1]))
    inputs = frozen(np.concatenate([part.inputs for part in parts]))
    return replace(full, layers=tuple(layers), inputs=inputs)


def _joined_layer(at: LayerTrace, parts: Sequence[LayerFlow]) -> LayerFlow:
    """One layer's windows in the order of processing; only the first one's initial state is its."""
    first, cell = parts[0], at.cell
    whole = [name for name in first.d if name in ("da", *cell.own_gradients)]
    d = {name: np.concatenate([part.d[name] for part in parts]) for name in whole}
    for name in cell.states:
        rows = [first.d[f"d{name}_all"][:1], *(part.d[f"d{name}"] for part in parts)]
        d[f"d{name}_all"] = np.concatenate(rows)
        d[f"d{name}"] = d[f"d{name}_all"][1:]
    d |= {f"da_{name}": cell.block(name, d["da"]) for name in cell.blocks}
    powers = [_powers(part) for part in parts]
    exponent = np.concatenate([powers[0][:1], *(one[1:] for one in powers)])
    powers_of_two = exponent if exponent.any() else None
    with np.errstate(all="ignore"):
        per_step = None if powers_of_two is None else powers_of_two[1:]
        gradients = parameter_gradients(at, d, per_step)
    return LayerFlow(at, sealed(d), powers_of_two, sealed(gradients))


def _powers(own: LayerFlow) -> Array:
    if own.exponent is None:
        return np.zeros(own.d["dh_all"].shape[:2], np.int64)
    return own.exponent


def _removed(full: LayerFlow, cut: LayerFlow) -> Array:
    one, other = (Scaled(flow.d["dh_all"], _powers(flow)) for flow in (full, cut))
    with np.errstate(all="ignore"):
        missing = one + other.map(-other.mantissa)
        top = one.top()
        share = (norms(missing.at(top)) / norms(one.at(top))).astype(np.float64)
    if full.trace.direction == "reverse":
        share[1:] = share[:0:-1].copy()
    return share


def _removed_weights(full: LayerFlow, cut: LayerFlow) -> Mapping[str, float]:
    shares = {}
    for name, gradient in full.parameters.items():
        with np.errstate(all="ignore"):
            both = np.stack([gradient.ravel(), (gradient - cut.parameters[name]).ravel()])
            whole, missing = norms(both)
            shares[name] = float(missing / whole)
    return shares


class Change(NamedTuple):
    """A gradient's norm before and after, and the cosine between them.

    Norms are log10, −inf for an exact zero; the cosine is nan where one of the two is zero.
    """

    log10_before: float
    log10_after: float
    cosine: float


class Clipped(NamedTuple):
    """What clipping did to the gradients of all parameters together, and to each of them.

    before, after      ‖all gradients‖₂; inf where no float can hold it
    cosine             between the two; nan where one is zero
    whole              the same as a `Change`, right at any size
    parameters         one mapping per layer and direction: parameter name → its change
    readout            the readout's changes, empty where its gradients are unknown
    gradients          the clipped gradients, laid out as ``flow.parameters``
    readout_gradients  those of the readout
    """

    before: float
    after: float
    cosine: float
    whole: Change
    parameters: tuple[Mapping[str, Change], ...]
    readout: Mapping[str, Change]
    gradients: tuple[Mapping[str, Array], ...]
    readout_gradients: Mapping[str, Array]


def clip(flow: GradientFlow, norm: float | None = None, value: float | None = None) -> Clipped:
    """Clip the gradients of all parameters: together to a norm, or each number to ±value.

    ``norm`` multiplies everything by min(1, norm / ‖all gradients‖₂), which keeps the direction;
    ``value`` bends it. Exactly one of the two must be given, above zero.

    Raises ValueError naming argument, rule and what arrived.
    """
    instance("flow", flow, GradientFlow)
    if (norm is None) == (value is None):
        raise ValueError(
            f"`norm` or `value` must be given, one of them, got {shown(norm)} and {shown(value)}."
        )
    limit = positive_number(*(("value", value) if norm is None else ("norm", norm)))
    groups = [parameter_mantissas(own) for own in flow.layers]
    groups.append({name: (gradient, 0) for name, gradient in flow.readout.items()})
    with np.errstate(all="ignore"):
        after = _limited(groups, limit) if norm is None else _shortened(groups, limit)
        changes = [
            {name: _change([one], [new[name]]) for name, one in group.items()}
            for group, new in zip(groups, after, strict=True)
        ]
        old = [one for group in groups for one in group.values()]
        whole = _change(old, [one for group in after for one in group.values()])
        size, power = _norm(old)
        before = float(np.ldexp(size, power))
        end = float(norms(np.array([norms(one.ravel()) for new in after for one in new.values()])))
    *layers, readout = (sealed(group) for group in after)
    return Clipped(
        before, end, whole.cosine, whole, tuple(changes[:-1]), changes[-1], tuple(layers), readout
    )


Wide = tuple[Array, int]
"""An array and its power of two."""


def parameter_mantissas(own: LayerFlow) -> dict[str, Wide]:
    """Parameter name → its gradient and a power of two: not 0 where a float cannot hold it."""
    found = {name: (gradient, 0) for name, gradient in own.parameters.items()}
    if own.exponent is None:
        return found
    felt = own.d["da"].any(axis=-1)
    top = int(own.exponent[1:][felt].max()) if felt.any() else 0
    least = np.finfo(own.d["da"].dtype).tiny * 1e15
    lost = [k for k, g in own.parameters.items() if not least < np.abs(g).max() < np.inf]
    if lost and top:
        with np.errstate(all="ignore"):
            wide = parameter_gradients(own.trace, own.d, own.exponent[1:] - top)
        found |= {name: (wide[name], top) for name in lost}
    return found


def _norm(parts: Sequence[Wide]) -> tuple[float, int]:
    """The norm of all parts as one vector, and its power of two."""
    sizes = [float(norms(np.ravel(one))) for one, _ in parts]
    power = max((e for size, (_, e) in zip(sizes, parts, strict=True) if size), default=0)
    aligned = [np.ldexp(n, e - power) for n, (_, e) in zip(sizes, parts, strict=True)]
    return float(norms(np.array(aligned))), power


def _limited(groups: Sequence[Mapping[str, Wide]], limit: float) -> list[dict[str, Array]]:
    return [
        {name: np.clip(times_power(*one), -limit, limit) for name, one in group.items()}
        for group in groups
    ]


def _shortened(groups: Sequence[Mapping[str, Wide]], limit: float) -> list[dict[str, Array]]:
    size, power = _norm([one for group in groups for one in group.values()])
    if not np.ldexp(size, power) > limit:
        return [{name: times_power(*one) for name, one in group.items()} for group in groups]
    return [
        {name: times_power(one, e - power) * (limit / size) for name, (one, e) in group.items()}
        for group in groups
    ]


def _change(before: Sequence[Wide], after: Sequence[Array]) -> Change:
    size, power = _norm(before)
    end = float(norms(np.array([norms(one.ravel()) for one in after])))
    products = [
        (times_power(one, e - power).astype(float) / size * (new / end)).sum()
        for (one, e), new in zip(before, after, strict=True)
    ]
    log10_before = float(np.log10(size)) + power * LOG10_2
    return Change(log10_before, float(np.log10(end)), float(np.sum(products)))


class Cliff(NamedTuple):
    """The one-unit network at one (w, b), its loss and what its gradient looks like.

    x            (T + 1,): x_0 = 0 … x_T
    loss         (x_T − target)²
    slopes       (∂x_T/∂w, ∂x_T/∂b), inf where no float can hold them
    gradient     (∂loss/∂w, ∂loss/∂b), likewise
    direction    the gradient's unit vector, (0, 0) where it is zero
    log10_norm   log10 of the gradient's norm, right at any size; −inf where it is zero
    clipped      the gradient after clipping to the norm; the gradient itself without one
    closed_form  ∂x_T/∂b = ((w/4)^T − 1) / (w/4 − 1) where b = −w/2, else nan
    """

    x: Array
    loss: float
    slopes: Array
    gradient: Array
    direction: Array
    log10_norm: float
    clipped: Array
    closed_form: float


def cliff(
    w: float, b: float, steps: int, *, target: float = 0.0, norm: float | None = None
) -> Cliff:
    """x_t = w σ(x_{t−1}) + b from x_0 = 0, for ``steps`` timesteps T.

    The loss is (x_T − target)², and ``norm`` is where its gradient by (w, b) is clipped. At
    b = −w/2 the state stays at 0, where each step's slope is w/4: beyond w = 4 it is a cliff.
    Source: Pascanu, Mikolov and Bengio 2013, figure 6.

    Raises ValueError naming argument, rule and what arrived.
    """
    w, b, aim = finite_number("w", w), finite_number("b", b), finite_number("target", target)
    steps = whole_number("steps", steps)
    x = np.zeros(steps + 1)
    by_w, by_b, power = 0.0, 0.0, 0
    for t in range(steps):
        s = _sigmoid(float(x[t]))
        x[t + 1], slope = w * s + b, w * s * (1 - s)
        by_w, by_b = ldexp(s, -power) + slope * by_w, ldexp(1.0, -power) + slope * by_b
        if max(abs(by_w), abs(by_b)) > FAR:
            by_w, by_b, power = by_w / FAR, by_b / FAR, power + 500
    return _cliff(x, aim, norm, (by_w, by_b, power), _closed_form(w, b, steps))


def _cliff(
    x: Array, target: float, norm: float | None, by: tuple[float, float, int], closed: float
) -> Cliff:
    with np.errstate(all="ignore"):
        error = float(x[-1]) - target
        size = hypot(by[0], by[1])
        slopes = np.ldexp(np.array(by[:2]), by[2])
        sign = np.sign(error)
        direction = sign * np.array(by[:2]) / size if error and size else np.zeros(2)
        length = abs(2 * error) * size
        gradient = np.ldexp(length * direction, by[2])
        logs = log10(length) + by[2] * LOG10_2 if length else -np.inf
        clipped = gradient
        if norm is not None and logs > log10(limit := positive_number("norm", norm)):
            clipped = limit * direction
    slopes, gradient, direction, clipped = map(
        frozen, (slopes, gradient, direction, clipped.copy())
    )
    return Cliff(frozen(x), error * error, slopes, gradient, direction, logs, clipped, closed)


def _closed_form(w: float, b: float, steps: int) -> float:
    if b != -w / 2:
        return float("nan")
    with np.errstate(over="ignore"):
        return float(steps if w == 4 else (np.float64(w / 4) ** steps - 1) / (w / 4 - 1))


def _sigmoid(a: Any) -> Any:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-a))


def cliff_surface(w: Any, b: Any, steps: int, *, target: float = 0.0) -> Array:
    """The loss (x_T − target)² of `cliff` over a grid: w (m,), b (n,) → (n, m), row b, column w.

    Raises ValueError naming argument, rule and what arrived.
    """
    grid = []
    for name, values in (("w", w), ("b", b)):
        array = real_array(name, values)
        if array.ndim != 1 or not array.size:
            raise ValueError(f"`{name}` must be one row of numbers, got {shown(array)}.")
        grid.append(array.astype(np.float64))
    aim, count = finite_number("target", target), whole_number("steps", steps)
    across, down = grid[0][None], grid[1][:, None]
    x = np.zeros((len(grid[1]), len(grid[0])))
    with np.errstate(all="ignore"):
        for _ in range(count):
            x = across * _sigmoid(x) + down
        return frozen((x - aim) ** 2)
