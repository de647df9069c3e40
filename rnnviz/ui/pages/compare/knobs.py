"""The controls that matter most, beside the picture: the same values as in the sidebar."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.experiments.changes import free_biases
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.settings_checks import MOST_CELLS
from rnnviz.tasks import TASKS
from rnnviz.ui.shell import opened_files
from rnnviz.ui.shell.sidebar_cells import usual_first
from rnnviz.ui.shell.sidebar_labels import HELP
from rnnviz.ui.shell.sidebar_limits import BIAS_STEP, BIASES, PRESET
from rnnviz.ui.shell.sidebar_sequence import length_span
from rnnviz.words import say


def knobs(settings: Settings) -> None:
    """Draw the cells, the forget bias and T; what is set here is set in the sidebar, too."""
    asked = set(st.session_state["cells"])
    offered = asked if len(asked) >= MOST_CELLS else asked | set(PRESET.cells)
    _linked(
        st.pills, say("Cells"), list(usual_first(tuple(sorted(offered)))), key="cells",
        selection_mode="multi", wrap=True, format_func=lambda name: say(CELLS[name].title),
    )  # fmt: skip
    fresh = [cell for cell in settings.cells if not settings.of_file(cell)]
    biased = any("forget_bias" in CELLS[cell].bias_blocks for cell in fresh)
    if biased and settings.trained is None:
        free = any("forget_bias" in free_biases(settings, cell) for cell in fresh)
        _linked(st.slider, say("Forget bias b_f"), *BIASES, key="bf", step=BIAS_STEP,
                help=say(HELP["forget_bias"]), disabled=not free)  # fmt: skip
    if opened_files.anything():
        return
    if TASKS[settings.task].length_is == "exact":
        least, most = length_span(settings.task, dict(settings.options), settings.hidden_size)
        if least <= st.session_state["T"] <= most and least < most:
            _linked(st.slider, say("T, length"), least, most, key="T", help=say(HELP["T"]))


def _linked(draw: Any, label: str, *args: Any, key: str, **more: Any) -> None:
    """A second control of the value ``key``: it shows that value, and sets it before the next run.

    The sidebar's control is drawn first in every run, so the two cannot disagree.
    """
    here = f"_{key}_here"
    st.session_state[here] = st.session_state[key]

    def take() -> None:
        st.session_state[key] = st.session_state[here]

    draw(label, *args, key=here, on_change=take, **more)
