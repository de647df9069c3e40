"""The verdict on a run in sentences: how its loss went, and what was recorded that goes with it."""

from __future__ import annotations

import numpy as np

from rnnviz.recorder.causes import at_end
from rnnviz.recorder.series import median
from rnnviz.recorder.verdict_numbers import Numbers
from rnnviz.ui.pages.runs.findings_causes import cause, last_logs, where
from rnnviz.ui.pages.runs.seen import Seen
from rnnviz.ui.pages.runs.tried import tried
from rnnviz.words import say, word
from rnnviz.words.markup import inert
from rnnviz.words.numbers import GROWS, number, percent, share

LEARNS = ("below", "falls")


def verdict(one: Seen) -> str:
    """A paragraph on the loss and, in order, a list of what keeps nets from learning."""
    told = one.told
    learns = told.course.kind in LEARNS
    shown = [each for each in told.causes if not learns or each.name != "vanishes"]
    found = [cause(one, each.name, each.values) for each in shown]
    if not learns:
        first = next((k for k, each in enumerate(shown) if each.name != "lost"), None)
        if first is not None and (advice := tried(one, shown[first])):
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
    single = told.kind == "few" and told.last == 1
    found = [say(COURSES["part" if in_parts else "one" if single else told.kind], **words)]
    if told.kind in ("as", "above") and not np.isnan(told.since):
        found.append(say("It has not fallen clearly since update {since}.", **words))
    if one.growing:
        found.append(say("It is still growing; its newest log is that of update {u}.",
                         u=f"{one.numbers.steps[-1]:.0f}"))  # fmt: skip
    if told.kind == "settled":
        found.append(say(
            "Whether that is better than guessing is not known: `watch` takes the loss of the best "
            "constant answer as `guessing`."
        ))  # fmt: skip
    return " ".join([*found, *_clipped(one.numbers)])


def _clipped(of: Numbers) -> list[str]:
    """At how many logs the gradients were clipped, where that is known."""
    known = of.tell_clipping
    if not known.any():
        return []
    limits = dict.fromkeys(map(number, (of.clip_at[known].min(), of.clip_at[known].max())))
    words = {
        "n": int(of.clipped.sum()), "logs": int(known.sum()), "limit": "–".join(limits),
        "most": number(of.clip_norm[known].max()), "norm": number(median(of.clip_norm[known])),
    }  # fmt: skip
    if words["logs"] == 1:
        return [say("Its gradients were clipped at the only log that tells: their norm was {most}, "
                    "the limit {limit}.", **words) if of.clipped.any() else
                say("Its gradients were not clipped at the only log that tells: their norm was "
                    "{most}, the limit {limit}.", **words)]  # fmt: skip
    if not of.clipped.any():
        return [say("Its gradients were clipped at none of {logs} logs: their norm was {most} at "
                    "most, the limit {limit}.", **words)]  # fmt: skip
    return [say("Its gradients were clipped at {n} of {logs} logs, to a norm of {limit}; before "
                "clipping the norm was {norm} in the median and {most} at most.",
                **words)]  # fmt: skip


COURSES = {
    "none": word("**{run}**: no loss was recorded; `watching.loss(loss)` adds it."),
    "lost": word("**{run} has failed**: its loss, {first} at update {a}, is no longer finite."),
    "never": word("**{run} has failed**: none of its losses is finite; the first is "
                  "that of update {a}."),
    "few": word("**{run}**: there are too few losses to judge, the first {first} at update {a}, "
                "the median of the last {n} {end}."),
    "one": word("**{run}**: there is one loss alone, {first} at update {a}, too few to judge."),
    "below": word("**{run} does better than guessing**: its loss, {first} at update {a}, is {end} "
                  "in the last {n} logs (median); the best constant answer costs {guessing}."),
    "part": word("**{run} does better than guessing**: its loss, {first} at update {a}, is {end} "
                 "in the last {n} logs (median), {part} of what the best constant answer costs, "
                 "{guessing}."),
    "as": word("**{run} does no better than guessing**: its loss, {first} at update {a}, is "
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
"""`Course.kind` → how the loss went; "part" is "below" where the end is a part of guessing,
"one" is "few" of one loss."""


def _nothing(one: Seen) -> str:
    found = at_end(one.numbers.share)
    if np.isnan(found):
        return say("There is no gradient to follow.")
    words = {"share": share(found), "where": where(one), "end": last_logs(one)}
    if found > GROWS:
        return say("The gradient of the last loss at {where} is {share} times that at its own step "
                   "(median of the last logs: {end}).", **words)  # fmt: skip
    if one.told.course.kind in LEARNS:
        return say("Of the gradient of the last loss {share} reaches {where} (median of the last "
                   "logs: {end}).", **words)  # fmt: skip
    return say("None of the recorded numbers passes a threshold; of the gradient of the last loss "
               "{share} reaches {where} (median of the last logs: {end}).", **words)  # fmt: skip
