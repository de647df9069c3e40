"""PLAN of `rnnviz train`: a text as in links, or a file in TOML or JSON."""

from __future__ import annotations

import inspect
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from rnnviz.cells import Cell, known_cell
from rnnviz.command_line.faults import wrong
from rnnviz.core.build import build
from rnnviz.experiments import trained_text
from rnnviz.numerics.plain_files import file_of_names
from rnnviz.numerics.validation import meant, shown
from rnnviz.tasks import TASKS
from rnnviz.training.jobs import Job
from rnnviz.training.plan import Plan
from rnnviz.training.run import Run
from rnnviz.training.train_net import HIDDEN

GIVEN = ("cls", "plan", "model", "input_size", "output_size", "readout", "dtype")
"""What is no key for `rnnviz.build`: it follows from the task and the plan, or is our own name."""
PLAN = tuple(one.name for one in fields(Plan))


def begun(plan: str, cell: str | None, updates: int | None) -> tuple[Job, Run]:
    """What PLAN asks for, and its run before the first update.

    ``cell`` is that of a text, or stands for the file's own; ``updates`` for the plan's.
    Raises UsageError or ValueError of one sentence, OSError for a file that cannot be read.
    """
    path = Path(plan)
    if path.suffix not in (".toml", ".json"):
        return _begun(_of_text(plan, cell), updates)
    given = file_of_names(path)
    try:
        return _begun(_of_file(dict(given) if cell is None else {**given, "cell": cell}), updates)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error


def _begun(job: Job, updates: int | None) -> tuple[Job, Run]:
    if updates is not None:
        job = replace(job, plan=replace(job.plan, updates=updates))
    return job, job.begin()


def _of_text(text: str, cell: str | None) -> Job:
    task = text.partition(",")[0]
    if task not in TASKS:
        if Path(text).is_file():
            raise wrong(f"A file of PLAN must end in .toml or .json, got {text!r}")
        raise wrong(f"PLAN must be a .toml or .json file, or a text that begins with a task "
                    f"({', '.join(TASKS)}), such as adding,T:30,H:16; got "
                    f"{shown(text)}{meant(task, TASKS)}")  # fmt: skip
    try:
        trained = trained_text.parsed(text)
    except ValueError as error:
        raise wrong(f"PLAN {shown(text)}: {error}") from error
    kind = known_cell(cell or "lstm")
    options = tuple((name, of[0]) for name, of in kind.choices.items())
    return trained.job(kind.name, options)


def _of_file(given: dict[str, Any]) -> Job:
    """A file's own keys: those of `Plan`, cell, hidden_size, and what `rnnviz.build` takes."""
    cell, hidden = known_cell(given.pop("cell", "lstm")), given.pop("hidden_size", HIDDEN)
    allowed = _keys(cell)
    for key, value in given.items():
        if key in GIVEN and key not in PLAN:
            raise ValueError(f"`{key}` must not be given: a file has the fields of a plan, cell, "
                             f"hidden_size, and what `rnnviz.build` takes; got "
                             f"{shown(value)}.")  # fmt: skip
        if key not in allowed:
            near = meant(key, allowed) or f"; it takes {', '.join(allowed)}."
            raise ValueError(f"A plan with the cell {cell.name!r} has no key {shown(key)}{near}")
    plan = Plan(**{key: value for key, value in given.items() if key in PLAN})
    rest = {key: value for key, value in given.items() if key not in PLAN}
    return Job.of(cell.name, plan, hidden, **{"seed": plan.seed, **rest})


def _keys(cell: type[Cell]) -> list[str]:
    """Every key that a file may have."""
    of_build = inspect.signature(build).parameters
    own = [name for name in of_build if name not in (*GIVEN, "options")]
    return [*dict.fromkeys((*PLAN, *own, *cell.choices, *cell.more))]
