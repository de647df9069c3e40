"""Which cell solves which task: every cell on every task, five seeds each.

    python -m rnnviz.experiments.task_table            print the tables that are stored
    python -m rnnviz.experiments.task_table --run      train all nets anew, store what came out

A net is trained with Adam, batches of 32 and gradients clipped to a norm of 1; it has 24 units and
PyTorch's initial values but for the bias of the gate that keeps (f, z), which is 0 or 3. An entry
is the better of two learning rates, the same for all seeds, so that no cell loses by a rate that
suits another one. A second table has RNN and GRU with as many parameters as the LSTM of 24 units.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from rnnviz.cells import CELLS as KINDS
from rnnviz.experiments.cost import counted, nearest
from rnnviz.experiments.solving import Outcome, Summary, best, summary
from rnnviz.experiments.stored_outcomes import Group, Outcomes, Row, Setting, read, to_json, trained
from rnnviz.tasks import TASKS
from rnnviz.training.plan import Plan
from rnnviz.words import word

RATES = (0.02, 0.005)
COLUMNS: tuple[tuple[str, float | None], ...] = (
    ("rnn", None), ("lstm", 0.0), ("lstm", 3.0), ("gru", 0.0), ("gru", 3.0),
)  # fmt: skip
"""The cells, each with the bias of its gate that keeps."""
UPDATES = 600
HIDDEN = 24
STORED, STORED_EQUAL = (
    Path(__file__).with_name(name) for name in ("task_table.json", "equal_parameters.json")
)


def row(
    name: str, title: str, task: str, length: int, share: float = 0.1, **options: str | float
) -> Row:
    """A row with the plan that all rows share."""
    plan = Plan(task, length, options=tuple(options.items()), updates=UPDATES)
    return Row(name, title, plan, share)


ROWS = (
    row("adding", word("adding problem"), "adding", 30),
    row("order", word("temporal order"), "temporal_order", 30),
    row("xor", word("XOR of two marked bits"), "parity", 12),
    row("impulse", word("impulse: recall a number"), "impulse", 30),
    row("first", word("first symbol: recall one of 4"), "first_symbol", 30),
    row("bit", word("first bit: recall one of 2"), "first_symbol", 30,
        alphabet_size=2),
    row("copy", word("copy 3 symbols"), "copying", 15, symbols=3, alphabet_size=4),
    row("sine", word("noisy sine, any period"), "noisy_sine", 30, 0.2, period_spread=2.0),
    row("characters", word("next character"), "next_character", 30, 0.75),
    row("stocks", word("stock prices"), "stocks", 20, 1, scale="training_weeks"),
)  # fmt: skip
NAMED = {one.name: one for one in ROWS}
EQUAL = tuple(NAMED[name] for name in ("adding", "order", "xor", "impulse", "bit"))
"""The rows of the table at equal parameters."""


class Entry(NamedTuple):
    """One cell on one task.

    setting   the better learning rate, and the bias
    summary   of its seeds
    outcomes  of its seeds, 0 … 4
    """

    setting: Setting
    summary: Summary
    outcomes: tuple[Outcome, ...]


def equal_size(row: Row, cell: str) -> int:
    """The hidden size with which a cell has most nearly the parameters of the LSTM of 24 units."""
    options: dict[str, Any] = dict(row.plan.options)
    inputs = TASKS[row.plan.task].make(row.plan.length, **options).input_size
    return nearest(KINDS[cell](), inputs, counted(KINDS["lstm"](), inputs, HIDDEN))


def groups(*, equal: bool = False) -> Iterator[Group]:
    """All nets of a table; at equal parameters those of RNN and GRU, the LSTM being the same."""
    for one in EQUAL if equal else ROWS:
        for cell, bias in COLUMNS:
            if not (equal and cell == "lstm"):
                size = equal_size(one, cell) if equal else HIDDEN
                for rate in RATES:
                    yield Group(one, cell, Setting(rate, bias), size)


def stored(*, equal: bool = False) -> Outcomes:
    """The outcomes that are stored; those at equal parameters with the LSTM's of the first table.

    >>> from rnnviz.experiments.stored_outcomes import Setting
    >>> from rnnviz.experiments.task_table import stored
    >>> len(stored()["adding", "gru", Setting(0.02, 0.0)])
    5
    """
    found = read(STORED)
    if not equal:
        return found
    names = {one.name for one in EQUAL}
    lstm = {key: one for key, one in found.items() if key[1] == "lstm" and key[0] in names}
    return lstm | dict(read(STORED_EQUAL))


def entries(found: Outcomes) -> dict[tuple[str, str, float | None], Entry]:
    """(row, cell, bias) → its entry, at the better learning rate."""
    made = {}
    for name, cell, bias in dict.fromkeys((key[0], key[1], key[2].bias) for key in found):
        tried = [(at, found[name, cell, at]) for at in (Setting(rate, bias) for rate in RATES)]
        summaries = [summary(own) for _, own in tried]
        k = best(summaries)
        made[name, cell, bias] = Entry(tried[k][0], summaries[k], tried[k][1])
    return made


def as_text(*, equal: bool = False) -> str:
    """A table as Markdown."""
    made = entries(stored(equal=equal))
    heads = [cell.upper() + ("" if bias is None else f", b {bias:g}") for cell, bias in COLUMNS]
    lines = ["| task | T | solved below | " + " | ".join(heads) + " |"]
    lines.append("| --- | ---: | ---: |" + " --- |" * len(COLUMNS))
    for one in EQUAL if equal else ROWS:
        texts = [entry_text(made[one.name, cell, bias]) for cell, bias in COLUMNS]
        head = f"| {one.title} | {one.plan.length} | {one.share:g} | "
        lines.append(head + " | ".join(texts) + " |")
    return "\n".join(lines)


def entry_text(one: Entry) -> str:
    """«**5 of 5** · 120 · 0.31 s · η 0.02», or «0 of 5 · > 600 · …»."""
    found = one.summary
    needed = f"> {UPDATES}" if found.needed is None else f"{found.needed:g}"
    solved = f"{found.solved} of {found.seeds}"
    shown = f"**{solved}**" if found.needed is not None else solved
    return f"{shown} · {needed} · {found.seconds:.2f} s · η {one.setting.rate:g}"


def main(arguments: list[str]) -> None:
    """Print the tables; with ``--run`` train all nets first and store the outcomes."""
    for equal, file, rows in ((False, STORED, ROWS), (True, STORED_EQUAL, EQUAL)):
        if arguments == ["--run"]:
            file.write_text(to_json(rows, trained(groups(equal=equal))), "utf-8")
            read.cache_clear()
        print(as_text(equal=equal), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
