"""The LSTM's forget bias against the updates that a task needs.

    python -m rnnviz.experiments.forget_bias           print the table that is stored
    python -m rnnviz.experiments.forget_bias --run     train all nets anew, store what came out

b_f is set before training to −2 … 6, all else is as in `rnnviz.experiments.task_table`; a row has
one learning rate. With b_f = ln(T − 1) a gate that
sees nothing else forgets so slowly that a memory lasts T steps (Tallec and Ollivier 2018).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rnnviz.experiments.solving import Outcome, Summary, summary
from rnnviz.experiments.stored_outcomes import Group, Outcomes, Row, Setting, read, to_json, trained
from rnnviz.experiments.task_table import HIDDEN, NAMED

BIASES = tuple(float(b) for b in range(-2, 7))
STORED = Path(__file__).with_name("forget_bias.json")


def _row(name: str, rate: float) -> Row:
    one = NAMED[name]
    return one._replace(plan=replace(one.plan, rate=rate))


ROWS = (
    _row("adding", 0.02), _row("order", 0.005), _row("xor", 0.005), _row("impulse", 0.02),
    _row("bit", 0.02),
)  # fmt: skip


def advised(row: Row) -> float:
    """ln(T − 1)."""
    return math.log(row.plan.length - 1)


def groups() -> Iterator[Group]:
    """All nets."""
    for row in ROWS:
        for bias in BIASES:
            yield Group(row, "lstm", Setting(row.plan.rate, bias), HIDDEN)


def stored() -> Outcomes:
    """The outcomes that are stored.

    >>> from rnnviz.experiments.forget_bias import ROWS, by_bias, stored
    >>> len(by_bias(stored(), ROWS[0])[1.0])
    5
    """
    return read(STORED)


def by_bias(found: Outcomes, row: Row) -> dict[float, tuple[Outcome, ...]]:
    """Bias → the outcomes of its seeds."""
    return {bias: found[row.name, "lstm", Setting(row.plan.rate, bias)] for bias in BIASES}


def summaries(found: Outcomes, row: Row) -> dict[float, Summary]:
    """Bias → the summary of its seeds."""
    return {bias: summary(own) for bias, own in by_bias(found, row).items()}


def as_text() -> str:
    """The table as Markdown."""
    lines = ["| task | η | ln(T − 1) | " + " | ".join(f"b_f {b:g}" for b in BIASES) + " |"]
    lines.append("| --- | ---: | ---: |" + " --- |" * len(BIASES))
    for row in ROWS:
        texts = [_text(row, one) for one in summaries(stored(), row).values()]
        head = f"| {row.title} | {row.plan.rate:g} | {advised(row):.1f} | "
        lines.append(head + " | ".join(texts) + " |")
    return "\n".join(lines)


def _text(row: Row, one: Summary) -> str:
    needed = f"> {row.plan.updates}" if one.needed is None else f"{one.needed:g}"
    return f"{one.solved} of {one.seeds}, {needed}"


def main(arguments: list[str]) -> None:
    """Print the table; with ``--run`` train all nets first and store the outcomes."""
    if arguments == ["--run"]:
        STORED.write_text(to_json(ROWS, trained(groups())), "utf-8")
        read.cache_clear()
    print(as_text())


if __name__ == "__main__":
    main(sys.argv[1:])
