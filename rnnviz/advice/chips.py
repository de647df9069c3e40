"""A chip a cell: the share of the gradient that reaches step 1, its mean factor, its horizon."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from rnnviz.advice.outcome import grows, steps, verdict
from rnnviz.advice.outcome import share as share_of
from rnnviz.analysis.reach import Reach
from rnnviz.core.gradients import GradientFlow
from rnnviz.figures import palette
from rnnviz.words import say
from rnnviz.words.numbers import number

_ROW = "display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; line-height: 1.35"
NO_NAMES: Mapping[str, str] = MappingProxyType({})
_CHIP = "flex: 1 1 10rem; padding-left: 0.6rem; border-left: 0.25rem solid {color}"


def chips(
    alone: Mapping[str, GradientFlow], found: Mapping[str, Reach],
    names: Mapping[str, str] = NO_NAMES,
) -> str:  # fmt: skip
    """All cells' chips as one HTML fragment; ``names`` are those that are not the cell's title."""
    inside = "".join(_chip(names.get(cell, ""), alone[cell], one)
                     for cell, one in found.items())  # fmt: skip
    return f'<div class="rv-chips" style="{_ROW}">{inside}</div>'


def _chip(name: str, flow: GradientFlow, found: Reach) -> str:
    cell = flow.trace.model.cell
    color = palette.cell_css(cell.name)
    share, rest = in_words(flow, found)
    state = "h, c" if found.signal == "all" else found.signal
    return (
        f'<div style="{_CHIP.format(color=color)}">'
        f'<span style="color: {color}; font-weight: 600">{escape(name or say(cell.title))}</span> '
        f'<span style="opacity: 0.75">{escape(state)}</span> '
        f"<b>{escape(share)}</b>"
        f'<div style="font-size: 0.8125rem">{escape(rest)}</div></div>'
    )


def in_words(flow: GradientFlow, found: Reach) -> tuple[str, str]:
    """The share in words, and below it the mean factor and the 1 % horizon."""
    kind = verdict(flow.layers[0], found)
    if kind == "lost":
        return say("not finite"), say("Some number is beyond the range of floats.")
    if kind == "none":
        return say("no gradient"), say("It is exactly 0 at every step.")
    left = share_of(found)
    said = say("{left} times as much at step 1", left=left) if grows(found) else say(
        "{left} reaches step 1", left=left)  # fmt: skip
    parts = []
    if found.start > 1:
        parts.append(say("mean factor {factor}", factor=number(found.factor)))
    if found.horizon is None:
        parts.append(say("1 % horizon not reached"))
    else:
        parts.append(say("1 % horizon {steps}", steps=steps(found.horizon)))
    return _unbroken(said), _unbroken(" · ".join(parts))


def _unbroken(text: str) -> str:
    """A per cent sign stays with its number at the end of a line."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")
