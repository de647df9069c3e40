"""How far a session watches the runs of a plan: playing, paused, one update more."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from rnnviz.training import Run
from rnnviz.training.jobs import Job, Seen
from rnnviz.ui import background
from rnnviz.ui.pages.training.plan_controls import Asked

PACE = 4.0
"""Seconds over which all curves are spread at least, however fast nets are trained."""
_KEY, _LAST = "_training_watch", "_training_watched_last"
"""The session's keys of all watches, and of what was watched last."""


@dataclass(frozen=True)
class Watch:
    """The update that a session sees of each net, or from which it plays since a moment.

    ``updates`` are in the order of the jobs; those that are missing are 0.
    """

    updates: tuple[int, ...] = ()
    since: float | None = None

    def at(self, net: int, total: int) -> int:
        """The update up to which a net is shown at this moment, if it is trained so far."""
        begun = self.updates[net] if net < len(self.updates) else 0
        if self.since is None:
            return begun
        share = (time.monotonic() - self.since) / PACE if PACE else 1.0
        return min(total, begun + int(share * total))


@dataclass(frozen=True)
class Shown:
    """One net as the session sees it: its run, and up to which update."""

    seen: Seen
    update: int

    @property
    def run(self) -> Run:
        """The run, which may be further than what is shown."""
        return self.seen.run

    @property
    def loss(self) -> NDArray[np.float64]:
        """The losses up to the shown update; with that of one that could not be made."""
        return self.run.loss[: self.update + self.failed]

    @property
    def norm(self) -> NDArray[np.float64]:
        """The gradient norms that belong to `loss`."""
        return self.run.gradient_norm[: self.update + self.failed]

    @property
    def cut(self) -> Run:
        """The run as far as it is shown, to be drawn."""
        return replace(self.run, loss=self.loss, gradient_norm=self.norm)

    @property
    def failed(self) -> bool:
        """Whether training is shown up to where a number was not finite."""
        return self.run.stopped is not None and self.update == self.run.done

    @property
    def over(self) -> bool:
        """Whether nothing more comes: all updates are shown, or training stopped or failed."""
        if self.seen.stage == "failed":
            return True
        return self.failed or self.update >= self.seen.job.plan.updates

    @property
    def checkpoints(self) -> list[int]:
        """The updates of the checkpoints that are shown."""
        return [one for one in self.run.vectors if one <= self.update]


def watch(asked: Asked) -> Watch:
    """How far this session watches; a plan that is new to it begins to play.

    Where nets come or go and the plan is the same, those that stay are where they were.
    """
    kept: dict[Asked, Watch] = st.session_state.setdefault(_KEY, {})
    last: Asked | None = st.session_state.get(_LAST)
    if last is not None and last != asked:
        if last.plan == asked.plan and last in kept:
            kept[asked] = _taken_over(asked, last, kept)
        _leave(last, asked)
    if asked not in kept:
        kept[asked] = Watch(since=time.monotonic())
    while len(kept) > 20:
        del kept[next(iter(kept))]
    st.session_state[_LAST] = asked
    return kept[asked]


def _taken_over(asked: Asked, last: Asked, kept: Mapping[Asked, Watch]) -> Watch:
    """Paused or playing as ``last``, from where its nets are; others from where they were."""
    total, was = asked.plan.updates, kept[last]
    stands = _now(last) if was.since is not None else tuple(
        was.at(k, total) for k in range(len(last.jobs)))  # fmt: skip
    there = {job: at for (_, job), at in zip(last.jobs, stands, strict=True)}
    before = replace(kept.get(asked, Watch()), since=None)
    since = None if was.since is None else time.monotonic()
    return Watch(tuple(there.get(job, before.at(k, total))
                       for k, (_, job) in enumerate(asked.jobs)), since)  # fmt: skip


def _leave(last: Asked, asked: Asked) -> None:
    """Cancel the jobs of nets that are not shown any longer."""
    stay = {job for _, job in asked.jobs}
    for _, job in last.jobs:
        if job not in stay:
            background.cancel(job)


def look(asked: Asked) -> dict[str, Shown]:
    """Cell → what is shown of it now; the jobs are asked for if they are not."""
    one, total = watch(asked), asked.plan.updates
    return {cell: _shown(job, one.at(k, total), one.since is not None)
            for k, (cell, job) in enumerate(asked.jobs)}  # fmt: skip


def _shown(job: Job, update: int, playing: bool) -> Shown:
    seen = background.see(job)
    if seen is None or (playing and seen.stage == "paused" and not seen.spent):
        seen = background.ask(job, None if playing else update)
    return Shown(seen, min(seen.run.done, update))


def behind(asked: Asked) -> bool:
    """Whether an update that a paused session asked for is still being made."""
    one, total = watch(asked), asked.plan.updates
    if one.since is not None:
        return False
    return any(
        (seen := background.see(job)) is not None and seen.stage in ("waiting", "training")
        and seen.run.done < one.at(k, total) and not seen.spent
        for k, (_, job) in enumerate(asked.jobs)
    )  # fmt: skip


def pause(asked: Asked) -> None:
    """Show no more than now."""
    _set(asked, Watch(_now(asked)))


def play(asked: Asked) -> None:
    """Go on from what is shown; runs whose seconds are spent get more."""
    _set(asked, Watch(_now(asked), time.monotonic()))
    for _, job in asked.jobs:
        background.retry(job)


def step(asked: Asked) -> None:
    """Show one update more, of every net."""
    _set(asked, Watch(tuple(min(one + 1, asked.plan.updates) for one in _now(asked))))


def again(asked: Asked) -> None:
    """Show the same runs from their first update on."""
    _set(asked, Watch(since=time.monotonic()))


def _now(asked: Asked) -> tuple[int, ...]:
    return tuple(one.update for one in look(asked).values())


def go_on(asked: Asked, updates: int) -> None:
    """Let the same plan with more updates play on from what is shown."""
    more = replace(asked, plan=replace(asked.plan, updates=updates), jobs=tuple(
        (cell, replace(job, plan=replace(job.plan, updates=updates))) for cell, job in asked.jobs
    ))  # fmt: skip
    _set(more, Watch(_now(asked), time.monotonic()))


def _set(asked: Asked, one: Watch) -> None:
    st.session_state.setdefault(_KEY, {})[asked] = one
    for k, (_, job) in enumerate(asked.jobs):
        background.ask(job, None if one.since is not None else one.at(k, asked.plan.updates))
