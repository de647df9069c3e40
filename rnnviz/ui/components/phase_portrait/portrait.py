"""The phase portrait of a system, drawn by our own component; its start can be dragged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rnnviz.analysis.systems import FixedPoint, Kind, Orbit
from rnnviz.browser.packets import pack
from rnnviz.figures import palette
from rnnviz.figures.phase_portrait import COLORS, directions, reach
from rnnviz.ui.components._register import component
from rnnviz.words import say
from rnnviz.words.numbers import number

_PORTRAIT = component("phase_portrait/portrait", "_chart")


def portrait(
    found: Orbit, kind: Kind, points: Sequence[FixedPoint], *, key: str, summary: str,
    on_move: Callable[[], None],
) -> bytes:  # fmt: skip
    """Draw the portrait and return its packet.

    After a drag the start is "a,b" under ``x0`` of the component's state.
    """
    of = found.system
    head: dict[str, Any] = {
        "size": of.size, "W": of.W.tolist(), "b": of.b.tolist(), "tanh": of.nonlinearity == "tanh",
        "x0": found.x[0].tolist(), "reach": reach(found, kind, points),
        "fixed": [{"x": one.x.tolist(), "stable": one.stable, "slope": _slope(one)}
                  for one in points],
        "directions": directions(found, kind).tolist(),
        "colors": [palette.signal_css(name) for name in COLORS],
        "orbit": palette.cell_css("rnn"), "curve": palette.cell_css("lstm"),
        "summary": summary, "words": {"handle": say("Where it starts: drag, or arrow keys")},
    }  # fmt: skip
    head["axes"] = ["x₁", "x₂"] if of.size == 2 else [say("x before the step"), say("x after it")]
    forcing = (found.u @ of.U.T + of.b).T
    packet = pack(head, forcing)
    _PORTRAIT(key=key, data=packet, on_x0_change=on_move)
    return packet


def _slope(one: FixedPoint) -> str:
    return say("derivative {slope}", slope=number(float(one.slopes[0].real)))
