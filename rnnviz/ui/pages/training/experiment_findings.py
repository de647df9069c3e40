"""What the experiments show, in sentences from their numbers.

Numbers in, Markdown out: nothing here draws, and nothing asks for settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rnnviz.cells import CELLS
from rnnviz.experiments.forget_bias import advised
from rnnviz.experiments.initialisation_training import SCHEMES
from rnnviz.experiments.initialisation_training import Entry as Reach
from rnnviz.experiments.solving import Summary
from rnnviz.experiments.stored_outcomes import Row
from rnnviz.experiments.task_table import COLUMNS, Entry
from rnnviz.experiments.update_time import Timing
from rnnviz.ui.pages.training.table_findings import column
from rnnviz.words import say
from rnnviz.words.numbers import LEAST_PERCENT, number, percent, power

Biased = Sequence[tuple[Row, Mapping[float, Summary]]]


def rank(one: Summary) -> tuple[int, float]:
    """Smaller is better: more seeds solved, then fewer updates."""
    return -one.solved, float("inf") if one.needed is None else one.needed


def in_short(one: Summary) -> str:
    """«5 of 5, 120 updates», or «1 of 5»."""
    if one.needed is None:
        return say("{solved} of {seeds}", solved=one.solved, seeds=one.seeds)
    return say("{solved} of {seeds}, {needed:g} updates", solved=one.solved, seeds=one.seeds,
               needed=one.needed)  # fmt: skip


def bias_finding(found: Biased, bias: str = "b_f") -> str:
    """Where a bias of about ln(T − 1) is better than 0, where not, and which is best."""
    better, worse = list[str](), list[str]()
    for row, own in found:
        near = min(own, key=lambda one: abs(one - advised(row)))
        words = say("{task} ({zero} → {near})", task=say(row.title), zero=in_short(own[0.0]),
                    near=in_short(own[near]))  # fmt: skip
        (better if rank(own[near]) < rank(own[0.0]) else worse).append(words)
    lines = []
    if better:
        lines.append(say("Starting {bias} near ln(T − 1) instead of 0 **helps** on: {list}.",
                         bias=bias, list="; ".join(better)))  # fmt: skip
    if worse:
        lines.append(say("It does **not help** on: {list}.", list="; ".join(worse)))
    best = "; ".join(f"{say(row.title)} ({bias} = {_best(own):g})" for row, own in found)
    lines.append(say("The bias with most seeds solved in fewest updates: {list}.",
                     list=best.replace("-", "−")))  # fmt: skip
    return " ".join(lines)


def _best(own: Mapping[float, Summary]) -> float:
    return min(own, key=lambda one: rank(own[one]))


def equal_finding(
    equal: Mapping[tuple[str, str, float | None], Entry],
    same: Mapping[tuple[str, str, float | None], Entry], rows: Sequence[Row],
) -> str:  # fmt: skip
    """Whether more units change who solves what."""
    changed = [
        say("{net} on {task} ({before} → {after})", net=column((cell, bias)),
            task=say(row.title), before=same[row.name, cell, bias].summary.solved,
            after=equal[row.name, cell, bias].summary.solved)
        for row in rows for cell, bias in COLUMNS
        if equal[row.name, cell, bias].summary.solved != same[row.name, cell, bias].summary.solved
    ]  # fmt: skip
    if not changed:
        return say("With as many parameters as the LSTM, RNN and GRU solve each task with as many "
                   "seeds as at equal size.")  # fmt: skip
    return say(
        "With as many parameters as the LSTM, the number of seeds that solve the task changes "
        "for: {list}. Everywhere else it is the same as at equal size.", list="; ".join(changed),
    )  # fmt: skip


def reach_finding(found: Mapping[tuple[str, str], Reach], seeds: int) -> str:
    """Which initialisations learn, and what training did to the share that reaches step 1."""
    learnt = {key: one for key, one in found.items() if 2 * one.solved > seeds}
    failed = {key: one for key, one in found.items() if key not in learnt}
    lines = [say("Nets that learn the adding problem with most seeds: {list}.",
                 list=_list(learnt) or say("none"))]  # fmt: skip
    for words, own in (
        (say("Before training a share of {low} to {high} of the gradient reaches step 1 in nets "
             "that learn; after it, {low_after} to {high_after}.", **_span(learnt)), learnt),
        (say("In those that do not learn it is {low} to {high} before, and {low_after} to "
             "{high_after} after.", **_span(failed)), failed),
    ):  # fmt: skip
        if own:
            lines.append(words)
    return " ".join(lines)


def _list(found: Mapping[tuple[str, str], Reach]) -> str:
    cells = dict.fromkeys(cell for cell, _ in found)
    return "; ".join(
        f"{say(CELLS[cell].title)}: "
        + (say("all") if all((cell, one) in found for one in SCHEMES)
           else ", ".join(one for one in SCHEMES if (cell, one) in found))
        for cell in cells
    )  # fmt: skip


def _span(found: Mapping[tuple[str, str], Reach]) -> dict[str, str]:
    before = [one.before for one in found.values()] or [0.0]
    after = [one.after for one in found.values()] or [0.0]
    return {"low": _share(min(before)), "high": _share(max(before)),
            "low_after": _share(min(after)), "high_after": _share(max(after))}  # fmt: skip


def _share(log10: float) -> str:
    """A share that may be above 1, in per cent; a very small one as a power of ten."""
    return percent(10**log10) if log10 > LEAST_PERCENT else power(log10)


def time_finding(found: Mapping[str, Timing]) -> str:
    """Milliseconds an update, and the ratio to the fastest."""
    fastest = min(found, key=lambda cell: found[cell].middle)
    parts = ", ".join(f"{say(CELLS[cell].title)} {number(one.middle)} ms"
                      for cell, one in found.items())  # fmt: skip
    ratios = ", ".join(
        say("{cell} {ratio} times as long", cell=say(CELLS[cell].title),
            ratio=number(one.middle / found[fastest].middle))
        for cell, one in found.items() if cell != fastest
    )  # fmt: skip
    said = say("One update takes: {list} (median).", list=parts)
    if ratios:
        said += " " + say("Compared with the {cell}: {list}.", cell=say(CELLS[fastest].title),
                          list=ratios)  # fmt: skip
    return said
