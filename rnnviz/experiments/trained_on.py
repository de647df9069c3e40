"""Which sequences fit a trained net, and the plan that trains on a sequence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rnnviz.experiments.task_sizes import Options, sizes
from rnnviz.experiments.trained import LONGEST, MOST_SECONDS, WIDEST, Trained
from rnnviz.tasks import TASKS
from rnnviz.training import Plan


def fitting(trained: Trained) -> tuple[str, ...]:
    """The tasks whose sequences fit the net, at their default options or at the plan's own."""
    plan = trained.plan
    own = sizes(plan.task, plan.options)
    return tuple(name for name in TASKS if name == plan.task or sizes(name) == own)


def of_sequence(
    task: str, length: int, options: Options, seed: int, hidden_size: int, **more: Any
) -> Trained:
    """The plan at its defaults on the sequence that is shown, as near to its length as can be."""
    kind = TASKS[task]
    plan = Plan(task, options=options, seed=seed).fitted(kind)
    if kind.length_is == "exact":
        spans = [kind.lengths(part="train", **dict(options)),
                 kind.lengths(part="test", **dict(options))]  # fmt: skip
        most = min(LONGEST, *(span.maximum for span in spans))
        least = max(span.minimum for span in spans)
        plan = replace(plan, length=min(max(length, least), most))
    found = Trained(plan, min(hidden_size, WIDEST), **more)
    while found.seconds > MOST_SECONDS and found.plan.updates > 1:
        found = replace(found, plan=replace(found.plan, updates=found.plan.updates // 2))
    return found
