"""How much quantities change when the last digit of every recorded number is rounded otherwise."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from rnnviz.analysis.verification.nudges import operation_of
from rnnviz.core.backward_run import backward
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.numerics.arrays import Array

SHARES = (0.5, 0.5, 0.0, 1.0)
"""The share of each trace's numbers that are rounded towards 0."""
MADE = ("rest", "times", "plus", "share", "phi")
"""Operations that come after the gates."""


class Rounded:
    """A flow's trace as if the last digit of every recorded number had been rounded otherwise.

    1 − h² and 1 − z have few digits left where h and z are nearly 1: a gradient that is computed
    from recorded numbers is uncertain by as much as it changes here. All is computed when it is
    first asked for.
    """

    def __init__(self, flow: GradientFlow, rng: np.random.Generator) -> None:
        self._flow, self._rng = flow, rng.spawn(1)[0]

    @cached_property
    def traces(self) -> list[Trace]:
        """The traces with other last digits: at random, all towards 0, and all away from it."""
        trace = self._flow.trace
        return [
            replace(trace, layers=tuple(self._layer(at, share) for at in trace.layers))
            for share in SHARES
        ]

    def _layer(self, at: LayerTrace, share: float) -> LayerTrace:
        record = {name: self._moved(one, share) for name, one in at.record.items()}
        if not share:  # a gate is 0 where 1 + exp is above all floats
            for name in _positive(at):
                least = np.finfo(at.record[name].dtype).tiny
                record[name] = np.maximum(record[name], least)
        self._made_of(at, record, share)
        return replace(at, record=record)

    def _made_of(self, at: LayerTrace, record: dict[str, Array], share: float) -> None:
        """What is made of rounded numbers, such as 1 − f and c, changes with them."""
        values = dict(record)
        for node in at.cell.graph:
            sources = [wire.source for wire in node.of]
            if node.op in MADE and all(name in values for name in sources):
                made = operation_of(node)(*(values[name] for name in sources))
                if node.op == "share":  # of two gates that are rounded to 0 nothing is known
                    made = np.where(np.isnan(made), values.get(node.name, 0), made)
                as_is = node.op == "rest" or node.name not in record
                values[node.name] = made if as_is else self._moved(made, share)
        record |= {name: values[name] for name in record}
        for name in at.cell.states:
            past = record[f"{name}_prev"]
            record[f"{name}_prev"] = np.concatenate([past[:1], record[name][:-1]])

    def _moved(self, one: Array, share: float) -> Array:
        """A share of the numbers towards 0, the others away from it; a zero stays one."""
        inwards = (self._rng.random(one.shape) < share) | (one == 0)
        to = np.where(inwards, 0, np.copysign(np.inf, one)).astype(one.dtype)
        return np.nextafter(one, to, dtype=one.dtype)

    @cached_property
    def flows(self) -> list[GradientFlow]:
        """The gradients that go with those digits."""
        return [backward(one, self._flow.outputs) for one in self.traces]

    @cached_property
    def again(self) -> GradientFlow:
        """The gradients of the recorded digits, computed once more."""
        return backward(self._flow.trace, self._flow.outputs)


def _positive(at: LayerTrace) -> list[str]:
    """The recorded gates σ(…) that are not held: none of them is truly 0."""
    return [
        node.name for node in at.cell.graph
        if node.phi == "sigmoid" and node.name in at.record and node.name not in at.cell.hold
    ]  # fmt: skip
