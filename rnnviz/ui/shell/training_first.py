"""Nets that a page is to show are trained before it is drawn: in worker processes, with a bar."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.trained import Trained
from rnnviz.training.jobs import Job
from rnnviz.ui import background
from rnnviz.words import say

_JOBS = "_trained_jobs"
SHORT = 0.3
"""Seconds up to which nets are trained in the script itself: to start a process takes longer."""


def prepare(settings: Settings, cells: tuple[str, ...]) -> None:
    """Train the nets of these cells up to the update that is shown, with a bar.

    What comes after it is trained meanwhile, if it takes long. Says where training stopped.
    """
    trained = settings.trained
    jobs: dict[str, Job] = {}
    if trained is not None:
        jobs = {cell: trained.job(cell, settings.options_of(cell)) for cell in cells
                if not trained.ready(cell, settings.options_of(cell))}  # fmt: skip
    for job in st.session_state.get(_JOBS, {}).values():
        if job not in jobs.values():
            background.cancel(job)
    st.session_state[_JOBS] = jobs
    if trained is None:
        return
    if len(jobs) * trained.seconds > SHORT:
        _take(settings, trained, jobs)
    wanting = [cell for cell in jobs if not _ready(settings, trained, cell)]
    if wanting:
        place = st.empty()
        if len(jobs) * trained.seconds > SHORT:
            _watch(settings, trained, jobs, place.progress(0.0))
        with place.container(), st.spinner(say("Training …"), show_time=True):
            for cell in wanting:
                trained.run(cell, settings.options_of(cell), upto=settings.update)
        place.empty()
    _say_where_it_stopped(settings, trained, cells)


def _ready(settings: Settings, trained: Trained, cell: str) -> bool:
    return trained.ready(cell, settings.options_of(cell), upto=settings.update)


def _take(settings: Settings, trained: Trained, jobs: dict[str, Job]) -> bool:
    """Keep what worker processes have trained so far; return whether they have ended.

    They are asked for all of it. Where this run of the script is ended, they go on.
    """
    over = True
    for cell, job in jobs.items():
        seen = background.see(job)
        if seen is None or seen.stage == "paused":
            seen = background.ask(job)
        if {one for one in trained.checkpoints if one <= seen.run.done} <= {*seen.run.vectors}:
            trained.keep(cell, settings.options_of(cell), seen.run)
        over &= seen.stage in ("finished", "failed")
    return over


def _watch(settings: Settings, trained: Trained, jobs: dict[str, Job], bar: DeltaGenerator) -> None:
    """Show how far worker processes are, up to the update that is shown or where they fail."""
    while not _take(settings, trained, jobs):
        if all(_ready(settings, trained, cell) for cell in jobs):
            return
        bar.progress(*_so_far(trained, jobs))
        background.workers().wait(0.2)


def _so_far(trained: Trained, jobs: dict[str, Job]) -> tuple[float, str]:
    """The share of all updates that is made, and a sentence that says so."""
    runs = {cell: seen for cell, job in jobs.items() if (seen := background.see(job)) is not None}
    total, left = trained.plan.updates, [one.left for one in runs.values()]
    done = ", ".join(f"{say(CELLS[cell].title)} {one.run.done}" for cell, one in runs.items())
    words = say("Training, {total} updates each: {done}.", total=total, done=done)
    if left and None not in left:
        seconds = max(one for one in left if one is not None)
        words += " " + say("About {seconds:.0f} s left.", seconds=seconds)
    return sum(one.run.done for one in runs.values()) / total / len(jobs), words


def _say_where_it_stopped(settings: Settings, trained: Trained, cells: tuple[str, ...]) -> None:
    for cell in cells:
        run = trained.found(cell, settings.options_of(cell))
        stopped = None if run is None else run.stopped
        if stopped is not None and stopped.update <= settings.update:
            st.info(say(
                "{cell}: training stopped in update {update}, where a number is not finite; shown "
                "is the last net kept before.",
                cell=say(CELLS[cell].title), update=stopped.update,
            ))  # fmt: skip
