"""The numbers on the screen, checked while one looks.

Derivatives: a random direction in each parameter, the inputs and the initial states is carried
FORWARD by complex steps through the cell's forward equations (Squire and Trapp 1998; no backward
equation is used), and Σ dh · δoutputs must be ⟨gradient, direction⟩. Every timestep starts from the
recorded states, so that a chaotic network does not drive two roundings apart. Where a complex step
is not finite (a gate some 1000 standard units into saturation) central differences take its place.
Then come the identities that the views rely on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import Line
from rnnviz.checks import instance
from rnnviz.cuts import parameter_mantissas
from rnnviz.gradients import GradientFlow, LayerFlow, backprop, backward
from rnnviz.itemised import itemised_vectors
from rnnviz.jacobian import MOST_NUMBERS, step_jacobians
from rnnviz.model import Model
from rnnviz.roads import arriving_at, inputs_gradient, road_vectors
from rnnviz.scaled import Scaled, exponents, norms
from rnnviz.trace import LayerTrace, Trace, forward

Array = NDArray[Any]
Arrays = Mapping[str, Array]
STEP, NUDGE = 2.0**-100, 2.0**-17
"""The complex step, and that of the central differences (both times a direction of order 1)."""
SEED, SMALL = 20, 2**17


class Check(NamedTuple):
    """One statement about the numbers: its error, the bound it must keep, and words."""

    name: str
    error: float
    bound: float
    ok: bool
    words: str


def verify(trace: Trace, dh: Any) -> tuple[Check, ...]:
    """Check the trace and the gradients that `backprop` finds; ``dh`` as it takes it.

    Errors are relative to the size of what is summed, so that 1e-16 is the best there can be. An
    error that is not a number (where recorded values are not finite) fails. The same trace gives
    the same answer: directions are seeded.

    Raises ValueError naming argument, rule and what arrived.
    """
    return verify_flow(backprop(trace, dh))


def verify_flow(flow: GradientFlow) -> tuple[Check, ...]:
    """`verify` of a flow that is there already. Raises ValueError."""
    instance("flow", flow, GradientFlow)
    with np.errstate(all="ignore"):
        return (_equations(flow.trace), *_derivatives(flow), _step_sums(flow), *_identities(flow))


def _check(name: str, error: float, bound: float, words: str) -> Check:
    return Check(name, float(error), bound, bool(error <= bound), words)


def _bound(flow: GradientFlow) -> float:
    return 1e-10 if flow.trace.model.dtype == np.float64 else 1e-3


# The forward run: each signal's own equation.


def _equations(trace: Trace) -> Check:
    error = 0.0
    for at in trace.layers:
        reach = sum(
            float(np.abs(at.record[name]).max()) * float(np.abs(at.parameters[W]).sum(axis=0).max())
            for name, W in (("x", "W_x"), ("h_prev", "W_h"))
        )
        for line in at.cell.arithmetic(at.parameters, at.record):
            error = max(error, _residual(line, reach), key=_nan_first)
    bound = 1000 * float(np.finfo(trace.model.dtype).eps)
    words = "every recorded signal satisfies its own equation, put in numbers"
    return _check("equations", error, bound, words)


def _nan_first(error: float) -> float:
    return np.inf if np.isnan(error) else error


def _residual(line: Line, reach: float) -> float:
    """The largest difference between the sides of the equation as the pages print it."""
    known = {**vars(np), "sigma": lambda a: 1 / (1 + np.exp(-a)), "relu": lambda a: a * (a > 0)}
    text = line.template.replace("·", "*").replace("−", "-").replace("σ", "sigma")
    text = re.sub(r"\{(\d+)\}", r"v[\1]", text)
    first, *others = (eval(side, known, {"v": line.terms}) for side in text.split(" = "))
    size = max(1.0, reach, *(float(np.abs(term).max()) for term in line.terms))
    gaps = [
        np.where((one == first) | (np.isnan(one) & np.isnan(first)), 0, np.abs(one - first))
        for one in others
    ]
    return max((float(gap.max()) / size for gap in gaps), key=_nan_first)


# Derivatives: directions carried forward, K of them as rows of a batch.


def _derivatives(flow: GradientFlow) -> Iterator[Check]:
    trace, rng = flow.trace, np.random.default_rng(SEED)
    kinds = [*trace.layers[0].parameters, "x", *(f"{name}_0" for name in trace.model.cell.states)]
    dx = rng.standard_normal(trace.x.shape)
    moves = [_Move(at, kinds, rng) for at in trace.layers]
    outputs, exact = _outputs(trace, moves, kinds, dx)
    method = "complex steps" if exact else "central differences"
    base = _bound(flow) if exact else max(_bound(flow), 1e-4)
    again, rounded = backward(trace, flow.outputs), _rounded(flow, rng)
    for k, kind in enumerate(kinds):
        moved = _product(Scaled(outputs.mantissa[:, k], _powers(outputs)[:, k]), flow.outputs)
        sent, exactly, other = (_sent(one, moves, kind, dx) for one in (flow, again, rounded))
        doubt = 30 * _difference(_total(exactly), other)
        symbol = kind.replace("_0", "₀") if kind.endswith("_0") else kind
        words = f"∂L/∂{symbol} along a random direction, against {method}"
        if doubt > base:
            words += "; saturated: the last digit of the recorded numbers alone may do this"
        yield _check(f"derivative by {kind}", _difference(moved, sent), max(base, doubt), words)


def _rounded(flow: GradientFlow, rng: np.random.Generator) -> GradientFlow:
    """The gradients if the last digit of every recorded number had been rounded the other way.

    1 − h² and 1 − z have few digits left where h and z are nearly 1: no gradient that is computed
    from what was recorded can be more certain than this.
    """
    layers = []
    for at in flow.trace.layers:
        record = {
            name: np.nextafter(one, _either_way(one, rng), dtype=one.dtype)
            for name, one in at.record.items()
        }
        layers.append(replace(at, record=record))
    return backward(replace(flow.trace, layers=tuple(layers)), flow.outputs)


def _either_way(one: Array, rng: np.random.Generator) -> Array:
    """To 0 or away from it at random; a zero (a unit that is off) stays one."""
    inwards = (rng.random(one.shape) < 0.5) | (one == 0)
    return np.where(inwards, 0, np.copysign(np.inf, one)).astype(one.dtype)


def _sent(flow: GradientFlow, moves: list[_Move], kind: str, dx: Array) -> list[_Sum]:
    """⟨gradient, direction⟩ of one kind, layer by layer."""
    if kind == "x":
        fits = np.isfinite(flow.inputs).all()
        return [_product(Scaled(flow.inputs) if fits else inputs_gradient(flow, 0), dx)]
    return [_pairing(*pair, kind) for pair in zip(flow.layers, moves, strict=True)]


class _Move:
    """One layer's random directions: dW per parameter, and the initial states' (B, H)."""

    def __init__(self, at: LayerTrace, kinds: list[str], rng: np.random.Generator) -> None:
        self.W = {name: rng.standard_normal(W.shape) for name, W in at.parameters.items()}
        start = {f"{name}_0": value for name, value in at.initial.items()}
        self.start = {name: rng.standard_normal(value.shape) for name, value in start.items()}


def _outputs(trace: Trace, moves: list[_Move], kinds: list[str], dx: Array) -> tuple[Scaled, bool]:
    """δoutputs (T, K, B, n) of each kind's direction, and whether all steps were complex ones."""
    sides, exact = trace.model.directions, True
    below = np.zeros((len(dx), len(kinds), *dx.shape[1:]))
    below[:, kinds.index("x")] = dx
    moved = Scaled(below, np.zeros(below.shape[:-1], np.int64))
    for level in range(trace.model.num_layers):
        ends = []
        for side in range(len(sides)):
            at = trace.layers[level * len(sides) + side]
            arriving = Scaled(at.in_time(moved.mantissa), at.in_time(_powers(moved)))
            end, fine = _through(at, moves[level * len(sides) + side], kinds, arriving)
            ends.append(Scaled(at.in_time(end.mantissa), at.in_time(_powers(end))))
            exact &= fine
        top = np.maximum.reduce([end.top() for end in ends])
        moved = Scaled(np.concatenate([end.at(top) for end in ends], axis=-1), top)
    return moved, exact


