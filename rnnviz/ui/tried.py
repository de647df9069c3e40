"""Changes that may help a cell or break its gradient, tried with the page or on request."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from rnnviz.experiments import remedies
from rnnviz.experiments.remedies import Tried
from rnnviz.experiments.settings import Settings
from rnnviz.ui import affordable
from rnnviz.ui.kept import kept


@kept
def _helping(settings: Settings, cell: str) -> tuple[Tried, ...]:
    return tuple(remedies.remedies(settings, cell))


@kept
def _breaking(settings: Settings, cell: str) -> tuple[Tried, ...]:
    return tuple(remedies.breaks(settings, cell))


def _kept() -> dict[tuple[Settings, str], tuple[tuple[Tried, ...], tuple[Tried, ...]]]:
    """What this visit asked to be tried: (settings, cell) → changes that may help, that break."""
    return st.session_state.setdefault("_tried", {})


def helping(settings: Settings, cell: str) -> tuple[Tried, ...] | None:
    """Every change that may help a fresh cell, tried; None where that takes long and nobody asked.

    None for trained and opened nets, too: what helps a fresh one was not measured on them.
    """
    if settings.trained is not None or settings.net is not None:
        return None
    if (settings, cell) in _kept():
        return _kept()[settings, cell][0]
    return _helping(settings, cell) if affordable.trials_by_themselves(settings) else None


def breaking(settings: Settings, cell: str) -> tuple[Tried, ...]:
    """Changes that make a cell's gradient vanish or explode, tried."""
    if (settings, cell) in _kept():
        return _kept()[settings, cell][1]
    return _breaking(settings, cell)


def try_changes(settings: Settings, cell: str, tell: Callable[[int], object]) -> None:
    """Try all changes however long it takes; ``tell`` is given how many are done, before each."""
    done: list[list[Tried]] = [[], []]
    for own, found in zip(done, (remedies.remedies, remedies.breaks), strict=True):
        for one in found(settings, cell):
            own.append(one)
            tell(sum(map(len, done)))
    _kept()[settings, cell] = tuple(done[0]), tuple(done[1])
