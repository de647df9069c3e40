"""Two variants taken apart: what a peephole adds, and the two conventions of the GRU.

Peephole LSTM. The pre-activation of a gate is input + past + seen,

    input = x_t W_x + b      past = h_{t−1} W_h      seen = c W_c, or c ⊙ p

(c_{t−1} for i and f, the NEW c_t for o), and ∂L/∂c_t has four parts:

    out    dh_t ⊙ o_t ⊙ (1 − tanh² c_t)      through h_t
    kept   f_{t+1} ⊙ dc_{t+1}                 along the cell state
    now    see′(da_o at t)                    through o's peephole
    later  see′(da_i + da_f at t + 1)         through those of i and f

A plain LSTM has the first two alone.

GRU. With the same weights, b_h the bias inside the product of ``reset_after`` and b_g + b_h the
candidate's bias without it, the two candidates' pre-activations differ, from the same h_{t−1}, by

    after − before = Σ_k (r_j − r_k) h_k W_kj  −  (1 − r_j) b_hj      in unit j

So they agree where b_h = 0 and W (the candidate's W_h) is diagonal: always at H = 1. They also
agree where all of r are equal and b_h = 0, whatever W. Sources: Gers, Schraudolph and Schmidhuber
2002; Cho et al. 2014, whose first version (arXiv 1406.1078v1) resets before the product and whose
third resets after it, as PyTorch, cuDNN and Keras do.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.core.backward_run import backward
from rnnviz.core.forward_run import run
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.model import Model
from rnnviz.core.trace import LayerTrace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import Scaled, joined
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import finite_number, frozen, instance, one_of

SEERS = ("i", "f", "o")


class Parts(NamedTuple):
    """A gate's pre-activation in parts, each (T, H): input + past + seen = total."""

    input: Array
    past: Array
    seen: Array

    def __repr__(self) -> str:
        return brief(self)

    @property
    def total(self) -> Array:
        """The pre-activation, (T, H)."""
        return np.asarray(self.input + self.past + self.seen)


def gate_parts(trace: LayerTrace, gate: str, batch: int = 0) -> Parts:
    """The parts of a peephole LSTM's gate i, f or o. Raises ValueError for another cell."""
    cell, W, r = _peephole(trace), trace.cell.as_held(trace.parameters), trace.record
    name = one_of("gate", gate, SEERS)
    c = r["c"] if name == "o" else r["c_prev"]
    P = cell.part(W, _weight(W), name)
    see = c[:, batch] * P if P.ndim == 1 else c[:, batch] @ P
    inputs = r["x"][:, batch] @ cell.block(name, W["W_x"]) + cell.block(name, W["b"])
    past = r["h_prev"][:, batch] @ cell.block(name, W["W_h"])
    return Parts(*map(frozen, (inputs, past, see)))


class Ways(NamedTuple):
    """∂L/∂c_t of one example in parts, t = 1 … T, each (T, H) with its powers of two.

    total = out + kept + now + later, as vectors; the last two go through the peepholes.
    """

    total: Scaled
    out: Scaled
    kept: Scaled
    now: Scaled
    later: Scaled

    def __repr__(self) -> str:
        return brief(self)

    @property
    def peepholes(self) -> Scaled:
        """All that comes through the peepholes."""
        return self.now + self.later


def cell_ways(flow: GradientFlow, batch: int = 0) -> Ways:
    """Split ∂L/∂c_t of a peephole LSTM. Raises ValueError for another cell."""
    instance("flow", flow, GradientFlow)
    own = flow.layers[0]
    trace = own.trace
    cell, W, r = _peephole(trace), trace.cell.as_held(trace.parameters), trace.record
    dh, dc = (own.scaled(name)[:, batch] for name in "hc")
    da = {name: own.scaled(f"a_{name}")[:, batch] for name in SEERS}
    seen = {name: one.map(_back(one.mantissa, cell.part(W, _weight(W), name)))
            for name, one in da.items()}  # fmt: skip
    h_c = (r["o"] * (1 - np.tanh(r["c"]) ** 2))[:, batch]
    later = _after(seen["i"] + seen["f"])
    kept = _after(dc.map(dc.mantissa * r["f"][:, batch]))
    return Ways(dc, dh.map(dh.mantissa * h_c), kept, seen["o"], later)


