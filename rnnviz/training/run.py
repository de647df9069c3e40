"""A training run: what was trained, how it went, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from rnnviz.core.gate_use import GateUse
from rnnviz.core.model import Model
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import Record
from rnnviz.tasks import Task
from rnnviz.training.measures import AtCheckpoints, Measures
from rnnviz.training.objectives import Score
from rnnviz.training.plan import Plan
from rnnviz.training.trainer import State, Stopped
from rnnviz.training.weights import refilled


@dataclass(frozen=True)
class Run(Record):
    """One training run, to its end or to where it stands.

    plan           the `Plan`
    loss           (U,) the loss of every update's batch, before its step: a mean over the batch and
                   the counted steps. Where training stopped, the last entry is of the update that
                   could not be made
    gradient_norm  (U,) ‖∂L/∂(all weights)‖₂ of every update, before clipping
    vectors        update → all weights (P,) after so many updates
    state          what `rnnviz.training.resume` goes on from
    stopped        where a number was not finite, or None
    keep           the updates after which all weights are kept
    first          the net before training

    >>> import rnnviz
    >>> run = rnnviz.train("gru", "adding", length=10, hidden_size=8, updates=20)
    >>> run.loss.shape, list(run.checkpoints)[:5], run.gradients[20].shape
    ((20,), [0, 1, 2, 3, 4], (11,))
    """

    plan: Plan
    loss: Array
    gradient_norm: Array
    vectors: Mapping[int, Array]
    state: State
    stopped: Stopped | None
    keep: tuple[int, ...] = field(repr=False)
    first: Model = field(repr=False)
    measures: Measures = field(repr=False, compare=False)

    @property
    def task(self) -> Task:
        """The task."""
        return self.measures.task

    @property
    def done(self) -> int:
        """How many updates have been made."""
        return self.state.update

    @property
    def finished(self) -> bool:
        """Whether all of the plan's updates have been made, or a number was not finite."""
        return self.done >= self.plan.updates or self.stopped is not None

    @property
    def model(self) -> Model:
        """The net as it stands."""
        return refilled(self.first, self.state.weights)

    @cached_property
    def checkpoints(self) -> Mapping[int, Model]:
        """Update → the net after so many updates; 0 is the net before training."""
        return {update: refilled(self.first, one) for update, one in self.vectors.items()}

    @property
    def gradients(self) -> AtCheckpoints[Array]:
        """Checkpoint → log10 ‖∂L_S/∂(memory state)_t‖, (T + 1,): `Measures.gradients`."""
        return self.measures.of("gradients", self.checkpoints)

    @property
    def gates(self) -> AtCheckpoints[Mapping[str, GateUse]]:
        """Checkpoint → gate → its mean and its saturation, unit by unit."""
        return self.measures.of("gates", self.checkpoints)

    @property
    def scores(self) -> AtCheckpoints[Score]:
        """Checkpoint → loss and figure on sequences that were not trained on."""
        return self.measures.of("scores", self.checkpoints)

    def below(self, limit: float, *, over: int = 10) -> int | None:
        """The first update, from 1, at which the mean loss of the last ``over`` is below limit."""
        if len(self.loss) < over:
            return None
        means = np.convolve(self.loss, np.full(over, 1 / over), "valid")
        found = np.flatnonzero(means < limit)
        return int(found[0]) + over if found.size else None
