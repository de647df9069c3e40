"""What would keep the server's one interpreter busy is computed in worker processes.

One call a visitor; it ends when its visitor changes a control or leaves, or when its time is up.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from rnnviz.cells import CELLS
from rnnviz.experiments.carried_runs import Carried, carried, unpacked
from rnnviz.experiments.settings import Settings
from rnnviz.numerics.process_pool import INSIDE, Ended, Pool
from rnnviz.words import say

PROCESSES = 2
MEGABYTES = 64
"""Of results that each process keeps."""
SECONDS = 60.0
"""The most that one call may take."""
CHECKING = 2
"""Processes for the live checks of pages that are drawn."""
CHECKED = 10.0
"""Seconds that the checks of one page may take there, wanted or not."""
WORK = 10**6
"""Timesteps × weights from which on a call goes to a worker process."""
HERE = INSIDE not in os.environ
"""Whether this is the server, and not one of its workers."""


@cache
def _pool() -> Pool:
    pool = Pool(PROCESSES, MEGABYTES)
    atexit.register(pool.close)
    return pool


@cache
def beside() -> Pool:
    """The worker processes that make live checks while the server draws the rest of their page."""
    pool = Pool(CHECKING, 0, CHECKED)
    atexit.register(pool.close)
    return pool


def is_heavy(settings: Settings, weight: int) -> bool:
    """Whether ``weight`` times a pass over the settings' net is work for a worker process."""
    if not HERE or get_script_run_ctx() is None:
        return False
    steps = settings.length if settings.sequence is None else len(settings.sequence.x)
    weights = 4 * settings.hidden_size**2
    if settings.net is not None:
        weights = sum(one.size for layer in settings.net.model.parameters for one in layer.values())
    return weight * steps * weights >= WORK


def tick() -> None:
    """Let Streamlit end this run where its visitor has changed a control or left."""
    if get_script_run_ctx() is not None:
        "_" in st.session_state  # noqa: B015


def elsewhere(function: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """The result of one of our functions, computed in a worker process.

    The nets that it needs go with it as far as they are trained. Where it takes too long, the page
    says so and ends.
    """
    run, given = get_script_run_ctx(), (*args, *named.values())
    texts = {one for one in given if isinstance(one, str)}
    runs = [one for settings in given if isinstance(settings, Settings)
            for one in carried(settings, texts & {*settings.cells, *CELLS})]  # fmt: skip
    try:
        return _pool().run(
            "" if run is None else run.session_id, with_runs, runs, function, args, named,
            seconds=SECONDS, tick=tick,
        )  # fmt: skip
    except (Ended, MemoryError):
        st.warning(say("This was ended: it took longer than {seconds:.0f} s, or more memory than "
                       "there is. A smaller T or H is quicker.", seconds=SECONDS))  # fmt: skip
        st.stop()


def with_runs(
    runs: list[Carried], function: Callable[..., Any], args: tuple[Any, ...],
    named: Mapping[str, Any],
) -> Any:  # fmt: skip
    """In a worker process: the result of a function, the runs found that came with the call."""
    with unpacked(runs):
        return function(*args, **named)
