"""A stack in one or two directions: how the gradient goes back through time, and through depth.

∂L/∂h_t^(l) has two parts, in every layer l and direction:

    down_t   what the loss (top layer) or the layer above sends down at this timestep
    back_t   what the neighbouring timestep of the same layer and direction passes back: t + 1 in
             the forward direction, t − 1 in the reverse one, which reads the sequence from its end

Layers are numbered from 0, next to the input, as in PyTorch; maps have the axes (directions,
layers, T), aligned with input time.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.reach import alone, along
from rnnviz.core.backward_run import arriving_at, backward
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.lengths import only_one_length
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import frozen, instance, one_of, whole_number


class Ways(NamedTuple):
    """One example of one layer and direction, in input time, arrays (T,).

    total  log10 ‖∂L/∂h_t‖₂; down + back = total as vectors
    down   log10 norm of what comes down at t itself, from the loss or the layer above
    back   log10 norm of what comes back from the neighbouring step: a difference, so below some
           1e-15 of the total it is rounding; −inf where there is no such step
    share  ‖down‖ / (‖down‖ + ‖back‖), 0 … 1; nan where both are exactly zero

    >>> import numpy as np, rnnviz
    >>> model = rnnviz.build("gru", 2, 4, num_layers=2)
    >>> flow = rnnviz.backprop(rnnviz.run(model, np.ones((6, 1, 2))), np.ones((6, 1, 4)))
    >>> rnnviz.ways_back(flow, 1).share.shape
    (6,)
    """

    total: Array
    down: Array
    back: Array
    share: Array

    def __repr__(self) -> str:
        return brief(self)


class DepthFactors(NamedTuple):
    """A norm's factor from one layer to the one below, at the same t, (directions, layers − 1).

    factor  γ_depth: the geometric mean over t of ‖∂L/∂s_t^(l)‖ / ‖∂L/∂s_t^(l+1)‖, s the memory
            state, entry l; nan if there is no timestep at which both are finite and not zero
    steps   over how many timesteps the mean goes

    >>> import numpy as np, rnnviz
    >>> model = rnnviz.build("gru", 2, 4, num_layers=2)
    >>> flow = rnnviz.backprop(rnnviz.run(model, np.ones((6, 1, 2))), np.ones((6, 1, 4)))
    >>> rnnviz.depth_factors(flow).steps.shape
    (1, 1)
    """

    factor: NDArray[np.float64]
    steps: NDArray[np.int64]

    def __repr__(self) -> str:
        return brief(self)


def layer_norms(flow: GradientFlow, name: str = "h", batch: int = 0) -> NDArray[np.float64]:
    """log10 ‖∂L/∂signal_t^(l)‖₂ of one example, (directions, layers, T); −inf for an exact zero.

    The signal "memory" is the cell's memory state: c where there is one, else h.

    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> model = rnnviz.build("gru", 2, 4, num_layers=2)
    >>> flow = rnnviz.backprop(rnnviz.run(model, np.ones((6, 1, 2))), np.ones((6, 1, 4)))
    >>> rnnviz.layer_norms(flow).shape
    (1, 2, 6)
    """
    instance("flow", flow, GradientFlow)
    example = whole_number("batch", batch, 0, flow.trace.x.shape[1] - 1)
    model = flow.trace.model
    signal = model.cell.states[-1] if name == "memory" else name
    found = [one.log10_norms(signal)[1:, example] for one in flow.layers]
    steps = len(flow.trace.x)
    stack = np.asarray(found).reshape(model.num_layers, len(model.directions), steps)
    return frozen(stack.swapaxes(0, 1))


def depth_factors(flow: GradientFlow, batch: int = 0) -> DepthFactors:
    """γ_depth between neighbouring layers, direction by direction. Raises ValueError.

    >>> import numpy as np, rnnviz
    >>> model = rnnviz.build("gru", 2, 4, num_layers=2)
    >>> flow = rnnviz.backprop(rnnviz.run(model, np.ones((6, 1, 2))), np.ones((6, 1, 4)))
    >>> rnnviz.depth_factors(flow).factor.shape
    (1, 1)
    """
    logs = layer_norms(flow, "memory", batch)
    with np.errstate(invalid="ignore"):
        ratios = logs[:, :-1] - logs[:, 1:]
    known = np.isfinite(ratios)
    steps = known.sum(axis=-1)
    total = np.where(known, ratios, 0.0).sum(axis=-1)
    mean = np.divide(total, steps, out=np.full(total.shape, np.nan), where=steps > 0)
    with np.errstate(over="ignore", under="ignore"):
        return DepthFactors(frozen(10.0**mean), frozen(steps))


def time_factors(flow: GradientFlow) -> NDArray[np.float64]:
    """The mean factor a step through time, (directions, layers), batch of 1: `Reach.factor`.

    One loss alone is followed by the memory state: the last that each direction reads. Below the
    top layer the layer above adds its own gradient at every step. nan where fewer than two steps
    have one.
    """
    model, found = flow.trace.model, []
    steps = np.flatnonzero(losses_of(flow)) + 1
    for direction in model.directions:
        first = direction == "reverse" and len(steps) > 1
        one = alone(flow, int(steps[0]) if first else None)[0]
        found.append([along(one.layer(k, direction)).factor for k in range(model.num_layers)])
    return np.array(found)


def ways_back(flow: GradientFlow, layer: int, direction: str | None = None, batch: int = 0) -> Ways:
    """Split ∂L/∂h_t of one layer and direction into ``down`` and ``back``. Raises ValueError.

    >>> import numpy as np, rnnviz
    >>> model = rnnviz.build("gru", 2, 4, num_layers=2)
    >>> flow = rnnviz.backprop(rnnviz.run(model, np.ones((6, 1, 2))), np.ones((6, 1, 4)))
    >>> rnnviz.ways_back(flow, 0).total.shape
    (6,)
    """
    instance("flow", flow, GradientFlow)
    only_one_length(flow.trace.lengths, "flow")
    own = flow.layer(layer, direction)
    example = whole_number("batch", batch, 0, flow.trace.x.shape[1] - 1)
    with np.errstate(all="ignore"):
        down = arriving_at(flow, own)
        total = own.scaled_states("h")[1:]
        back = (total - down).log10_norms()
        back[-1] = -np.inf
        both = total.log10_norms(), down.log10_norms(), back
        inside = (one[:, example] for one in both)
        total_, down_, back_ = (frozen(own.trace.in_time(one)) for one in inside)
        share = 1 / (1 + 10.0 ** (back_ - down_))
    return Ways(total_, down_, back_, frozen(share))


def path_lengths(
    losses: Any, num_layers: int = 1, bidirectional: bool = False, direction: str = "forward"
) -> Array:
    """How many steps through time lie between h_t^(l) and the nearest loss it can reach.

    ``losses`` (T,) says on which steps there is one. The shortest path in the unrolled network,
    (directions, layers, T): one step of time costs 1 and crossing a layer 0, since every path from
    layer l crosses layers − 1 − l of them; inf where no path leads to a loss. In the top
    layer the forward direction reaches losses at or after t, the reverse one those at or before it;
    below it a path may change direction at every layer. ``direction`` is that of a net in one
    direction. Raises ValueError.

    >>> import numpy as np, rnnviz
    >>> rnnviz.path_lengths([False, False, True], 2, False).tolist()
    [[[2.0, 1.0, 0.0], [2.0, 1.0, 0.0]]]
    """
    mask = np.asarray(losses)
    if mask.ndim != 1 or mask.dtype != np.bool_ or not mask.size:
        raise ValueError(f"`losses` must be (T,) booleans, T ≥ 1, got {mask.dtype} {mask.shape}.")
    layers = whole_number("num_layers", num_layers)
    forward = one_of("direction", direction, ("forward", "reverse")) == "forward"
    t = np.arange(len(mask), dtype=float)
    arriving, found = np.where(mask, 0.0, np.inf), []
    for _ in range(layers):
        later = np.minimum.accumulate((arriving + t)[::-1])[::-1] - t
        earlier = np.minimum.accumulate(arriving - t) + t
        ends = [later, earlier] if bidirectional else [later if forward else earlier]
        found.append(np.stack(ends))
        arriving = np.minimum.reduce(ends)
    return frozen(np.stack(found[::-1], axis=1))


def one_loss(flow: GradientFlow, t: int) -> GradientFlow:
    """A flow over the same trace whose only loss is that of timestep t, 1 … T.

    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> model = rnnviz.build("gru", 2, 4, num_layers=2)
    >>> flow = rnnviz.backprop(rnnviz.run(model, np.ones((6, 1, 2))), np.ones((6, 1, 4)))
    >>> rnnviz.one_loss(flow, 3)
    GradientFlow(gru, 2 layers, T=6, B=1, H=4: ‖∂L/∂h‖ 0.723 at t = 1, 0 at t = 6)
    """
    instance("flow", flow, GradientFlow)
    at = whole_number("t", t, 1, len(flow.trace.x)) - 1
    alone = np.zeros_like(flow.outputs)
    alone[at] = flow.outputs[at]
    return backward(flow.trace, alone)


def losses_of(flow: GradientFlow) -> NDArray[np.bool_]:
    """Which timesteps have a gradient at the outputs, (T,) bools."""
    return np.asarray((flow.outputs != 0).any(axis=(1, 2)))
