"""What made a loss infinite, the gradient or the learning rate, in sentences from the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from rnnviz.training import Run
from rnnviz.words import say
from rnnviz.words.numbers import number, percent

LAST = 10
"""So many last updates make the final loss."""


class Told(NamedTuple):
    """The numbers of one run that tell a gradient that explodes from a rate that is too large.

    factor  the mean factor a step of ‖∂L_S/∂s_t‖ before training
    norm    the norm of all gradients at update 1, before clipping
    moved   ‖w after update 1 − w before‖ / ‖w before‖
    end     the mean loss of the last updates; not finite where training stopped
    """

    factor: float
    norm: float
    moved: float
    end: float


def told(run: Run) -> Told:
    """The numbers of a run that has made an update."""
    last = int(run.measures.batches.probe().steps[-1]) + 1
    logs = run.gradients[0]
    before = run.vectors[0].astype(np.float64)
    after = run.vectors[min(one for one in run.vectors if one)].astype(np.float64)
    return Told(
        float(10 ** ((logs[1] - logs[last]) / (last - 1))), float(run.gradient_norm[0]),
        float(np.linalg.norm(after - before) / np.linalg.norm(before)),
        float("inf") if run.stopped else float(run.loss[-LAST:].mean()),
    )  # fmt: skip


def finding(runs: Mapping[str, Run]) -> str:
    """Two nets whose gradient grows at every step back, and two whose rate differs.

    ``runs`` has the keys bare, clipped, fast and slow.
    """
    found = {key: told(run) for key, run in runs.items()}
    lines = [
        say("**The gradient.** With the large gain it is multiplied by {factor} at every step "
            "back, before any training. {end}",
            factor=number(found["bare"].factor), end=_end(runs["bare"], found["bare"])),
        say("With the same weights and batches, and the norm of every gradient clipped to 1: {end}",
            end=_end(runs["clipped"], found["clipped"])),
        say("**The learning rate.** With the smaller gain the factor a step is {factor}. With a "
            "rate of {rate:g} the first update changes the weights by {moved} of their norm. {end}",
            factor=number(found["fast"].factor), rate=runs["fast"].plan.rate,
            moved=percent(found["fast"].moved), end=_end(runs["fast"], found["fast"])),
        say("With a rate of {rate:g} it changes them by {moved}. {end}",
            rate=runs["slow"].plan.rate, moved=percent(found["slow"].moved),
            end=_end(runs["slow"], found["slow"])),
    ]  # fmt: skip
    if found["bare"].factor > 1 > found["fast"].factor:
        lines.append(say("Both end alike. The factor a step tells them apart: it is above 1 only "
                         "in the net whose gradient explodes; in the other one the updates were "
                         "too large."))
    return "\n\n".join([" ".join(lines[:2]), " ".join(lines[2:4]), *lines[4:]])


def _end(run: Run, numbers: Told) -> str:
    """How a training ended."""
    if run.stopped is None:
        return say("All {n} updates are made; the training loss is {loss} at the end.",
                   n=run.done, loss=number(numbers.end))  # fmt: skip
    what = {"loss": say("the loss"), "gradient": say("the gradient"),
            "weights": say("a weight")}[run.stopped.what]  # fmt: skip
    if run.stopped.at is None:
        return say("Training stops **at update {n}**: {what} is not finite.",
                   n=run.stopped.update, what=what)  # fmt: skip
    return say("Training stops **at update {n}**: {what} is not finite. {where}",
               n=run.stopped.update, what=what, where=run.stopped.at.words)  # fmt: skip


def rows(runs: Mapping[str, Run], titles: Mapping[str, str]) -> list[dict[str, str]]:
    """A row a run: the numbers that tell them apart."""
    return [{
        say("net"): titles[key], say("factor a step back, before training"): number(one.factor),
        say("total norm at update 1"): number(one.norm),
        say("update 1 changes the weights by"): percent(one.moved),
        say("final training loss"): number(one.end),
    } for key, one in ((key, told(run)) for key, run in runs.items())]  # fmt: skip
