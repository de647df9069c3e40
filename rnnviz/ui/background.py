"""Training that goes on while pages are drawn: one set of worker processes for all sessions.

`ask` for a job, then `see` it from a fragment that runs again and again; it goes on over a switch
of pages. A session pauses what it sees alone: others who asked for the same job are not held up.
"""

from __future__ import annotations

import atexit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from rnnviz.experiments.settings import Settings
from rnnviz.training.background import Workers
from rnnviz.training.jobs import Job, Seen
from rnnviz.training.plan import Plan
from rnnviz.training.run_folder import folder
from rnnviz.ui import departed


@st.cache_resource(show_spinner=False)
def workers() -> Workers:
    """The worker processes; they start with the first job, or by `start`.

    Runs are kept over a restart.
    """
    one = Workers(folder=folder())
    departed.WORK.add(one)
    atexit.register(one.close)
    return one


def start() -> None:
    """Start the worker processes while the page is being drawn."""
    workers().start()


def job(settings: Settings, cell: str, plan: Plan, hidden_size: int | None = None) -> Job:
    """A cell of the settings' initialisation, trained as planned; the seed is the plan's.

    Of the settings, sequence, loss and edited weights do not count; H only without ``hidden_size``.
    """
    length = plan.length or settings.length
    how = settings.initialisation(cell, length) | {"seed": plan.seed}
    return Job.of(cell, plan, hidden_size or settings.hidden_size, **how)


def ask(one: Job, upto: int | None = None) -> Seen:
    """Have a job trained up to an update, by default all of its plan; see `Workers.ask`."""
    _forget_who_left()
    return workers().ask(who(), one, upto)


def see(one: Job) -> Seen | None:
    """A job as it stands; None where this session has not asked for it, or it was forgotten."""
    return workers().see(who(), one)


def cancel(one: Job) -> None:
    """This session wants no more of a job."""
    workers().cancel(who(), one)


def retry(one: Job) -> None:
    """Try a job again over which workers have died too often."""
    workers().retry(one)


def _forget_who_left() -> None:
    """Train nothing more for sessions without a browser, such as those before a reload.

    Else a session that pauses would stop its picture alone, until the next look at who has left.
    """
    for one in departed.without_browser(workers().askers()):
        if one != who():
            workers().leave(one)


def who() -> str:
    """This session, "" outside of one."""
    run = get_script_run_ctx()
    return "" if run is None else run.session_id