def _through(at: LayerTrace, move: _Move, kinds: list[str], dx: Scaled) -> tuple[Scaled, bool]:
    """One layer's δh (T, K, B, H), in the order of processing."""
    states, size = at.cell.states, at.record["h"].shape[-1]
    step, (steps, _, batch, _) = _Step(at), dx.mantissa.shape
    inputs, width = _normal(dx), len(states) * size
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
        now = _normal(now)
        on = step(slice(t, t + 1), ds=now.mantissa[None])[0]
        now = now.map(on) + Scaled(push.mantissa[t], _powers(push)[t])
        found[t], powers[t] = now.mantissa[..., :size], _powers(now)
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
        still = np.zeros((1, 1, 1, 1))
        directions = (still if ds is None else ds, still if dx is None else dx, dW or {})
        ends = [self._end(part, 1j * STEP * sign, *directions) for sign in (1, -1)]
        here = self.here[part][:, None]
        near = np.abs(ends[0].real - here) <= self.close * np.maximum(1, np.abs(here))
        if near.all() and np.isfinite(ends[0]).all() and np.isfinite(ends[1]).all():
            plus, minus = ends[0].imag / STEP, -ends[1].imag / STEP
            # At a kink (relu at 0) the two differ, and the cell takes the smaller slope: none.
            kink = np.abs(plus - minus) > 1e-6 * (np.abs(plus) + np.abs(minus))
            return np.where(kink & (np.abs(minus) < np.abs(plus)), minus, plus)
        self.exact = False
        nudge = NUDGE / self._reach()
        ends = [self._end(part, nudge * sign, *directions).real for sign in (1, -1)]
        return (ends[0] - ends[1]) / (2 * nudge)

    def _reach(self) -> float:
        """How far a direction of order 1 may move a pre-activation: a nudge must not leave it."""
        sums = [np.abs(W).sum(axis=0).max() for W in self.W.values()]
        return max(1.0, *sums, *(np.abs(one).sum(axis=-1).max() for one in (self.x, self.past)))

    def _end(self, part: slice, by: complex, ds: Array, dx: Array, dW: Arrays) -> Array:
        past = self.past[part][:, None] + complex(by) * ds
        x = self.x[part][:, None] + by * dx
        shape = np.broadcast_shapes(past.shape[:-1], x.shape[:-1])
        past, x = (
            np.broadcast_to(one, (*shape, one.shape[-1])).reshape(1, -1, one.shape[-1])
            for one in (past, x)
        )
        W = {name: one + by * dW[name] if name in dW else one for name, one in self.W.items()}
        start = dict(zip(self.names, np.split(past, len(self.names), axis=-1), strict=True))
        model = Model(self.at.cell, x.shape[-1], self.size, (W,))
        record = forward(model, np.ascontiguousarray(x, complex), start).layers[0].record
        end = np.concatenate([record[name] for name in self.names], axis=-1)
        return end.reshape(*shape, -1)


