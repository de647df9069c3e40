"""The record of a backward run: every gradient at every timestep, on an absolute scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from rnnviz.core import _html
from rnnviz.core.backward_loop import Sweep
from rnnviz.core.losses import Loss
from rnnviz.core.trace import LayerTrace, NonFinite, Trace, first_nonfinite, only, stacked
from rnnviz.core.weight_gradients import log10_step_norms, parameter_gradients
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.records import Record, sealed
from rnnviz.numerics.validation import fitting, frozen, instance, one_of, real_array
from rnnviz.words.numbers import power


@dataclass(frozen=True)
class LayerFlow(Record):
    """The gradients of one layer and direction.

    ``flow[name]`` is ∂L/∂signal (T, B, H), aligned with input time, for every signal of the cell
    (states: in total, direct loss and all that comes back) and, as ``a_f`` …, for every block's
    pre-activation. Values are true ones; what a float cannot hold is 0 or ±inf there, while the
    log10 norms stay right.

    ``d`` holds the gradients' mantissas in the order of processing, and ``exponent`` (T + 1, B)
    their powers of two, row 0 for the initial state.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> flow = rnnviz.backprop(trace, np.ones((6, 1, 4)))
    >>> flow.layer(0)["a_f"].shape
    (6, 1, 4)
    """

    trace: LayerTrace
    d: Arrays
    exponent: Array
    parameters: Arrays

    def __repr__(self) -> str:
        return repr(self.trace).replace("LayerTrace", "LayerFlow", 1)

    def __getitem__(self, name: str) -> Array:
        return frozen(self.trace.in_time(self.scaled(name).true()))

    def log10_norms(self, name: str) -> Array:
        """log10 ‖∂L/∂signal_t‖₂ per example, (T + 1, B), aligned with input time.

        Index 0 is the initial state (nan for what has none: gates and candidates).
        """
        if isinstance(name, str) and name in self.trace.cell.states:
            found = self.scaled_states(name).log10_norms()
        else:
            steps = self.scaled(name).log10_norms()
            found = np.concatenate([np.full((1, steps.shape[1]), np.nan), steps])
        if self.trace.direction == "reverse":
            found[1:] = found[:0:-1].copy()
        return found

    def log10_magnitudes(self, name: str) -> Array:
        """log10 |∂L/∂signal| of every unit, (T, B, H), aligned with input time; −inf for 0."""
        return self.trace.in_time(self.scaled(name).log10_magnitudes())

    def signs(self, name: str) -> Array:
        """−1, 0 or 1 for ∂L/∂signal of every unit, (T, B, H), also where the value underflows."""
        return np.asarray(np.sign(self.trace.in_time(self.scaled(name).mantissa)))

    def log10_weight_norms(self, name: str) -> Array:
        """log10 of the Frobenius norm of what each timestep adds to a parameter's gradient, (T,).

        The batch is summed over, as in the parameter's gradient.
        """
        one_of("name", name, self.trace.parameters)
        logs = log10_step_norms(self.trace, self.d, self.exponent[1:], name)
        return self.trace.in_time(logs)

    @property
    def initial(self) -> dict[str, Array]:
        """State name → ∂L/∂(its initial value), (B, H)."""
        return {name: self.scaled_states(name)[0].true() for name in self.trace.cell.states}

    @property
    def first_nonfinite(self) -> NonFinite | None:
        """Where, on the way BACK, a gradient is first not finite as a float; t as in the trace."""
        names = [signal.name for signal in self.trace.cell.signals]
        arrays = {f"∂L/∂{name}": self.scaled(name).true()[::-1] for name in names}
        found = first_nonfinite(self.trace, arrays)
        steps = len(self.trace.record["x"])
        return None if found is None else replace(found, t=steps + 1 - found.t, back=True)

    def scaled(self, name: str) -> Scaled:
        """∂L/∂signal or, as ``a_f`` …, ∂L/∂pre-activation (T, B, H), in the order of processing."""
        cell = self.trace.cell
        known = [signal.name for signal in cell.signals] + [f"a_{block}" for block in cell.blocks]
        one_of("signal", name, known)
        mantissa = self.d[f"d{name}"] if f"d{name}" in self.d else self._gates[name]
        return self._with_powers(mantissa, slice(1, None))

    def scaled_states(self, name: str) -> Scaled:
        """∂L/∂state (T + 1, B, H) in the order of processing; row 0 is the initial state."""
        one_of("state", name, self.trace.cell.states)
        return self._with_powers(self.d[f"d{name}_all"], slice(None))

    def _with_powers(self, mantissa: Array, rows: slice) -> Scaled:
        return Scaled(mantissa, self.exponent[rows] if self._rescaled else None)

    @cached_property
    def _rescaled(self) -> bool:
        return bool(self.exponent.any())

    @cached_property
    def _gates(self) -> Arrays:
        """∂L/∂gate and ∂L/∂candidate, which no other gradient needs: computed on first use."""
        with np.errstate(all="ignore"):
            return sealed(self.trace.cell.gate_gradients(
                self.trace.parameters, self.trace.record, self.d
            ))


@dataclass(frozen=True)
class GradientFlow(Record):
    """What a backward run recorded; it holds its trace.

    ``parameters`` has the layout of ``trace.model.parameters``, ``readout`` that of the readout's
    parameters (empty when the gradient came in as an array), ``inputs`` is ∂L/∂x (T, B, D), and
    ``loss`` the loss's terms (T, B), or None.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> flow = rnnviz.backprop(trace, np.ones((6, 1, 4)))
    >>> flow.parameters[0]["W_h"].shape, flow.inputs.shape
    ((4, 16), (6, 1, 2))
    """

    trace: Trace
    layers: tuple[LayerFlow, ...]
    outputs: Array
    inputs: Array
    readout: Arrays
    loss: Array | None = None

    def __repr__(self) -> str:
        first, last = (power(float(one)) for one in self._norms()[[1, -1]])
        words = f"‖∂L/∂h‖ {first} at t = 1, {last} at t = {len(self.trace.x)}"
        return f"GradientFlow({self.trace.shape_in_words}: {words})"

    def _repr_html_(self) -> str:
        words = "log10 of the gradient's norm against time"
        return _html.captioned(repr(self), _html.sparkline(self._norms()[1:], words))

    def _norms(self) -> Array:
        """log10 ‖∂L/∂h_t‖ (T + 1,) of the top layer's forward direction, largest of the batch."""
        found = self.layer(self.trace.model.num_layers - 1).log10_norms("h")
        return np.asarray(np.where(np.isnan(found), -np.inf, found).max(axis=1))

    @property
    def parameters(self) -> tuple[Arrays, ...]:
        """One mapping per layer and direction: parameter name → its gradient."""
        return tuple(layer.parameters for layer in self.layers)

    @property
    def initial(self) -> dict[str, Array]:
        """State name → (layers·directions, B, H): ∂L/∂h_0 and ∂L/∂c_0."""
        return stacked([layer.initial for layer in self.layers])

    def layer(self, layer: int, direction: str = "forward") -> LayerFlow:
        """The gradients of one layer (0 is the first) and direction."""
        return self.layers[self.trace.model.index(layer, direction)]

    def __getitem__(self, name: str) -> Array:
        """∂L/∂signal (T, B, H) of a one-layer, one-direction model."""
        return only(self.layers, "flow")[name]

    def log10_norms(self, name: str) -> Array:
        """`LayerFlow.log10_norms` of a one-layer, one-direction model, (T + 1, B)."""
        return only(self.layers, "flow").log10_norms(name)

    def log10_weight_norms(self, name: str) -> Array:
        """`LayerFlow.log10_weight_norms` of a one-layer, one-direction model, (T,)."""
        return only(self.layers, "flow").log10_weight_norms(name)

    @property
    def first_nonfinite(self) -> NonFinite | None:
        """Where a gradient is first not finite as a float, from the top layer down, or None."""
        return next((at for one in reversed(self.layers) if (at := one.first_nonfinite)), None)


