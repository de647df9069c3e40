"""What the last digit of the recorded numbers alone does to quantities computed from them."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from rnnviz.core.gradients import GradientFlow, backward
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array


class Rounded:
    """A flow's trace as if the last digit of every recorded number had been rounded the other way.

    1 − h² and 1 − z have few digits left where h and z are nearly 1: no gradient that is computed
    from what was recorded can be more certain than what this makes of it. All is computed when it
    is first asked for.
    """

    def __init__(self, flow: GradientFlow, rng: np.random.Generator) -> None:
        self._flow, self._rng = flow, rng.spawn(1)[0]

    @cached_property
    def trace(self) -> Trace:
        """The trace with other last digits."""
        layers = []
        for at in self._flow.trace.layers:
            record = {
                name: np.nextafter(one, _either_way(one, self._rng), dtype=one.dtype)
                for name, one in at.record.items()
            }
            layers.append(replace(at, record=record))
        return replace(self._flow.trace, layers=tuple(layers))

    @cached_property
    def flow(self) -> GradientFlow:
        """The gradients that go with those digits."""
        return backward(self.trace, self._flow.outputs)

    @cached_property
    def again(self) -> GradientFlow:
        """The gradients of the recorded digits, computed once more."""
        return backward(self._flow.trace, self._flow.outputs)


def _either_way(one: Array, rng: np.random.Generator) -> Array:
    """To 0 or away from it at random; a zero (a unit that is off) stays one."""
    inwards = (rng.random(one.shape) < 0.5) | (one == 0)
    return np.where(inwards, 0, np.copysign(np.inf, one)).astype(one.dtype)
