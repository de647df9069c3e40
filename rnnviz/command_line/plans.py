"""PLAN of `rnnviz train`: a text as in links, or a file in TOML or JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from rnnviz.cells import known_cell
from rnnviz.command_line.faults import wrong
from rnnviz.experiments import trained_text
from rnnviz.numerics.plain_files import names_with_values
from rnnviz.numerics.validation import shown
from rnnviz.tasks import TASKS
from rnnviz.training.jobs import Job
from rnnviz.training.plan import Plan
from rnnviz.training.train_net import HIDDEN

LARGEST = 1_000_000
"""Bytes of a file."""
GIVEN = ("cls", "plan", "model", "input_size", "output_size", "readout")
"""What a file cannot say: it follows from the task and the rest, or is a name of our own."""


def job(plan: str, cell: str | None) -> Job:
    """What PLAN asks for; ``cell`` is that of a text, or stands for the file's own.

    Raises UsageError or ValueError of one sentence, OSError for a file that cannot be read.
    """
    if Path(plan).suffix in (".toml", ".json"):
        given = mapping(Path(plan))
        try:
            return _of_file(dict(given) if cell is None else {**given, "cell": cell})
        except ValueError as error:
            raise ValueError(f"{Path(plan).name}: {error}") from error
    trained = trained_text.read(plan)
    if trained is None:
        raise wrong(f"PLAN must be a file in TOML or JSON, or a text that begins with a task "
                    f"({', '.join(TASKS)}), such as adding,T:30,H:16; got {plan!r}")  # fmt: skip
    kind = known_cell(cell or "lstm")
    options = tuple((name, of[0]) for name, of in kind.choices.items())
    return trained.job(kind.name, options)


def mapping(path: Path) -> Mapping[str, Any]:
    """What a TOML or JSON file says. Raises ValueError naming file and place."""
    data = path.read_bytes()
    if len(data) > LARGEST:
        raise ValueError(f"{path.name} must have at most {LARGEST:,} bytes, got {len(data):,}.")
    return names_with_values(path.name, data)


def _of_file(given: dict[str, Any]) -> Job:
    """A file's own keys: those of `Plan`, cell, hidden_size, and what `rnnviz.build` takes."""
    of_plan = {one.name for one in fields(Plan)}
    plan = Plan(**{key: value for key, value in given.items() if key in of_plan})
    rest = {key: value for key, value in given.items() if key not in of_plan}
    for key in GIVEN:
        if key in rest:
            raise ValueError(f"`{key}` must not be given: a file has the fields of a plan, cell, "
                             f"hidden_size, and what `rnnviz.build` takes; got "
                             f"{shown(rest[key])}.")  # fmt: skip
    cell, hidden = rest.pop("cell", "lstm"), rest.pop("hidden_size", HIDDEN)
    return Job.of(known_cell(cell).name, plan, hidden, **{"seed": plan.seed, **rest})
