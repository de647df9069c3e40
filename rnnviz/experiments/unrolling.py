"""Run a problem type, and backpropagate through the hand-over and through outputs fed back.

The backward loop goes once from T to 1. What leaves a model's first step arrives at the last step
of the model before it, in every state (h, and c where there is one).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnviz.core.forward_run import forward
from rnnviz.core.losses import CrossEntropy
from rnnviz.core.model import Model
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.experiments.problem_types import Problem, Symbols
from rnnviz.experiments.stretches import Stretch, backward
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.records import sealed
from rnnviz.numerics.validation import flag, instance


@dataclass(frozen=True)
class Unrolled:
    """A problem type run and carried back: one stretch, or an encoder's and a decoder's.

    >>> import rnnviz
    >>> problem = rnnviz.PROBLEMS["many_to_one"]
    >>> model = rnnviz.build("gru", 5, 4, output_size=5, readout="softmax")
    >>> rnnviz.unroll(problem, [model], problem.sequence(8, seed=0)).probabilities.shape
    (8, 1, 5)
    """

    problem: Problem
    sequence: Symbols
    fed: bool
    stretches: tuple[Stretch, ...]

    @property
    def steps(self) -> int:
        """T."""
        return len(self.sequence.x)

    @property
    def loss(self) -> float:
        """The sum over examples of the mean over answers of −ln p(target)."""
        return float(sum(one.terms.sum() for one in self.stretches))

    def log10(self, what: str) -> Array:
        """log10 norms along t = 1 … T, (T, B): "h", "c", "back", "down", "own", "fed", "inputs".

        −inf where there is none.
        """
        return np.concatenate([_log10(one, what) for one in self.stretches])

    @property
    def probabilities(self) -> Array:
        """softmax(y_t), (T, B, K); nan where there is no readout."""
        empty = np.full(self.sequence.x.shape, np.nan)
        found = self.stretches[-1].trace.predictions
        assert found is not None
        empty[len(empty) - len(found) :] = found
        return empty


def _log10(one: Stretch, what: str) -> Array:
    if what in one.flow.trace.cell.states:
        return one.flow.log10_norms(what)[1:]
    found = getattr(one, what)
    if found is None:
        return np.full(one.trace.x.shape[:2], -np.inf)
    return (found if isinstance(found, Scaled) else Scaled(found)).log10_norms()


def unroll(
    problem: Problem, models: Sequence[Model], sequence: Symbols, *, fed: bool | None = None
) -> Unrolled:
    """Run the type's models on a sequence and carry the gradient back through everything.

    ``models`` is (model,) or (encoder, decoder), one layer and direction each, the last with a
    softmax readout over the symbols. ``fed`` has the last model read its own softmax instead of
    what is given (an encoder's decoder is by default given the right answers before).

    Raises ValueError naming argument, rule and what arrived.

    >>> import rnnviz
    >>> problem = rnnviz.PROBLEMS["many_to_one"]
    >>> model = rnnviz.build("gru", 5, 4, output_size=5, readout="softmax")
    >>> rnnviz.unroll(problem, [model], problem.sequence(8, seed=0)).log10("h").shape
    (8, 1)
    """
    instance("problem", problem, Problem)
    fed = problem.fed_back if fed is None else flag("fed", fed)
    _check(problem, models, len(sequence.x[0, 0]))
    steps, n = len(sequence.x), problem.handed(len(sequence.x))
    places = [slice(0, n), slice(n, steps)] if n else [slice(0, steps)]
    batch, size = sequence.x.shape[1], models[0].hidden_size
    state = {name: np.zeros((1, batch, size)) for name in models[0].cell.states}
    traces = []
    for model, place in zip(models, places, strict=True):
        last = place.stop == steps
        traces.append(_forward(model, sequence.x[place], state, fed and last))
        state = traces[-1].final
    counted = problem.answers(steps)
    carry = {name: Scaled(np.zeros((batch, size))) for name in models[0].cell.states}
    found: list[Stretch] = []
    for trace, place in reversed(list(zip(traces, places, strict=True))):
        asked = trace.model.readout is not None and bool(counted[place].any())
        loss = CrossEntropy(sequence.targets[place], counted[place]) if asked else None
        one, carry = backward(trace, loss, carry, fed and place.stop == steps)
        found.append(one)
    return Unrolled(problem, sequence, fed, tuple(reversed(found)))


def _check(problem: Problem, models: Sequence[Model], count: int) -> None:
    wanted = 1 + problem.encoder
    if len(models) != wanted:
        raise ValueError(f"`models` must be {wanted} for {problem.name!r}, got {len(models)}.")
    for one in models:
        instance("models", one, Model)
        if one.num_layers != 1 or one.bidirectional or one.input_size != count:
            raise ValueError(f"`models` must have one layer and direction and {count} inputs.")
        if one.dtype != np.float64:
            raise ValueError(f"`models` must be float64, got {one.dtype.name}.")
    if (models[0].cell.states, models[0].hidden_size) != (
        models[-1].cell.states, models[-1].hidden_size
    ):  # fmt: skip
        raise ValueError("`models` must have the same states, or there is nothing to hand over.")
    readout = models[-1].readout
    if readout is None or readout.kind != "softmax" or len(readout.parameters["b_y"]) != count:
        raise ValueError(f"the last of `models` must have a softmax readout over {count} symbols.")


def _forward(model: Model, x: Array, state: Arrays, fed: bool) -> Trace:
    """The model on x, or on x_1 and then on its own softmax."""
    if not fed:
        return forward(model, x, state)
    parts: list[Trace] = []
    for _ in range(len(x)):
        before = parts[-1].predictions if parts else x[:1]
        assert before is not None
        parts.append(forward(model, before, parts[-1].final if parts else state))
    first = parts[0].layers[0]
    record = {name: np.concatenate([one.layers[0].record[name] for one in parts])
              for name in first.record}  # fmt: skip
    at = LayerTrace(first.cell, first.parameters, 0, "forward", sealed(record))
    return Trace(model, record["x"], (at,), record["h"])
