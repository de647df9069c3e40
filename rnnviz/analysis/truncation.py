"""Truncated backpropagation through time, and the share of the gradient that its cuts remove.

The input is cut into windows of k timesteps from the start; states are handed on, gradients are
not. (Williams and Peng 1990.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from rnnviz.core.backward_run import backprop, backward
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.lengths import only_one_length
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.core.weight_gradients import parameter_gradients
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import norms
from rnnviz.numerics.records import brief, sealed
from rnnviz.numerics.validation import frozen, whole_number


class Truncated(NamedTuple):
    """A backward pass cut between windows of k timesteps, and what the cuts remove.

    flow     the cut gradients
    full     the gradients without a cut
    removed  one array per layer and direction, (T + 1, B), in input time, 0 the initial state:
             ‖full − cut‖ / ‖full‖ of ∂L/∂s_t, s the memory state, `cell.states[-1]`; nan where
             the full one is exactly zero
    weights  one mapping per layer and direction, parameter name → the same share, Frobenius norm

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.truncated(trace, np.ones((6, 1, 4)), k=6).weights[0]["W_h"]
    0.0
    """

    flow: GradientFlow
    full: GradientFlow
    removed: tuple[Array, ...]
    weights: tuple[Mapping[str, float], ...]

    def __repr__(self) -> str:
        return brief(self)


def truncated(trace: Trace, dh: Any, k: int) -> Truncated:
    """Cut the backward pass between the timesteps k and k + 1, 2k and 2k + 1, … of input time.

    The windows are counted from the start of the sequence, as training by truncated backpropagation
    meets them; no gradient passes from one into another, in any layer or direction. ``dh`` is what
    `backprop` takes; k ≥ T cuts nothing and gives the full flow, to the last bit.

    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> found = rnnviz.truncated(trace, np.ones((6, 1, 4)), k=2)
    >>> found.removed[0].shape, sorted(found.weights[0])
    ((7, 1), ['W_h', 'W_x', 'b'])
    """
    width = whole_number("k", k)
    full = backprop(trace, dh)
    only_one_length(trace.lengths)
    steps = len(trace.x)
    if width >= steps:
        flow = full
    else:
        starts = range(0, steps, width)
        spans = [slice(start, min(start + width, steps)) for start in starts]
        parts = [backward(_window(trace, span), full.outputs[span], weights=False)
                 for span in spans]  # fmt: skip
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
    """One layer's windows in the order of processing, with the first window's initial state."""
    first, cell = parts[0], at.cell
    whole = [name for name in first.d if name in ("da", *cell.steps.backward.own)]
    d = {name: np.concatenate([part.d[name] for part in parts]) for name in whole}
    for name in cell.states:
        rows = [first.d[f"d{name}_all"][:1], *(part.d[f"d{name}"] for part in parts)]
        d[f"d{name}_all"] = np.concatenate(rows)
        d[f"d{name}"] = d[f"d{name}_all"][1:]
    d |= {f"da_{name}": cell.block(name, d["da"]) for name in cell.blocks}
    exponent = np.concatenate([first.exponent[:1], *(part.exponent[1:] for part in parts)])
    with np.errstate(all="ignore"):
        gradients = parameter_gradients(at, d, exponent[1:])
    return LayerFlow(at, sealed(d), frozen(exponent), sealed(gradients))


def _removed(full: LayerFlow, cut: LayerFlow) -> Array:
    state = full.trace.cell.states[-1]
    one, other = (flow.scaled_states(state) for flow in (full, cut))
    with np.errstate(all="ignore"):
        missing = one - other
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
