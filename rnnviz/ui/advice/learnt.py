"""What training changed in a net, in sentences from the numbers of before and of now."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from rnnviz.advice.outcome import gate_title
from rnnviz.analysis.reach import Reach
from rnnviz.core.gate_use import HIGH, LOW
from rnnviz.core.gradients import LayerFlow
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.task_sizes import sizes
from rnnviz.experiments.updates_made import updates_made
from rnnviz.numerics.arrays import Array
from rnnviz.tasks import TASKS, Task
from rnnviz.training.objectives import Score
from rnnviz.ui import cached, prose
from rnnviz.words import numbers, say, word
from rnnviz.words.numbers import GROWS, number, percent, power

COSTS = {"squared_error": word("mean squared error"), "cross_entropy": word("cross entropy")}
"""A task's loss → its name in words."""


class Net(NamedTuple):
    """A cell at one moment of its training.

    flow   of the loss of one step alone, on the sequence that is shown
    found  how far that reaches back along the memory state
    score  on sequences that were not trained on, where the task has such
    """

    flow: LayerFlow
    found: Reach
    score: Score


def said(settings: Settings, cell: str, step: int | None = None) -> str:
    """What training changed in a cell up to the update that is shown; "" for fresh nets."""
    trained = settings.trained
    if trained is None:
        return ""
    before = cached.before_training(settings)
    nets = [
        Net(cached.lone(one, cell, step).layers[0], cached.reached(one, cell, step=step),
            cached.score(one, cell))
        for one in (before, settings)
    ]  # fmt: skip
    loss = sizes(trained.plan.task, trained.plan.options).loss
    run = trained.run(cell, settings.options_of(cell), upto=settings.update)
    return changed(*nets, update=trained.kept(run, settings.update),
                   task=TASKS[trained.plan.task], loss=loss)  # fmt: skip


def changed(before: Net, now: Net, *, update: int, task: Task, loss: str) -> str:
    """What so many updates changed: cost, share that reaches step 1, gate or states.

    ``loss`` is the task's.
    """
    words = {"cell": say(now.flow.trace.cell.title), "u": update,
             "updates": updates_made(update), "cost": say(COSTS[loss])}
    lines = [_cost(words, before.score, now.score, task)]
    if update:
        lines += [_share(before.found, now.found), _gate(before.flow, now.flow)]
    return " ".join(line for line in lines if line)


def _cost(words: dict[str, Any], before: Score, now: Score, task: Task) -> str:
    words = words | {"now": number(now.loss), "before": number(before.loss)}
    if task.held_out == "none":
        found = (
            say("**{cell}** after {updates}: its {cost} on the text that it learns by heart is "
                "{now}; before training it was {before}.", **words) if words["u"]
            else say("**{cell}** before training: its {cost} on the text is {now}.", **words)
        )  # fmt: skip
    else:
        found = (
            say("**{cell}** after {updates}: its {cost} on sequences of its task that it was not "
                "trained on is {now}; before training it was {before}.", **words) if words["u"]
            else say("**{cell}** before training: its {cost} on sequences of its task that it is "
                     "not trained on is {now}.", **words)
        )  # fmt: skip
    naive = say("The naive answer ({naive}) costs {value}.", naive=say(task.naive),
                value=number(now.naive))  # fmt: skip
    return f"{found} {naive}"


def _share(before: Reach, now: Reach) -> str:
    shares = before.log10_share, now.log10_share
    if now.start < 2 or not np.isfinite(shares).all():
        return ""
    if max(shares) > GROWS:
        return say("On the one sequence shown, step 1 received {before} times the gradient of step "
                   "{S} before training, now {now} times.", S=now.start, before=power(shares[0]),
                   now=power(shares[1]))  # fmt: skip
    return say("Of the gradient at step {S} on the one sequence shown, {before} reached step 1 "
                   "before training, now {now}.",
               S=now.start, before=numbers.share(shares[0]),
               now=numbers.share(shares[1]))  # fmt: skip


def _gate(before: LayerFlow, now: LayerFlow) -> str:
    """How the gate that keeps the state moved, or the states of a cell without one."""
    cell = now.trace.cell
    name = cell.keeping_gate
    if name is None or name not in cell.statement.parameters.get("b", ()):
        return _states(before, now)
    values, biases = zip(*((one.trace[name], _bias(one, name)) for one in (before, now)),
                         strict=True)  # fmt: skip
    words = {f"{what}{k}": text for k, (value, bias) in enumerate(zip(values, biases, strict=True))
             for what, text in (("mean", number(float(value.mean()))), ("bias", number(bias)),
                                ("high", percent(float((value > HIGH).mean()))),
                                ("low", percent(float((value < LOW).mean()))))}  # fmt: skip
    return say(
        "Its {gate} moved from {mean0} to {mean1} on average, its mean bias b_{name} from {bias0} "
        "to {bias1}; {high1} of the gate's values are above 0.9 (before: {high0}), {low1} below "
        "0.1 (before: {low0}).", gate=gate_title(now), name=name, **words,
    )  # fmt: skip


def _bias(flow: LayerFlow, gate: str) -> float:
    trace = flow.trace
    return float(trace.cell.part(trace.parameters, "b", gate).mean())


def _states(before: LayerFlow, now: LayerFlow) -> str:
    """The share of an RNN's states near ±1, where its nonlinearity ends there."""
    if now.trace.cell.options.get("nonlinearity") != "tanh":
        return ""
    return say("{now} of its states are beyond ±0.9 (before: {before}).",
               now=percent(_beyond(now.trace["h"])),
               before=percent(_beyond(before.trace["h"])))  # fmt: skip


def _beyond(states: Array) -> float:
    return float((np.abs(states) > HIGH).mean())


def show(settings: Settings, cell: str, step: int | None = None) -> None:
    """Draw what training changed in a cell; nothing for fresh nets."""
    if words := said(settings, cell, step):
        prose.markdown(words)
