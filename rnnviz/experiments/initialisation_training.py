"""Initialisation before against after training: the gradient's reach, and whether a net learns.

    python -m rnnviz.experiments.initialisation_training           print the table that is stored
    python -m rnnviz.experiments.initialisation_training --run     train all nets anew, store them

Every scheme of `rnnviz.core.initialisation` on the adding problem, five seeds, 24 units, at the
better of two learning rates. "identity" has ReLU in the RNN (Le, Jaitly and Hinton 2015), "chrono"
biases for T steps. The share of the gradient that reaches step 1 is ‖∂L_S/∂s_1‖ / ‖∂L_S/∂s_S‖ of
the memory state on sequences that were not trained on.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from rnnviz.experiments.solving import Outcome, best, solve, summary
from rnnviz.experiments.stored_outcomes import PROCESSES, SEEDS
from rnnviz.experiments.task_table import HIDDEN, NAMED, RATES
from rnnviz.training.run import Run
from rnnviz.training.train_net import begin

CELLS = ("rnn", "lstm", "gru")
SCHEMES = ("pytorch", "keras", "glorot", "orthogonal", "identity", "chrono")
ROW = NAMED["adding"]
STORED = Path(__file__).with_name("initialisation_training.json")


class Trained(NamedTuple):
    """One net: its outcome, and log10 of the share that reaches step 1 before and after."""

    outcome: Outcome
    before: float
    after: float


Key = tuple[str, str, float]
"""(cell, scheme, learning rate)"""


def build(cell: str, scheme: str) -> dict[str, Any]:
    """What `rnnviz.build` takes for a scheme."""
    found: dict[str, Any] = {"init": scheme}
    if scheme == "chrono":
        found["longest"] = ROW.plan.length
    if scheme == "identity" and cell == "rnn":
        found["nonlinearity"] = "relu"
    return found


def share(run: Run) -> float:
    """log10 of the share of the last loss's gradient that reaches step 1, as the net stands."""
    norms = run.measures.gradients(run.model)
    return float(norms[1] - norms[-1])


def train(key: Key) -> tuple[Trained, ...]:
    """The nets of all seeds."""
    cell, scheme, rate = key
    found = []
    for seed in range(SEEDS):
        plan = replace(ROW.plan, rate=rate, seed=seed)
        first = begin(cell, plan=plan, hidden_size=HIDDEN, checkpoints=(), **build(cell, scheme))
        outcome, run = solve(first, ROW.share)
        found.append(Trained(outcome, round(share(first), 3), round(share(run), 3)))
    return tuple(found)


def trained() -> dict[Key, tuple[Trained, ...]]:
    """Train all nets in two processes."""
    keys = [(cell, scheme, rate) for cell in CELLS for scheme in SCHEMES for rate in RATES]
    with ProcessPoolExecutor(PROCESSES) as pool:
        return dict(zip(keys, pool.map(train, keys), strict=True))


def to_json(found: Mapping[Key, Sequence[Trained]]) -> str:
    """The plan, and a line a net."""
    lines = [
        json.dumps({"cell": cell, "scheme": scheme, "rate": rate, "seed": seed,
                    "before": one.before, "after": one.after, **one.outcome._asdict()})
        for (cell, scheme, rate), own in found.items() for seed, one in enumerate(own)
    ]  # fmt: skip
    body = ",\n  ".join(lines)
    return f'{{"plan": {json.dumps(ROW.plan.as_dict())}, "nets": [\n  {body}\n]}}\n'


@cache
def stored() -> dict[Key, tuple[Trained, ...]]:
    """The nets that are stored.

    >>> from rnnviz.experiments.initialisation_training import stored
    >>> len(stored()["gru", "chrono", 0.02])
    5
    """
    found: dict[Key, tuple[Trained, ...]] = {}
    for one in json.loads(STORED.read_text("utf-8"))["nets"]:
        key = one["cell"], one["scheme"], one["rate"]
        outcome = Outcome(one["needed"], one["updates"], one["seconds"], tuple(one["curve"]))
        found[key] = (*found.get(key, ()), Trained(outcome, one["before"], one["after"]))
    return found


class Entry(NamedTuple):
    """A cell under a scheme at the better rate: medians over the seeds, and how many solved it."""

    rate: float
    solved: int
    needed: float | None
    before: float
    after: float


def entries(found: Mapping[Key, Sequence[Trained]]) -> dict[tuple[str, str], Entry]:
    """(cell, scheme) → its entry."""
    made = {}
    for cell in CELLS:
        for scheme in SCHEMES:
            tried = [found[cell, scheme, rate] for rate in RATES]
            summaries = [summary([one.outcome for one in own]) for own in tried]
            k = best(summaries)
            made[cell, scheme] = Entry(
                RATES[k], summaries[k].solved, summaries[k].needed,
                median(one.before for one in tried[k]), median(one.after for one in tried[k]),
            )  # fmt: skip
    return made


def as_text() -> str:
    """The table as Markdown."""
    lines = ["| cell | initialisation | solved | updates | share at step 1 before | after | η |"]
    lines.append("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for (cell, scheme), one in entries(stored()).items():
        needed = f"> {ROW.plan.updates}" if one.needed is None else f"{one.needed:g}"
        lines.append(f"| {cell.upper()} | {scheme} | {one.solved} of {SEEDS} | {needed} | "
                     f"{10**one.before:.2g} | {10**one.after:.2g} | {one.rate:g} |")  # fmt: skip
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Print the table; with ``--run`` train all nets first and store them."""
    if arguments == ["--run"]:
        STORED.write_text(to_json(trained()), "utf-8")
        stored.cache_clear()
    print(as_text())


if __name__ == "__main__":
    main(sys.argv[1:])