class _Sum(NamedTuple):
    """A sum, the sum of the magnitudes of its terms, and a power of two for both."""

    value: float
    size: float
    power: int


def _product(one: Scaled, other: Array) -> _Sum:
    """Σ one · other."""
    terms, powers = one.mantissa.astype(float) * other, _powers(one)
    felt = terms.any(axis=-1)
    top = int((exponents(terms) + powers)[felt].max()) if felt.any() else 0
    aligned = np.ldexp(terms, (powers - top)[..., None])
    return _Sum(float(aligned.sum()), float(np.abs(aligned).sum()), top)


def _total(parts: list[_Sum]) -> _Sum:
    top = max((each.power for each in parts if each.size), default=0)
    value, size = (
        float(sum(np.ldexp(each[k], each.power - top) for each in parts)) for k in (0, 1)
    )
    return _Sum(value, size, top)


def _difference(one: _Sum, parts: list[_Sum]) -> float:
    """|one − Σ parts|, relative to the size of the terms."""
    other = _total(parts)
    top = max((each.power for each in (one, other) if each.size), default=0)
    mine, theirs = (np.ldexp([each.value, each.size], each.power - top) for each in (one, other))
    size = max(mine[1], theirs[1])
    return float(abs(mine[0] - theirs[0]) / size) if size != 0 else 0.0


