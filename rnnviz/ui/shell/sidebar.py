"""The settings that all pages share; every control's value is in the URL under its key.

A page names in its `PAGE` the settings that count on it (`counts`): the sidebar shows those alone,
but for the ones that the page itself draws beside its pictures (`beside`). The values of all others
are kept for the pages on which they count.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.core.initialisation import RECURRENT
from rnnviz.experiments.changes import free_biases
from rnnviz.experiments.opened import OpenedNet, OpenedSequence
from rnnviz.experiments.opened_example import fits, sequence_words
from rnnviz.experiments.settings import (
    BUDGET,
    LOSS_PLACES,
    MOST_CELLS,
    Settings,
    chosen_steps,
    most_steps,
)
from rnnviz.experiments.trained import Trained
from rnnviz.experiments.trained_on import fitting
from rnnviz.tasks import TASKS
from rnnviz.ui import task_options, url_controls
from rnnviz.ui.chart import chosen_cell
from rnnviz.ui.shell import (
    edited_weights,
    held_gates,
    opened_files,
    own_cells,
    preset_menu,
    trained_nets,
)
from rnnviz.ui.shell.navigation import WITH_TRAINED, Page
from rnnviz.ui.shell.sidebar_labels import CELL_OPTIONS, HELP, INITS, LOSSES, SCALINGS
from rnnviz.words import Refusal, say, word

PRESET = Settings()
LONGEST = 500
"""The most timesteps of any other sequence."""
LONGEST_OPENED = 1000
"""The most timesteps that an opened net reads of a sequence that is no file's."""
WIDEST = 128
"""The most hidden units."""
BIAS_STEP = 0.25
BIASES = -2.0, BIAS_STEP * math.ceil(math.log(LONGEST - 1) / BIAS_STEP)
"""The least and the largest gate bias: changes that are tried go up to ln(LONGEST − 1)."""
OF_FRESH_NETS = frozenset(("H", "bf", "bz", "init", "scale"))
"""The settings that count nothing where nets are trained: the plan has its own."""
BIAS_KEYS = {
    "forget_bias": ("bf", word("Forget bias b_f")),
    "update_bias": ("bz", word("Update bias b_z")),
}
"""Name → key and label of a gate's bias."""


def sidebar(page: Page | None = None) -> Settings:
    """Draw the controls that count on a page, or all; return all settings, unchecked."""
    shown = WITH_TRAINED if page is None else page.counts - page.beside
    with st.sidebar:
        net, sequence = _opened(shown, "" if page is None else page.script)
        trained, update = (None, 0) if net or sequence else _trained(shown)
        if trained is not None:
            shown -= OF_FRESH_NETS
        if net is not None:
            shown -= {"H"} | ({"edit"} if net.in_parts else set())
        chosen = _sequence(shown, trained, net, sequence)
        chosen |= {"trained": trained, "update": update, "net": net, "sequence": sequence}
        chosen |= _cells(shown, chosen["length"], page, net)
        seen = cells_on(page, chosen["cells"])
        if net is not None and set(seen) == {net.cell}:
            shown -= OF_FRESH_NETS | ({"seed"} if sequence is not None else set())
        chosen |= _start(shown, tuple(one for one in seen if net is None or one != net.cell))
        chosen |= _loss(shown, steps_of(chosen))
        edits = () if net is not None and net.in_parts else edited_weights.asked()
        found = edited_weights.that_fit(Settings(**chosen, edits=edits))
        if "edit" in shown:
            edited_weights.note("sidebar")
        opened_files.explained(found)
        if shown and not found.opened:
            back_to = say(preset_menu.recognised(found).title)
            st.button(say("Back to the preset"), on_click=preset_menu.back,
                      help=say(HELP["reset"], preset=back_to), width="stretch")  # fmt: skip
    return found


def _trained(shown: Set[str]) -> tuple[Trained | None, int]:
    """How the nets of this page are trained, and the update that is shown."""
    trained, update = trained_nets.asked()
    if "plan" in shown:
        trained_nets.choose(trained)
        return trained, update
    if trained is not None and shown:
        st.caption(say("The trained nets of other pages do not count on this one."))
    return None, 0


