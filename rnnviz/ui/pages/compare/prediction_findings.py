"""What the cells predict and what it costs, in sentences made from the numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.analysis.output_layer import OutputLayer
from rnnviz.cells import CELLS
from rnnviz.words import say, word
from rnnviz.words.numbers import number

NO_TARGET = {
    "zero": word("The sequence has no targets. With 0 as the target the loss is ½ ‖y‖² of the "
                 "outputs y."),
    "zero_h": word("The sequence has no targets. With 0 as the target the loss is ½ ‖h‖² of the "
                   "states h."),
    "answer": word("There is no target: the loss is −ln of the probability of the class that the "
                   "opened net chose."),
}  # fmt: skip
"""What the targets are, where nobody gave any → words for it."""


def seen(
    layers: Mapping[str, OutputLayer], *, fresh: bool = True, targets_are: str = ""
) -> str:  # fmt: skip
    """Every cell's loss, that of a trivial answer, and why a loss is no number.

    ``targets_are`` is `Settings.targets_are`.
    """
    first = next(iter(layers.values()))
    counted = np.flatnonzero(first.weights > 0) + 1
    losses = ", ".join(f"{say(CELLS[cell].title)} {number(one.loss)}"
                       for cell, one in layers.items())  # fmt: skip
    parts = [
        say("The loss is the cost at step {t}: {losses}.", t=int(counted[0]), losses=losses)
        if len(counted) == 1
        else say("The loss is the mean of the costs of {n} steps: {losses}.", n=len(counted),
                 losses=losses)
    ]  # fmt: skip
    if targets_are in NO_TARGET:
        parts.append(say(NO_TARGET[targets_are]))
    if first.classes:
        n = first.scores.shape[1]
        parts.append(say("Guessing all {n} classes evenly costs ln {n} = {value}.", n=n,
                         value=number(float(np.log(n)))))  # fmt: skip
    elif targets_are not in NO_TARGET:
        parts.append(say("Always answering 0 costs {value}.", value=number(_of_zero(first))))
    if fresh:
        parts.append(say("The nets are untrained: this is where learning would start."))
    parts += [_strange(cell, one) for cell, one in layers.items() if not np.isfinite(one.loss)]
    return " ".join(parts)


def _of_zero(layer: OutputLayer) -> float:
    costs = (np.asarray(layer.targets, np.float64) ** 2).sum(axis=1) / 2
    return float(costs @ layer.weights)


def _strange(cell: str, layer: OutputLayer) -> str:
    """Where and why a loss is infinite or no number."""
    t = int(np.flatnonzero(~np.isfinite(layer.costs) & (layer.weights > 0))[0])
    name = say(CELLS[cell].title)
    if np.isfinite(layer.scores[t]).all():
        return say("{cell}: at step {t} the output is {size} in magnitude, so the cost is beyond "
                   "the largest float, 1.8·10³⁰⁸, and is shown as ∞.", cell=name, t=t + 1,
                   size=number(float(np.abs(layer.scores[t]).max())))  # fmt: skip
    return say("{cell}: at step {t} the output is not finite, so it has no cost.", cell=name,
               t=t + 1)  # fmt: skip
