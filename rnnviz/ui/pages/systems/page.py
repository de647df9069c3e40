"""First-order systems: the five matrices of a recurrent net, with tanh switched off and on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz.analysis.systems import (
    FixedPoint,
    Kind,
    Latch,
    Orbit,
    branches,
    classify,
    fixed_points,
    latch,
    orbit,
    price,
)
from rnnviz.analysis.systems.kinds import FATES, TITLES
from rnnviz.experiments.settings import Settings
from rnnviz.figures import palette, portraits
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.figures.planes import Eigenvalues, complex_plane
from rnnviz.ui import badge, chart
from rnnviz.ui.components.phase_portrait.portrait import COLORS, portrait
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.systems import controls
from rnnviz.ui.pages.systems.checks import checks
from rnnviz.ui.pages.systems.findings import finding
from rnnviz.ui.shell import frame
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number, power


def show(settings: Settings) -> None:
    """Examples, the finding, the portrait beside its controls; then time, and what it ends in."""
    place = frame.heading(say("The net as a first-order system"), preset_line=False)
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
    said.markdown(words)
    with left:
        _portrait(found, kind, points, chart.plain(words).replace("**", ""))
    with right:
        _eigenvalues(found, kind, points)
    stage.timeline(len(found.u))
    _readout(found)
    _over_time(found, kind)
    _facts(found, kind, points)
    if bit is not None:
        _latch(bit)
    st.caption(say(
        "Of the sidebar only T counts here. Columns: x is n × 1; in the cells of the other pages "
        "rows stand for columns, W_h = Wᵀ. Sources: Strogatz 2015, chapters 5 and 10; Hochreiter "
        "1991; Bengio, Simard and Frasconi 1994; Pascanu, Mikolov and Bengio 2013."
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
    portrait(found, kind, points, key="portrait", summary=summary, on_move=controls.moved)
    if found.system.size == 1:
        words = say(
            "Up to the curve, across to the dotted diagonal: one step. Where they cross the state "
            "stands still: filled, stable; open, unstable. Dashed: the curve under the input at t. "
            "Drag the ring, or use its arrow keys."
        )  # fmt: skip
    elif found.system.nonlinearity == "tanh":
        words = say(
            "Arrows: one step without input. Curves: where x₁ or x₂ alone stands still; where both "
            "do is a fixed point, filled if stable. Drag the ring, or use its arrow keys."
        )  # fmt: skip
    else:
        words = say(
            "Arrows: one step without input. Dotted: real eigenvectors. A fixed point is filled if "
            "stable. Drag the ring, or use its arrow keys."
        )  # fmt: skip
    st.caption(f"{_equation(found)}. {words}")
    chart.words_and_table("portrait", summary, lambda: _states(found))


def _states(found: Orbit) -> pd.DataFrame:
    """Every state, input and output."""
    n, first = found.system.size, range(1, len(found.u) + 1)
    columns = {name: pd.Series(found.x[:, k]) for k, name in enumerate(_names(n))}
    columns["u"] = pd.Series(found.u[:, 0], index=first)
    columns["y"] = pd.Series(found.y[:, 0], index=first)
    return pd.DataFrame(columns).rename_axis("t")


def _names(n: int) -> list[str]:
    return ["x"] if n == 1 else ["x₁", "x₂"]


def _readout(found: Orbit) -> None:
    rows = np.concatenate([
        found.x[1:].T, found.y[:, :1].T, [found.log10_state[1:], found.log10_gradient[1:, 0]]
    ])  # fmt: skip
    if found.system.size == 1:
        words = say("At t = {t}: x = {0}, y = {1}, |x| = {2:log}, |∂xₜ/∂x₀| = {3:log}.")
    else:
        words = say("At t = {t}: x = ({0}, {1}), y = {2}, ‖x‖ = {3:log}, ‖∂xₜ/∂x₀‖ = {4:log}.")
    stage.readout(words, rows, key="system_now")


def _over_time(found: Orbit, kind: Kind) -> None:
    look, n = theme(), found.system.size
    values = [Line(name, found.x[:, k], palette.signal_color(COLORS[k], look), first=0)
              for k, name in enumerate(_names(n))]  # fmt: skip
    if found.u.any():
        values.append(Line("u", found.u[:, 0], palette.signal_color("u", look), "dot"))
    values.append(Line("y", found.y[:, 0], palette.signal_color("o", look), "dash"))
    warm, ink = palette.cell_color("rnn", look), palette.signal_color("h", look)
    logs = [Line(f"σ{'₁₂'[k]}" if n == 2 else "∂xₜ/∂x₀", found.log10_gradient[:, k], warm,
                 ("solid", "dash")[k], 0) for k in range(n)]  # fmt: skip
    logs.append(Line("‖x‖" if n == 2 else "|x|", found.log10_state, ink, "dashdot", 0))
    if found.system.nonlinearity == "identity" and kind.radius > 0:
        rate = np.arange(len(found.x)) * np.log10(kind.radius)
        logs.append(Line("ρᵗ", rate, palette.QUIET[look], "dot", 0))
    panels = [
        Panel(say("State, input and output"), values, "state", say("value")),
        Panel(say("Norms of the state and of ∂x<sub>t</sub>/∂x<sub>0</sub>"), logs,
              "power", say("norm")),
    ]  # fmt: skip
    fig = over_time(panels, theme=look, height=210, first=0)
    end = found.log10_gradient[-1]
    chart.figure(
        fig, key="system_time",
        definition=say(
            "‖xₜ‖ is the length of the state; σ₁ and σ₂ are the singular values of ∂xₜ/∂x₀, the "
            "product of all step Jacobians: by how much the best and the worst kept direction of "
            "the start still count. Without tanh they go with ρᵗ in the long run."
        ) if n == 2 else say(
            "|xₜ| and |∂xₜ/∂x₀|, the product of all slopes so far: how much the start still "
            "counts. Without tanh it is exactly |w|ᵗ."
        ),
        summary=say(
            "From |x₀| = {start} to {end} after {T} steps; ∂xₜ/∂x₀ ends between {low} and {high}.",
            start=power(float(found.log10_state[0])), end=power(float(found.log10_state[-1])),
            T=len(found.u), low=power(float(end[-1])), high=power(float(end[0])),
        ),
        data=lambda: chart.frame(panels),
    )  # fmt: skip


def _eigenvalues(found: Orbit, kind: Kind, points: Sequence[FixedPoint]) -> None:
    look = theme()
    groups = [Eigenvalues("W", kind.eigenvalues, palette.cell_color("rnn", look))]
    if found.system.nonlinearity == "tanh" and points:
        nearest = min(points, key=lambda one: float(np.abs(one.x - found.x[-1]).max()))
        groups.append(Eigenvalues("J(x*)", nearest.slopes, palette.cell_color("lstm", look),
                                  "diamond-open"))  # fmt: skip
    figs = complex_plane(groups, theme=look, height=300)
    listed = "; ".join(f"{g.label}: {', '.join(map(complex_words, g.values))}" for g in groups)
    chart.figure(
        figs, key="system_eigenvalues",
        definition=say(
            "Eigenvalues: inside the circle dies, outside diverges, on it holds; off the real axis "
            "turns. J(x*) is the step's Jacobian at the fixed point nearest to where the run ends."
        ) if len(groups) > 1 else say(
            "Eigenvalues of W: inside the circle dies, outside diverges, on it holds; off the real "
            "axis turns."
        ),
        summary=say("Eigenvalues against the unit circle: {listed}.", listed=listed),
        data=lambda: pd.DataFrame([
            {say("of"): g.label, say("real part"): v.real, say("imaginary part"): v.imag,
             say("modulus"): abs(v)}
            for g in groups for v in g.values
        ]),
    )  # fmt: skip


def complex_words(value: complex) -> str:
    """0.8 + 0.6 i."""
    if abs(value.imag) < 1e-12 * max(1.0, abs(value)):
        return number(value.real)
    return f"{number(value.real)} {'+' if value.imag > 0 else '−'} {number(abs(value.imag))} i"


def _facts(found: Orbit, kind: Kind, points: Sequence[FixedPoint]) -> None:
    left, right = st.columns(2, gap="medium")
    rows = [
        (say("W is called"), say(TITLES[kind.name])),
        (say("a typical state"), say(FATES[kind.fate])),
        (say("eigenvalues"), ", ".join(map(complex_words, kind.eigenvalues))),
        (say("spectral radius ρ"), number(kind.radius)),
        (say("one step stretches by"), ", ".join(number(float(s)) for s in kind.stretches)),
        (say("normal, W Wᵀ = Wᵀ W"), say("yes") if kind.normal else say("no")),
    ]  # fmt: skip
    lines = [f"| {name} | {value} |" for name, value in rows]
    with left:
        st.subheader(say("What it is"))
        st.markdown("\n".join([lines[0], "| --- | --- |", *lines[1:]]))
        if found.system.nonlinearity == "tanh":
            st.caption(
                say("Of W alone, as if tanh were off: near x = 0, with b = 0, it is the same.")
            )
    with right:
        st.subheader(say("What stands still"))
        st.markdown("\n".join(_fixed_table(points)))


def _fixed_table(points: Sequence[FixedPoint]) -> list[str]:
    if not points:
        return [say("No single fixed point: I − W has no inverse.")]
    head = [say("fixed point"), say("eigenvalues there"), say("stable")]
    rows = [f"| {' | '.join(head)} |", "| --- | --- | --- |"]
    for one in points:
        at = ", ".join(number(float(v)) for v in one.x)
        slopes = ", ".join(map(complex_words, one.slopes))
        rows.append(f"| {at} | {slopes} | {say('yes') if one.stable else say('no')} |")
    return rows


def _latch(bit: Latch) -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader(say("One state or two"))
        curve = branches(bit.w)
        chart.figure(
            portraits.bifurcation(curve, bit, theme=theme()), key="bifurcation",
            definition=say(
                "All fixed points of x = tanh(w x + b) for this w. Two are stable exactly where "
                "|b| < w s − artanh s, s = √(1 − 1/w)."
            ),
            summary=say(
                "w = {w}: fold at |b| = {fold}; at b = {b} there are {n} fixed points.",
                w=number(bit.w), fold=number(bit.fold), b=number(bit.b), n=len(bit.points),
            ),
            data=lambda: pd.DataFrame({"b": curve.b, "x": curve.x, say("slope"): curve.slope}),
        )  # fmt: skip
    with right:
        st.subheader(say("What a robust latch costs"))
        paid, two = price(steps=bit.steps), latch(2.0, 0.0, steps=bit.steps)
        chart.figure(
            portraits.latch_price(paid, bit, theme=theme()), key="latch_price",
            definition=say(
                "slope^{n} at the stable state, against the push that it withstands, for w from 1 "
                "to 4 at b = 0. Points: the states of this w and b.", n=bit.steps,
            ),
            summary=say(
                "The more a latch withstands, the less gradient comes through {n} steps: at w = 2, "
                "b = 0 a push of {push}, and {left} is left.",
                n=bit.steps, push=number(two.margin), left=power(two.through[-1]),
            ),
            data=lambda: pd.DataFrame({"w": paid.w, say("fold"): paid.fold,
                                       say("log₁₀ of the gradient left"): paid.through}),
        )  # fmt: skip