def _opened(
    shown: Set[str], script: str
) -> tuple[OpenedNet | None, OpenedSequence | None]:
    """The files that are open and count on this page, named with a button each to close them."""
    counts = bool({"plan", "whole net"} & shown)
    opened_files.listed(counts=counts or not shown, script=script)
    net, sequence = opened_files.asked(drawn="plan" in shown)
    return (net, sequence) if counts else (None, None)


def steps_of(chosen: dict[str, Any]) -> int:
    """T, of the sequence that is opened or of the one that is set."""
    sequence: OpenedSequence | None = chosen["sequence"]
    return chosen["length"] if sequence is None else len(sequence.x)


def _sequence(
    shown: Set[str], trained: Trained | None, net: OpenedNet | None,
    sequence: OpenedSequence | None,
) -> dict[str, Any]:  # fmt: skip
    if net is not None or sequence is not None:
        return _opened_sequence(shown, net, sequence)
    drawn = "task" in shown
    if drawn or "T" in shown:
        st.header(say("Sequence"))
    plan = None if trained is None else trained.plan
    name = url_controls.menu(
        say("Sequence"), list(TASKS) if trained is None else list(fitting(trained)), key="task",
        default=PRESET.task if plan is None else plan.task, drawn=drawn,
        words=lambda task: say(TASKS[task].title), label_visibility="collapsed",
    )  # fmt: skip
    task = TASKS[name]
    if drawn:
        st.caption(say(task.description))
    own = dict(plan.options) if plan is not None and plan.task == name else {}
    kinds = [replace(one, default=own.get(one.name, one.default)) for one in task.options]
    texts = tuple(one for one in kinds if one.kind == "text")
    options = task_options.controls(f"{name}_", texts, "", drawn=drawn)
    place, rest = st.container(), tuple(one for one in kinds if one.kind != "text")
    options |= task_options.controls(f"{name}_", rest, say("Sequence options"), drawn=drawn)
    with place:
        length = length_control(name, options, trained, drawn="T" in shown)
    return {"task": name, "options": tuple(options.items()), "length": length}


def _opened_sequence(
    shown: Set[str], net: OpenedNet | None, sequence: OpenedSequence | None
) -> dict[str, Any]:
    """The opened sequence; without one a task with as many inputs as the net, or random numbers."""
    st.header(say("Sequence"))
    if sequence is not None:
        steps, size = sequence.x.shape
        st.caption(say("{n} steps of {D} values, out of a file.", n=steps, D=size))
        return {"task": PRESET.task, "options": (), "length": PRESET.length}
    assert net is not None
    name = PRESET.task
    if tasks := [one for one in TASKS if fits(net, one)]:
        name = url_controls.menu(
            say("Sequence"), tasks, key="task", default=tasks[0], label_visibility="collapsed",
            words=lambda task: say(TASKS[task].title), drawn="task" in shown,
        )  # fmt: skip
        st.caption(say(TASKS[name].description))
    else:
        what = sequence_words(net, None, name)
        st.caption(say(what))
    most = min(LONGEST_OPENED, most_steps(net))
    length = int(url_controls.slider(
        say("T, length"), 2, most, key="T", default=min(PRESET.length, most), drawn="T" in shown,
        help=say(HELP["T_opened"], most=most),
    ))  # fmt: skip
    return {"task": name, "options": (), "length": length}


def length_control(
    task: str, options: Mapping[str, Any], trained: Trained | None = None, *, drawn: bool = True
) -> int:
    """T, by a slider whose ends the task, its options and the budget decide."""
    if TASKS[task].length_is == "maximum":
        if drawn:
            st.caption(say("T is the number of characters of the text."))
        return max(len(options["text"]), 1)
    usual, hidden = PRESET.length, _hidden(WIDEST, drawn=False)
    if trained is not None:
        usual, hidden = trained.plan.length, trained.hidden_size
    least, most = length_span(task, options, hidden)
    return int(url_controls.slider(
        say("T, length"), least, most, key="T", default=min(max(usual, least), most),
        drawn=drawn, help=say(HELP["T"]),
    ))  # fmt: skip


