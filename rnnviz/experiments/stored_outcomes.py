"""Outcomes of many training runs as JSON: written by a command, shipped, read by the pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from rnnviz.cells import CELLS
from rnnviz.experiments.solving import Outcome, attempt, summary
from rnnviz.training.plan import Plan

SEEDS = 5
PROCESSES = 2


class Row(NamedTuple):
    """A task with its options, and what solving it means.

    name   of the row
    title  in words
    plan   of all nets, but for their seed and learning rate
    share  solved is a held-out cost below this share of the naive answers' cost
    """

    name: str
    title: str
    plan: Plan
    share: float


class Setting(NamedTuple):
    """What is varied: learning rate, and the bias of the gate that keeps (f, z; None without)."""

    rate: float
    bias: float | None

    def build(self, cell: str) -> dict[str, Any]:
        """What `rnnviz.build` takes for it."""
        return {} if self.bias is None else dict.fromkeys(CELLS[cell].bias_blocks, self.bias)


class Group(NamedTuple):
    """Nets that differ by their seed alone: of a row, a cell, a setting and a hidden size."""

    row: Row
    cell: str
    setting: Setting
    hidden_size: int

    def plan(self, seed: int) -> Plan:
        """The plan of one net."""
        return replace(self.row.plan, rate=self.setting.rate, seed=seed)


Key = tuple[str, str, Setting]
Outcomes = Mapping[Key, tuple[Outcome, ...]]
"""(row, cell, setting) → the outcomes of seeds 0, 1, …"""


def outcomes(group: Group) -> tuple[Outcome, ...]:
    """Train the nets of a group."""
    row, cell, setting, size = group
    return tuple(
        attempt(cell, group.plan(seed), row.share, size, **setting.build(cell))
        for seed in range(SEEDS)
    )


def trained(groups: Iterable[Group], tell: Callable[[str], object] = print) -> Outcomes:
    """Train all nets in two processes; ``tell`` is called with the summary of each group."""
    found, asked = {}, list(groups)
    with ProcessPoolExecutor(PROCESSES) as pool:
        for one, own in zip(asked, pool.map(outcomes, asked), strict=True):
            found[one.row.name, one.cell, one.setting] = own
            tell(f"{one.row.name:<11} {one.cell:<5} {one.setting} {summary(own)}")
    return found


def to_json(rows: Iterable[Row], found: Outcomes) -> str:
    """Each row's plan, its criterion and all outcomes, a line each."""
    return "[\n" + ",\n".join(_row(row, found) for row in rows) + "\n]\n"


def _row(row: Row, found: Outcomes) -> str:
    head = {"row": row.name, "plan": row.plan.as_dict(), "solved_below": row.share}
    lines = ",\n  ".join(json.dumps(one) for one in _lines(row, found))
    return f'{json.dumps(head)[:-1]}, "outcomes": [\n  {lines}\n]}}'


def _lines(row: Row, found: Outcomes) -> Iterator[dict[str, Any]]:
    for (name, cell, setting), own in found.items():
        for seed, one in enumerate(own if name == row.name else ()):
            yield {"cell": cell, **setting._asdict(), "seed": seed, **one._asdict()}


@cache
def read(file: Path) -> Outcomes:
    """The outcomes of a file that `to_json` wrote."""
    found: dict[Key, tuple[Outcome, ...]] = {}
    for row in json.loads(file.read_text("utf-8")):
        for one in row["outcomes"]:
            key = row["row"], one["cell"], Setting(one["rate"], one["bias"])
            made = Outcome(one["needed"], one["updates"], one["seconds"], tuple(one["curve"]))
            found[key] = (*found.get(key, ()), made)
    return found
