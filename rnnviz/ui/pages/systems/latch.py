"""One tanh unit as a latch: its fixed points over b, and its gradient against its robustness."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.advice import definitions
from rnnviz.analysis.systems import (
    Latch,
    branches,
    latch,
    price,
)
from rnnviz.ui import chart
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number, power


def latch_price(bit: Latch) -> None:
    """Draw the fixed points over b, and the gradient left against the input that is withstood."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(say("One state or two"))
        curve = branches(bit.w)
        chart.figure(
            plot.bifurcation(bit, theme=theme()), key="bifurcation",
            definition=say(definitions.FIXED_POINTS),
            summary=say(
                "w = {w}: fold at |b| = {fold}; at b = {b} there are {n} fixed points.",
                w=number(bit.w), fold=number(bit.fold), b=number(bit.b), n=len(bit.points),
            ),
            data=lambda: pd.DataFrame({"b": curve.b, "x": curve.x, say("derivative"): curve.slope}),
        )  # fmt: skip
    with right:
        st.subheader(say("The safer the latch, the smaller the gradient"))
        paid, two = price(steps=bit.steps), latch(2.0, 0.0, steps=bit.steps)
        chart.figure(
            plot.latch_price(bit, theme=theme()), key="latch_price",
            definition=say(
                "y: the gradient left after {n} steps at the stable state, (derivative)^{n}; x: "
                "the lasting input that this state withstands. The curve is for w from 1 to 4 at "
                "b = 0; the points are the stable states of this w and b.", n=bit.steps,
            ),
            summary=say(
                "The more input a latch withstands, the less gradient is left after {n} steps: at "
                "w = 2, b = 0 it withstands {push}, and {left} is left.",
                n=bit.steps, push=number(two.margin), left=power(two.through[-1]),
            ),
            data=lambda: pd.DataFrame({"w": paid.w, say("fold"): paid.fold,
                                       say("log₁₀ of the gradient left"): paid.through}),
        )  # fmt: skip
