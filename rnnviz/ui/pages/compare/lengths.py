"""Beside the control of T: why a longer sequence can leave more of a gradient at step 1."""

from __future__ import annotations

from dataclasses import replace

from rnnviz.cells import CELLS
from rnnviz.experiments.changes import allowed
from rnnviz.experiments.settings import Settings
from rnnviz.ui import cached, prose
from rnnviz.ui.pages.compare import findings
from rnnviz.ui.shell.sidebar_limits import PRESET
from rnnviz.words import say


def explain(settings: Settings) -> None:
    """Say it of the first cell of which the longer of T and the preset's T leaves more."""
    usual = replace(settings, length=PRESET.length)
    fresh = settings.trained is None and not settings.opened
    if not fresh or usual == settings or not allowed(usual):
        return
    both = sorted((usual, settings), key=lambda one: one.length)
    for cell in settings.cells:
        if CELLS[cell].keeping_gate is None:
            continue
        short, long = (cached.gradient_paths(one, cell) for one in both)
        lengths = len(short.total) - 1, len(long.total) - 1  # a text may be shorter than T
        if lengths[0] == lengths[1]:
            return
        if said := findings.longer(say(CELLS[cell].title), lengths, (short, long)):
            prose.caption(said)
            return
