"""The live checks of the shown cells, made in a process of their own while their page is drawn."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from rnnviz.analysis.verification.check import Check
from rnnviz.analysis.verification.live_checks import verify_flow
from rnnviz.experiments.carried_runs import carried
from rnnviz.experiments.checked import Checked, checked, digest
from rnnviz.experiments.settings import Settings
from rnnviz.numerics.process_pool import Call, Ended
from rnnviz.ui import heavy
from rnnviz.ui.cached import loss, undirected, whole
from rnnviz.ui.kept import kept_slow, known

Checks = tuple[Check, ...]
PATIENCE = 10.0
"""Seconds of waiting for checks in another process, after which they are made in this one."""
_BEGUN = "_checks_begun"


def warm_up() -> None:
    """Start one process with the code of the checks, before a visitor waits for it."""
    heavy.beside().begin("", checked, Settings(), (), ())


def begin(settings: Settings, cells: Sequence[str]) -> Callable[[], dict[str, Checks]]:
    """Have the checks made elsewhere that are not known yet; what is returned waits for them."""
    _forget()
    missing = [cell for cell in cells if not known(cell_checks, settings, cell)]
    call = _call(undirected(settings), missing) if missing else None

    def found() -> dict[str, Checks]:
        made = dict(zip(missing, [] if call is None else _finished(call), strict=False))
        return {cell: cell_checks(settings, cell, made.get(cell)) for cell in cells}

    return found


def made_here(settings: Settings, cells: Sequence[str]) -> dict[str, Checks]:
    """The checks of every cell, made as any other result of a page."""
    return {cell: cell_checks(settings, cell) for cell in cells}


@kept_slow
def cell_checks(settings: Settings, cell: str, _elsewhere: Checked | None = None) -> Checks:
    """The live checks of one cell under these settings; of a stack, those of the whole net.

    Those made elsewhere count if the same numbers were computed there, to the bit.
    """
    own = whole(undirected(settings), cell)
    if _elsewhere is not None and _elsewhere.digest == digest(own):
        return _elsewhere.checks
    return tuple(verify_flow(own, loss(settings)))


def _call(settings: Settings, cells: Sequence[str]) -> Call | None:
    run = get_script_run_ctx()
    if run is None:
        return None
    runs = carried(settings, cells)
    call = st.session_state[_BEGUN] = heavy.beside().begin(
        run.session_id, checked, settings, cells, runs
    )
    return call


def _finished(call: Call) -> list[Checked]:
    """What was made elsewhere; nothing where that takes too long, and they are made here."""
    until = time.monotonic() + PATIENCE
    st.session_state.pop(_BEGUN, None)

    def tick() -> None:
        heavy.tick()
        if time.monotonic() > until:
            raise Ended

    try:
        found: list[Checked] = heavy.beside().finish(call, seconds=heavy.CHECKED, tick=tick)
    except (Ended, MemoryError):
        return []
    return found


def _forget() -> None:
    """Want nothing more of what a run began that was ended before it asked for it."""
    call = st.session_state.pop(_BEGUN, None)
    if call is not None:
        heavy.beside().leave(call)
