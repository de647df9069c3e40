"""The record of a backward run: every gradient at every timestep, on an absolute scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from rnnviz.core import _html
from rnnviz.core.gate_gradients import gate_gradients
from rnnviz.core.nonfinite import NonFinite
from rnnviz.core.projection import gradient_of
from rnnviz.core.trace import LayerTrace, Trace, first_nonfinite, only, stacked
from rnnviz.core.weight_gradients import log10_step_norms, parameter_gradients
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.records import Record, sealed
from rnnviz.numerics.validation import frozen, one_of
from rnnviz.words.numbers import power


@dataclass(frozen=True)
class LayerFlow(Record):
    """The gradients of one layer and direction.

    ``flow[name]`` is ∂L/∂signal (T, B, H), aligned with input time, for every signal of the cell
    (states: in total, direct loss and all that comes back) and, as ``a_f`` …, for every block's
    pre-activation. Values are true ones; what a float cannot hold is 0 or ±inf there, while the
    log10 norms stay right.

    ``d`` holds the gradients' mantissas in the order of processing, and ``exponent`` (T + 1, B)
    their powers of two, row 0 for the initial state. Where h is projected, ``arrived`` (T, B, P) is
    ∂L/∂(what is handed on), in the order of processing, and ``parameters`` has the gradient of W_r
    W_h in the place of W_h's.

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
    arrived: Scaled | None = None

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
            found[1:] = self.trace.in_time(found[1:].copy())
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
        return logs if self.trace.lengths is not None else self.trace.in_time(logs)

    @property
    def initial(self) -> dict[str, Array]:
        """State name → ∂L/∂(its initial value), (B, H)."""
        return {name: self.scaled_states(name)[0].true() for name in self.trace.cell.states}

    def example(self, at: LayerTrace, k: int) -> LayerFlow:
        """The gradients of one example alone; ``at`` is its record."""
        steps, one = len(at.record["x"]), slice(k, k + 1)
        d = {name: rows[: steps + name.endswith("_all"), one] for name, rows in self.d.items()}
        exponent = self.exponent[: steps + 1, one]
        with np.errstate(all="ignore"):
            parameters = parameter_gradients(at, d, exponent[1:])
        arrived = None if self.arrived is None else self.arrived[:steps, one]
        return LayerFlow(at, sealed(d), frozen(exponent), sealed(parameters), arrived)

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
        if f"d{name}" in self.d:
            return self._with_powers(self.d[f"d{name}"], slice(1, None))
        return self._gates[name]

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
    def _gates(self) -> dict[str, Scaled]:
        """∂L/∂gate and ∂L/∂candidate, which no other gradient needs: computed on first use."""
        return gate_gradients(self.trace, self.d, self.exponent[1:] if self._rescaled else None)


def _with_projection(own: LayerFlow, W: Arrays) -> Arrays:
    """A projected layer's gradients by its own parameters."""
    assert own.arrived is not None
    h, first = own.trace.record["h"], own.trace.initial["h"]
    sums = Scaled(own.d["da"], own.exponent[1:])[0].true()
    found = gradient_of(own.parameters["W_h"], W, h, own.arrived.true(), (first, sums))
    return sealed({name: ({**own.parameters, **found})[name] for name in W})


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
        if not self.trace.model.projected:
            return tuple(layer.parameters for layer in self.layers)
        return tuple(_with_projection(*pair) for pair in
                     zip(self.layers, self.trace.model.parameters, strict=True))  # fmt: skip

    @property
    def initial(self) -> dict[str, Array]:
        """State name → (layers·directions, B, H): ∂L/∂h_0 and ∂L/∂c_0.

        Summed over the batch it is the gradient of learnt initial states, ``model.initial``.
        """
        found = [layer.initial for layer in self.layers]
        for layer, own in zip(self.layers, found, strict=True):
            if (W_r := layer.trace.projection) is not None:
                own["h"] = own["h"] @ np.linalg.pinv(W_r).T
        return stacked(found)

    def example(self, k: int) -> GradientFlow:
        """The gradient of one example alone, a batch of 1, cut to its own length.

        The loss's terms and the readout's gradients are not split. Raises ValueError.

        >>> import numpy as np, rnnviz
        >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4), np.ones((6, 2, 2)), lengths=[6, 3])
        >>> rnnviz.backprop(trace, np.ones((6, 2, 4))).example(1)["f"].shape
        (3, 1, 4)
        """
        trace = self.trace.example(k)
        rows = slice(len(trace.x)), slice(k, k + 1)
        pairs = zip(self.layers, trace.layers, strict=True)
        layers = tuple(own.example(at, k) for own, at in pairs)
        return GradientFlow(trace, layers, self.outputs[rows], self.inputs[rows], sealed({}))

    def layer(self, layer: int, direction: str | None = None) -> LayerFlow:
        """The gradients of one layer (0 is the first) and direction, by default the first one."""
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
