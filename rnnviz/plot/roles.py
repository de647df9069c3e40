"""A cell's signals by what they do for its memory: keep, write, read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from rnnviz.cells import Cell, Signal
from rnnviz.cells._roles import REST, ROLES
from rnnviz.core.trace import LayerTrace
from rnnviz.figures.heatmaps import Row, Series, heatmap_rows
from rnnviz.plot._options import figure
from rnnviz.plot.units import Records, limits_of, one_layer
from rnnviz.words import say, word

HEIGHT = 184
NAMES = {
    "memory": word("memory state"),
    "keep": word("keep"),
    "write": word("write"),
    "read": word("read"),
    "candidate": word("candidate"),
    "hidden": word("hidden state"),
}


@figure
def by_role(
    trace: Records, *, rows: Sequence[str] | None = None, batch: int = 0, theme: str = "light",
    scale: Mapping[str, float] | None = None, labels: Sequence[str] | None = None,
    height: int | None = None, colorbar: bool = True,
) -> go.Figure:  # fmt: skip
    """Heatmaps like those of `gates`, a row a role, so that cells side by side line up.

    ``rows`` are the first rows, of "memory", "keep", "write", "read", "candidate" and "hidden" (h,
    where the memory state is another): all of them, or what `shared_roles` gives for several cells.
    A role that the cell does not have says so in its place; signals without a role come last. Where
    what is left of a gate has the role, 1 − z is drawn. ``trace`` and the other options are as in
    `gates`.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 8), np.ones((20, 1, 2)))
    >>> [heatmap.name for heatmap in rnnviz.plot.by_role(trace).data]
    ['h', 'z', '1 − z', 'r', 'g']
    """
    at = one_layer(trace)
    limits = limits_of([at]) | dict(scale or {})
    shown = [_row(at, role, batch) for role in (ROLES if rows is None else rows)]
    shown += [_extra(at, signal, batch) for signal in _without_role(at.cell)]
    return heatmap_rows(
        shown, limits=limits, theme=theme, labels=labels, height=height or HEIGHT,
        colorbar=colorbar,
    )  # fmt: skip


def shared_roles(cells: Sequence[Cell | type[Cell]]) -> list[str]:
    """The roles to show side by side: all but "hidden", and that too where a cell has it."""
    return [role for role in ROLES if role != "hidden" or any(role in one.roles for one in cells)]


def lacking(cell: Cell, rows: Sequence[str]) -> dict[str, str]:
    """The last of ``rows`` that a cell does not have: each role's name, and what stands there."""
    if _without_role(cell):
        return {}
    own = [k for k, role in enumerate(rows) if role in cell.roles]
    return {say(NAMES[role]): _missing(cell, role) for role in rows[max(own, default=-1) + 1 :]}


def _without_role(cell: Cell) -> list[Signal]:
    taken = {signal.removeprefix(REST) for signal in cell.roles.values()}
    return [signal for signal in cell.signals if signal.name not in taken]


def _row(at: LayerTrace, role: str, batch: int) -> Row:
    signal = at.cell.roles.get(role)
    heading = f"<b>{say(NAMES[role])}</b>"
    if signal is None:
        return Row(heading, words=_missing(at.cell, role))
    one, values = _signal(at, signal, batch)
    return Row(f"{heading}  {one.name}{_meaning(one)}", Series(one, values))


def _extra(at: LayerTrace, signal: Signal, batch: int) -> Row:
    heading = f"<b>{signal.name}</b>  {say(signal.title)}{_meaning(signal)}"
    return Row(heading, Series(signal, np.asarray(at[signal.name][:, batch])))


def _meaning(signal: Signal) -> str:
    if not signal.meaning:
        return ""
    return ": " + say("1 {at_1}, 0 {at_0}", at_1=say(signal.at_1), at_0=say(signal.at_0))


def _signal(at: LayerTrace, name: str, batch: int) -> tuple[Signal, NDArray[Any]]:
    """A signal, or what is left of one: 1 − z with the meanings of 0 and 1 exchanged."""
    plain = name.removeprefix(REST)
    found = next(signal for signal in at.cell.signals if signal.name == plain)
    values = np.asarray(at[plain][:, batch])
    if plain == name:
        return found, values
    return replace(found, name=f"1 − {plain}", at_0=found.at_1, at_1=found.at_0), 1 - values


def _missing(cell: Cell, role: str) -> str:
    if role == "keep" and cell.open_path:
        return say("no gate: always 1")
    if role == "candidate":
        return say("no candidate")
    if role == "hidden":
        return say("{state} is the memory state", state=cell.states[-1])
    return say("no gate")
