"""Live checks of a stack: every layer and direction alone, and how the layers fit together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from rnnviz.analysis.stacks import layer_norms, losses_of, path_lengths
from rnnviz.analysis.verification.check import Check, closest
from rnnviz.analysis.verification.live_checks import verify_flow
from rnnviz.analysis.verification.records import record_checks
from rnnviz.core.backward_run import arriving_at, backward, inputs_gradient, layer_backward
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.lengths import only_one_length
from rnnviz.core.model import Model
from rnnviz.core.trace import Trace
from rnnviz.numerics.extended_range import norms
from rnnviz.numerics.relative_error import gap, nan_first
from rnnviz.numerics.validation import instance
from rnnviz.words import sentence

SPAN = 900
"""Powers of two over which rows of one array keep all their digits."""


def layer_checks(flow: GradientFlow) -> tuple[Check, ...]:
    """Live checks of a stack, every layer and direction by itself.

    Each is taken out of the stack with what arrives from above as its loss (within 270 decades of
    the largest), and `verify_flow` put to it: derivatives along random directions, and the
    identities; the check that comes closest to its bound speaks for the layer. Then how the records
    of all layers fit together and are read, what the layers hand to each other, and that no
    gradient is where no path leads. Raises ValueError.

    >>> import numpy as np, rnnviz
    >>> model = rnnviz.build("gru", 2, 4, num_layers=2)
    >>> flow = rnnviz.backprop(rnnviz.run(model, np.ones((6, 1, 2))), np.ones((6, 1, 4)))
    >>> all(check.ok for check in rnnviz.layer_checks(flow))
    True
    """
    instance("flow", flow, GradientFlow)
    only_one_length(flow.trace.lengths, "flow")
    with np.errstate(all="ignore"):
        own = tuple(_worst(one, verify_flow(_by_itself(flow, one))) for one in flow.layers)
        records = record_checks(flow, flow.outputs)
        return (*own, *records, *_between(flow), _nowhere_else(flow))


def _by_itself(flow: GradientFlow, own: LayerFlow) -> GradientFlow:
    """One layer and direction as a model of its own, its loss divided by a power of two."""
    above, at = arriving_at(flow, own), own.trace
    tops = np.where(np.isfinite(above.mantissa).all(axis=-1), above.top(), -(2**30))
    power = int(tops.max(initial=-(2**30)))
    # Rows too small to have all their digits beside the largest one are left out.
    near = np.where((tops > power - SPAN)[..., None], above.mantissa, 0)
    x = at.record["x"]
    model = Model(at.cell, x.shape[-1], at.record["h"].shape[-1], (at.parameters,))
    trace = Trace(model, x, (replace(at, layer=0, direction="forward", projection=None),),
                  at.record["h"])
    return backward(trace, above.map(near).at(np.full(tops.shape, power)))


def _worst(own: LayerFlow, found: tuple[Check, ...]) -> Check:
    one = closest(found)
    at = own.trace
    words = {"layer": at.layer + 1, "count": len(found), "check": one.words}
    said = (
        sentence("layer {layer}, forward: of its {count} checks the one nearest to its bound, "
                 "{check}", **words)
        if at.direction == "forward"
        else sentence("layer {layer}, reverse: of its {count} checks the one nearest to its "
                      "bound, {check}", **words)
    )
    return Check(f"layer {at.layer} {at.direction}", one.error, one.bound, one.ok, said)


def _between(flow: GradientFlow) -> Iterator[Check]:
    """Between layers: ∂L/∂h_t from above, carried back alone; ∂L/∂x_t as the sum of directions."""
    bound = 1e-10 if flow.trace.model.dtype == np.float64 else 1e-3
    error = 0.0
    for own in flow.layers:
        alone, _ = layer_backward(own.trace, arriving_at(flow, own))
        whole, again = (one.scaled_states("h")[1:] for one in (own, alone))
        error = max(error, gap(whole, again, norms(whole.mantissa)), key=nan_first)
    yield _check("handed", error, bound, sentence(
        "the gradient from the layer above, carried back through time, gives ∂L/∂h_t of every "
        "layer and direction"
    ))  # fmt: skip
    total = inputs_gradient(flow, 0).true()
    size = float(np.abs(total).max(initial=0.0)) or 1.0
    apart = np.where(total == flow.inputs, 0.0, np.abs(total - flow.inputs))
    yield _check("inputs", float(apart.max(initial=0.0)) / size, bound, sentence(
        "the directions of the first layer add up to ∂L/∂x_t"
    ))  # fmt: skip


def _nowhere_else(flow: GradientFlow) -> Check:
    model = flow.trace.model
    stack = model.num_layers, model.bidirectional, model.direction
    lengths = path_lengths(losses_of(flow), *stack)
    stray = sum(
        int((~np.isneginf(layer_norms(flow, "h", b)[np.isinf(lengths)])).sum())
        for b in range(flow.trace.x.shape[1])
    )
    return _check("paths", stray, 0.0, sentence(
        "the number of states that have a gradient although no path leads from them to a loss"
    ))  # fmt: skip


def _check(name: str, error: float, bound: float, words: str) -> Check:
    return Check(name, float(error), bound, bool(error <= bound), words)