def _pairing(own: LayerFlow, move: _Move, kind: str) -> _Sum:
    """⟨gradient, direction⟩ of one layer's parameter or initial state."""
    if kind in move.W:
        gradient, power = parameter_mantissas(own)[kind]
        flat = Scaled(gradient.reshape(1, -1), np.array([power]))
        return _product(flat, move.W[kind].reshape(1, -1))
    first = own.d[f"d{kind.removesuffix('_0')}_all"][0]
    return _product(
        Scaled(first, None if own.exponent is None else own.exponent[0]), move.start[kind]
    )


# Identities: the views against backpropagation.


def _step_sums(flow: GradientFlow) -> Check:
    """Every timestep's own share of the weights' gradients, matrix by matrix, against the whole."""
    error = 0.0
    for own in flow.layers:
        at, powers = own.trace, _layer_powers(own)[1:]
        felt = own.d["da"].any(axis=-1)
        shares = at.cell.contributions(at.parameters, at.record, own.d)
        for name, (gradient, power) in parameter_mantissas(own).items():
            top = max(power, int(powers[felt].max(initial=power)) if felt.any() else power)
            shift = np.where(felt, powers - top, 0)[..., None]
            total, size = _added(shares[name], shift)
            gap = np.abs(total - np.ldexp(gradient.astype(float), power - top)).max()
            error = max(
                error, float(gap / size.max()) if size.any() else float(gap), key=_nan_first
            )
    words = "the shares of the single timesteps add up to the gradient of every weight"
    return _check("weights", error, _bound(flow), words)


def _added(share: Any, shift: Array) -> tuple[Array, Array]:
    """Σ_t of the timesteps' matrices, and of their magnitudes; a row vector for a vector."""
    if not isinstance(share, tuple):
        parts = np.ldexp(
            share.astype(float), shift.reshape(shift.shape[:2] + (1,) * (share.ndim - 2))
        )
        parts = parts.sum(axis=1)
        return parts.sum(axis=0), np.abs(parts).sum(axis=0)
    columns = []
    for left, right in share:
        moved = np.ldexp(right.astype(float), shift)
        total, size = np.zeros((2, left.shape[-1], right.shape[-1]))
        for one, other in zip(left, moved, strict=True):
            matrix = one.T @ other
            total += matrix
            size += np.abs(matrix)
        columns.append((total, size))
    totals, sizes = zip(*columns, strict=True)
    return np.concatenate(totals, axis=1), np.concatenate(sizes, axis=1)


def _identities(flow: GradientFlow) -> Iterator[Check]:
    """Of the top layer's first direction and the first example."""
    own = flow.layers[-len(flow.trace.model.directions)]
    steps, _, size = own.d["dh"].shape
    if (steps + 1) * steps * size <= MOST_NUMBERS:
        yield _itemised_sum(flow, own)
    yield _roads_sum(flow, own)
    if steps * (size * len(own.trace.cell.states)) ** 2 <= MOST_NUMBERS:
        yield from _chain(flow, own)


