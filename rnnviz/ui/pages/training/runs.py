"""Training runs for the page: each net is trained once and shared by all sessions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.core.build import build
from rnnviz.core.model import Model
from rnnviz.experiments.settings import Settings
from rnnviz.plot.training import plan_name
from rnnviz.training.cut_effect import Compared, Heard, compared, heard, linear_answer
from rnnviz.training.truncated_bptt import Plan, Run, train
from rnnviz.ui.kept import kept, kept_of_training
from rnnviz.words import Refusal, say

WORK = 150_000
"""The most that Σ timesteps · (1 + (H/25)²) may be: about five seconds."""
FEWEST = 50
"""The fewest updates."""
FARTHER = 2
"""The uncut gradient goes back this many times d before the window."""
STREAMS = 16, 128
"""The fewest and the most new streams that the trained nets answer."""
ANSWERS = 6400
"""The number of answers of a net, over all streams, that is aimed at."""
REDRAWN = 0.7
"""Seconds between two pictures of what is finished so far."""


@dataclass(frozen=True)
class Asked:
    """What the page shows: the settings' cells, and the plan of the chosen window.

    Of the settings the sequence, its length, the loss and edited weights do not count.
    """

    settings: Settings
    plan: Plan

    @classmethod
    def of(cls, settings: Settings, plan: Plan) -> Asked:
        """These settings, with all that training does not use at its default."""
        plain = Settings()
        own = replace(
            settings, task=plain.task, options=plain.options, length=plain.length,
            loss=plain.loss, loss_at=plain.loss_at, edits=plain.edits,
        )  # fmt: skip
        return cls(own, replace(plan, seed=settings.seed))

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Windows of k, d and 2d steps, shortest first, and the chosen one without a cut."""
        k, d = self.plan.window, self.plan.delay
        cut = [replace(self.plan, window=one) for one in sorted({k, d, 2 * d})]
        return (*cut, replace(self.plan, back=FARTHER * d))

    def work(self, updates: int) -> float:
        """Timesteps that are run, times what each of them costs at this H."""
        return self._steps(updates) * (1 + (self.settings.hidden_size / 25) ** 2)

    def affordable(self) -> Asked:
        """The same with as many updates as there is time for; where too few, with fewer units."""
        most = int(WORK / self.work(1))
        if most >= FEWEST:
            return replace(self, plan=replace(self.plan, updates=most))
        units = int(25 * (WORK / self._steps(FEWEST) - 1) ** 0.5)
        return Asked(replace(self.settings, hidden_size=max(1, units)),
                     replace(self.plan, updates=FEWEST))  # fmt: skip

    def _steps(self, updates: int) -> int:
        each = sum(replace(one, updates=updates).steps for one in self.plans)
        return len(self.settings.cells) * each

    def check(self) -> None:
        """Raise a Refusal, in one sentence, where it would take too long."""
        if self.work(self.plan.updates) <= WORK:
            return
        raise Refusal(
            "{updates} updates with H = {H}, d = {d} and k = {k} would take too long: lower one of "
            "them, or show fewer cells.", updates=self.plan.updates,
            H=self.settings.hidden_size, d=self.plan.delay, k=self.plan.window,
        )  # fmt: skip


def model_of(settings: Settings, cell: str, delay: int) -> Model:
    """An untrained net of the settings' initialisation scheme; chrono with d as longest memory."""
    how = settings.initialisation(cell, delay)
    return build(cell, 1, settings.hidden_size, output_size=1, **how)


@kept_of_training
def trained(settings: Settings, cell: str, plan: Plan) -> Run:
    """One net, trained as planned."""
    return train(model_of(settings, cell, plan.delay), plan)


def streams(steps: int) -> int:
    """The number of new streams of that length that the trained nets answer."""
    fewest, most = STREAMS
    return max(fewest, min(most, ANSWERS // steps))


@kept
def knows(settings: Settings, cell: str, plan: Plan, steps: int) -> Heard:
    """The answers of a trained net on streams of another seed."""
    model = trained(settings, cell, plan).model
    length = max(steps, 4 * plan.delay)
    return heard(model, plan.delay, length, 2 * plan.delay, batch=streams(length),
                 seed=plan.seed + 1)  # fmt: skip


@kept
def carries(settings: Settings, cell: str, delay: int) -> float:
    """The error of the best linear answer from the untrained state h."""
    return linear_answer(model_of(settings, cell, delay), delay, seed=settings.seed + 1)


@kept
def taken(settings: Settings, cell: str, plan: Plan, update: int) -> Compared:
    """A window's gradient cut and uncut, at the weights after an update."""
    model = trained(settings, cell, plan).models[update]
    return compared(model, plan.delay, plan.window, before=FARTHER * plan.delay,
                    batch=plan.batch, seed=plan.seed + 1)  # fmt: skip


def checked(asked: Asked, cell: str, steps: int) -> tuple[Run, Compared, Heard]:
    """The arrays for the live checks: the chosen window's run, at its final weights."""
    run = trained(asked.settings, cell, asked.plan)
    end = max(run.models)
    return (run, taken(asked.settings, cell, asked.plan, end),
            knows(asked.settings, cell, asked.plan, steps))  # fmt: skip


Runs = Mapping[str, Mapping[Plan, Run]]


def all_runs(asked: Asked, draw: Callable[[Runs], None]) -> Runs:
    """Cell → plan → run, with a bar and a picture of what is finished where it takes a while."""
    found: dict[str, dict[Plan, Run]] = {cell: {} for cell in asked.settings.cells}
    bar, start = st.empty(), time.perf_counter()
    drawn = start
    total, done = sum(one.window + one.back for _, one in _order(asked)), 0
    for cell, plan in _order(asked):
        now = time.perf_counter()
        if now - start > REDRAWN / 2:
            words = say("Training the {cell}, {run} …", cell=say(CELLS[cell].title),
                        run=plan_name(plan))  # fmt: skip
            bar.progress(min(done / total, 1.0), words)
        if now - drawn > REDRAWN and any(found.values()):
            draw(found)
            drawn = time.perf_counter()
        found[cell][plan] = trained(asked.settings, cell, plan)
        done += plan.window + plan.back
    bar.empty()
    return found


def _order(asked: Asked) -> Iterator[tuple[str, Plan]]:
    """The (cell, plan) pairs, those of the chosen window first."""
    plans = sorted(asked.plans, key=lambda one: one != asked.plan)
    return ((cell, plan) for plan in plans for cell in asked.settings.cells)
