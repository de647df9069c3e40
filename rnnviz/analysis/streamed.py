"""The step Jacobians of one example, one after the other, with no more in memory than fits.

Where all of them fit they are made once. Else they are made in portions, and again for every pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from rnnviz.analysis import jacobian
from rnnviz.core.lengths import only_one_length
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.qr_growth import finite_steps
from rnnviz.numerics.validation import instance, whole_number

PORTION = 4_000_000
"""Numbers of step Jacobians that are held at once where not all fit (32 MB)."""

MODERATE = 1e25
"""Below this, products of a dozen numbers are finite."""


class Streamed:
    """∂s_{t+1}/∂s_t (n, n) for t = 0 … T − 1, in float64; ``size`` is n, ``steps`` T.

    Raises ValueError naming argument, rule and what arrived.
    """

    def __init__(self, trace: Any, layer: Any, direction: Any, batch: Any) -> None:
        instance("trace", trace, Trace)
        only_one_length(trace.lengths)
        self.at = trace.layer(layer, direction)
        self.example = whole_number("batch", batch, 0, trace.x.shape[1] - 1)
        self.steps = len(trace.x)
        self.size = len(self.at.cell.states) * trace.model.hidden_size
        fits = self.steps * self.size**2 <= jacobian.MOST_NUMBERS
        self.portion = self.steps if fits else max(1, PORTION // self.size**2)
        self.kept: tuple[int, Array] | None = None

    def within(self, work: float, most: float, what: str, instead: str) -> None:
        """Refuse what would take too long: ``work`` for all timesteps, ``most`` in a minute."""
        if work > most:
            steps = int(self.steps * most / work)
            raise ValueError(
                f"`trace` must have at most {steps:,} timesteps for {what} of n = {self.size} "
                f"numbers in the state, which take a minute, got {self.steps:,}: {instead}."
            )

    @cached_property
    def finite(self) -> int:
        """How many steps there are before the first Jacobian with an entry that is not finite."""
        if self._moderate():
            return self.steps
        done = 0
        for part in self.parts():
            good = finite_steps(part)
            done += good
            if good < len(part):
                break
        return done

    def _moderate(self) -> bool:
        """Whether no product of some records and weights can overflow, in a cell of our own."""
        if self.portion == self.steps or self.at.cell.name.startswith("own:"):
            return False
        record = (one[:, self.example] for one in self.at.record.values())
        sizes = [np.abs(one).max(initial=0) for one in (*record, *self.at.parameters.values())]
        return bool(np.max(sizes) < MODERATE)

    def parts(self, end: int | None = None) -> Iterator[Array]:
        """The Jacobians of the first ``end`` steps in portions (m, n, n)."""
        stop = self.steps if end is None else end
        for start in range(0, stop, self.portion):
            yield self._from(start)[: stop - start]

    def forward(self, end: int | None = None) -> Iterator[Array]:
        """One Jacobian after the other, of the first ``end`` steps."""
        for part in self.parts(end):
            yield from part

    def back(self, end: int | None = None) -> Iterator[Array]:
        """The same from the last of these steps back to the first."""
        stop = self.steps if end is None else end
        for start in reversed(range(0, stop, self.portion)):
            yield from self._from(start)[: stop - start][::-1]

    def _from(self, start: int) -> Array:
        if self.kept is None or self.kept[0] != start:
            self.kept = None
            span = slice(start, start + self.portion)
            record = {name: one[span] for name, one in self.at.record.items()}
            part = replace(self.at, record=record)
            self.kept = start, jacobian.step_matrices(part, self.example)
        return self.kept[1]
