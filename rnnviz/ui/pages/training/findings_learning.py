"""What nets have learnt and what their losses do not show, in sentences from the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.experiments.updates_made import updates_made
from rnnviz.tasks import SCORES
from rnnviz.training import Run
from rnnviz.training.objectives import Score
from rnnviz.ui.pages.training.watched import Shown
from rnnviz.ui.shell.navigation import name_of
from rnnviz.words import say
from rnnviz.words.numbers import GROWS, number, power, share

LAST = 10
"""So many last updates make the final training loss."""
FEW = 20
"""From fewer updates no time of all of them is told: the first ones have most checkpoints."""
PART = 0.1
"""A task is learnt where the training loss falls below this part of the naive answers' cost."""
NEAR = 0.1
"""A held-out loss below the naive cost by no more than this, relative to it, is hardly better."""


def title(cell: str) -> str:
    """The cell's name."""
    return say(CELLS[cell].title)


def end(one: Shown) -> float:
    """The mean loss of the last updates that are shown; nan without any."""
    return float(one.loss[-LAST:].mean()) if len(one.loss) else float("nan")


def reached(one: Shown, limit: float) -> int | None:
    """The first update at which the mean loss of the last ten is below a limit, if shown."""
    found = one.run.below(limit, over=LAST)
    return found if found is not None and found <= one.update else None


def budget(shown: Mapping[str, Shown]) -> str:
    """How far each net is, how many updates a second it makes, and what the rest will take."""
    parts = []
    for cell, one in shown.items():
        seen = one.seen
        if seen.rate is None:
            parts.append(say("{cell}: waiting for its first update", cell=title(cell)))
        else:
            parts.append(say(
                "{cell} {done} of {all}, {rate} updates a second",
                cell=title(cell), done=one.update, all=seen.job.plan.updates,
                rate=number(seen.rate),
            ))  # fmt: skip
    rates = [one.seen.rate for one in shown.values()]
    words = " · ".join(parts)
    few = any(one.seen.run.done < FEW and not one.over for one in shown.values())
    if few or None in rates or all(one.over for one in shown.values()):
        return words
    whole = sum(one.seen.job.plan.updates / (one.seen.rate or 1) for one in shown.values())
    return say("{progress} · all updates take {seconds} s of computing, measured",
               progress=words, seconds=number(whole))  # fmt: skip


def now(shown: Mapping[str, Shown]) -> str:
    """The training losses at this moment."""
    return "; ".join(say("{cell}: training loss {loss} after {updates}", cell=title(cell),
                         loss=number(end(one)), updates=updates_made(one.update))
                     for cell, one in shown.items())  # fmt: skip


def score(one: Shown) -> Score:
    """The score after the last checkpoint that is shown, on held-out sequences."""
    return one.run.scores[max(one.checkpoints)]


def finding(shown: Mapping[str, Shown], naive: float) -> str:
    """Who has learnt the task, after how many updates, and who is no better than naive answers.

    ``naive`` is what naive answers cost on the batches that are trained on. Held-out losses are
    compared with what they cost on the same held-out sequences.
    """
    lines = [_one(cell, one, naive) for cell, one in shown.items() if len(one.loss)]
    if not lines:
        return ""
    return " ".join([_naive(next(iter(shown.values()))), *lines, say(
        "“Learnt” here means: the mean training loss of {n} updates is below a tenth of what naive "
        "answers cost on the batches that are trained on ({naive}).", n=LAST, naive=number(naive),
    ), *_measured(shown)])  # fmt: skip


def _measured(shown: Mapping[str, Shown]) -> list[str]:
    """After which update held-out losses were measured, where that is not the last one shown."""
    late = {cell: str(max(one.checkpoints)) for cell, one in shown.items()
            if len(one.loss) and not one.failed and max(one.checkpoints) < one.update}  # fmt: skip
    if not late:
        return []
    return [say("These losses were measured at the last checkpoint so far, not at the last update: "
                "{updates}.",
                updates=listed({cell: say("u = {u}", u=u) for cell, u in late.items()}))]


def _naive(one: Shown) -> str:
    """What naive answers cost where scores are measured."""
    cost = number(score(one).naive)
    if one.run.task.held_out == "none":
        return say("On the text that is learnt by heart naive answers cost {naive}.", naive=cost)
    return say("On held-out sequences naive answers cost {naive}.", naive=cost)


def _one(cell: str, one: Shown, naive: float) -> str:
    if one.failed:
        return stopped(cell, one.run)
    found, at = score(one), reached(one, PART * naive)
    words = {"cell": title(cell), "updates": updates_made(one.update), "loss": number(found.loss)}
    if at is not None:
        return say("The {cell} **has learnt the task after {at}**; its loss there is "
                   "{loss}.", at=updates_made(at), **words)  # fmt: skip
    if found.loss >= found.naive or words["loss"] == number(found.naive):
        return say("The {cell} **has not learnt it** in {updates}: its loss there is {loss}, no "
                   "better.", **words)  # fmt: skip
    if found.loss > (1 - NEAR) * found.naive:
        return say("The {cell} **has not learnt it** in {updates}: its loss there is {loss}, "
                   "hardly better.", **words)  # fmt: skip
    return say("The {cell} has not learnt it in {updates}, but its loss there is lower: {loss}.",
               **words)  # fmt: skip


