"""The page of first-order systems: the five matrices of a net of one or two units."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from rnnviz.analysis.systems import (
    FixedPoint,
    Kind,
    Orbit,
    classify,
    fixed_points,
    latch,
    orbit,
)
from rnnviz.experiments.settings import Settings
from rnnviz.ui import badge, chart, prose
from rnnviz.ui.components.phase_portrait.portrait import portrait
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.systems import controls
from rnnviz.ui.pages.systems.checks import checks
from rnnviz.ui.pages.systems.facts import eigenvalues, facts
from rnnviz.ui.pages.systems.findings import finding
from rnnviz.ui.pages.systems.latch import latch_price
from rnnviz.ui.pages.systems.over_time import names, readout, state_and_norms
from rnnviz.ui.shell import frame
from rnnviz.words import say
from rnnviz.words.symbols import lowered


def show(settings: Settings) -> None:
    """Examples, finding, portrait beside its controls; then the run over time, fixed points."""
    place = frame.heading(say("A recurrent net as a state-space system"))
    prose.caption(say(
        "The picture shows where one step takes every state x. Follow the path from x₀, the "
        "ring, to see where the state settles; the chart below shows how much a small change of "
        "x₀ still matters after t steps."
    ))  # fmt: skip
    controls.examples()
    said = st.container()
    left, right = st.columns([6, 5], gap="medium")
    with right:
        chosen = controls.choose(settings.length)
    found = orbit(chosen.system, chosen.x0, chosen.u)
    kind, points = classify(chosen.system.W), fixed_points(chosen.system)
    tanh, size = chosen.system.nonlinearity == "tanh", chosen.system.size
    bit = latch(float(chosen.system.W[0, 0]), float(chosen.system.b[0])) if (
        tanh and size == 1) else None  # fmt: skip
    words = finding(found, kind, points, bit, chosen.kind)
    said.markdown(lowered(words))
    with left:
        _portrait(found, kind, points, chart.plain(words).replace("**", ""))
    with right:
        eigenvalues(found, kind, points)
    stage.timeline(len(found.u))
    readout(found)
    state_and_norms(found, kind)
    facts(found, kind, points)
    if bit is not None:
        latch_price(bit)
    prose.caption(say(
        "Vectors are columns here, x is n × 1; the other pages write rows, so that their W_h is "
        "Wᵀ. Sources: Strogatz 2015, chapters 5 and 10; Hochreiter 1991; Bengio, Simard and "
        "Frasconi 1994; Pascanu, Mikolov and Bengio 2013."
    ))  # fmt: skip
    badge.show(place, lambda: {"": checks(found)})


def _equation(found: Orbit) -> str:
    phi, W = "tanh(" if found.system.nonlinearity == "tanh" else "", "w"
    if found.system.size == 2:
        W = "W"
    return f"xₜ = {phi}{W} xₜ₋₁ + U uₜ + b{')' if phi else ''}, yₜ = C xₜ + D uₜ"


def _portrait(
    found: Orbit, kind: Kind, points: Sequence[FixedPoint], summary: str
) -> None:
    packet = portrait(found, kind, points, key="portrait", summary=summary,
                      on_move=controls.moved)  # fmt: skip
    if found.system.size == 1:
        words = say(
            "One step goes up or down to the curve and across to the dotted diagonal. Where the "
            "two cross is a fixed point: filled if stable, open if unstable. Dashed: the curve "
            "with the input at t. Drag the ring to set x₀, or use the arrow keys."
        )  # fmt: skip
    elif found.system.nonlinearity == "tanh":
        words = say(
            "Arrows: one step without input. On one curve x₁ does not change, on the other x₂; "
            "where they cross is a fixed point, filled if stable. Drag the ring to set x₀, or use "
            "the arrow keys."
        )  # fmt: skip
    else:
        words = say(
            "Arrows: one step without input. Dotted: the directions of real eigenvectors. A fixed "
            "point is filled if stable. Drag the ring to set x₀, or use the arrow keys."
        )  # fmt: skip
    prose.caption(f"{_equation(found)}. {words}")
    chart.words_and_table(
        "portrait", summary, lambda: _states(found),
        lambda: chart.page_of_drawing("phase_portrait/portrait", packet, _equation(found), summary,
                                      len(found.x) - 1),
    )  # fmt: skip


def _states(found: Orbit) -> pd.DataFrame:
    """Every state, input and output."""
    n, first = found.system.size, range(1, len(found.u) + 1)
    columns = {name: pd.Series(found.x[:, k]) for k, name in enumerate(names(n))}
    columns["u"] = pd.Series(found.u[:, 0], index=first)
    columns["y"] = pd.Series(found.y[:, 0], index=first)
    return pd.DataFrame(columns).rename_axis("t")
