"""Eigenvalues, kind and fixed points of the matrix W."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.analysis.systems import (
    FixedPoint,
    Kind,
    Orbit,
)
from rnnviz.analysis.systems.kinds import FATES, TITLES
from rnnviz.plot.systems import orbit_eigenvalues
from rnnviz.ui import chart, prose
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number


def eigenvalues(found: Orbit, kind: Kind, points: Sequence[FixedPoint]) -> None:
    """The eigenvalues of W, and of the Jacobian at the nearest fixed point, in the plane."""
    groups = orbit_eigenvalues(found, points, theme())
    listed = "; ".join(f"{g.label}: {', '.join(map(complex_words, g.values))}" for g in groups)
    chart.figure(
        plot.system_eigenvalues(found, points=points, theme=theme()), key="system_eigenvalues",
        definition=say(
            "Eigenvalues in the complex plane: a direction with |λ| < 1 (inside the circle) "
            "shrinks, with |λ| > 1 it grows, with |λ| = 1 it stays; if λ is not real, the state "
            "turns. J(x*) is the Jacobian of a step at the fixed point nearest to the end of the "
            "run."
        ) if len(groups) > 1 else say(
            "Eigenvalues of W in the complex plane: a direction with |λ| < 1 (inside the circle) "
            "shrinks, with |λ| > 1 it grows, with |λ| = 1 it stays; if λ is not real, the state "
            "turns."
        ),
        summary=say("Eigenvalues, with the unit circle: {listed}.", listed=listed),
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


def facts(found: Orbit, kind: Kind, points: Sequence[FixedPoint]) -> None:
    """Kind, eigenvalues, radius and stretch of W in a table; the fixed points beside it."""
    left, right = st.columns(2, gap="medium")
    rows = [
        (say("W is called"), say(TITLES[kind.name])),
        (say("what a typical state does"), say(FATES[kind.fate])),
        (say("eigenvalues"), ", ".join(map(complex_words, kind.eigenvalues))),
        (say("spectral radius ρ"), number(kind.radius)),
        (say("singular values of W"), ", ".join(number(float(s)) for s in kind.stretches)),
        (say("normal, W Wᵀ = Wᵀ W"), say("yes") if kind.normal else say("no")),
    ]  # fmt: skip
    lines = [f"| {name} | {value} |" for name, value in rows]
    with left:
        st.subheader(say("The matrix W"))
        prose.markdown("\n".join([lines[0], "| --- | --- |", *lines[1:]]))
        if found.system.nonlinearity == "tanh":
            prose.caption(
                say("This is W without tanh. With b = 0 it also describes the system with tanh "
                    "near x = 0.")
            )
    with right:
        st.subheader(say("Fixed points"))
        prose.markdown("\n".join(_fixed_table(points)))


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