def where(run: Run) -> str:
    """On what sequences scores are measured."""
    if run.task.held_out == "none":
        return say("on the text that it learns by heart")
    return say("on held-out sequences")


def stopped(cell: str, run: Run) -> str:
    """Where a number was not finite."""
    stop = run.stopped
    assert stop is not None
    what = {"loss": say("the loss"), "gradient": say("the gradient"),
            "weights": say("a weight")}[stop.what]  # fmt: skip
    if stop.at is None:
        return say("The {cell}'s training stopped at update {n}: {what} was not finite.",
                   cell=title(cell), n=stop.update, what=what)  # fmt: skip
    return say(
        "The {cell}'s training **stopped at update {n}**: {what} was not finite. {where}",
        cell=title(cell), n=stop.update, what=what, where=stop.at.words,
    )  # fmt: skip


def held_out(shown: Mapping[str, Shown], naive: float) -> list[dict[str, str]]:
    """A row a cell: losses beside those of naive answers on the same sequences, and the task's own
    figure on held-out ones.
    """  # fmt: skip
    rows = []
    for cell, one in shown.items():
        found = score(one)
        rows.append({
            say("cell"): title(cell), say("after update"): str(max(one.checkpoints)),
            say("training loss (naive answers')"): _beside(end(one), naive),
            say("loss {where} (naive answers')", where=where(one.run)):
                _beside(found.loss, found.naive),
            say(SCORES[found.name]): number(found.figure),
            say("updates until learnt"): str(reached(one, PART * naive) or "–"),
        })  # fmt: skip
    return rows


def _beside(loss: float, naive: float) -> str:
    return f"{number(loss)} ({number(naive)})"


def hidden(shown: Mapping[str, Shown], update: int) -> str:
    """What is left of the gradient at step 1 beside a total norm that looks healthy."""
    lines, shares = [], list[float]()
    for cell, one in shown.items():
        known = [u for u in one.checkpoints if u <= update]
        if not known:
            continue
        then, now_ = (share_at_1(one.run, u) for u in (0, known[-1]))
        shares += [then, now_]
        lines.append(say(
            "**{cell}**: of the gradient at the last loss {then} reached step 1 before training, "
            "{now} after update {n}.",
            cell=title(cell), then=part(then), now=part(now_), n=known[-1],
        ))  # fmt: skip
    if not lines:
        return ""
    count = next(iter(shown.values())).run.measures.batches.probe().x.shape[1]
    lines.append(say("These are root mean squares over the {n} held-out sequences of the probe "
                     "batch; the page {page} shows one sequence.", n=count,
                     page=name_of("app.py")) + grown(shares))  # fmt: skip
    return " ".join(lines)


def part(log10: float) -> str:
    """A share of a gradient: 0.25 %, 6.7·10⁻⁹; one that has grown as elsewhere, 1.74 times."""
    return say("{n} times", n=power(log10)) if log10 > GROWS else share(log10)


def grown(shares: Iterable[float]) -> str:
    """A sentence, after a space, that says what a share in times means; "" without one."""
    if not any(one > GROWS for one in shares):
        return ""
    return " " + say("A share in times has grown on the way back to step 1: 1.5 times is 150 %.")


def even(one: Shown) -> list[int]:
    """The evenly spaced checkpoints that are shown, about 20 in a whole run, without update 0."""
    apart = one.run.plan.updates // 20
    return [u for u in one.checkpoints if u >= apart > 0] or one.checkpoints[1:]


def share_at_1(run: Run, update: int) -> float:
    """log10 of the share of ‖∂L_S/∂s_S‖ that is left at step 1."""
    steps = run.measures.batches.probe().steps
    one = run.gradients[update]
    return float(one[1] - one[int(steps[-1]) + 1])


def healthy(shown: Mapping[str, Shown]) -> str:
    """The cell whose gradient at step 1 is smallest, with its total gradient norm, which is not.

    Nets whose training stopped are left out: their norms are not what looks healthy.
    """
    found = {cell: one for cell, one in shown.items() if len(one.checkpoints) > 1
             and not one.failed}  # fmt: skip
    if len(found) < 2:
        return ""
    courses = {cell: np.array([share_at_1(one.run, u) for u in even(one)])
               for cell, one in found.items()}  # fmt: skip
    shares = {cell: float(np.median(course)) for cell, course in courses.items()}
    worst, *_, best = sorted(shares, key=lambda cell: shares[cell])
    norms = {cell: float(np.median(found[cell].norm)) for cell in (worst, best)}
    if not (shares[worst] < -2 and norms[worst] > norms[best] / 10):
        return ""
    return say(
        "Total gradient norms (medians over all updates): {norms}. They do not show at how many "
        "checkpoints less than 1 % of the gradient reached step 1: {few}. The median shares at "
        "these checkpoints: {shares}.",
        norms=listed({cell: number(float(np.median(one.norm))) for cell, one in found.items()}),
        few=listed({cell: say("{n} of {count}", n=int((one < -2).sum()), count=len(one))
                     for cell, one in courses.items()}),
        shares=listed({cell: part(one) for cell, one in shares.items()}),
    ) + grown(shares.values())  # fmt: skip


def listed(texts: Mapping[str, str]) -> str:
    """A text a cell, in one line."""
    return ", ".join(f"{title(cell)} {text}" for cell, text in texts.items())
