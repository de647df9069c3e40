"""Norms of several cells against time: what the overview draws, without a chart library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.figures.axes import FLOAT64, power_axis
from rnnviz.figures.constant_factors import references
from rnnviz.words import say

HEIGHT = 312
"""Pixels, reserved before anything is drawn."""


class Curve(NamedTuple):
    """One cell's line: a CSS colour for both themes, a dash, log10 norms at t = 0 … T, its own T.

    ``state`` stands behind the name: the state whose gradient it is. ``drop`` marks a fall between
    two steps (from, to) and says what it is.
    """

    name: str
    color: str
    dash: str
    values: NDArray[np.float64]
    state: str = ""
    drop: tuple[int, int, str] | None = None


class Contents(NamedTuple):
    """What an overview draws: a header, and its curves and ghosts (n, T + 1)."""

    head: dict[str, Any]
    values: NDArray[np.float64]


def contents(
    curves: Sequence[Curve], *, losses: NDArray[np.bool_], start: int, title: str,
    summary: str, labels: Sequence[str] | None = None, ghosts: Sequence[Curve] = (),
    span: tuple[float, float] | None = None, at: int = 0,
) -> Contents:  # fmt: skip
    """log10 ‖∂L_S/∂s_t‖ a curve; −inf is an exact zero, other values that are not finite gaps.

    losses (T,): where the loss sits. ``start`` is S, the step whose loss is followed, 0 without
    one: nothing is drawn after it, and lines of constant factor γ start there. In ``title``, _x
    and _{xyz} are subscripts. ``ghosts`` are further curves, drawn thin, without name or number.
    ``span`` is the axis, (low, high) in powers of ten; by default one that holds all values. ``at``
    is the timestep whose numbers are shown on a page without a time control.
    """
    longest = max(len(one.values) for one in curves)
    values = np.stack([fitted(one.values, longest) for one in curves])
    earlier = [fitted(one.values, longest) for one in ghosts]
    every = np.stack([*values, *earlier])
    low, high = span or power_axis(every, "")["range"]
    steps = np.flatnonzero(losses) + 1
    head: dict[str, Any] = {
        "curves": _lines(curves), "ghosts": _lines(ghosts),
        "low": low, "high": high, "float": FLOAT64, "at": at,
        "losses": steps.tolist(), "start": start, "labels": list(map(str, labels or ())),
        "references": references(values, start, (low, high)),
        "summary": summary,
        "words": _words(len(steps), values.shape[1] - 1) | {"title": title, "key": _key(start)},
    }  # fmt: skip
    return Contents(head, every)


def _lines(curves: Sequence[Curve]) -> list[dict[str, Any]]:
    return [{"name": one.name, "color": one.color, "dash": one.dash, "state": one.state,
             "drop": one.drop, "last": len(one.values) - 1} for one in curves]  # fmt: skip


def fitted(values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """The first ``length`` values, filled up with nan: a ghost may be of another T."""
    return np.append(values[:length], np.full(max(length - len(values), 0), np.nan))


def _words(losses: int, length: int) -> dict[str, str]:
    """The words of the picture; slots in braces are filled in the browser."""
    if losses == length > 1:
        loss = say("loss on every step")
    else:
        loss = say("loss: 100 %") if losses == 1 else say("losses")
    return {
        "axis": say("timestep t"), "at": "t = {t}", "loss": loss,
        "below": say("below the range of float64"), "above": say("above the range of float64"),
        "zero": "0", "strange": say("not finite"), "left": say("{share} left"),
    }  # fmt: skip


def _key(start: int) -> str:
    """What the dotted lines are and what the horizon counts; nothing where no loss is followed."""
    return "" if start < 1 else say(
        "A share is a line's height at step 1 over its height at the loss. Dotted: a mean factor γ "
        "a step. 1 % horizon: the steps back from which on less than 1 % is left."
    )
