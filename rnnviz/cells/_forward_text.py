"""The Python source of a compiled forward step, from its instructions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence


def run_key(names: tuple[str, ...]) -> str:
    """The record of several gates side by side: "i|f|o"; of one, its name."""
    return "|".join(names)


def source_text(
    made: Mapping[str, str], body: Mapping[bool, list[str]], runs: Sequence[tuple[str, ...]],
    pasts: Sequence[str], recorded: Collection[str],
) -> str:  # fmt: skip
    """The source of ``make``, which returns the code before the loop and the loop, with their rows.

    made      variable → what it is, of those that are there once
    body      instructions for all timesteps before the loop (True), and for one in it (False)
    runs      gates with one function: variable "run_0", "run_1", …
    pasts     states one step before
    recorded  names that are records, or are prepared before the loop
    """
    before, rows = _rows(body[True], recorded), _rows(body[False], recorded)
    carried = [name for name in pasts if f"n_{name}" in _names(body[False])]
    rows += [f"n_{name}" for name in map(_now, carried) if f"n_{name}" not in rows]
    parts = ["def make(W, new, ones, number, size):"]
    parts += [f"    {name} = {value}" for name, value in made.items()]
    parts.append(f"    def before({', '.join(['wide', *before])}):")
    parts += [f"        {line}" for line in body[True]] or ["        pass"]
    series = [f"all_{row}" for row in rows]
    arguments = [f"n_{name}" for name in carried] + series
    parts.append(f"    def loop({', '.join(arguments)}):")
    if rows:
        parts.append(f"        for {', '.join(rows)}, in zip({', '.join(series)}):")
        parts += [f"            {line}" for line in body[False]]
        parts += [f"            n_{name} = n_{_now(name)}" for name in carried]
    else:
        parts.append("        pass")
    keys = [_keys(names, runs) for names in (before, arguments)]
    parts.append(f"    return before, {keys[0]}, loop, {keys[1]}")
    return "\n".join(parts) + "\n"


def _rows(lines: list[str], recorded: Collection[str]) -> list[str]:
    """The variables of some lines that are records or prepared, in the order of their use."""
    return [
        name for name in _names(lines)
        if name.startswith("run_") or name.removeprefix("n_") in recorded
    ]  # fmt: skip


def _keys(names: list[str], runs: Sequence[tuple[str, ...]]) -> list[str]:
    """The records of variables."""
    found = []
    for name in names:
        name = name.removeprefix("all_")
        run = name.startswith("run_")
        found.append(run_key(runs[int(name[4:])]) if run else name.removeprefix("n_"))
    return found


def _now(past: str) -> str:
    return past.removesuffix("_prev")


def _names(lines: list[str]) -> list[str]:
    return list(dict.fromkeys(re.findall(r"\b(?:n|run)_\w+", "\n".join(lines))))
