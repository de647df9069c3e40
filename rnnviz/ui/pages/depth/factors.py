"""The factor of a step of time against that of a layer of depth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from rnnviz.analysis.stacks import depth_factors, time_factors
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.stacked_settings import Stacked
from rnnviz.plot.stacks import NAMES
from rnnviz.ui import cached, prose
from rnnviz.words import say, word
from rnnviz.words.numbers import number

TERMS = {
    word("γ_time"): word(
        "the mean factor a step: (‖∂L/∂s_1‖ / ‖∂L/∂s_S‖)^(1/(S − 1)), s the memory state of each "
        "layer, steps in the direction's order of processing, L the last loss in that order alone, "
        "S its step. In the top layer this is the way through time; below it the layer above adds "
        "its own at every step, and γ_time says how fast the sum changes."
    ),
    word("γ_depth"): word(
        "the geometric mean, over the timesteps, of ‖∂L/∂s_t‖ in this layer divided by ‖∂L/∂s_t‖ "
        "in the layer above, same direction, s the memory state. The ratio at step 1 alone can be "
        "quite different. Steps at which one of the two is 0 or not finite are left out; n is then "
        "the number of steps used."
    ),
}


def factors(shown: Stacked) -> None:
    """γ_time and γ_depth of every cell, layer and direction, with their definitions."""
    st.subheader(say("The factor of a step and the factor of a layer"))
    found = cached.flows(shown)
    for column, (term, words), of in zip(st.columns(2), TERMS.items(), (_time, _depth),
                                         strict=True):  # fmt: skip
        with column:
            prose.markdown(_factors(shown, found, say(term), of))
            prose.caption(f"**{say(term)}**: {say(words)}")


def _factors(
    shown: Stacked, found: dict[str, GradientFlow], term: str,
    of: Callable[[GradientFlow, int], list[str]],
) -> str:  # fmt: skip
    """One row a cell and layer, top layer first, one column a direction."""
    directions = ("forward", "reverse")[: 1 + shown.bidirectional]
    head = [term, say("layer"), *(say(NAMES[one]) for one in directions)]
    rows = [head, ["---"] * len(head)]
    top = shown.num_layers - 1
    for cell, flow in found.items():
        for layer in range(top, -1, -1):
            name = f"**{say(CELLS[cell].title)}**" if layer == top else ""
            rows.append([name, str(layer + 1), *of(flow, layer)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _time(flow: GradientFlow, layer: int) -> list[str]:
    return [_number(one) for one in time_factors(flow)[:, layer]]


def _depth(flow: GradientFlow, layer: int) -> list[str]:
    found, steps = depth_factors(flow), len(flow.trace.x)
    if layer == found.factor.shape[1]:
        return ["–"] * len(found.factor)
    pairs = zip(found.factor[:, layer], found.steps[:, layer], strict=True)
    return [_factor(value, over, steps) for value, over in pairs]


def _number(factor: float) -> str:
    """The factor, or a dash where there are too few steps to compute it."""
    return "–" if np.isnan(factor) else number(factor)


def _factor(value: float, over: int, steps: int) -> str:
    return _number(value) if over in (0, steps) else f"{number(value)} (n = {over})"
