"""What recorded runs show, in sentences from their numbers alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rnnviz.ui.pages.runs.seen import Seen, Use
from rnnviz.words import say
from rnnviz.words.markup import inert
from rnnviz.words.numbers import GROWS, number, power, share

Values = NDArray[np.float64]
LITTLE = 0.01
"""The share of the weights' gradient from which on earlier timesteps are named."""
ALWAYS = 0.99
"""A gate is always open or closed where so large a share of its values is."""
LARGE = 100.0
"""A norm above so many times its median is named."""
FEWEST = 3
"""So many logs at least make the end of a run."""


def overall(runs: Sequence[Seen]) -> list[str]:
    """For each run how the loss went, how much reached step 1, and what is not as usual."""
    found = [" ".join([ended(one), *unusual(one)]) for one in runs]
    if any((one.share > GROWS).any() for one in runs):
        found.append(say("A share in times has grown on the way back to step 1: 1.5 times is "
                         "150 %."))  # fmt: skip
    return found


def ended(one: Seen) -> str:
    """The loss at the first log and at the end, and the share that reaches step 1 there."""
    last = max(FEWEST, len(one.steps) // 10)
    words = {"run": inert(one.name), "first": _loss(one.loss[0]), "n": min(last, len(one.steps)),
             "loss": _loss(_median(one.loss[-last:])), "a": f"{one.steps[0]:.0f}",
             "share": left(_median(one.share[-last:]))}  # fmt: skip
    if np.isnan(_median(one.share[-last:])):
        return say("**{run}**: the loss was {first} at update {a} and is {loss} in the last {n} "
                   "logs (median). There is no gradient to follow.", **words)  # fmt: skip
    if np.isnan(one.loss).all():
        return say("**{run}**: of the gradient of the last loss **{share}** reaches step 1 in the "
                   "last {n} logs (median).", **words)  # fmt: skip
    return say("**{run}**: the loss was {first} at update {a} and is {loss} in the last {n} logs "
               "(median); of the gradient of the last loss **{share}** reaches step 1 there.",
               **words)  # fmt: skip


def unusual(one: Seen) -> list[str]:
    """Where a number is not finite, and where the total norm passes many times its median."""
    found = []
    for values, what in ((one.loss, say("the loss")), (one.norm, say("the total norm"))):
        bad = np.flatnonzero(~np.isfinite(values))
        if bad.size and np.isfinite(values).any():
            found.append(say("At update {u} {what} is first not finite.", what=what,
                             u=f"{one.steps[bad[0]]:.0f}"))  # fmt: skip
    good = np.isfinite(one.norm) & (one.norm > 0)
    if not good.any():
        return found
    middle = float(np.median(one.norm[good]))
    over = np.flatnonzero(good & (one.norm > LARGE * middle))
    if over.size:
        top = over[np.argmax(one.norm[over])]
        found.append(say(
            "Its gradient explodes: the norm over all weights, {middle} in the median, passes {n} "
            "times that first at update {u} and is largest at update {top}, {norm}.",
            middle=number(middle), n=f"{LARGE:.0f}", u=f"{one.steps[over[0]]:.0f}",
            top=f"{one.steps[top]:.0f}", norm=number(float(one.norm[top])),
        ))  # fmt: skip
    return found


def at(one: Seen, update: float) -> str:
    """What one log shows: the share at step 1, the timesteps that weights learn from, gates."""
    k = one.row(update)
    words = {"run": inert(one.name), "u": f"{one.steps[k]:.0f}"}
    steps = int(np.isfinite(one.norms[k, 1:]).sum() and _last(one.norms[k]))
    if np.isnan(one.share[k]) or not steps:
        said = [say("**{run}**, update {u}: there is no gradient to follow.", **words)]
    elif one.backwards:
        said = [say("**{run}**, update {u}: of the gradient of the last loss {share} reaches the "
                    "first step that this direction processes, t = {T}.",
                    share=left(one.share[k]), T=steps, **words)]  # fmt: skip
    else:
        said = [say("**{run}**, update {u}: of the gradient of the last loss {share} reaches "
                    "step 1.", share=left(one.share[k]), **words)]  # fmt: skip
    said += learnt_from(one.weights[k]) if not one.backwards else []
    gates = [saturated(name, use, k) for name, use in one.gates.items()]
    return " ".join([*said, *filter(None, gates)])


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
    return [say(
        "The gradient of W_h comes from steps {first} to {T}: all steps before, 1 to {few}, add "
        "{part} of the sum of the steps' norms.", first=few + 1, T=len(known), few=few,
        part=share(float(np.log10(max(before[few - 1], 1e-300)))),
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
    last = {one.name: (_median(one.loss[-max(FEWEST, len(one.steps) // 10):]), _median(one.share))
            for one in runs}  # fmt: skip
    good = {name: pair for name, pair in last.items() if np.isfinite(pair).all() and pair[0] > 0}
    if len(good) < 2:
        return ""
    low, high = (pick(good, key=lambda name: good[name][0]) for pick in (min, max))
    ratio = good[high][0] / good[low][0]
    if ratio < 2 or good[high][1] > np.log10(LITTLE) or good[low][1] < np.log10(LITTLE):
        return ""
    return say(
        "**{high}** ends with {n} times the loss of **{low}**. Of its gradient {little} reached "
        "step 1 in the median of all logs, of the other's {much}: what it read at the first steps "
        "hardly changed its weights.",
        high=inert(high), low=inert(low), n=number(ratio), little=left(good[high][1]),
        much=left(good[low][1]),
    )  # fmt: skip


def left(log10: float) -> str:
    """A share: 8.4 %, 6.7·10⁻⁹; one that has grown as a factor."""
    return say("{n} times", n=power(log10)) if log10 > GROWS else share(log10)


def _loss(value: float) -> str:
    return say("not recorded") if np.isnan(value) else number(float(value))


def _median(values: Values) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else float("nan")


def _last(values: Values) -> int:
    """The place of the last number that is there."""
    return int(np.flatnonzero(~np.isnan(values))[-1])
