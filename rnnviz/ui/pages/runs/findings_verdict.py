"""The verdict on a run in sentences: how its loss went, and what was recorded that goes with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.recorder.verdict import at_end
from rnnviz.ui.pages.runs.seen import Seen
from rnnviz.ui.pages.runs.tried import tried
from rnnviz.words import say, word
from rnnviz.words.markup import inert
from rnnviz.words.numbers import GROWS, number, percent, power, share

Values = Mapping[str, float]
LEARNS = ("below", "falls")


def verdict(one: Seen) -> str:
    """A paragraph on the loss and, in order, a list of what keeps nets from learning."""
    told = one.told
    learns = told.course.kind in LEARNS
    names = [cause.name for cause in told.causes if not learns or cause.name != "vanishes"]
    found = [_cause(one, cause.name, cause.values) for cause in told.causes if cause.name in names]
    if not learns:
        first = next((k for k, name in enumerate(names) if name != "lost"), None)
        if first is not None and (advice := tried(one, names[first])):
            found[first] += f" {advice}"
    if not found:
        return f"{course(one)} {_nothing(one)}"
    intro = say("Beside this:") if learns else say("What goes with it:")
    return f"{course(one)} {intro}\n\n" + "\n".join(f"- {each}" for each in found)


def course(one: Seen) -> str:
    """How the loss went, beside the loss of guessing where that was given."""
    told, guessing = one.told.course, one.numbers.guessing
    words = {
        "run": inert(one.name), "first": number(told.first), "a": f"{told.begin:.0f}",
        "end": number(told.end), "n": told.last, "guessing": number(guessing),
        "since": f"{told.since:.0f}", "part": percent(told.end / guessing) if guessing > 0 else "",
    }  # fmt: skip
    in_parts = told.kind == "below" and guessing > 0 and told.end > 0
    found = [say(COURSES["part" if in_parts else told.kind], **words)]
    if told.kind in ("as", "above") and not np.isnan(told.since):
        found.append(say("It has not fallen clearly since update {since}.", **words))
    if told.kind == "settled":
        found.append(say(
            "Whether that is better than guessing is not known: `watch` takes the loss of the best "
            "constant answer as `guessing`."
        ))  # fmt: skip
    return " ".join(found)


COURSES = {
    "none": word("**{run}**: no loss was recorded; `watching.loss(loss)` adds it."),
    "lost": word("**{run} has failed**: its loss, {first} at update {a}, is no longer finite."),
    "few": word("**{run}**: there are too few losses to judge, the first {first} at update {a}, "
                "the median of the last {n} {end}."),
    "below": word("**{run} does better than guessing**: its loss, {first} at update {a}, is {end} "
                  "in the last {n} logs (median); the best constant answer costs {guessing}."),
    "part": word("**{run} does better than guessing**: its loss, {first} at update {a}, is {end} "
                 "in the last {n} logs (median), {part} of what the best constant answer costs, "
                 "{guessing}."),
    "as": word("**{run} does no better than guessing so far**: its loss, {first} at update {a}, is "
               "{end} in the last {n} logs (median); the best constant answer costs {guessing}."),
    "above": word("**{run} does worse than guessing**: its loss, {first} at update {a}, is {end} "
                  "in the last {n} logs (median); the best constant answer costs {guessing}."),
    "same": word("**The loss of {run} has hardly changed**: it was {first} at update {a} and is "
                 "{end} in the last {n} logs (median)."),
    "rose": word("**The loss of {run} has risen** from {first} at update {a} to {end} in the last "
                 "{n} logs (median)."),
    "falls": word("**The loss of {run} falls** from {first} at update {a} to {end} in the last {n} "
                  "logs (median)."),
    "settled": word("**The loss of {run} no longer falls**: from {first} at update {a} it came to "
                    "{end} in the last {n} logs (median), and has not fallen clearly since update "
                    "{since}."),
}  # fmt: skip
"""`Course.kind` → how the loss went; "part" is "below" where the end is a part of guessing."""


def _nothing(one: Seen) -> str:
    found = at_end(one.numbers.share)
    if np.isnan(found):
        return say("There is no gradient to follow.")
    words = {"share": left(found), "where": where(one), "n": power(found)}
    if found > GROWS:
        return say("The gradient of the last loss is {n} times as large at {where}.", **words)
    if one.told.course.kind in LEARNS:
        return say("Of the gradient of the last loss {share} reaches {where}.", **words)
    return say("None of the recorded numbers passes a threshold; of the gradient of the last loss "
               "{share} reaches {where}.", **words)  # fmt: skip


def where(one: Seen) -> str:
    """Step 1, or where a direction from the end gets to last."""
    return say("the first step that this direction processes") if one.backwards else say("step 1")


def _cause(one: Seen, name: str, values: Values) -> str:
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
    what = say("the loss") if "loss" in values else say("the total norm")
    return say("At update {u} {what} is first not finite.", what=what, u=f"{values['step']:.0f}")


def _leaps(_: Seen, values: Values) -> str:
    return say("**The updates are too large.** Relative to the norm of the weights one update is "
               "{median} in the median and {most} at most.", median=_part(values["median"]),
               most=_part(values["most"]))  # fmt: skip


def _explodes(_: Seen, values: Values) -> str:
    return say("**The gradient leaps up.** At update {u} the norm of all gradients, {norm}, is "
               "{times} times the median of the logs around it.", u=f"{values['step']:.0f}",
               norm=number(values["norm"]), times=number(values["times"]))  # fmt: skip


def _grows(one: Seen, values: Values) -> str:
    return say("**The gradient explodes.** At {logs} of {of} logs more than 100 times of the "
               "gradient of the last loss reaches {where}: {median} times in their median, {most} "
               "times at most.", logs=f"{values['logs']:.0f}", of=f"{values['of']:.0f}",
               where=where(one), median=power(values["median"]), most=power(values["most"]),
               )  # fmt: skip


def _still(_: Seen, values: Values) -> str:
    words = {"n": f"{values['logs']:.0f}", "travel": percent(values["travel"])}
    if not values["travel"]:
        return say("**The weights stand still.** None of {n} logs found them changed.", **words)
    return say("**The weights stand still.** From log to log they move so little that all {n} logs "
               "together make at most about {travel} of their norm.", **words)  # fmt: skip


def _saturated(_: Seen, values: Values) -> str:
    return say("**The units are saturated.** {share} of all values of h lie beyond ±0.9, where the "
               "derivative of tanh is below 0.19.", share=percent(values["share"]))  # fmt: skip


def _silent(_: Seen, values: Values) -> str:
    return say("**Units are silent.** {share} of them stay between −0.001 and 0.001 at all steps.",
               share=percent(values["share"]))  # fmt: skip


def _vanishes(one: Seen, values: Values) -> str:
    words = {"share": left(values["share"]), "where": where(one), "factor": power(values["factor"]),
             "n": f"{values['horizon']:.0f}", "sigma": number(values["sigma1"])}  # fmt: skip
    found = [say("**The gradient vanishes.** Of the gradient of the last loss **{share}** reaches "
                 "{where}.", **words)]  # fmt: skip
    if np.isfinite(values["factor"]):
        found.append(say("Each step back multiplies it by {factor} in the geometric mean.",
                         **words))  # fmt: skip
    if np.isfinite(values["horizon"]) and np.isfinite(values["share"]):
        found.append(say("From {n} steps back on less than 1 % is left.", **words))
    if not one.net.gates and values["sigma1"] < 1:
        found.append(say("σ₁ of W_h is {sigma}: no step back can keep more than that.", **words))
    return " ".join(found)


CAUSES: Mapping[str, Callable[[Seen, Values], str]] = {
    "lost": _lost, "leaps": _leaps, "explodes": _explodes, "grows": _grows, "still": _still,
    "saturated": _saturated, "silent": _silent, "vanishes": _vanishes,
}  # fmt: skip


def left(log10: float) -> str:
    """A share: 8.4 %, 6.7·10⁻⁹; one that has grown as a factor."""
    return say("{n} times", n=power(log10)) if log10 > GROWS else share(log10)


def _part(value: float) -> str:
    """A share of a norm, also of many times it."""
    return percent(value) if value < 10 else say("{n} times", n=number(value))
