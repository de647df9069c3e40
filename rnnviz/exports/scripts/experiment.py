"""What a script of an experiment needs: nets, sequence, loss and the numbers to be reproduced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.core.gradients import GradientFlow
from rnnviz.core.lengths import only_one_length
from rnnviz.core.losses import CrossEntropy, Linear, Loss, SquaredError
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.experiments.settings import Settings
from rnnviz.exports.record import places
from rnnviz.exports.scripts.cell_code import parameters
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import instance, shown
from rnnviz.words import Refusal

LARGEST = 290.0
"""Norms of more than 10 to this, or less than 10 to minus this, have not all digits in float64."""
MOST_NUMBERS = 2_000_000
"""In a script: it is text, and 2,000,000 numbers take more than 20 MB."""


@dataclass(frozen=True)
class Net:
    """One net: a plain name, what it recorded, and what the script is to find.

    ``expected`` maps "loss", "outputs" (the scores where there is a readout) and "layer.direction.
    state" to arrays; those are ‖∂L/∂state_t‖₂ (T, B), nan where float64 has not all their digits.
    """

    name: str
    trace: Trace
    expected: Mapping[str, Array]
    dh: Array | None = None

    @property
    def layers(self) -> tuple[LayerTrace, ...]:
        """The record of each layer and direction."""
        return self.trace.layers

    def weights(self, at: LayerTrace) -> dict[str, Array]:
        """Name as the equations have it → array of one layer and direction, W_r at the end.

        Gates that are held have the weights that hold them; a bias that the model does not have
        is 0, and a second one that the equations do not name is in the first.
        """
        W = dict(at.cell.as_held(at.parameters))
        wanted = at.cell.statement.parameters
        zero = np.zeros_like(W["W_x"][0])
        W.setdefault("b", zero)
        if "b_h" not in wanted:
            W["b"] = W["b"] + W.get("b_h", zero)
        W.setdefault("b_h", zero)
        found = {name: at.cell.part(W, *place) for name, place in parameters(at.cell).items()}
        return found if at.projection is None else found | {"W_r": at.projection}


@dataclass(frozen=True)
class Experiment:
    """Nets on one sequence x (T, B, D) under one loss.

    ``kind`` of loss is "squared_error", "cross_entropy", "given" (∂L/∂outputs is) or "none".
    """

    words: str
    x: Array
    nets: tuple[Net, ...]
    kind: str
    targets: Array | None = None
    loss_weights: Array | None = None

    @property
    def tolerance(self) -> float:
        """The largest relative error that rounding explains."""
        return 1e-10 if self.x.dtype == np.float64 else 1e-4

    @property
    def data(self) -> dict[str, Array]:
        """The arrays that every script has, by name."""
        found: dict[str, Any] = {"x": self.x, "targets": self.targets,
                                 "loss_weights": self.loss_weights}  # fmt: skip
        for net in self.nets:
            found[f"{net.name}.dh"] = net.dh
            found |= {f"{net.name}.expected.{name}": one for name, one in net.expected.items()}
            if net.trace.model.readout is not None:
                found |= {f"{net.name}.readout.{name}": one
                          for name, one in net.trace.model.readout.parameters.items()}  # fmt: skip
            for at in net.layers:
                found |= {f"{net.name}.first.{at.layer}.{at.direction}.{name}": one
                          for name, one in at.initial.items() if one.any()}  # fmt: skip
        return {name: np.asarray(one) for name, one in found.items() if one is not None}


def gathered(source: Any, loss: Loss | None = None) -> Experiment:
    """The experiment of settings, a gradient flow or a trace. Raises ValueError."""
    if isinstance(source, Settings):
        example = source.example()
        own: Loss | None = source.loss_object(example)
        if isinstance(own, Linear):  # a recorded gradient, which the script is given
            own = None
        nets = tuple(_net(place, source.flow(cell), own)
                     for cell, place in places(source.cells).items())  # fmt: skip
        return _experiment(str(source.in_words()), nets, own)
    if not isinstance(source, Trace | GradientFlow):
        raise ValueError(f"`source` must be settings, a gradient flow or a trace, got "
                         f"{shown(source)}.")  # fmt: skip
    trace = source.trace if isinstance(source, GradientFlow) else source
    if loss is not None:
        instance("loss", loss, Loss)
    name = next(iter(places((trace.model.cell.name,)).values()))
    return _experiment(repr(trace), (_net(name, source, loss),), loss)


def _experiment(words: str, nets: tuple[Net, ...], loss: Loss | None) -> Experiment:
    trace = nets[0].trace
    kind = "none" if nets[0].dh is None else "given"
    targets = weights = None
    if loss is not None:
        kind = "squared_error" if isinstance(loss, SquaredError) else "cross_entropy"
        targets, weights = np.asarray(loss.targets), loss.weights_of(trace)
        if isinstance(loss, CrossEntropy) and targets is not None:
            targets = targets.astype(np.int64)
    found = Experiment(words, trace.x, nets, kind, targets, weights)
    count = sum(one.size for one in found.data.values())
    count += sum(net.trace.model.parameter_count for net in nets)
    if count > MOST_NUMBERS:
        raise Refusal(
            "A script must hold at most {most:,} numbers, got {n:,}: take the arrays as NPZ.",
            most=MOST_NUMBERS, n=count,
        )  # fmt: skip
    return found


def _net(name: str, source: Trace | GradientFlow, loss: Loss | None) -> Net:
    trace = source.trace if isinstance(source, GradientFlow) else source
    only_one_length(trace.lengths)
    expected = {"outputs": trace.outputs if trace.scores is None else trace.scores}
    if not isinstance(source, GradientFlow):
        return Net(name, trace, expected)
    for own in source.layers:
        place = f"{own.trace.layer}.{own.trace.direction}"
        for state in own.trace.cell.states:
            expected[f"{place}.{state}"] = _norms(own.log10_norms(state)[1:], own[state])
    if loss is None:
        return Net(name, trace, expected, dh=source.outputs)
    expected["loss"] = np.asarray(loss.value(trace))
    return Net(name, trace, expected)


def _norms(logs: Array, gradient: Array) -> Array:
    """‖gradient_t‖₂ (T, B) to all digits; nan where float64 has not as many."""
    with np.errstate(all="ignore"):
        largest = np.abs(gradient).max(axis=-1, keepdims=True)
        unit = gradient / np.where(largest > 0, largest, 1)
        found = largest[..., 0] * np.sqrt((unit * unit).sum(axis=-1))
        known = (np.abs(logs) < LARGEST) | np.isneginf(logs)
    return np.where(known, found, np.nan)
