"""Colour scales as HTML, which appear at once; a Plotly chart would have to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from plotly.colors import get_colorscale

from rnnviz.figures.palette import DIVERGING, GATES
from rnnviz.words.numbers import number


class Scale(NamedTuple):
    """One colour bar: its label, its two ends, and whether it is the scale of gates."""

    label: str
    low: float
    high: float
    gate: bool


def scale_bars(bars: Sequence[Scale], *, words: str, theme: str = "light") -> str:
    """The colour bars side by side as an HTML fragment; ``words`` are its accessible label."""
    inside = "".join(_bar(one, theme) for one in bars)
    return (
        f'<div role="group" aria-label="{escape(words)}" style="display: flex; flex-wrap: wrap; '
        f'gap: 0.25rem 2.5rem; font-size: 0.8rem; line-height: 1.3">{inside}</div>'
    )


def _bar(one: Scale, theme: str) -> str:
    ticks = (one.low, one.low / 2 + one.high / 2, one.high)
    numbers = "".join(f"<span>{escape(number(tick))}</span>" for tick in ticks)
    return (
        '<div style="flex: 1 1 9rem; text-align: center">'
        f"{escape(one.label)}"
        f'<div style="height: 0.75rem; {_gradient(one, theme)}"></div>'
        '<div style="display: flex; justify-content: space-between; opacity: 0.8">'
        f"{numbers}</div></div>"
    )


def _gradient(one: Scale, theme: str) -> str:
    colors = ", ".join(DIVERGING[theme])
    if one.gate:
        colors = ", ".join(f"{color} {100 * at:g}%" for at, color in get_colorscale(GATES))
    return f"background: linear-gradient(to right, {colors})"
