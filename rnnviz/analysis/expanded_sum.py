"""The gradient of the shared weights as a sum over timesteps, each term as a product of factors.

The loss of one step S alone is followed. The weights W are the same at every step, so

    ∂L_S/∂W = Σ_k ∂L_S/∂y_S · ∂y_S/∂h_S · ∂h_S/∂s_k · ∂⁺s_k/∂W,   k = S, S − 1, … 1

where s is h, or h and c, ∂h_S/∂s_k is the product of the step Jacobians between, and ∂⁺s_k/∂W is
the derivative of one step with s_{k−1} held fixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.analysis.output_layer import output_layer
from rnnviz.analysis.reach import alone
from rnnviz.analysis.streamed import Streamed
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.lengths import only_one_length
from rnnviz.core.losses import Loss
from rnnviz.core.trace import LayerTrace
from rnnviz.core.weight_gradients import summed
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import LOG10_2, norms
from rnnviz.numerics.records import Record
from rnnviz.numerics.validation import frozen, instance, one_of

MOST_WORK = 2 * 10**8
"""The budget of n T H²: above it `Expanded.direct` is left out (nan)."""
MOST_BETWEEN = 6e11
"""The most that T H n² may be, some 0.1 ns each: about a minute."""


@dataclass(frozen=True, repr=False)
class Expanded(Record):
    """The terms of ∂L_S/∂W, for k = 1 … T; log10 of Frobenius norms, −inf for an exact zero.

    ``name``     W's name; ``start`` S
    ``output``   ‖∂L_S/∂y_S‖, and ``readout`` ‖∂y_S/∂h_S‖ = ‖W_y‖: one number each
    ``between``  ‖∂h_S/∂s_k‖ (T,): √H for k = S; nan for k > S
    ``arriving`` ‖∂L_S/∂s_k‖ (T,), the product of these three as it is: a row; nan for k > S
    ``direct``   ‖∂⁺s_k/∂W‖ (T,), nan where it would take too long (`MOST_WORK`)
    ``terms``    ‖the term of step k‖ (T,): at most the product of the four
    ``sums``     ‖the sum of the terms from S back to k‖ (T,)
    ``total``    ∂L_S/∂W itself, the sum of all terms, in W's shape

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 4, output_size=1), np.ones((6, 1, 2)))
    >>> loss = rnnviz.SquaredError(np.zeros((6, 1, 1)))
    >>> found = rnnviz.expanded_sum(rnnviz.backprop(trace, loss), loss)
    >>> found.start, found.terms.shape
    (6, (6,))
    """

    name: str
    start: int
    output: float
    readout: float
    between: Array
    arriving: Array
    direct: Array
    terms: Array
    sums: Array
    total: Array


def expanded_sum(
    flow: GradientFlow, loss: Loss, name: str = "W_h", *, step: int | None = None
) -> Expanded:
    """Expand the gradient of one parameter of a model of one layer, direction and example.

    ``flow`` is what `rnnviz.backprop` returned for ``loss``, with a readout; ``step`` is S, by
    default the last step at which there is a loss.

    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, output_size=1), np.ones((6, 1, 2)))
    >>> loss = rnnviz.SquaredError(np.zeros((6, 1, 1)))
    >>> flow = rnnviz.backprop(trace, loss)
    >>> found = rnnviz.expanded_sum(flow, loss)
    >>> bool(np.allclose(found.total, flow.parameters[0]["W_h"]))
    True
    """
    instance("flow", flow, GradientFlow)
    model, steps = flow.trace.model, len(flow.trace.x)
    if len(flow.layers) != 1 or flow.trace.x.shape[1] != 1 or model.direction != "forward":
        raise ValueError(
            "`flow` must be of a model of one layer that reads forward, and a batch of 1."
        )
    only_one_length(flow.trace.lengths, "flow")
    if model.projected:
        raise ValueError("`flow` must be of a model whose h is not projected, got a projected one.")
    one_of("name", name, model.parameters[0])
    output = output_layer(flow.trace, loss)
    one, start = alone(flow, step)
    if not start:
        raise ValueError("`flow` must have a loss whose gradient is not 0, got none.")
    own = one.layers[0]
    sums, total = _running(own, name)
    with np.errstate(divide="ignore"):
        slope = float(np.log10(norms(np.asarray(output.slope[start - 1], np.float64))))
        readout = float(np.log10(norms(np.asarray(output.W_y, np.float64).ravel())))
    between = np.full(steps, np.nan)
    arriving = np.full(steps, np.nan)
    between[:start], arriving[:start] = _between(one, start)
    terms = np.asarray(own.log10_weight_norms(name), np.float64)
    return Expanded(
        name, start, slope, readout, frozen(between), frozen(arriving),
        frozen(_direct(own.trace, name)), frozen(terms), frozen(sums), frozen(total),
    )  # fmt: skip


def _running(flow: LayerFlow, name: str) -> tuple[Array, Array]:
    """log10 ‖the terms from T back to k, added‖ (T,), and the whole sum."""
    at = flow.trace
    share = at.cell.contributions(at.parameters, at.record, flow.d)[name]
    steps = len(at.record["x"])
    total, scale, logs = np.zeros(at.parameters[name].shape), 0, np.empty(steps)
    with np.errstate(divide="ignore", under="ignore", over="ignore", invalid="ignore"):
        for k in range(steps - 1, -1, -1):
            one = np.asarray(summed(share, slice(k, k + 1)), np.float64).reshape(total.shape)
            power = int(flow.exponent[k + 1, 0])
            if power > scale or not total.any():
                total, scale = np.ldexp(total, scale - power) + one, power
            else:
                total = total + np.ldexp(one, power - scale)
            logs[k] = np.log10(norms(total.ravel())) + scale * LOG10_2
        return logs, np.ldexp(total, scale)


def _between(flow: GradientFlow, start: int) -> tuple[Array, Array]:
    """log10 ‖∂h_S/∂s_k‖_F and log10 ‖∂L_S/∂s_k‖ for k = 1 … S; s is all of the cell's states."""
    jacobians, size = Streamed(flow.trace, 0, None, 0), flow.trace.model.hidden_size
    jacobians.within(jacobians.steps * size * jacobians.size**2, MOST_BETWEEN,
                     "all factors of the sum", "rnnviz.reach follows ∂L_S/∂s_k")  # fmt: skip
    product, scale = np.eye(jacobians.size)[:size], 0.0
    row = np.asarray(flow.outputs[start - 1, 0], np.float64)
    logs, arriving = np.empty(start), np.empty(start)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for k, J in zip(range(start, 0, -1), jacobians.back(start), strict=True):
            arriving[k - 1] = np.log10(norms(row @ product)) + scale
            norm = norms(product.ravel())
            logs[k - 1] = np.log10(norm) + scale
            if norm > 0 and np.isfinite(norm):
                product, scale = product / norm, float(logs[k - 1])
            product = product @ J
    return logs, arriving


