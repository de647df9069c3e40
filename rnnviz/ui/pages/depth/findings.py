"""What a stack did to the gradient, and what other stacks do, in sentences from the numbers.

Numbers in, Markdown out: nothing here draws, and nothing asks for settings.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rnnviz import advice
from rnnviz.analysis.reach import alone, along
from rnnviz.analysis.stacks import layer_norms, losses_of, path_lengths
from rnnviz.core.gradients import GradientFlow
from rnnviz.words import say
from rnnviz.words.numbers import number, power

Values = NDArray[np.float64]


def finding(flow: GradientFlow, tried: Mapping[str, GradientFlow] | None = None) -> str:
    """How much is lost through time and through depth, and what a second direction adds.

    The last loss alone is followed by the memory state: from its step S to step 1 of the top
    layer's forward direction (time), and from there to step 1 of layer 1 (depth). ``tried`` has
    the flows of other stacks of the cell by their names.
    """
    cell, (one, start, ends) = say(flow.trace.model.cell.title), way(flow)
    if not start:
        return say(
            "No gradient reaches the forward direction of the **{cell}**: it is exactly 0 at every "
            "step.", cell=cell,
        )  # fmt: skip
    if not np.isfinite(ends).all():
        return _not_finite(cell, start)
    lines = [_two_ways(one, cell, start, ends)]
    if flow.trace.model.bidirectional:
        lines += [_other_end(flow, layer_norms(flow)), *_both_ends(flow)]
    return " ".join([*lines, *_others(tried or {})])


def way(flow: GradientFlow) -> tuple[GradientFlow, int, tuple[float, float, float]]:
    """The last loss's flow, its step S (0 without a gradient), and three log10 norms of it.

    These are ‖∂L_S/∂s‖ of the top layer at S and at step 1, and of layer 1 at step 1.
    """
    one = alone(flow)[0]
    logs = layer_norms(one, "memory")
    reached = np.flatnonzero(~np.isneginf(logs[0, -1]))
    start = int(reached[-1]) + 1 if reached.size else 0
    return one, start, (logs[0, -1, start - 1], logs[0, -1, 0], logs[0, 0, 0])


def _others(tried: Mapping[str, GradientFlow]) -> list[str]:
    """The whole factor of other stacks, measured as that of the shown one."""
    parts = []
    for name, flow in tried.items():
        _, start, ends = way(flow)
        if start and np.isfinite(ends).all():
            parts.append(say("{factor} with {stack}", factor=power(ends[2] - ends[0]), stack=name))
    if not parts:
        return []
    return [say("Of other stacks with this seed the whole factor is: {list}.",
                list=", ".join(parts))]  # fmt: skip


def _not_finite(cell: str, start: int) -> str:
    return say(
        "Between step {start} of the top layer and step 1 of layer 1 the **{cell}**'s gradient is "
        "exactly 0, or no longer finite.", cell=cell, start=start,
    )  # fmt: skip


def _two_ways(
    flow: GradientFlow, cell: str, start: int, ends: tuple[float, float, float]
) -> str:
    here, first, lowest = ends
    layers = flow.trace.model.num_layers
    factor = along(flow.layer(layers - 1)).factor
    words = {
        "cell": cell, "state": flow.trace.model.cell.states[-1], "start": start,
        "total": power(lowest - here), "time": power(first - here),
        "depth": power(lowest - first), "layers": layers, "steps": advice.steps(start - 1),
    }  # fmt: skip
    if layers == 1:
        return say(
            "From step {start} to step 1 the **{cell}**'s gradient on the memory state {state} is "
            "multiplied by {time}, all of it through time: there is one layer.", **words,
        )  # fmt: skip
    if not np.isfinite(factor):
        return say(
            "From step {start} of the top layer to step 1 of layer 1 the **{cell}**'s gradient on "
            "the memory state {state} is multiplied by {total}: by {time} through time ({steps}), "
            "by {depth} through depth ({layers} layers).", **words,
        )  # fmt: skip
    return say(
        "From step {start} of the top layer to step 1 of layer 1 the **{cell}**'s gradient on the "
        "memory state {state} is multiplied by {total}: by {time} through time in the top layer "
        "({steps}, a mean factor of {factor} a step), and by {depth} through depth at step 1 "
        "({layers} layers).", factor=number(factor), **words,
    )  # fmt: skip


def farthest(losses: NDArray[np.bool_], bidirectional: bool) -> float:
    """The most steps from any h_t of the top layer to the nearest loss that it can reach."""
    lengths = path_lengths(losses, 1, bidirectional)[:, 0]
    return float(lengths.min(axis=0).max())


def _other_end(flow: GradientFlow, logs: Values) -> str:
    reached, length = int((~np.isneginf(logs[1, -1])).sum()), logs.shape[-1]
    if reached < length:
        return say(
            "The reverse direction reads from the end. In the top layer its steps with a path to "
            "the loss are {reached} of {T}; the others get no gradient.",
            reached=reached, T=length,
        )  # fmt: skip
    losses = losses_of(flow)
    one, two = farthest(losses, False), farthest(losses, True)
    if one == two:
        return say(
            "The gradient of the loss on step {first} reaches the steps after it through the "
            "reverse direction; in the top layer there is no other "
            "path.", first=int(losses.argmax()) + 1,
        )  # fmt: skip
    if np.isinf(one):
        return say(
            "With both directions no step is farther than {two} from a loss. With the "
            "forward direction alone, some steps have no path to a loss.", two=_count(two),
        )  # fmt: skip
    return say(
        "With both directions the farthest step is {two} from a loss; with the forward direction "
        "alone it is {one} away.", two=_count(two), one=_count(one),
    )  # fmt: skip


def _count(value: float) -> str:
    return advice.steps(round(value))


def _both_ends(flow: GradientFlow) -> list[str]:
    """How near a loss would be to every step, if there were one at each end."""
    losses = losses_of(flow)
    length = len(losses)
    if losses[0] or length < 3:
        return []
    both = np.isin(np.arange(length), (0, length - 1))
    return [say(
        "With losses on the chosen steps “1, {T}” no step would be more than {far} from one.",
        T=length, far=_count(farthest(both, True)),
    )]  # fmt: skip
