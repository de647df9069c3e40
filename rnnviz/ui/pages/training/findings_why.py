"""Why a net has not learnt the task beside others that have: what was measured in this very run.

What separates a net from all that learnt is either that less of its gradient reaches step 1, or
that what reaches it is less steady, or neither; and the last is said, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.experiments.updates_made import updates_made
from rnnviz.ui.pages.training.findings_learning import (
    PART,
    even,
    grown,
    listed,
    part,
    reached,
    share_at_1,
    title,
)
from rnnviz.ui.pages.training.watched import Shown
from rnnviz.words import say
from rnnviz.words.numbers import number, percent

FEWEST = 4
"""So many checkpoints, at least, tell how a gradient goes on."""
LESS = 1.0
"""So many powers of ten must a median share be below another to be called less."""
TIMES = 2.0
"""So many times as much must the one change as the other to be called less steady."""


class Course(NamedTuple):
    """The share of a net's gradient that reaches step 1, at evenly spaced checkpoints.

    learnt   the update after which the task was learnt, or None
    updates  the checkpoints
    logs     log10 of the share at each
    """

    learnt: int | None
    updates: list[int]
    logs: NDArray[np.float64]

    @property
    def middle(self) -> float:
        """log10 of the median share."""
        return float(np.median(self.logs))

    @property
    def change(self) -> float:
        """The median factor, at least 1, from one checkpoint to the next."""
        return float(10 ** np.median(np.abs(np.diff(self.logs))))

    @property
    def hidden(self) -> int:
        """At how many checkpoints less than 1 % reaches step 1."""
        return int((self.logs < -2).sum())


def course(one: Shown, naive: float) -> Course | None:
    """The course of a net as far as it is shown; None where that is too short, or not finite."""
    if one.failed or len(updates := even(one)) < FEWEST:
        return None
    logs = np.array([share_at_1(one.run, u) for u in updates])
    return Course(reached(one, PART * naive), updates, logs) if np.isfinite(logs).all() else None


def why(shown: Mapping[str, Shown], naive: float) -> str:
    """Why nets have learnt the task or not, as far as this run tells; "" while it is too short."""
    found = {cell: known for cell, one in shown.items() if (known := course(one, naive))}
    if not found:
        return ""
    losses = len(next(iter(shown.values())).run.measures.batches.probe().steps)
    if losses > 1:
        return say("The task has a loss at {n} steps, and what each of them needs may be near it: "
                   "the share that reaches step 1 does not tell why a net learns it.", n=losses)
    good = {cell: one for cell, one in found.items() if one.learnt is not None}
    bad = {cell: one for cell, one in found.items() if one.learnt is None}
    if not (good and bad):
        if len(found) < len(shown):  # what holds of all the others need not hold of all
            return ""
        return _all(found) if good else _none(found, shown)
    lines = [_failed(cell, one, good) for cell, one in bad.items()]
    lines += [" ".join(_learnt(cell, shown[cell], one) for cell, one in good.items())]
    lines.append(say("This is one run of each net: what goes with learning here need not cause "
                     "it.") + grown(one.middle for one in found.values()))  # fmt: skip
    return "\n\n".join(lines)


def _few(found: Mapping[str, Course]) -> str:
    return listed({cell: say("{n} of {count}", n=one.hidden, count=len(one.logs))
                   for cell, one in found.items()})  # fmt: skip


def _all(found: Mapping[str, Course]) -> str:
    when = listed({cell: str(one.learnt) for cell, one in found.items()})
    if not any(one.hidden for one in found.values()):
        return say("All nets have learnt the task (updates until then: {when}), and at every "
                   "checkpoint at least 1 % of the gradient reached step 1.", when=when)
    return say("All nets have learnt the task (updates until then: {when}). Checkpoints at which "
               "less than 1 % of the gradient reached step 1: {few}. That did not keep them from "
               "learning.", when=when, few=_few(found))  # fmt: skip


def _none(found: Mapping[str, Course], shown: Mapping[str, Shown]) -> str:
    return say("None of these nets has learnt the task in {updates}, so this run does not show "
               "what one that learns does otherwise. Checkpoints at which less than 1 % of the "
               "gradient reached step 1: {few}.",
               updates=updates_made(max(shown[cell].update for cell in found)),
               few=_few(found))  # fmt: skip


def _failed(cell: str, one: Course, good: Mapping[str, Course]) -> str:
    lines = [say("**Why has the {cell} not learnt it?**", cell=title(cell))]
    little = one.middle < min(-2.0, *(other.middle - LESS for other in good.values()))
    unsteady = one.change >= TIMES * max(other.change for other in good.values())
    words = {
        "share": part(one.middle), "change": number(one.change),
        "shares": _others(good, lambda other: part(other.middle)),
        "changes": _others(good, lambda other: number(other.change)),
    }  # fmt: skip
    if little:
        lines.append(say(
            "Little of its gradient reaches step 1: at {few} of {count} checkpoints less than 1 %; "
            "the median is {share} ({shares}).", few=one.hidden, count=len(one.logs), **words,
        ))  # fmt: skip
    if unsteady:
        least, most = int(one.logs.argmin()), int(one.logs.argmax())
        lines.append(say(
            "What reaches step 1 does not stay: it was between {low} (u = {low_at}) and {high} "
            "(u = {high_at}), and from one checkpoint to the next it becomes {change} times as "
            "large or as small (median; {changes}).",
            low=part(one.logs[least]), low_at=one.updates[least], high=part(one.logs[most]),
            high_at=one.updates[most], **words,
        ))  # fmt: skip
    if not little and not unsteady:
        lines.append(say(
            "The gradient does not show it: of its own {share} reaches step 1 (median; {shares}), "
            "and from one checkpoint to the next that becomes {change} times as large or as small "
            "(median; {changes}).", **words,
        ))  # fmt: skip
    elif cell == "rnn":
        lines.append(say("It has no gate: at every step its gradient is multiplied by W_h and by "
                         "the derivative of its nonlinearity."))  # fmt: skip
    return " ".join(lines)


def _others(good: Mapping[str, Course], words: Callable[[Course], str]) -> str:
    return listed({cell: words(one) for cell, one in good.items()})


def _learnt(cell: str, one: Shown, found: Course) -> str:
    """When a net learnt the task, what reached step 1 just before, and what its gate did."""
    assert found.learnt is not None
    before = max(u for u in one.checkpoints if u < found.learnt)
    said = say(
        "The {cell} learnt it after {updates}; at the checkpoint before (u = {u}) {share} of its "
        "gradient reached step 1.", cell=title(cell), updates=updates_made(found.learnt), u=before,
        share=part(share_at_1(one.run, before)),
    )  # fmt: skip
    gate, last = CELLS[cell].keeping_gate, max(one.checkpoints)
    if gate is None or gate not in one.run.gates[0]:
        return said
    then, now = (one.run.gates[u][gate] for u in (0, last))
    return f"{said} " + say(
        "Its gate {gate}, which keeps the state, was {then} on average before training and is "
        "{now} at u = {u}; {high} of its values are above 0.9.",
        gate=gate, then=number(float(then.mean.mean())), now=number(float(now.mean.mean())),
        u=last, high=percent(float(now.high.mean())),
    )  # fmt: skip
