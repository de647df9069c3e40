"""Which loss's gradient the compare page follows, and on which state."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from rnnviz.analysis.reach import Reach
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.settings import Settings
from rnnviz.tasks import Example
from rnnviz.ui import cached, url_controls
from rnnviz.words import say, word

STATES = {
    "memory": word("memory state"),
    "h": word("hidden state h"),
    "all": word("all together"),
}
LAST = "last"
DROP, STEPS = 0.5, 2
"""A fall from h onto c is named where ``STEPS`` steps lose so many powers of ten more by h."""


class Records(Protocol):
    """Where the records of a cell come from: `Kept`, or computed and not kept."""

    def example(self, settings: Settings) -> Example:
        """The sequence."""

    def lone(self, settings: Settings, cell: str, step: int | None) -> GradientFlow:
        """The flow of one loss alone."""

    def reached(self, settings: Settings, cell: str, signal: str, step: int | None) -> Reach:
        """How far back that loss reaches."""

    def all_losses(self, settings: Settings, cell: str, signal: str) -> NDArray[np.float64]:
        """log10 norms of all losses together, (T + 1,)."""


class Kept:
    """The records that all sessions share."""

    example = staticmethod(cached.example)
    lone = staticmethod(cached.lone)
    reached = staticmethod(cached.reached)
    all_losses = staticmethod(cached.all_losses)


KEPT: Records = Kept()


class Followed(NamedTuple):
    """The gradient of the loss of one step S alone, of every shown cell.

    signal  "memory", "h" or "all"
    start   S; 0 where no step has a loss
    losses  (T,) bools: which steps have one
    alone   cell → the flow of that loss alone
    found   cell → how far it reaches on the chosen state
    chosen  whether S was chosen; else it is the last step that has a loss
    """

    signal: str
    start: int
    losses: NDArray[np.bool_]
    alone: dict[str, GradientFlow]
    found: dict[str, Reach]
    chosen: bool

    @property
    def several(self) -> bool:
        """Whether other steps have a loss, too."""
        return int(self.losses.sum()) > 1

    @property
    def norms(self) -> dict[str, NDArray[np.float64]]:
        """Cell → log10 ‖∂L_S/∂s_t‖, (T + 1,)."""
        return {cell: one.log10_norms for cell, one in self.found.items()}


def choose_state(cells: tuple[str, ...], *, joint: bool = True) -> str:
    """Draw the switch between states, where a cell has more than one.

    ``joint`` is whether all of them can be followed as one vector.
    """
    if all(len(CELLS[cell].states) == 1 for cell in cells):
        return "memory"
    states = [one for one in STATES if joint or one != "all"]
    chosen = url_controls.buttons(
        say("Gradient on the"), states, key="on", default="memory",
        words=lambda name: say(STATES[name]), label_visibility="collapsed",
    )  # fmt: skip
    if chosen == "all":
        st.caption(say(
            "The share is the norm at step 1 divided by that at the step of the loss. There the "
            "vector of h and c together is the gradient on h, which is larger than that on c; so "
            "its share can be smaller than that of c alone."
        ))  # fmt: skip
    return chosen


def choose_loss(settings: Settings) -> int | None:
    """Draw the menu of losses, where several steps have one; None is the last."""
    steps = np.flatnonzero(settings.loss_steps(cached.example(settings))) + 1
    if len(steps) < 2:
        return None
    names = [LAST, *(str(t) for t in steps[-2::-1])]
    chosen = url_controls.menu(
        say("Follow the loss of step"), names, key="follow", default=LAST,
        words=lambda name: str(steps[-1]) if name == LAST else name,
    )  # fmt: skip
    return None if chosen == LAST else int(chosen)


def follow(
    settings: Settings, signal: str, step: int | None, records: Records = KEPT
) -> Followed:
    """Follow one loss of these settings on one state of every cell."""
    if records is KEPT:
        cached.flows(settings)
    alone = {cell: records.lone(settings, cell, step) for cell in settings.cells}
    found = {cell: records.reached(settings, cell, signal, step) for cell in settings.cells}
    start = max(one.start for one in found.values())
    losses = settings.loss_steps(records.example(settings))
    return Followed(signal, start, losses, alone, found, step is not None)


def norms(settings: Settings, cell: str, signal: str, step: int | None) -> NDArray[np.float64]:
    """log10 ‖∂L_S/∂s_t‖ (T + 1,) of other settings; S is their last where ``step`` has no loss."""
    losses = settings.loss_steps(cached.example(settings))
    there = step is not None and step <= len(losses) and bool(losses[step - 1])
    return cached.reached(settings, cell, signal, step if there else None).log10_norms


def drop(
    settings: Settings, cell: str, step: int | None, records: Records = KEPT
) -> tuple[int, int, str] | None:
    """Where the gradient on h falls because it goes from h onto c, and how it is named.

    A cell that has c gets its loss at h; on c the norm falls by the keeping gate alone.
    """
    if len(CELLS[cell].states) == 1:
        return None
    h, c = (records.reached(settings, cell, name, step) for name in ("h", "memory"))
    start, to = h.start, h.start - STEPS
    if to < 1:
        return None
    fall, kept = (one.log10_norms[start] - one.log10_norms[to] for one in (h, c))
    if not np.isfinite(fall) or not fall > max(kept, 0) + DROP:
        return None
    return start, to, say("from h onto {state}: ÷ {times}", state=c.signal,
                          times=f"{10**fall:.3g}")  # fmt: skip
