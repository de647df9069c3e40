"""The sidebar's part «Cells»: which ones, their size H, their options and their gates' biases."""

from __future__ import annotations

import math
from collections.abc import Set
from contextlib import nullcontext
from typing import Any

import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.experiments.changes import free_biases
from rnnviz.experiments.opened import OpenedNet
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.settings_checks import BUDGET, MOST_CELLS
from rnnviz.ui import task_options, url_controls
from rnnviz.ui.chart import chosen_cell
from rnnviz.ui.shell import held_gates, own_cells
from rnnviz.ui.shell.navigation import Page
from rnnviz.ui.shell.sidebar_labels import CELL_OPTIONS, HELP
from rnnviz.ui.shell.sidebar_limits import BIAS_STEP, BIASES, PRESET, WIDEST
from rnnviz.words import say, word

BIAS_KEYS = {
    "forget_bias": ("bf", word("Forget bias b_f")),
    "update_bias": ("bz", word("Update bias b_z")),
}
"""Name → key and label of a gate's bias."""


def cells_on(page: Page | None, cells: tuple[str, ...]) -> tuple[str, ...]:
    """The cells that a page shows when these are chosen."""
    if page is None:
        return cells
    return page.about or ((chosen_cell(cells),) if page.one_cell else cells)


def cell_controls(
    shown: Set[str], length: int, page: Page | None, net: OpenedNet | None = None
) -> dict[str, Any]:
    """The settings of the cells that are chosen, of all those that a page shows."""
    if shown & {"cells", "H", "bf", "bz", "cell_options"}:
        st.header(say("Cells"))
    names = cells_control(drawn="cells" in shown)
    hidden = PRESET.hidden_size
    if net is None:
        hidden = hidden_control(min(WIDEST, math.isqrt(BUDGET // length)), drawn="H" in shown)
    seen, above = cells_on(page, names), st.container()
    own = () if net is None else (net.cell,)
    options = _cell_options(tuple(dict.fromkeys((*names, *seen))),
                            seen if "cell_options" in shown else (), own)  # fmt: skip
    fresh = tuple(one for one in seen if one not in own)
    with above:
        biases = {name: bias_control(name, fresh, options["hold"], drawn=key in shown)
                  for name, (key, _) in BIAS_KEYS.items()}  # fmt: skip
    return {"cells": names, "hidden_size": hidden, **options, **biases}


def _cell_options(
    names: tuple[str, ...], seen: tuple[str, ...], own: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The options and held gates of all these cells.

    The controls of those ``seen`` are drawn once their box is opened: a dozen menus take the
    browser a tenth of a run. Options of cells that are their ``own``, out of a file, are not.
    """
    choices = {option: of for name in names for option, of in CELLS[name].choices.items()}
    drawn = {option for name in seen if name not in own for option in CELLS[name].choices}
    some = bool(drawn) or any(CELLS[name].holdable() for name in seen)
    box = st.expander(say("Cell options"), key="_cell_options", on_change="rerun") if some else None
    if box is None or not box.open:
        drawn, seen = set(), ()
    with box or nullcontext():
        options = tuple((one, _choice(one, of, one in drawn)) for one, of in choices.items())
        hold = held_gates.asked(names, seen)
    return {"cell_options": options, "hold": hold}


def cells_control(*, drawn: bool = True) -> tuple[str, ...]:
    """The cells that are compared, from one to the most that can be shown at once."""
    return usual_first(url_controls.several(
        say("Cells"), usual_first((*CELLS, *own_cells.offered())), key="cells",
        default=PRESET.cells, words=lambda name: say(CELLS[name].title),
        label_visibility="collapsed", most=MOST_CELLS, drawn=drawn,
    ))  # fmt: skip


def hidden_control(most: int, *, drawn: bool) -> int:
    """H, the hidden units of each cell."""
    return int(url_controls.slider(
        say("H, hidden units"), 1, most, key="H", default=min(PRESET.hidden_size, most),
        drawn=drawn, help=say(HELP["H"]),
    ))  # fmt: skip


def usual_first(names: tuple[str, ...]) -> tuple[str, ...]:
    """The preset's cells in the preset's order, then the rest."""
    usual = PRESET.cells
    return tuple(sorted(names, key=lambda name: usual.index(name) if name in usual else len(usual)))


def _choice(option: str, allowed: tuple[Any, ...], drawn: bool) -> Any:
    label = say(CELL_OPTIONS[option])
    more: dict[str, Any] = {"key": option, "drawn": drawn}
    if set(allowed) == {False, True}:
        return url_controls.switch(label, default=allowed[0], **more)
    return url_controls.menu(label, allowed, default=allowed[0], words=task_options.plain, **more)


def bias_control(
    name: str, cells: tuple[str, ...], hold: tuple[tuple[str, str, float], ...] = (), *,
    drawn: bool = True,
) -> float:  # fmt: skip
    """The bias ``name``, "forget_bias" or "update_bias", by a slider where a shown cell has it.

    It is disabled where the scheme draws that bias, or the gate is held in every cell.
    """
    key, label = BIAS_KEYS[name]
    having = [cell for cell in cells if name in CELLS[cell].bias_blocks]
    init = st.session_state.get("init", st.query_params.get("init", PRESET.init))
    free = [cell for cell in having if name in free_biases(Settings(init=init, hold=hold), cell)]
    titles = ", ".join(say(CELLS[cell].title) for cell in free or having)
    return url_controls.slider(
        f"{say(label)} ({titles})", *BIASES, key=key, default=getattr(PRESET, name),
        step=BIAS_STEP, help=say(HELP[name]), disabled=not free, drawn=drawn and bool(having),
    )  # fmt: skip
