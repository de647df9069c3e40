"""The LSTM with its forget gate held at 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from rnnviz import plot
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.settings import Settings
from rnnviz.plot.variants import held_panels
from rnnviz.ui import cached, prose
from rnnviz.ui.chart import figure, frame
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import power


def held_gate(settings: Settings, labels: tuple[str, ...] | None) -> None:
    """The LSTM as it is, and with its forget gate held at 1: gradient norms of both."""
    free = replace(settings, cells=("lstm",), hold=(), cell_options=())
    held = replace(free, hold=(("lstm", "f", 1.0),))
    found = {"free": cached.flow(free, "lstm"), "held": cached.flow(held, "lstm")}
    prose.markdown(_finding(found))
    figure(
        plot.held_gate(found["held"], found["free"], theme=theme(), labels=labels), key="held",
        definition=say(
            "‖∂L/∂c‖ and ‖∂L/∂h‖ of the LSTM of these settings, and of the same LSTM with f held "
            "at 1, where the weights of the forget gate have no effect."
        ),
        summary=_finding(found).replace("**", ""),
        data=lambda: frame(held_panels(found["held"], found["free"], theme())),
    )  # fmt: skip


def _finding(found: Mapping[str, GradientFlow]) -> str:
    left = {(name, state): power(_left(flow, state))
            for name, flow in found.items() for state in "hc"}  # fmt: skip
    return say(
        "Share left at step 1 in the **LSTM**: with f held at 1, {held_c} of ‖∂L/∂c‖ and {held_h} "
        "of ‖∂L/∂h‖; with f free, {free_c} and {free_h}. Any gate of any cell can be held in the "
        "sidebar, under “Cell options”.",
        held_c=left["held", "c"], held_h=left["held", "h"],
        free_c=left["free", "c"], free_h=left["free", "h"],
    )  # fmt: skip


def _left(flow: GradientFlow, state: str) -> float:
    """log10 ‖∂L/∂s_1‖ / ‖∂L/∂s_S‖, S the last step that any gradient reaches; nan if none."""
    norms = cached.norms(flow, state)
    reached = np.flatnonzero(np.isfinite(norms))
    return float(norms[1] - norms[reached[-1]]) if reached.size and reached[-1] else float("nan")
