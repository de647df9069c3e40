"""The parts of the cost page: parameters, multiply-adds, time, and the gradient at equal cost."""

from __future__ import annotations

import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.experiments import cost
from rnnviz.experiments.initialisation_runs import SEEDS
from rnnviz.experiments.settings import Settings
from rnnviz.ui import badge, cached, prose, url_controls
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.cost import counts, gradients
from rnnviz.ui.pages.cost.findings import finding
from rnnviz.ui.pages.cost.gradients import WAYS
from rnnviz.ui.shell.frame import heading
from rnnviz.ui.shell.sidebar_cells import usual_first
from rnnviz.words import say


def show(settings: Settings) -> None:
    """What each cell costs, counted and measured, and the gradient under both comparisons."""
    place = heading(say("Cost, and reach of the gradient"))
    checked = badge.of_cells(place, settings, settings.cells)
    prose.caption(say(
        "The bars show what one layer of each cell costs; the two charts below show how far "
        "back its gradient reaches, with equal numbers of units and with equal numbers of "
        "parameters."
    ))  # fmt: skip
    said = st.container()
    way = url_controls.buttons(
        say("Compare at"), list(WAYS), key="by", default="units",
        words=lambda name: say(WAYS[name]),
    )  # fmt: skip
    cells = usual_first(tuple(dict.fromkeys((*CELLS, *settings.cells))))
    hidden = cost.sizes(settings, cells, by_count=way == "count")
    times = counts.measured_times(settings, hidden)
    counts.bars(settings, hidden, times)
    counts.table(settings, hidden, times)
    st.subheader(say("The gradient at equal size, and at equal count"))
    both = {name: cost.sizes(settings, settings.cells, by_count=name == "count") for name in WAYS}
    runs = gradients.runs_of(settings, both)
    said.markdown(finding(settings, both, runs, times))
    labels = cached.labels(settings)
    stage.timeline(next(iter(runs.values())).state.shape[1] - 1, labels=labels)
    gradients.norms(settings, both, runs, labels)
    gradients.now(settings, both, runs)
    prose.caption(say(
        "{settings}. Lines: the median of {n} seeds, from {first} on; bands: 10 % to 90 % of "
        "them.",
        settings=say(settings.in_words()), n=SEEDS, first=settings.seed,
    ))  # fmt: skip
    checked()
