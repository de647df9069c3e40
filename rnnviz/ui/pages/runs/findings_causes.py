"""What was recorded that keeps a net from learning, in sentences that name the updates."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from rnnviz import advice
from rnnviz.cells import CELLS
from rnnviz.recorder.causes import window
from rnnviz.ui.pages.runs.seen import Seen
from rnnviz.words import say
from rnnviz.words.numbers import GROWS, number, percent, power, share

Values = Mapping[str, float]
COUNTED = ("logs", "of", "read", "top", "first", "final")
"""Numbers of logs, and updates."""


def cause(one: Seen, name: str, values: Values) -> str:
    """A cause by its name, in sentences from its numbers."""
    kind, _, gate = name.partition(" ")
    if gate:
        return _gate(one, kind, gate, values)
    return CAUSES[kind](one, values)


def _gate(one: Seen, kind: str, gate: str, values: Values) -> str:
    words = {"gate": gate, "share": percent(values["units"])}
    if kind == "shut":
        found = say("**Gate {gate} is shut.** {share} of its units are below 0.1 at 99 % of the "
                    "steps or more.", **words)  # fmt: skip
    else:
        found = say("**Gate {gate} is always open.** {share} of its units are above 0.9 at 99 % of "
                    "the steps or more.", **words)  # fmt: skip
    signals = CELLS[one.net.cell].signals if one.net.cell in tuple(CELLS) else ()
    for signal in signals:
        if signal.name == gate and signal.at_0:
            found += " " + say("{gate}, the {title}: 1 {at_1}, 0 {at_0}.", gate=gate,
                               title=say(signal.title), at_0=say(signal.at_0),
                               at_1=say(signal.at_1))  # fmt: skip
    return found


def _lost(_: Seen, values: Values) -> str:
    words = {"u": f"{values['step']:.0f}", "before": f"{values['before']:.0f}"}
    if not np.isnan(values["before"]):
        what = say("the loss") if "loss" in values else say("the norm of the weights' gradients")
        return say("By update {u} {what} is not finite; it was at update {before}, the last log "
                   "before that has it.", what=what, **words)  # fmt: skip
    if "loss" in values:
        return say("At update {u}, the first log that has a loss, it is not finite.", **words)
    return say("At update {u}, the first log that has a norm of the weights' gradients, it is not "
               "finite.", **words)  # fmt: skip


def _leaps(_: Seen, values: Values) -> str:
    words = _counted(values) | {
        name: _part(values[name]) for name in ("median", "most", "rest")} | {
        "times": number(values["most"])}  # fmt: skip
    if values["usual"]:
        return say("**The updates are too large.** Relative to the norm of the weights one update "
                   "is {median} in the median and {most} at most, at update {top}.", **words)
    if values["logs"] == 1:
        found = say("**An update is too large.** Update {top} moved the weights by {times} times "
                    "their norm.", **words)  # fmt: skip
    else:
        found = say("**Updates are too large.** {logs} of {of} logged ones, from update {first} "
                    "to {final}, moved the weights by their norm or more, update {top} by {times} "
                    "times it.", **words)  # fmt: skip
    if values["rest"]:
        found += " " + say("The other logged ones moved them by {rest} of it at most.", **words)
    return found


def _explodes(_: Seen, values: Values) -> str:
    words = _counted(values) | {
        name: number(values[name]) for name in ("norm", "before", "high", "middle")}
    found = say("**The gradient leaps up.** At update {top} the norm of the weights' gradients is "
                "{norm}. Over the logs before it was {before} in the median and {high} at most; "
                "over all logs its median is {middle}.", **words)  # fmt: skip
    return found + " " + say("These are norms after clipping.") if values["clipped"] else found


def _grows(one: Seen, values: Values) -> str:
    words = _counted(values) | {
        "where": where(one), "median": power(values["median"]), "most": power(values["most"]),
        "norm": number(values["norm"])}  # fmt: skip
    if values["logs"] == 1:
        found = say("**The gradient explodes.** At update {top} the gradient of the last loss at "
                    "{where} is {most} times that at its own step.", **words)  # fmt: skip
    else:
        found = say("**The gradient explodes.** At {logs} of {of} logs, from update {first} to "
                    "{final}, the gradient of the last loss at {where} is more than 100 times that "
                    "at its own step: {median} times in the median of these logs, {most} times at "
                    "most, at update {top}.", **words)  # fmt: skip
    if np.isfinite(values["norm"]):
        found += " " + say("The norm of the weights' gradients is {norm} at update {top}.",
                           **words)  # fmt: skip
    if np.isfinite(values["clip"]):
        found += " " + say("Before that update the gradients were clipped to a norm of {clip}.",
                           clip=number(values["clip"]))  # fmt: skip
    return found


def _still(_: Seen, values: Values) -> str:
    words = _counted(values) | {"travel": percent(values["travel"])}
    if values["travel"]:
        return say("**The weights stand still.** From log to log they move so little, in the mean "
                   "of {read} logs read, that all {logs} logs together make at most about {travel} "
                   "of their norm.", **words)  # fmt: skip
    found = say("**The weights have not changed at all**: at each of {read} logs read they are "
                "exactly as at the log before.", **words)  # fmt: skip
    if values["silent"] != 1:
        found += " " + say("Are they among the optimiser's parameters?")
    return found


def _saturated(_: Seen, values: Values) -> str:
    return say("**The units are saturated.** {share} of all values of h lie beyond ±0.9, where the "
               "derivative of tanh is below 0.19.", share=percent(values["share"]))  # fmt: skip


def _silent(_: Seen, values: Values) -> str:
    return say("**Units are silent.** {share} of them stay between −0.001 and 0.001 at all steps.",
               share=percent(values["share"]))  # fmt: skip


def _vanishes(one: Seen, values: Values) -> str:
    words = _counted(values) | {
        "share": left(values["share"]), "where": where(one), "factor": power(values["factor"]),
        "sigma": number(values["sigma1"]), "end": str(last_logs(one))}  # fmt: skip
    if values["of"] == 1:
        found = [say("**The gradient vanishes.** Of the gradient of the last loss **{share}** "
                     "reaches {where}.", **words)]  # fmt: skip
    else:
        found = [say("**The gradient vanishes.** Of the gradient of the last loss **{share}** "
                     "reaches {where} in the median of the last {end} logs.",
                     **words)]  # fmt: skip
    if values["logs"] < values["of"]:
        found.append(say("Less than 1 % does at {logs} of {of} logs, from update {first} to "
                         "{final}.", **words))  # fmt: skip
    elif values["logs"] == 1:
        found.append(say("That is of update {first}, the only log with a gradient.", **words))
    else:
        found.append(say("Less than 1 % does at all {of} logs, from update {first} to {final}.",
                         **words))  # fmt: skip
    if np.isfinite(values["factor"]):
        found.append(say("Each step back multiplies it by {factor} in the geometric mean (median "
                         "of the last logs).", **words))  # fmt: skip
    if np.isfinite(values["horizon"]) and np.isfinite(values["share"]):
        found.append(say("From {steps} back on less than 1 % is left (median of the last logs).",
                         steps=advice.steps(int(values["horizon"]))))  # fmt: skip
    if not one.net.gates and values["sigma1"] < 1:
        found.append(say("σ₁ of W_h is {sigma} (median of the last logs): no step back can keep "
                         "more than that.", **words))  # fmt: skip
    return " ".join(found)


CAUSES: Mapping[str, Callable[[Seen, Values], str]] = {
    "lost": _lost, "leaps": _leaps, "explodes": _explodes, "grows": _grows, "still": _still,
    "saturated": _saturated, "silent": _silent, "vanishes": _vanishes,
}  # fmt: skip


def where(one: Seen) -> str:
    """Step 1, or where a direction from the end gets to last."""
    return say("the first step that this direction processes") if one.backwards else say("step 1")


def last_logs(one: Seen) -> int:
    """How many logs the median at the end is taken of: those with a gradient."""
    known = int((~np.isnan(one.numbers.share)).sum())
    return min(window(known), known)


def left(log10: float) -> str:
    """A share: 8.4 %, 6.7·10⁻⁹; one that has grown as a factor."""
    return say("{n} times", n=power(log10)) if log10 > GROWS else share(log10)


def _counted(values: Values) -> dict[str, str]:
    return {name: f"{values[name]:.0f}" for name in COUNTED if name in values}


def _part(value: float) -> str:
    """A share of a norm, also of many times it."""
    return percent(value) if value < 10 else say("{n} times", n=number(value))