def backprop(trace: Trace, dh: Any) -> GradientFlow:
    """Carry a gradient back through everything the trace recorded.

    ``dh`` is ∂L/∂outputs (T, B, directions·H), or a loss of `rnnviz.core.losses`. With x (T, D) the
    axis B of dh may be left out.

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
    """∂L/∂outputs (T, B, directions·H) of what `backprop` takes, with its checks and no pass."""
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
    trace: Trace, dh: Array, readout: Arrays | None = None, loss: Array | None = None
) -> GradientFlow:
    """`backprop` without its checks: the stack from the top layer down."""
    sides, size = trace.model.directions, trace.model.hidden_size
    found: list[LayerFlow] = []
    above = Scaled(dh)
    for level in reversed(range(trace.model.num_layers)):
        below = None
        for side in reversed(range(len(sides))):
            at = trace.layers[level * len(sides) + side]
            direct = above.columns(slice(side * size, (side + 1) * size))
            flow, dx = layer_backward(at, at.in_time(direct))
            found.append(flow)
            below = dx if below is None else dx + below
        assert below is not None
        above = below
    inputs, terms = frozen(above.true()), None if loss is None else frozen(loss.view())
    return GradientFlow(
        trace, tuple(reversed(found)), frozen(dh.view()), inputs, sealed(dict(readout or {})), terms
    )


def layer_backward(at: LayerTrace, direct: Scaled) -> tuple[LayerFlow, Scaled]:
    """One layer and direction: its flow, and ∂L/∂x (T, B, D) in input time.

    ``direct`` is what arrives at h from the losses or from above, (T, B, H), in the order of
    processing.
    """
    sweep = Sweep(at.cell, at.parameters, at.record, direct)
    with np.errstate(all="ignore"):
        sweep.run()
        d = {**sweep.d, **{f"d{name}_all": series for name, series in sweep.states.items()}}
        parameters = parameter_gradients(at, d, sweep.exponent[1:])
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
    side, size = model.directions.index(at.direction), model.hidden_size
    top = at.layer == model.num_layers - 1
    above = Scaled(flow.outputs) if top else inputs_gradient(flow, at.layer + 1)
    return at.in_time(above.columns(slice(side * size, (side + 1) * size)))