def _peephole(trace: LayerTrace) -> Any:
    one_of("cell", trace.cell.name, ("peephole_lstm",))
    return trace.cell


def _weight(W: Any) -> str:
    return "p" if "p" in W else "W_c"


def _back(da: Array, P: Array) -> Array:
    return np.asarray(da * P if P.ndim == 1 else da @ P.T)


def _after(one: Scaled) -> Scaled:
    """The gradient that step t + 1 passes back to t: rows moved up by one, zeros at the end."""
    return joined([one[1:], one[:1].map(np.zeros_like(one.mantissa[:1]))])


def without_peepholes(flow: GradientFlow) -> GradientFlow:
    """The plain LSTM with the same W_x, W_h, b and gates held, same inputs and ∂L/∂outputs."""
    instance("flow", flow, GradientFlow)
    model = flow.trace.model
    cell = _peephole(flow.trace.layers[0])
    W = {name: model.parameters[0][name] for name in ("W_x", "W_h", "b")}
    plain = replace(model, cell=CELLS["lstm"](hold=dict(cell.hold)), parameters=(W,))
    return _again(flow, plain)


def _again(flow: GradientFlow, model: Model) -> GradientFlow:
    """Another model of the same size: same inputs and initial states, the very same ∂L/∂outputs."""
    start = {f"{name}0": states for name, states in flow.trace.initial.items()}
    return backward(run(model, flow.trace.x, **start), flow.outputs)


class Conventions(NamedTuple):
    """The GRU that resets before the product, and the one that resets after it."""

    before: GradientFlow
    after: GradientFlow

    def __repr__(self) -> str:
        return brief(self)

    def apart(self, name: str, batch: int = 0) -> Array:
        """|after − before| of a signal, (T, H)."""
        one, other = (flow.trace[name][:, batch] for flow in (self.before, self.after))
        return np.abs(np.asarray(other, np.float64) - one)

    def most(self) -> float:
        """The largest difference of any signal, unit and timestep."""
        names = [signal.name for signal in self.before.trace.model.cell.signals]
        return float(max(self.apart(name).max() for name in names))


def conventions(flow: GradientFlow, inner: float = 0.0) -> Conventions:
    """Both conventions with the weights of a GRU's flow, and ``inner`` for every b_h of g.

    The candidate's bias without reset after is b_g + b_h: where r = 1 the two are the same. The
    gates' own recurrent biases, if there are any, are added to b in both. Raises ValueError.
    """
    instance("flow", flow, GradientFlow)
    model, bias = flow.trace.model, finite_number("inner", inner)
    cell = model.cell
    one_of("cell", cell.name, ("gru",))
    given = model.parameters[0]
    b, size = given["b"].copy(), model.hidden_size
    if "b_h" in given:
        b[: 2 * size] += given["b_h"][: 2 * size]
    b_h = np.zeros_like(b)
    b_h[2 * size :] = bias
    shared = {name: given[name] for name in ("W_x", "W_h")}
    kinds = [CELLS["gru"](reset_after=after, hold=dict(cell.hold)) for after in (False, True)]
    weights = ({**shared, "b": b + b_h}, {**shared, "b": b, "b_h": b_h})
    return Conventions(*(
        _again(flow, replace(model, cell=kind, parameters=(W,)))
        for kind, W in zip(kinds, weights, strict=True)
    ))  # fmt: skip


def candidate_gap(flow: GradientFlow, inner: float = 0.0, batch: int = 0) -> Array:
    """after − before of the candidate's pre-activation, (T, H), from the recorded h_{t−1} and r.

    The closed form: Σ_k (r_j − r_k) h_k W_kj − (1 − r_j) b_h. Raises ValueError.
    """
    trace = flow.trace.layers[0]
    one_of("cell", trace.cell.name, ("gru",))
    W = trace.cell.block("g", trace.parameters["W_h"])
    r, h = trace.record["r"][:, batch], trace.record["h_prev"][:, batch]
    crossed = np.einsum("tjk,tk,kj->tj", r[:, :, None] - r[:, None, :], h, W)
    return np.asarray(crossed - (1 - r) * finite_number("inner", inner))
