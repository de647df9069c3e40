"""How much quantities change when the last digit of every recorded number is rounded otherwise."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from rnnviz.core.backward_run import backward
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.numerics.arrays import Array

SHARES = (0.5, 0.5, 0.0, 1.0)
"""The share of each trace's numbers that are rounded towards 0."""


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
        if not share:  # what is 0 because no float is smaller
            for name in _positive(at):
                least = np.finfo(at.record[name].dtype).smallest_subnormal
                record[name] = np.where(at.record[name] == 0, least, record[name])
        for node in at.cell.graph:
            of = node.of[0].source if node.op == "rest" else ""
            if node.name in record and of in record:  # 1 − f, recorded: rounded as f is
                record[node.name] = 1 - record[of]
        return replace(at, record=record)

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
