"""What the table of tasks by cells shows, in sentences from its numbers.

Entries in, Markdown out: nothing here draws, and nothing asks for settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rnnviz.cells import CELLS
from rnnviz.experiments.task_table import COLUMNS, NAMED, Entry
from rnnviz.words import say

Entries = Mapping[tuple[str, str, float | None], Entry]
Column = tuple[str, float | None]


def column(one: Column) -> str:
    """A column's name: RNN, or LSTM (b = 3)."""
    cell, bias = one
    title = say(CELLS[cell].title)
    return title if bias is None else f"{title} (b = {bias:g})"


def net_key(one: Column) -> str:
    """A column's name for `rnnviz.plot.solving_curves`."""
    cell, bias = one
    return cell if bias is None else f"{cell} (b = {bias:g})"


def first(made: Entries, row: str) -> Column | None:
    """The column that solves a row with most seeds, then in the fewest updates; None if none does.

    Of equals none is first.
    """
    order = {}
    for one in COLUMNS:
        found = made[row, *one].summary
        if found.needed is not None:
            order[one] = (-found.solved, found.needed)
    best = [one for one, rank in order.items() if rank == min(order.values())]
    return best[0] if len(best) == 1 else None


def finding(made: Entries) -> str:
    """Who comes first on how many tasks, and how many each net solves."""
    rows = list(dict.fromkeys(key[0] for key in made))
    wins = {one: sum(first(made, row) == one for row in rows) for one in COLUMNS}
    won = sorted((one for one in COLUMNS if wins[one]), key=lambda one: -wins[one])
    parts = ", ".join(say("{net} on {count}", net=column(one), count=wins[one]) for one in won)
    said = say("By seeds that solve it, then by updates, first on {n} tasks: {list}.",
               n=len(rows), list=parts)  # fmt: skip
    if len(won) > 1:
        said = say("**Which net learns a task fastest depends on the task.**") + f" {said}"
    solved = {one: sum(made[row, *one].summary.needed is not None for row in rows)
              for one in COLUMNS}  # fmt: skip
    said += " " + say(
        "Tasks that most seeds solve: {list}.",
        list=", ".join(f"{column(one)} {count}" for one, count in solved.items()),
    )  # fmt: skip
    none = [row for row in rows if all(made[row, *one].summary.solved == 0 for one in COLUMNS)]
    if none:
        said += " " + say("No net solves: {tasks}.", tasks=titles(none))
    return " ".join([said, *_bit(made)])


def titles(rows: Sequence[str]) -> str:
    """The tasks' names, with commas."""
    return ", ".join(say(NAMED[row].title) for row in rows)


def _bit(made: Entries) -> list[str]:
    """Recalling one bit: the RNN against the gated cells without and with a bias."""
    if ("bit", "rnn", None) not in made:
        return []
    rnn = made["bit", "rnn", None].summary
    gated = {bias: [made["bit", cell, bias].summary for cell in ("lstm", "gru")]
             for bias in (0.0, 3.0)}  # fmt: skip
    low, high = (sum(one.solved for one in own) for own in gated.values())
    seeds = sum(one.seeds for one in gated[0.0])
    return [say(
        "To recall the first bit among others the RNN learns with {rnn} of {n} seeds; LSTM and "
        "GRU together learn it with {low} of {seeds} when the bias of their keeping gate starts "
        "at 0, and with {high} of {seeds} when it starts at 3.",
        rnn=rnn.solved, n=rnn.seeds, low=low, high=high, seeds=seeds,
    )]  # fmt: skip


def entry(one: Entry, most: int) -> str:
    """«5/5 · 120 · 0.31 s»: seeds that solved it, updates needed, seconds."""
    found = one.summary
    needed = f"> {most}" if found.needed is None else f"{found.needed:g}"
    return say("{solved}/{seeds} · {needed} · {seconds:.2f} s", solved=found.solved,
               seeds=found.seeds, needed=needed, seconds=found.seconds)  # fmt: skip


def about(one: Entry, net: Column, most: int) -> str:
    """One entry in a sentence."""
    found = one.summary
    if found.needed is None:
        return say(
            "{net}: {solved} of {seeds} seeds solve it within {most} updates (learning rate "
            "{rate:g}).", net=column(net), solved=found.solved, seeds=found.seeds, most=most,
            rate=one.setting.rate,
        )  # fmt: skip
    return say(
        "{net}: {solved} of {seeds} seeds solve it; the median seed needs {needed:g} updates and "
        "{seconds:.2f} s (learning rate {rate:g}).", net=column(net), solved=found.solved,
        seeds=found.seeds, needed=found.needed, seconds=found.seconds,
        rate=one.setting.rate,
    )  # fmt: skip