def _itemised_sum(flow: GradientFlow, own: LayerFlow) -> Check:
    vectors = itemised_vectors(flow.trace, flow.outputs, layer=own.trace.layer)
    top = vectors.top().max(axis=0)
    parts = vectors.at(np.broadcast_to(top, vectors.mantissa.shape[:2]))
    words = "the gradients of the single losses add up to ∂L/∂h_t at every t"
    error = _gap(Scaled(parts.sum(axis=0), top), _states(own, "h"), norms(parts).sum(axis=0))
    return _check("itemised", error, _bound(flow), words)


def _roads_sum(flow: GradientFlow, own: LayerFlow) -> Check:
    found = road_vectors(flow.trace, flow.outputs, layer=own.trace.layer)
    main, rest, state = found["main"], found["rest"], own.trace.cell.states[-1]
    total = main + rest
    size = norms(main.at(total.top())) + norms(rest.at(total.top()))
    words = f"the two roads add up to ∂L/∂{state}_t at every t"
    error = _gap(Scaled(total.at(total.top()), total.top()), _states(own, state), size)
    return _check("roads", error, _bound(flow), words)


def _chain(flow: GradientFlow, own: LayerFlow) -> Iterator[Check]:
    """The step Jacobians: as a product they carry the gradient back, and keep below their norms."""
    jacobians = step_jacobians(flow.trace, layer=own.trace.layer)
    size, width = own.d["dh"].shape[-1], jacobians.shape[1]
    direct = arriving_at(flow, own)
    now = Scaled(np.zeros((1, width)), np.zeros(1, np.int64))
    product = Scaled(np.eye(width).reshape(1, -1), np.zeros(1, np.int64))
    bound, excess = np.log10(width) / 2, 0.0
    for t in reversed(range(len(jacobians))):
        entry = np.zeros((1, width))
        entry[0, :size] = direct.mantissa[t, 0]
        now = _normal(now + Scaled(entry, _powers(direct)[t, :1]))
        now = now.map(now.mantissa @ jacobians[t])
        product = _normal(
            product.map((product.mantissa.reshape(width, width) @ jacobians[t]).reshape(1, -1))
        )
        bound += float(np.log10(np.linalg.norm(jacobians[t])))
        excess = max(excess, float(product.log10_norms()[0] - bound), key=_nan_first)
    words = "the Jacobians of the single steps, multiplied, carry the gradient to the first state"
    first = _states(own, "h")
    start = Scaled(first.mantissa[:1], _powers(first)[:1])
    reached = now.map(now.mantissa[:, :size])
    yield _check("chain", _gap(reached, start, norms(now.mantissa)), _bound(flow), words)
    words = "‖product of the steps‖ ≤ product of ‖steps‖ (log10 of the excess)"
    yield _check("product", 0.0 if np.isnan(excess) and bound == -np.inf else excess, 1e-9, words)


def _gap(one: Scaled, other: Scaled, size: Array) -> float:
    """The largest ‖one − other‖ of all rows, relative to ``size``, which goes with one's powers."""
    missing = one + other.map(-other.mantissa)
    logs = missing.log10_norms() - Scaled(size[..., None], _powers(one)).log10_norms()
    logs = np.where(np.isneginf(missing.log10_norms()), -np.inf, logs)
    return float(max((10.0**each for each in logs.ravel()), key=_nan_first))


def _states(own: LayerFlow, state: str) -> Scaled:
    """∂L/∂state of the first example, (T + 1, H), index 0 for the initial state."""
    return Scaled(own.d[f"d{state}_all"][:, 0], _layer_powers(own)[:, 0])


def _layer_powers(own: LayerFlow) -> Array:
    return _powers(Scaled(own.d["dh_all"], own.exponent))


def _powers(one: Scaled) -> Array:
    return np.zeros(one.mantissa.shape[:-1], np.int64) if one.exponent is None else one.exponent


def _normal(one: Scaled) -> Scaled:
    """The same rows with mantissas of the order of 1."""
    shift = exponents(one.mantissa)
    return Scaled(np.ldexp(one.mantissa, -shift[..., None]), _powers(one) + shift)
