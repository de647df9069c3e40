"""What a stack did to the gradient, in sentences made from the numbers, and what to do.

Numbers in, Markdown out: nothing here draws, and nothing asks for settings.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.reach import alone, along
from rnnviz.analysis.stacks import layer_norms, losses_of, path_lengths
from rnnviz.core.gradients import GradientFlow
from rnnviz.ui import advice
from rnnviz.words import say
from rnnviz.words.numbers import number, power

Values = NDArray[np.float64]


def finding(flow: GradientFlow) -> str:
    """How much is lost through time and through depth, what a second direction adds, what to do.

    The last loss alone is followed by the memory state: from its step S to step 1 of the top
    layer's forward direction (time), and from there to step 1 of layer 1 (depth).
    """
    kind, one = flow.trace.model.cell, alone(flow)[0]
    cell, logs = say(kind.title), layer_norms(one, kind.states[-1])
    reached = np.flatnonzero(~np.isneginf(logs[0, -1]))
    if not reached.size:
        return say(
            "No gradient reaches the forward direction of the **{cell}**: it is exactly 0 at every "
            "step. Put the loss on another step, or take another seed.", cell=cell,
        )  # fmt: skip
    start = int(reached[-1])
    ends = logs[0, -1, start], logs[0, -1, 0], logs[0, 0, 0]
    if not np.isfinite(ends).all():
        return " ".join([_not_finite(cell, start + 1), _lower(flow)])
    lines = [_two_ways(one, cell, start + 1, ends)]
    if flow.trace.model.bidirectional:
        lines.append(_other_end(flow, layer_norms(flow)))
    return " ".join([*lines, to_do(flow, ends)])


def _not_finite(cell: str, start: int) -> str:
    return say(
        "Between step {start} of the top layer and step 1 of layer 1 the **{cell}**'s gradient is "
        "exactly 0, or no longer finite.", cell=cell, start=start,
    )  # fmt: skip


def _lower(flow: GradientFlow) -> str:
    if flow.trace.first_nonfinite is not None:
        return say("Lower the gain: the values themselves leave the range of floats.")
    return say("Take another seed, or tanh in place of a unit that is off.")


def _two_ways(
    flow: GradientFlow, cell: str, start: int, ends: tuple[float, float, float]
) -> str:
    here, first, lowest = ends
    layers = flow.trace.model.num_layers
    factor = along(flow.layer(layers - 1)).factor
    words = {
        "cell": cell, "start": start, "total": power(lowest - here), "time": power(first - here),
        "depth": power(lowest - first), "layers": layers, "steps": advice.steps(start - 1),
    }  # fmt: skip
    if layers == 1:
        return say(
            "From step {start} to step 1 the **{cell}**'s gradient is multiplied by {time}, all of "
            "it through time: there is one layer.", **words,
        )  # fmt: skip
    if not np.isfinite(factor):
        return say(
            "From step {start} of the top layer to step 1 of layer 1 the **{cell}**'s gradient is "
            "multiplied by {total}: by {time} through time ({steps}), by {depth} through "
            "depth ({layers} layers).", **words,
        )  # fmt: skip
    return say(
        "From step {start} of the top layer to step 1 of layer 1 the **{cell}**'s gradient is "
        "multiplied by {total}: by {time} through time ({steps}, a mean factor of {factor} a "
        "step), by {depth} through depth ({layers} layers).", factor=number(factor), **words,
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
            "With both directions no step is farther than {two} steps from a loss. With the "
            "forward direction alone, some steps have no path to a loss.", two=_count(two),
        )  # fmt: skip
    return say(
        "With both directions the farthest step is {two} steps from a loss; with the forward "
        "direction alone it is {one} steps away.", two=_count(two), one=_count(one),
    )  # fmt: skip


def _count(value: float) -> str:
    return f"{value:.0f}"


def to_do(flow: GradientFlow, ends: tuple[float, float, float]) -> str:
    """One thing to change."""
    model, losses = flow.trace.model, losses_of(flow)
    length, top = len(losses), flow.layer(model.num_layers - 1)
    merit = along(top)
    if losses.sum() == 1 and merit.log10_share > advice.EXPLODES:
        return advice.advice(top, merit)
    both_ends = np.isin(np.arange(length), (0, length - 1))
    if model.bidirectional and not losses[0] and length > 2:
        return say(
            "Put the loss on the chosen steps “1, {T}”: then no step is more than {far} steps from "
            "one, for there is a short path from both ends.",
            T=length, far=_count(farthest(both_ends, True)),
        )  # fmt: skip
    if losses.sum() == 1 and merit.log10_share < advice.VANISHES:
        return advice.advice(top, merit)
    if ends[2] - ends[1] < -1:
        return say(
            "Take fewer layers: depth alone costs a factor of {depth}.",
            depth=power(ends[2] - ends[1]),
        )
    if not model.bidirectional:
        return say("Switch on two directions to see the way from the other end.")
    if model.num_layers < 4:
        return say("Add a layer to see what one more costs, or switch the second direction off.")
    return say("Switch the second direction off, or take one layer, to see what each costs.")
