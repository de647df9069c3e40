"""The phase portrait of a system, drawn by our own component; its start can be dragged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rnnviz.analysis.systems import FixedPoint, Kind, Orbit
from rnnviz.figures import palette
from rnnviz.ui.components._register import component, pack
from rnnviz.words import say
from rnnviz.words.numbers import number

_PORTRAIT = component("phase_portrait/portrait")
COLORS = ("z", "r")
"""Signals whose colours x₁ and x₂ have."""
REACHES = (1.5, 2.0, 3.0, 5.0, 8.0, 12.0, 24.0, 60.0)
"""The possible ranges of the axes: few, so that they stay the same during a drag."""


def portrait(
    found: Orbit, kind: Kind, points: Sequence[FixedPoint], *, key: str, summary: str,
    on_move: Callable[[], None],
) -> None:  # fmt: skip
    """Draw the portrait; after a drag the start is "a,b" under ``x0`` of the component's state."""
    of = found.system
    head: dict[str, Any] = {
        "size": of.size, "W": of.W.tolist(), "b": of.b.tolist(), "tanh": of.nonlinearity == "tanh",
        "x0": found.x[0].tolist(), "reach": reach(found, kind, points),
        "fixed": [{"x": one.x.tolist(), "stable": one.stable, "slope": _slope(one)}
                  for one in points],
        "directions": _directions(found, kind),
        "colors": [palette.signal_css(name) for name in COLORS],
        "orbit": palette.cell_css("rnn"), "curve": palette.cell_css("lstm"),
        "summary": summary, "words": {"handle": say("Where it starts: drag, or arrow keys")},
    }  # fmt: skip
    head["axes"] = ["x₁", "x₂"] if of.size == 2 else [say("x before the step"), say("x after it")]
    forcing = (found.u @ of.U.T + of.b).T
    _PORTRAIT(key=key, data=pack(head, forcing), on_x0_change=on_move)


def reach(found: Orbit, kind: Kind, points: Sequence[FixedPoint]) -> float:
    """How far the axes go to either side."""
    start = float(np.abs(found.x[0]).max())
    wanted = [1.02 * start, *(1.2 * float(np.abs(one.x).max()) for one in points)]
    if found.system.nonlinearity == "identity":
        if kind.fate == "diverges":
            wanted.append(2.5 * start)
        else:
            finite = np.abs(found.x[np.isfinite(found.x)])
            wanted.append(1.05 * float(finite.max(initial=0)))
    return next((one for one in REACHES if one >= max(wanted)), REACHES[-1])


def _slope(one: FixedPoint) -> str:
    return say("derivative {slope}", slope=number(float(one.slopes[0].real)))


def _directions(found: Orbit, kind: Kind) -> list[list[float]]:
    """Far points along the real eigenvectors of a linear step without input and bias."""
    of = found.system
    if of.size == 1 or of.nonlinearity == "tanh" or np.iscomplex(kind.eigenvalues).any():
        return []
    if of.b.any() or kind.name in ("identity", "star"):
        return []
    return (100 * np.linalg.eig(of.W)[1].T.real).tolist()
