"""The pictures of some runs over training: share, loss, norm of the gradients, W_h."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from rnnviz.plot.recorded_curves import QUANTITIES, drawn, lines_of
from rnnviz.ui import chart, url_controls
from rnnviz.ui.pages.runs import findings
from rnnviz.ui.pages.runs.controls import Asked
from rnnviz.ui.pages.runs.seen import Seen
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.symbols import lowered


def draw(runs: Sequence[Seen], asked: Asked) -> None:
    """A line a run: share, loss, norm of the weights' gradients, and σ₁ or ρ of W_h."""
    st.subheader(say("Over training"))
    definitions = _definitions()
    left, right = st.columns(2)
    for column, quantity in ((left, "share"), (right, "loss"), (left, "total_norm")):
        with column:
            _line(runs, asked, quantity, definitions[quantity])
    with right:
        matrix = url_controls.buttons(lowered(say("Of W_h")), ["sigma1", "rho"], key="rW",
                                      default="sigma1",
                                      words=lambda one: {"sigma1": "σ₁", "rho": "ρ"}[one])
        _line(runs, asked, matrix, definitions[matrix])


def _definitions() -> Mapping[str, str]:
    return {
        "share": say("How much of the gradient of the last loss L reaches step 1: ‖∂L/∂s_1‖ over "
                     "‖∂L/∂s‖ at the step of that loss, s the memory state. Each norm is over all "
                     "recorded examples together: those with the largest gradients count most."),
        "loss": say("The loss as the training loop gave it, of each logged batch."),
        "total_norm": say("The norm of all weights' gradients together."),
        "sigma1": say("The largest singular value of any block of W_h."),
        "rho": say("The largest spectral radius of any block of W_h."),
    }  # fmt: skip


def _line(runs: Sequence[Seen], asked: Asked, quantity: str, definition: str) -> None:
    found = lines_of({one.name: one.run for one in runs}, quantity,
                     {one.name: one.place for one in runs}, asked.span)  # fmt: skip
    words = say(QUANTITIES[quantity][1]).replace("W<sub>h</sub>", "Wₕ")
    chart.figure(drawn(found, theme(), height=270), key=f"runs_{quantity}",
                 definition=" ".join([definition, *findings.of_lines(found)]), summary=words,
                 data=lambda: pd.concat({
                     name: pd.Series(values, steps) for name, (steps, values) in found.lines.items()
                 }, axis=1).rename_axis("u"))  # fmt: skip
