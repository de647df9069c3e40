"""What recorded runs show, in sentences from their numbers alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnnviz.plot.recorded_curves import Lines
from rnnviz.recorder.causes import LEAST, at_end
from rnnviz.recorder.verdict_numbers import ALWAYS
from rnnviz.ui.pages.runs.findings_causes import left
from rnnviz.ui.pages.runs.findings_verdict import verdict
from rnnviz.ui.pages.runs.seen import Seen, Use
from rnnviz.words import say
from rnnviz.words.markup import inert
from rnnviz.words.numbers import GROWS, number, share

Values = NDArray[np.float64]
LITTLE = 0.01
"""The share of the weights' gradient from which on earlier timesteps are named."""


def overall(runs: Sequence[Seen]) -> list[str]:
    """Several runs beside each other, and the verdict on each."""
    found = [compared(runs) or ranked(runs), *map(verdict, runs)]
    return [one for one in found if one]


def ranked(runs: Sequence[Seen]) -> str:
    """Several runs by the loss at their ends, each with the share that reaches step 1."""
    known = [one for one in runs if np.isfinite(one.told.course.end)]
    if len(known) < 2:
        return ""
    listed, shares = list[str](), 0
    for one in sorted(known, key=lambda one: one.told.course.end):
        words = {"run": inert(one.name), "loss": number(one.told.course.end)}
        reached = at_end(one.numbers.share)
        if np.isnan(reached):
            listed.append(say("**{run}** {loss}", **words))
        else:
            shares += 1
            listed.append(say("**{run}** {loss} ({share})", share=left(reached), **words))
    runs_said = ", ".join(listed)
    if not shares:
        return say("Loss at the end, from low to high: {runs}.", runs=runs_said)
    return say("Loss at the end, from low to high, and in brackets the share of the last loss's "
               "gradient that is left at the first step (median of the last fifth of the logs, of "
               "{least} at least): {runs}.", runs=runs_said, least=LEAST)  # fmt: skip


def at(one: Seen, update: float) -> str:
    """What one log shows: the share at step 1, the timesteps that weights learn from, gates."""
    k = one.row(update)
    words = {"run": inert(one.name), "u": f"{one.steps[k]:.0f}"}
    steps = int(np.isfinite(one.norms[k, 1:]).sum() and _last(one.norms[k]))
    if np.isnan(one.norms[k]).all():
        said = [say("**{run}**, update {u}: a weight or the gradient is not finite at this log, so "
                    "that map and curve show no values there.",
                    **words)]  # fmt: skip
    elif np.isnan(one.share[k]) or not steps:
        said = [say("**{run}**, update {u}: there is no gradient to follow.", **words)]
    else:
        said = [_reached(one, k, steps, words)]
    said += learnt_from(one.weights[k]) if not one.backwards else []
    gates = [saturated(name, use, k) for name, use in one.gates.items()]
    return " ".join([*said, *filter(None, gates)])


def _reached(one: Seen, k: int, steps: int, words: dict[str, str]) -> str:
    """What a log shows of the last loss's gradient at the first step; as a factor if it grew."""
    words = words | {"share": share(one.share[k]), "T": str(steps)}
    if one.share[k] > GROWS and one.backwards:
        return say("**{run}**, update {u}: at the first step that this direction processes, "
                   "t = {T}, the gradient of the last loss is {share} times that at its own step.",
                   **words)  # fmt: skip
    if one.share[k] > GROWS:
        return say("**{run}**, update {u}: the gradient of the last loss at step 1 is {share} "
                   "times that at its own step.", **words)  # fmt: skip
    if one.backwards:
        return say("**{run}**, update {u}: of the gradient of the last loss {share} reaches the "
                   "first step that this direction processes, t = {T}.", **words)  # fmt: skip
    return say("**{run}**, update {u}: of the gradient of the last loss {share} reaches "
               "step 1.", **words)  # fmt: skip


def learnt_from(log10: Values) -> list[str]:
    """The timesteps before which all together add less than 1 % to the gradient of W_h.

    log10 (T,): norms of what each timestep adds. The sum is that of the norms.
    """
    known = log10[: _last(log10) + 1] if log10.size and not np.isnan(log10).all() else log10[:0]
    top = known.max(initial=-np.inf)
    if not np.isfinite(top):
        return []
    parts = 10.0 ** (known - top)
    before = np.cumsum(parts) / parts.sum()
    few = int((before < LITTLE).sum())
    if few < 2:
        return []
    words = {"first": few + 1, "few": few,
             "part": share(float(np.log10(max(before[few - 1], 1e-300))))}  # fmt: skip
    if few + 1 == len(known):
        return [say(
            "The gradient of W_h comes from step {first}: all steps before, 1 to {few}, add {part} "
            "of the sum of the steps' norms.", **words,
        )]  # fmt: skip
    return [say(
        "The gradient of W_h comes from steps {first} to {T}: all steps before, 1 to {few}, add "
        "{part} of the sum of the steps' norms.", T=len(known), **words,
    )]  # fmt: skip


def saturated(gate: str, use: Use, k: int) -> str:
    """How many units of a gate are always open or always closed; "" where none is."""
    low, high = (int((one[k] >= ALWAYS).sum()) for one in use)
    if not low and not high:
        return ""
    return say(
        "Gate {gate}: of {H} units {high} are above 0.9 and {low} below 0.1 at {share} of the "
        "steps or more.", gate=gate, H=int(np.isfinite(use.high[k]).sum()), high=high, low=low,
        share=f"{100 * ALWAYS:.0f} %",
    )  # fmt: skip


def compared(runs: Sequence[Seen]) -> str:
    """The run of the highest loss beside that of the lowest, where little reaches step 1 in one."""
    ends = {one.name: (one.told.course.end, _median(one.share)) for one in runs}
    good = {name: pair for name, pair in ends.items() if np.isfinite(pair).all() and pair[0] > 0}
    if len(good) < 2:
        return ""
    low, high = (pick(good, key=lambda name: good[name][0]) for pick in (min, max))
    ratio = good[high][0] / good[low][0]
    if ratio < 2 or good[high][1] > np.log10(LITTLE) or good[low][1] < np.log10(LITTLE):
        return ""
    return say(
        "**{high}** ends with {n} times the loss of **{low}**. The norm of the last loss's "
        "gradient at step 1, divided by that at its own step, is {little} in **{high}** and {much} "
        "in **{low}** (medians of all logs): the inputs of the first steps hardly changed the "
        "weights of **{high}**.",
        high=inert(high), low=inert(low), n=number(ratio), little=share(good[high][1]),
        much=share(good[low][1]),
    )  # fmt: skip


def of_lines(found: Lines) -> list[str]:
    """What is to be said of lines over training: a norm that stands in, the axis, zeros."""
    said = []
    if found.own:
        said.append(say("Where that was not given ({runs}), it is that of the net's own weights "
                        "over the recorded examples.", runs=", ".join(map(inert, found.own)),
                        ))  # fmt: skip
    if found.chosen and found.linear:
        said.append(say("Linear axis: all values on it lie within a factor of 10, or one is not "
                        "positive."))  # fmt: skip
    elif found.chosen:
        said.append(say("Logarithmic axis: the values on it differ by a factor of 10 or more."))
    if any(np.isneginf(values).any() for _, values in found.lines.values()):
        said.append(say("× at the lower edge: exactly 0."))
    return said


def _median(values: Values) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else float("nan")


def _last(values: Values) -> int:
    """The place of the last number that is there."""
    return int(np.flatnonzero(~np.isnan(values))[-1])
