"""Run a gradient back through a trace, from the top layer down."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rnnviz.core.backward_loop import Sweep
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.lengths import inside
from rnnviz.core.losses import Loss
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.core.weight_gradients import parameter_gradients
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.records import ReadOnly, sealed
from rnnviz.numerics.validation import fitting, frozen, instance, real_array

NO_STATES: Arrays = ReadOnly({})


def backprop(trace: Trace, dh: Any) -> GradientFlow:
    """Carry a gradient back through everything the trace recorded.

    ``dh`` is ∂L/∂outputs (T, B, directions·H), or a loss of `rnnviz.core.losses`. With x (T, D) the
    axis B of dh may be left out. After an example's end (``lengths`` of `rnnviz.run`) it counts for
    nothing.

    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> flow = rnnviz.backprop(trace, np.ones((6, 1, 4)))
    >>> flow["f"].shape, flow.log10_norms("h").shape
    ((6, 1, 4), (7, 1))
    """
    instance("trace", trace, Trace)
    return _from_loss(trace, dh) if isinstance(dh, Loss) else backward(trace, arriving(trace, dh))


def arriving(trace: Trace, dh: Any) -> Array:
    """∂L/∂outputs (T, B, directions·H) from an argument of `backprop`, checked."""
    instance("trace", trace, Trace)
    if isinstance(dh, Loss):
        with np.errstate(all="ignore"):
            return _before_readout(trace, dh.gradient(trace))
    array = real_array("dh", dh)
    shapes = {trace.outputs.shape}
    if trace.outputs.shape[1] == 1:
        shapes.add(trace.outputs[:, 0].shape)
    if array.shape not in shapes:
        raise ValueError(
            f"`dh` must have the shape {trace.outputs.shape} of the outputs, got {array.shape}."
        )
    return fitting("dh", array, trace.outputs.dtype).reshape(trace.outputs.shape)


def _before_readout(trace: Trace, dy: Array) -> Array:
    """∂L/∂outputs from ∂L/∂y."""
    readout = trace.model.readout
    return dy if readout is None else np.asarray(dy @ readout.parameters["W_y"].T)


def _from_loss(trace: Trace, loss: Loss) -> GradientFlow:
    with np.errstate(all="ignore"):
        terms, dy = loss.terms(trace), loss.gradient(trace)
        readout = {}
        if trace.model.readout is not None:
            readout = {
                "W_y": np.tensordot(trace.outputs, dy, axes=([0, 1], [0, 1])),
                "b_y": dy.sum(axis=(0, 1)),
            }
        return backward(trace, _before_readout(trace, dy), readout, terms)


def backward(
    trace: Trace, dh: Array, readout: Arrays | None = None, loss: Array | None = None,
    final: Arrays = NO_STATES, *, weights: bool = True,
) -> GradientFlow:  # fmt: skip
    """`backprop` without its checks: the stack from the top layer down.

    ``final`` is ∂L/∂(the final states) (layers·directions, B, H) where they are read by something
    else than the outputs are, as a decoder does that begins with them; all lengths must be T.
    Without ``weights`` the layers' flows have no gradients of parameters.
    """
    sides, size = trace.model.directions, trace.model.width
    found: list[LayerFlow] = []
    if trace.lengths is not None:  # outputs after an example's end are 0, whatever happens
        dh = np.where(inside(trace.lengths, len(dh))[..., None], dh, dh.dtype.type(0))
    above = Scaled(dh)
    for level in reversed(range(trace.model.num_layers)):
        below = None
        for side in reversed(range(len(sides))):
            at = trace.layers[level * len(sides) + side]
            direct = at.in_time(above.columns(slice(side * size, (side + 1) * size)))
            ends = {name: one[level * len(sides) + side] for name, one in final.items()}
            if at.projection is not None and "h" in ends:
                direct = _with_last(direct, ends.pop("h"))
            flow, dx = layer_backward(at, at.arriving(direct), ends, weights=weights)
            if at.projection is not None:
                flow = replace(flow, arrived=direct)
            found.append(flow)
            below = dx if below is None else dx + below
        assert below is not None
        above = below
    inputs, terms = frozen(above.true()), None if loss is None else frozen(loss.view())
    return GradientFlow(
        trace, tuple(reversed(found)), frozen(dh.view()), inputs, sealed(dict(readout or {})), terms
    )


def _with_last(direct: Scaled, last: Array) -> Scaled:
    """What arrives at each step (T, B, ·), and one more gradient (B, ·) at the last step."""
    rows = np.zeros(direct.mantissa.shape, direct.mantissa.dtype)
    rows[-1] = last
    return direct + Scaled(rows)


def layer_backward(
    at: LayerTrace, direct: Scaled, final: Arrays = NO_STATES, *, weights: bool = True
) -> tuple[LayerFlow, Scaled]:
    """One layer and direction: its flow, and ∂L/∂x (T, B, D) in input time.

    ``direct`` is what arrives at h from the losses or from above, (T, B, H), in the order of
    processing; ``final`` (B, H) what arrives at the last states by another way.
    """
    sweep = Sweep(at.cell, at.parameters, at.record, direct, final)
    with np.errstate(all="ignore"):
        sweep.run()
        d = {**sweep.d, **{f"d{name}_all": series for name, series in sweep.states.items()}}
        parameters = parameter_gradients(at, d, sweep.exponent[1:]) if weights else {}
    del sweep.d
    flow = LayerFlow(at, sealed(d), frozen(sweep.exponent), sealed(parameters))
    return flow, at.in_time(_inputs(flow))


def _inputs(own: LayerFlow) -> Scaled:
    """∂L/∂x (T, B, D) of one layer and direction, in the order of processing."""
    da, at = own.d["da"], own.trace
    with np.errstate(all="ignore"):
        dx = np.dot(da.reshape(-1, da.shape[-1]), at.parameters["W_x"].T)
    return own._with_powers(dx.reshape(at.record["x"].shape), slice(1, None))


def inputs_gradient(flow: GradientFlow, layer: int) -> Scaled:
    """∂L/∂(a layer's inputs) (T, B, D), in input time, at any size."""
    directions = (flow.layer(layer, one) for one in flow.trace.model.directions)
    parts = [own.trace.in_time(_inputs(own)) for own in directions]
    return parts[0] if len(parts) == 1 else parts[0] + parts[1]


def arriving_at(flow: GradientFlow, own: LayerFlow) -> Scaled:
    """What arrives at a layer's h from the losses or from above, (T, B, H).

    In the layer's order of processing.
    """
    model, at = flow.trace.model, own.trace
    side, size = model.directions.index(at.direction), model.width
    top = at.layer == model.num_layers - 1
    above = Scaled(flow.outputs) if top else inputs_gradient(flow, at.layer + 1)
    return at.arriving(at.in_time(above.columns(slice(side * size, (side + 1) * size))))
