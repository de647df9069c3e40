"""Sweeps that go on while pages are drawn: one set of worker processes for all sessions."""

from __future__ import annotations

import atexit

import streamlit as st

from rnnviz.sweeps import DIAGRAMS, RESULTS, Spec, Sweep, read_sweep
from rnnviz.sweeps.background import Sweeps
from rnnviz.sweeps.going import Seen
from rnnviz.ui import departed
from rnnviz.ui.background import who


@st.cache_resource(show_spinner=False)
def sweeps() -> Sweeps:
    """The worker processes, which start with the first sweep."""
    one = Sweeps()
    departed.WORK.add(one)
    atexit.register(one.close)
    return one


@st.cache_resource(show_spinner=False, max_entries=len(DIAGRAMS))
def stored(name: str) -> Sweep:
    """The shipped result of a diagram."""
    return read_sweep(RESULTS / f"{name}.parquet")


def ask(name: str, spec: Spec) -> Seen:
    """Have a diagram computed in these sizes; see `Sweeps.ask`."""
    return sweeps().ask(who(), name, spec)


def see(spec: Spec) -> Seen | None:
    """A sweep as it stands; None where it was not asked for, or was forgotten."""
    return sweeps().see(who(), spec)


def is_finished(spec: Spec) -> bool:
    """Whether a sweep is there to its end, whoever has asked for it."""
    seen = sweeps().see(who(), spec)
    return seen is not None and seen.stage == "finished"


def cancel(spec: Spec) -> None:
    """This session wants no more of a sweep."""
    sweeps().cancel(who(), spec)
