"""The same cells on every problem type, in one table."""

from __future__ import annotations

import numpy as np
import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.experiments.problem_types import PROBLEMS, distances
from rnnviz.experiments.settings import Settings
from rnnviz.ui import prose
from rnnviz.ui.language import fragment
from rnnviz.ui.pages.problem_types.runs import counted, unrolled
from rnnviz.words import say
from rnnviz.words.numbers import power

AT_ONCE = 400
"""Up to this T × number of cells the table is open when the page is drawn."""


@fragment
def all_types(settings: Settings) -> None:
    """The lengths of the paths, and the same cells on each type."""
    cheap = len(settings.example().x) * len(settings.cells) <= AT_ONCE
    box = st.expander(say("The same cells on every type"), expanded=cheap, key="_all_types",
                      on_change="rerun")  # fmt: skip
    if not box.open:
        return
    titles = [say(CELLS[cell].title) for cell in settings.cells]
    head = [say("Problem type"), say("losses"), say("letters given"), say("shortest path"),
            say("longest path"),
            *(say("{cell} at t = 1", cell=title) for title in titles)]  # fmt: skip
    rows = [head, ["---"] * len(head)]
    for name, problem in PROBLEMS.items():
        found = [unrolled(settings, cell, name, False) for cell in settings.cells]
        steps = found[0].steps
        paths, counts = distances(problem, steps), counted(problem, steps)
        rows.append([
            say(problem.title), str(counts["losses"]), str(counts["given"]),
            str(int(np.nanmin(paths))), str(int(np.nanmax(paths))),
            *(power(float(one.log10("h")[0, 0])) for one in found),
        ])  # fmt: skip
    with box, st.container(key="rv-all-types"):
        prose.markdown("\n".join(f"| {' | '.join(row)} |" for row in rows))
        prose.caption(say(
            "Paths: the number of steps from a loss back to a letter that is given, over all "
            "pairs. At t = 1: ‖∂L/∂h_1‖₂. The loss is the mean over the answers, so that the "
            "types can be compared."
        ))  # fmt: skip