def direct_derivatives(at: LayerTrace, name: str) -> list[Any]:
    """∂⁺s_k/∂W of every unit of s: contributions (see `Cell.contributions`) with k as the batch.

    The backward step of every k is run with a gradient of 1 at that unit alone, and what it would
    carry on to s_{k−1} is dropped.
    """
    cell, W = at.cell, {key: np.asarray(one, np.float64) for key, one in at.parameters.items()}
    record = {key: np.asarray(one.swapaxes(0, 1), np.float64) for key, one in at.record.items()}
    steps, size = record["h"].shape[1:]
    back = cell.backward_loop(W, steps, size, np.dtype(np.float64))
    found = []
    for state in cell.states:
        for unit in range(size):
            d = cell.gradient_records((1, steps, size), np.dtype(np.float64))
            for key in cell.states:
                d |= {f"d{key}": np.zeros((1, steps, size)),
                      f"d{key}_prev": np.zeros((1, steps, size))}  # fmt: skip
            d[f"d{state}"][..., unit] = 1
            back.bound(record, d)(0)
            found.append(cell.contributions(W, record, d)[name])
    return found


def _direct(at: LayerTrace, name: str) -> Array:
    """log10 ‖∂⁺s_k/∂W‖_F (T,): the norm over all units of s and all entries of W."""
    steps, size = at.record["h"].shape[0], at.record["h"].shape[-1]
    if len(at.cell.states) * size * steps * size**2 > MOST_WORK:
        return np.full(steps, np.nan)
    squares = np.zeros(steps)
    with np.errstate(all="ignore"):
        for share in direct_derivatives(at, name):
            if isinstance(share, tuple):
                squares += sum(
                    (left[0] ** 2).sum(axis=-1) * (right[0] ** 2).sum(axis=-1)
                    for left, right in share
                )
            else:
                squares += (share[0].reshape(steps, -1) ** 2).sum(axis=-1)
        return np.log10(squares) / 2
