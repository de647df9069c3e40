"""What the windows did to training, and what other windows did, in sentences from the numbers.

Numbers in, Markdown out: nothing here draws, and nothing asks for settings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from rnnviz import advice
from rnnviz.cells import CELLS
from rnnviz.training.echo_stream import FLOOR, share
from rnnviz.training.truncated_bptt import Plan, Run
from rnnviz.words import say
from rnnviz.words.numbers import number

BELOW = 0.03
"""How far below 1 a loss must be to be more than chance."""


def tail(updates: int) -> int:
    """The number of last updates over which the final loss is averaged."""
    return min(updates, max(10, updates // 10))


def finals(found: Mapping[str, Mapping[Plan, Run]], plan: Plan) -> dict[str, float]:
    """Cell → mean loss of the last updates."""
    return {cell: runs[plan].end(tail(plan.updates)) for cell, runs in found.items()}


def finding(
    found: Mapping[str, Mapping[Plan, Run]], plan: Plan, uncut: Plan,
    carries: Callable[[str], float] | None = None,
) -> str:  # fmt: skip
    """Which losses reach their cause, and the final losses of this window and all others.

    ``carries`` gives the error of the best linear answer from a cell's untrained state.
    """
    ends, whole = finals(found, plan), finals(found, uncut)
    lines = [_reach(plan), _losses(ends, plan)]
    lines += [_stopped(found, plan)] if any(np.isnan(one) for one in ends.values()) else []
    finite = {cell: one for cell, one in ends.items() if np.isfinite(one)}
    if not share(plan.delay, plan.window) and finite:
        lines += _carried(finite, carries)
    others = [one for one in next(iter(found.values())) if one not in (plan, uncut)]
    lines += [_other(finals(found, one), one) for one in others]
    lines.append(_uncut(whole, plan))
    return " ".join([*lines, *_read_more({one: finals(found, one) for one in others}, whole, plan)])


def _reach(plan: Plan) -> str:
    part = share(plan.delay, plan.window)
    words = {"window": advice.steps(plan.window), "delay": advice.steps(plan.delay),
             "k": plan.window, "d": plan.delay}  # fmt: skip
    if not part:
        return say(
            "A window of {window} (k = {k}) never contains both a cause and its answer {delay} "
            "later (d = {d}): **no gradient of a loss reaches its cause**.", **words,
        )  # fmt: skip
    return say(
        "In a window of {window} (k = {k}) the losses from its step {n} on reach their cause, "
        "which is {delay} earlier (d = {d}): **{part} % of all losses**.",
        n=plan.delay + 1, part=number(100 * part), **words,
    )  # fmt: skip


def listed(ends: Mapping[str, float]) -> str:
    """Cells and their losses, such as «RNN 1.00, LSTM 0.998»."""
    return ", ".join(f"{say(CELLS[cell].title)} {number(one)}" for cell, one in ends.items())


def _losses(ends: Mapping[str, float], plan: Plan) -> str:
    return say(
        "After {updates} updates the mean squared error is: {losses} (over the last {n} updates; "
        "every window is new to the net when its error is taken). Guessing gives an error of "
        "{floor}.", updates=plan.updates, losses=listed(ends), floor=f"{FLOOR:.2f}",
        n=tail(plan.updates),
    )  # fmt: skip


def _stopped(found: Mapping[str, Mapping[Plan, Run]], plan: Plan) -> str:
    ended = [(cell, runs[plan].stopped) for cell, runs in found.items() if runs[plan].stopped]
    return " ".join(
        say("At update {n} the {cell}'s loss or weights are no longer finite, and its training "
            "stops.",
            cell=say(CELLS[cell].title), n=at) for cell, at in ended
    )  # fmt: skip


def _carried(
    ends: Mapping[str, float], carries: Callable[[str], float] | None
) -> list[str]:
    below = {cell: one for cell, one in ends.items() if one < FLOOR - BELOW}
    if not below:
        return []
    said = [] if carries is None else [say(
        "How much of it a state contains before any training differs: the best linear readout of "
        "the untrained h gives an error of {errors}.",
        errors=listed({cell: carries(cell) for cell in ends}),
    )]  # fmt: skip
    return [say(
        "These errors are below {floor} although no gradient reaches the cause: {losses}. The "
        "state that passes into the next window still contains part of the cause, and the net "
        "learns to use that part. No gradient teaches it to keep more.",
        floor=f"{FLOOR:.2f}", losses=listed(below),
    ), *said]  # fmt: skip


def _uncut(whole: Mapping[str, float], plan: Plan) -> str:
    return say("With the same windows and no truncation it is: {losses}.", losses=listed(whole))


def _read_more(
    others: Mapping[Plan, Mapping[str, float]], whole: Mapping[str, float], plan: Plan
) -> list[str]:
    """Why a longer window may end lower than no truncation, where one does."""
    better = [one.window for one, ends in others.items() if one.window > plan.window
              and any(ends[cell] < whole[cell] for cell in whole)]  # fmt: skip
    if not better:
        return []
    return [say(
        "Windows of {wide} steps can end lower than that: with as many updates they read "
        "{times:g} times as much of the stream.", wide=max(better),
        times=round(max(better) / plan.window, 1),
    )]  # fmt: skip


def _other(ends: Mapping[str, float], plan: Plan) -> str:
    return say("With windows of k = {k} the error is: "
               "{losses}.", k=plan.window, losses=listed(ends))
