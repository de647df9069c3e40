"""The keeping gate's bias against updates needed, on a chosen task, trained on request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter

import streamlit as st

from rnnviz import plot
from rnnviz.cells import CELLS
from rnnviz.experiments.forget_bias import BIASES, advised
from rnnviz.experiments.solving import Outcome, summary
from rnnviz.experiments.stored_outcomes import SEEDS, Row, Setting
from rnnviz.experiments.task_table import HIDDEN
from rnnviz.experiments.update_time import timed
from rnnviz.tasks import TASKS
from rnnviz.training.background import PROCESSES
from rnnviz.training.jobs import Job
from rnnviz.training.plan import Plan
from rnnviz.training.reports import measured
from rnnviz.training.run import Run
from rnnviz.training.train_net import begin
from rnnviz.ui import background, prose, url_controls
from rnnviz.ui.chart import CONFIG
from rnnviz.ui.kept import kept
from rnnviz.ui.language import fragment
from rnnviz.ui.pages.training.experiment_findings import bias_finding
from rnnviz.ui.pages.training.live import naive_cost
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say

OWN = tuple(name for name, one in TASKS.items() if one.held_out == "drawn")
"""Tasks whose training batches are new sequences, so that their losses are those of a test."""
GATED = ("lstm", "gru")
LONGEST, UPDATES, SHARE = 60, 300, 0.1
EVERY = 1.0
"""Seconds between two looks at what is trained so far."""
_ASKED = "_own_bias"


@dataclass(frozen=True)
class Asked:
    """What is trained: a cell and a plan, for every bias and seed."""

    cell: str
    plan: Plan

    def jobs(self) -> dict[tuple[float, int], Job]:
        """(bias, seed) → job."""
        return {
            (bias, seed): Job.of(self.cell, replace(self.plan, seed=seed), HIDDEN,
                                 **Setting(self.plan.rate, bias).build(self.cell))
            for seed in range(SEEDS) for bias in BIASES
        }  # fmt: skip

    @property
    def row(self) -> Row:
        """The plan as a row of a table."""
        return Row("own", TASKS[self.plan.task].title, self.plan, SHARE)


@dataclass
class Sweep:
    """What a session asked for, and the outcomes that are known."""

    asked: Asked
    outcomes: dict[tuple[float, int], Outcome]
    going: bool = True


def show() -> None:
    """An expander with the controls; nothing is trained before the button is pressed."""
    box = st.expander(say("On a task of your own"), key="_own_box", on_change="rerun")
    if not box.open:
        return
    with box:
        asked = _choose()
        sweep: Sweep | None = st.session_state.get(_ASKED)
        same = sweep is not None and sweep.asked == asked
        if not same:
            st.button(
                say("Train {n} nets: about {seconds:.0f} seconds if the machine is free",
                    n=len(BIASES) * SEEDS, seconds=max(1.0, seconds(asked))),
                key="_own_train", on_click=_start, args=(asked,),
            )  # fmt: skip
        elif sweep is not None:
            fragment(_watch, EVERY if sweep.going else None)(sweep)


def _choose() -> Asked:
    """Cell, task, T and learning rate."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cell = url_controls.buttons(say("Cell"), GATED, key="owncell", default="lstm",
                                    words=lambda one: say(CELLS[one].title))  # fmt: skip
        task = url_controls.menu(say("Task"), OWN, key="owntask", default="adding", width=260,
                                 words=lambda one: say(TASKS[one].title))  # fmt: skip
        rate = url_controls.buttons(say("Learning rate"), ("0.005", "0.02"), key="ownrate",
                                    default="0.02", words=str)  # fmt: skip
    least = max(2, *(TASKS[task].lengths(part=part).minimum for part in ("train", "test")))
    length = int(url_controls.slider(say("T, length"), least, LONGEST, key="ownT",
                                     default=max(least, 10)))  # fmt: skip
    plan = Plan(task, length, updates=UPDATES, rate=float(rate)).fitted(TASKS[task])
    return Asked(cell, plan)


@kept
def measured_seconds(cell: str, plan: Plan) -> float:
    """The seconds of one net, from a few updates and what is measured at one checkpoint."""
    update = timed({cell: HIDDEN}, plan, seconds=0.03, least=5)[cell].middle / 1000
    run, start = begin(cell, plan=plan, hidden_size=HIDDEN), perf_counter()
    measured(run, 0)
    return plan.updates * update + len(run.keep) * (perf_counter() - start)


def seconds(asked: Asked) -> float:
    """The seconds that all nets take together, if none is done early."""
    return len(asked.jobs()) * measured_seconds(asked.cell, asked.plan) / PROCESSES


def _start(asked: Asked) -> None:
    st.session_state[_ASKED] = Sweep(asked, {})
    for job in asked.jobs().values():
        background.ask(job)


def _stop(sweep: Sweep) -> None:
    """Train no more nets; the picture keeps the outcomes that are known."""
    for key, job in sweep.asked.jobs().items():
        if key not in sweep.outcomes:
            background.cancel(job)
    st.session_state[_ASKED] = None


def _watch(sweep: Sweep) -> None:
    """Take in what is trained, show how far it is, and at the end the picture."""
    was, jobs = sweep.going, sweep.asked.jobs()
    limit = SHARE * naive_cost(sweep.asked.plan)
    for key, job in jobs.items():
        if key not in sweep.outcomes:
            _look(sweep, key, job, limit)
    sweep.going = len(sweep.outcomes) < len(jobs)
    if was and not sweep.going:
        st.rerun()
    if sweep.going:
        done = len(sweep.outcomes)
        st.progress(done / len(jobs), say("{done} of {n} nets are done.", done=done, n=len(jobs)))
        st.button(say("Cancel"), key="_own_cancel", on_click=_stop, args=(sweep,))
        return
    _picture(sweep)


def _look(sweep: Sweep, key: tuple[float, int], job: Job, limit: float) -> None:
    seen = background.see(job) or background.ask(job)
    found = outcome(seen.run, seen.seconds, limit)
    if seen.stage == "failed" or seen.spent:
        found = found or Outcome(None, seen.run.done, seen.seconds, ())
    if found is not None:
        sweep.outcomes[key] = found
        background.cancel(job)


def outcome(run: Run, seconds: float, limit: float) -> Outcome | None:
    """How a run did: solved where ten batches in a row cost less than ``limit`` on average; None
    where that is still open.
    """  # fmt: skip
    needed = run.below(limit)
    if needed is None and not run.finished:
        return None
    return Outcome(needed, run.done, seconds, ())


def _picture(sweep: Sweep) -> None:
    row = sweep.asked.row
    found = {bias: [sweep.outcomes[bias, seed] for seed in range(SEEDS)] for bias in BIASES}
    bias = "b_f" if sweep.asked.cell == "lstm" else "b_z"
    words = bias_finding([(row, {one: summary(own) for one, own in found.items()})], bias)
    prose.markdown(words)
    st.plotly_chart(
        plot.updates_needed({say(row.title): found}, most=UPDATES, cell=sweep.asked.cell,
                            setting=say("{bias} before training", bias=bias),
                            marks=[(advised(row), "ln(T − 1)")], theme=theme(), height=240),
        key="own_bias", config=CONFIG, theme=None, alt=words,
    )  # fmt: skip
    prose.caption(say(
        "Updates until ten batches in a row, all of new sequences, cost less than {share:g} of the "
        "naive answers' cost on average; a circle a seed, the line their median.", share=SHARE,
    ))  # fmt: skip
