"""The LSTM with its forget gate held at 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import streamlit as st

from rnnviz import plot
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.settings import Settings
from rnnviz.plot.variants import held_panels
from rnnviz.ui import cached
from rnnviz.ui.chart import figure, frame
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import power


def held_gate(settings: Settings, labels: tuple[str, ...] | None) -> None:
    """The LSTM as it is, and with its forget gate held at 1: gradient norms of both."""
    free = replace(settings, cells=("lstm",), hold=(), cell_options=())
    held = replace(free, hold=(("lstm", "f", 1.0),))
    found = {"free": cached.flow(free, "lstm"), "held": cached.flow(held, "lstm")}
    st.markdown(_finding(found))
    figure(
        plot.held_gate(found["held"], found["free"], theme=theme(), labels=labels), key="held",
        definition=say(
            "The LSTM of these settings, and the same with f held at 1: its forget gate's weights "
            "then count for nothing."
        ),
        summary=_finding(found).replace("**", ""),
        data=lambda: frame(held_panels(found["held"], found["free"], theme())),
    )  # fmt: skip


def _finding(found: Mapping[str, GradientFlow]) -> str:
    left = {(name, state): power(_left(flow, state))
            for name, flow in found.items() for state in "hc"}  # fmt: skip
    return say(
        "With f held at 1, the **LSTM**'s ‖∂L/∂c‖ comes to step 1 as {held_c} of what it was at "
        "the last step with a gradient, and ‖∂L/∂h‖ as {held_h}; with f free it is {free_c} and "
        "{free_h}. Hold any gate of any cell yourself: in the sidebar, under “Cell options”, and "
        "see it on every page.",
        held_c=left["held", "c"], held_h=left["held", "h"],
        free_c=left["free", "c"], free_h=left["free", "h"],
    )  # fmt: skip


def _left(flow: GradientFlow, state: str) -> float:
    """log10 ‖∂L/∂s_1‖ / ‖∂L/∂s_S‖, S the last step that any gradient reaches; nan if none."""
    norms = cached.norms(flow, state)
    reached = np.flatnonzero(np.isfinite(norms))
    return float(norms[1] - norms[reached[-1]]) if reached.size and reached[-1] else float("nan")
