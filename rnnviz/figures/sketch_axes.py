"""Axes, numbers and words of a sketch: HTML, whose size stays when the picture is stretched."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST = {"x": 10, "y": 6}
"""How many numbers stand along an axis at most where the figure does not say."""
NEAREST = 1e-12
"""Ends of an axis nearer than this, relative to their size, have one number."""
_TEXT = "position: absolute; white-space: nowrap; line-height: 1.2; "


def axis_of(layout: Mapping[str, Any], short: str) -> Mapping[str, Any]:
    """The axis "x2", with the range of the one that it matches where it has none of its own."""
    axis = layout.get(f"{short[0]}axis{short[1:]}", {})
    if "range" in axis or "matches" not in axis:
        return axis
    return {**axis_of(layout, axis["matches"]), **axis}


def share(axis: Mapping[str, Any], value: Any) -> NDArray[np.float64]:
    """Where values lie between the ends of an axis: 0 at its first, 1 at its second."""
    low, high = axis["range"]
    found: NDArray[np.float64] = (np.asarray(value, np.float64) - low) / ((high - low) or 1)
    return found


def ticks(axis: Mapping[str, Any], side: str) -> list[tuple[float, str]]:
    """Where numbers stand on an axis, 0 … 1, and their text."""
    if axis.get("showticklabels") is False:
        return []
    values, texts = axis.get("tickvals"), axis.get("ticktext")
    if values is None:
        low, high = sorted(axis["range"])
        values = _round_values(low, high, axis.get("nticks") or MOST[side], axis.get("dtick"))
        before, after = axis.get("tickprefix", ""), axis.get("ticksuffix", "")
        texts = [f"{before}{one:g}{after}".replace("-", "\N{MINUS SIGN}") for one in values]
    texts = [f"{one:g}" for one in values] if texts is None else texts
    return [(at, text) for one, text in zip(values, texts, strict=True)
            if 0 <= (at := float(share(axis, one))) <= 1]  # fmt: skip


def _round_values(low: float, high: float, most: int, step: float | None) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten, at most ``most`` of them.

    The lower end alone where the ends are the same, or too near for numbers between them.
    """
    if step is None:
        if not NEAREST * max(abs(low), abs(high)) < high - low < np.inf:
            return [float(low)]
        rough = max(high - low, 1e-300) / most
        power = 10.0 ** np.floor(np.log10(rough))
        step = float(next(m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9)))
    first = np.ceil(low / step - 1e-9)
    return [float(k * step) + 0.0 for k in np.arange(first, np.floor(high / step + 1e-9) + 1)]


def grid(x: Mapping[str, Any], y: Mapping[str, Any]) -> str:
    """The lines across at the numbers of the axes, in a picture of 1000 by 1000."""
    lines = []
    for axis, side in ((x, "x"), (y, "y")):
        if axis.get("showgrid", True):
            for at, _ in ticks(axis, side):
                p = 1000 * (at if side == "x" else 1 - at)
                way = f"M{p:.1f} 0V1000" if side == "x" else f"M0 {p:.1f}H1000"
                lines.append(f'<path d="{way}" stroke="{axis.get("gridcolor", "#888")}" '
                             'vector-effect="non-scaling-stroke"/>')  # fmt: skip
    return "".join(lines)


def numbers(axis: Mapping[str, Any], side: str) -> str:
    """The numbers along an axis, outside its picture."""
    color = axis.get("tickfont", {}).get("color", "inherit")
    size = axis.get("tickfont", {}).get("size", 12)
    gap = 8 + axis.get("ticklabelstandoff", 0)
    found = []
    for at, text in ticks(axis, side):
        place = f"right: calc(100% + {gap}px); top: {100 - 100 * at:.2f}%; translate: 0 -50%"
        if side == "x":
            place = f"left: {100 * at:.2f}%; top: calc(100% + {gap + 2}px); translate: -50%"
        found.append(f'<span style="{_TEXT}color: {color}; font-size: {size}px; {place}">'
                     f"{text}</span>")  # fmt: skip
    return "".join(found)


def titles(x: Mapping[str, Any], y: Mapping[str, Any]) -> str:
    """The names of both axes."""
    found = []
    for axis, side in ((x, "x"), (y, "y")):
        title = axis.get("title", {})
        if not title.get("text"):
            continue
        font = {"size": 14, "color": "inherit"} | title.get("font", {})
        gap = 30 + title.get("standoff", 0)
        place = f"left: 50%; top: calc(100% + {gap}px); translate: -50%"
        if side == "y":
            gap += 10 + axis.get("ticklabelstandoff", 0)
            place = f"left: -{gap}px; top: 50%; translate: -50% -50%; rotate: -90deg"
        found.append(f'<span style="{_TEXT}color: {font["color"]}; '
                     f'font-size: {font["size"]}px; {place}">{title["text"]}</span>')  # fmt: skip
    return "".join(found)


def note(one: Mapping[str, Any], layout: Mapping[str, Any]) -> str:
    """A text of the figure where it stands; arrows come with Plotly."""
    at = [_along(layout, one, side) for side in "xy"]
    if any(k is None for k in at) or one.get("showarrow", True):
        return ""
    left, up = (100 * float(k or 0) for k in at)
    moved = {"left": "0", "right": "-100%", "center": "-50%", "auto": "-50%"}[
        one.get("xanchor", "auto")]  # fmt: skip
    lifted = {"top": "0", "bottom": "-100%", "middle": "-50%", "auto": "-50%"}[
        one.get("yanchor", "auto")]  # fmt: skip
    font = one.get("font", {})
    return (
        f'<span style="{_TEXT}left: calc({left:.2f}% + {one.get("xshift", 0)}px); '
        f"top: calc({100 - up:.2f}% - {one.get('yshift', 0)}px); translate: {moved} {lifted}; "
        f"color: {escape(str(font.get('color', 'inherit')))}; "
        f'font-size: {font.get("size", 12)}px">{one.get("text", "")}</span>'
    )


def _along(layout: Mapping[str, Any], one: Mapping[str, Any], side: str) -> float | None:
    """Where a text lies along one side of all subplots, 0 … 1; None where that is not known."""
    ref, value = one.get(f"{side}ref", "paper"), one.get(side)
    if ref == "paper":
        return float(value if value is not None else 0.5)
    name, _, domain = ref.partition(" ")
    axis = axis_of(layout, name)
    if value is None or (not domain and "range" not in axis):
        return None
    low, high = axis.get("domain", (0, 1))
    inside = float(value) if domain else float(share(axis, value))
    return float(low + inside * (high - low))