def length_span(task: str, options: Mapping[str, Any], hidden: int) -> tuple[int, int]:
    """The least and the largest T that can be shown with so many hidden units."""
    span = TASKS[task].lengths(**options)
    least = max(2, span.minimum)
    return least, max(least, min(span.maximum, LONGEST, BUDGET // hidden**2))


def cells_on(page: Page | None, cells: tuple[str, ...]) -> tuple[str, ...]:
    """The cells that a page shows when these are chosen."""
    if page is None:
        return cells
    return page.about or ((chosen_cell(cells),) if page.one_cell else cells)


def _cells(
    shown: Set[str], length: int, page: Page | None, net: OpenedNet | None = None
) -> dict[str, Any]:
    if shown & {"cells", "H", "bf", "bz", "cell_options"}:
        st.header(say("Cells"))
    names = cells_control(drawn="cells" in shown)
    hidden = PRESET.hidden_size
    if net is None:
        hidden = _hidden(min(WIDEST, math.isqrt(BUDGET // length)), drawn="H" in shown)
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
    """The options and held gates of all these cells; the controls of those ``seen`` are drawn.

    Options of cells that are their ``own``, out of a file, are not.
    """
    choices = {option: of for name in names for option, of in CELLS[name].choices.items()}
    drawn = {option for name in seen if name not in own for option in CELLS[name].choices}
    some = bool(drawn) or any(CELLS[name].holdable() for name in seen)
    with st.expander(say("Cell options")) if some else nullcontext():
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


def _hidden(most: int, *, drawn: bool) -> int:
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


def _start(shown: Set[str], cells: tuple[str, ...]) -> dict[str, Any]:
    drawn_anew = "init" in shown
    if drawn_anew:
        st.header(say("Initialisation"))
    seed = url_controls.number(
        say("Seed") if drawn_anew else say("Seed of the sequence"), 0, 999_999, key="seed",
        default=PRESET.seed, drawn="seed" in shown,
        help=say(HELP["seed"] if drawn_anew else HELP["seed_trained"]),
    )  # fmt: skip
    init = url_controls.menu(
        say("Initialisation scheme"), list(RECURRENT), key="init", default=PRESET.init,
        words=lambda name: say(INITS[name]), help=say(HELP["init"]), drawn="init" in shown,
    )  # fmt: skip
    drawn = "scale" in shown and any(CELLS[name].sees_past for name in cells)
    scaling = url_controls.buttons(
        say("W_h is set by its"), list(SCALINGS), key="scaling", default=PRESET.scaling,
        words=lambda name: say(SCALINGS[name]), help=say(HELP["scaling"]), drawn=drawn,
    )  # fmt: skip
    scale = url_controls.slider(
        say(SCALINGS[scaling]), 0.05, 3.0, key="scale", default=PRESET.scale, step=0.05,
        drawn=drawn,
    )  # fmt: skip
    without = [say(CELLS[name].title) for name in cells if not CELLS[name].sees_past]
    if "scale" in shown and without:
        st.caption(say("{cells}: there is no W_h to set.", cells=", ".join(without)))
    return {"seed": int(seed), "init": init, "scaling": scaling, "scale": scale}


def _loss(shown: Set[str], length: int) -> dict[str, Any]:
    drawn = "loss" in shown
    if drawn:
        st.header(say("Loss"))
    place = url_controls.menu(
        say("Where the loss sits"), LOSS_PLACES, key="loss", default=PRESET.loss, drawn=drawn,
        words=lambda name: say(LOSSES[name]), help=say(HELP["loss"]),
    )  # fmt: skip
    at = ""
    if place == "chosen":
        at = url_controls.text(
            say("Steps"), key="at", default=str(length), most=80, help=say(HELP["at"]),
            placeholder="10, 20-25", drawn=drawn, fit=lambda text: within(text, length),
        )  # fmt: skip
    return {"loss": place, "loss_at": at}


def within(text: str, length: int) -> str:
    """Those of the steps and ranges in ``text`` that lie within 1 … length; the last if none do."""
    kept = []
    for part in text.split(","):
        try:
            chosen_steps(part, length)
        except Refusal:
            continue
        kept.append(part.strip())
    return ", ".join(kept) or str(length)
