"""The figures of merit of every cell, and their definitions."""

from __future__ import annotations

import numpy as np
import streamlit as st

from rnnviz.analysis.memory import Memory
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow
from rnnviz.words import say, word
from rnnviz.words.numbers import number, power

DEFINITIONS = {
    word("first / last"): word("‖∂L/∂h₁‖ / ‖∂L/∂h_S‖, where S is the last step that any gradient "
    "reaches (T, if the loss sits there): how much of it comes back to the first step."),
    word("γ per step"): word("γ = exp(slope of ln ‖∂L/∂h_t‖ against the steps back from S), least "
    "squares over the finite, non-zero steps. Below 1 the gradient shrinks by that factor a step, "
    "above 1 it grows."),
    word("half-life"): word("ln 2 / −ln γ: the number of steps back over which half of it is lost "
    "(a doubling time where γ > 1)."),
    word("1 % horizon"): word(
        "the fewest steps back after which less than 1 % of ‖∂L/∂h_S‖ is left."
    ),
}


def steps_of(half_life: float) -> str:
    """A half-life in words; a negative one is a doubling time."""
    if np.isinf(half_life):
        return "∞"
    if half_life < 0:
        return say("none, doubles in {n} steps", n=number(-half_life))
    return say("{n} steps", n=number(half_life))


def numbers(found: dict[str, GradientFlow], merits: dict[str, Memory]) -> None:
    """A table of the figures of merit, one row a cell, and what each of them means."""
    with st.expander(say("Figures of merit, and their definitions")):
        names = ["first / last", "γ per step", "half-life", "1 % horizon", word("parameters")]
        rows = [["", *(say(name) for name in names)], ["---"] * (1 + len(names))]
        rows += [[f"**{say(CELLS[cell].title)}**", *_merits(found[cell], merit)]
                 for cell, merit in merits.items()]  # fmt: skip
        # In Markdown: a table element would have the browser fetch 0.7 MB for it, opened or not.
        st.markdown("\n".join(f"| {' | '.join(row)} |" for row in rows))
        for name, words in DEFINITIONS.items():
            st.markdown(f"**{say(name)}**: {say(words)}")


def _merits(flow: GradientFlow, merit: Memory) -> list[str]:
    horizon = say("not reached")
    if merit.horizon is not None:
        horizon = say("{n} steps", n=merit.horizon)
    return [power(merit.log10_ratio), number(merit.factor), steps_of(merit.half_life), horizon,
            f"{flow.trace.model.parameter_count:,}"]  # fmt: skip
