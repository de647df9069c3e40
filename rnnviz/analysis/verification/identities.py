"""What must be true of a gradient flow whatever the numbers: the views against backpropagation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.cuts import parameter_mantissas
from rnnviz.analysis.gradient_paths import arriving_at, road_vectors
from rnnviz.analysis.jacobian import MOST_NUMBERS, step_jacobians
from rnnviz.analysis.loss_attribution import itemised_vectors
from rnnviz.analysis.verification.check import Check, made, skipped
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.numerics.extended_range import Scaled, norms
from rnnviz.numerics.relative_error import gap, nan_first, normal, powers_of
from rnnviz.words import sentence

Array = NDArray[Any]
ITEMISED = sentence("the gradients of the single losses add up to ∂L/∂h_t at every t")
CHAIN = sentence(
    "the Jacobians of the single steps, multiplied, carry the gradient to the first state"
)
PRODUCT = sentence("‖product of the steps‖ ≤ product of ‖steps‖ (log10 of the excess)")


def identities(flow: GradientFlow, bound: float) -> Iterator[Check]:
    """Itemised map, roads and step Jacobians: of the top layer's first direction, first example."""
    own = flow.layers[-len(flow.trace.model.directions)]
    steps, _, size = own.d["dh"].shape
    if (needed := (steps + 1) * steps * size) <= MOST_NUMBERS:
        yield _itemised_sum(flow, own, bound)
    else:
        yield skipped("itemised", bound, ITEMISED, too_many(needed, MOST_NUMBERS))
    yield _roads_sum(flow, own, bound)
    if (needed := steps * (size * len(own.trace.cell.states)) ** 2) <= MOST_NUMBERS:
        yield from _chain(flow, own, bound)
    else:
        yield skipped("chain", bound, CHAIN, too_many(needed, MOST_NUMBERS))
        yield skipped("product", bound, PRODUCT, too_many(needed, MOST_NUMBERS))


def too_many(needed: int, most: int) -> str:
    """Why a check was not made: the numbers that it would have to hold."""
    return sentence(
        "it would take {needed:,} numbers, above the limit of {most:,}", needed=needed, most=most
    )


def step_sums(flow: GradientFlow, bound: float) -> Check:
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
            apart = np.abs(total - np.ldexp(gradient.astype(float), power - top)).max()
            apart = float(apart / size.max()) if size.any() else float(apart)
            error = max(error, apart, key=nan_first)
    words = sentence("the shares of the single timesteps add up to the gradient of every weight")
    return made("weights", error, bound, words)


def _itemised_sum(flow: GradientFlow, own: LayerFlow, bound: float) -> Check:
    vectors = itemised_vectors(flow.trace, flow.outputs, layer=own.trace.layer)
    top = vectors.top().max(axis=0)
    parts = vectors.at(np.broadcast_to(top, vectors.mantissa.shape[:2]))
    error = gap(Scaled(parts.sum(axis=0), top), _states(own, "h"), norms(parts).sum(axis=0))
    return made("itemised", error, bound, ITEMISED)


def _roads_sum(flow: GradientFlow, own: LayerFlow, bound: float) -> Check:
    found = road_vectors(flow.trace, flow.outputs, layer=own.trace.layer)
    main, rest, state = found["main"], found["rest"], own.trace.cell.states[-1]
    total = main + rest
    size = norms(main.at(total.top())) + norms(rest.at(total.top()))
    words = sentence("the two roads add up to ∂L/∂{state}_t at every t", state=state)
    error = gap(Scaled(total.at(total.top()), total.top()), _states(own, state), size)
    return made("roads", error, bound, words)


def _chain(flow: GradientFlow, own: LayerFlow, bound: float) -> Iterator[Check]:
    """The step Jacobians: as a product they carry the gradient back, and keep below their norms."""
    jacobians = step_jacobians(flow.trace, layer=own.trace.layer)
    size, width = own.d["dh"].shape[-1], jacobians.shape[1]
    direct = arriving_at(flow, own)
    now = Scaled(np.zeros((1, width)), np.zeros(1, np.int64))
    product = Scaled(np.eye(width).reshape(1, -1), np.zeros(1, np.int64))
    most, excess = np.log10(width) / 2, 0.0
    for t in reversed(range(len(jacobians))):
        entry = np.zeros((1, width))
        entry[0, :size] = direct.mantissa[t, 0]
        now = normal(now + Scaled(entry, powers_of(direct)[t, :1]))
        now = now.map(now.mantissa @ jacobians[t])
        product = normal(
            product.map((product.mantissa.reshape(width, width) @ jacobians[t]).reshape(1, -1))
        )
        most += float(np.log10(np.linalg.norm(jacobians[t])))
        excess = max(excess, float(product.log10_norms()[0] - most), key=nan_first)
    first = _states(own, "h")
    start = Scaled(first.mantissa[:1], powers_of(first)[:1])
    reached = now.map(now.mantissa[:, :size])
    yield made("chain", gap(reached, start, norms(now.mantissa)), bound, CHAIN)
    excess = 0.0 if np.isnan(excess) and most == -np.inf else excess
    yield made("product", excess, 1e-9, PRODUCT)


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


def _states(own: LayerFlow, state: str) -> Scaled:
    """∂L/∂state of the first example, (T + 1, H), index 0 for the initial state."""
    return Scaled(own.d[f"d{state}_all"][:, 0], _layer_powers(own)[:, 0])


def _layer_powers(own: LayerFlow) -> Array:
    return powers_of(Scaled(own.d["dh_all"], own.exponent))
