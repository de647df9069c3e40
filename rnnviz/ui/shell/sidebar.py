"""The sidebar that all pages share; every control's value is in the URL under its key."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.core.initialisation import OWN_GATE_BIASES, RECURRENT
from rnnviz.experiments.settings import BUDGET, LOSS_PLACES, Settings
from rnnviz.tasks import TASKS, Option
from rnnviz.ui import url_controls
from rnnviz.ui.shell import edited_weights, held_gates, preset_menu
from rnnviz.ui.shell.sidebar_labels import CELL_OPTIONS, HELP, INITS, LOSSES, SCALINGS
from rnnviz.words import say

PRESET = Settings()
TEXT_LIMIT = 200
"""The most characters a typed sentence may have."""
LONGEST = 500
"""The most timesteps of any other sequence."""
BIAS_STEP = 0.25
BIASES = -2.0, BIAS_STEP * math.ceil(math.log(LONGEST - 1) / BIAS_STEP)
"""The least and the largest gate bias: the advice asks for up to ln(LONGEST − 1)."""


def sidebar() -> Settings:
    """Draw every control; return the settings that they ask for, unchecked."""
    with st.sidebar:
        chosen = {**_sequence(), **(cells := _cells()), **_start(cells["cells"]), **_loss()}
        work = chosen["length"] * chosen["hidden_size"] ** 2
        st.caption(say("T × H² = {work:,} of at most {most:,}", work=work, most=BUDGET))
        edited_weights.note("sidebar")
        st.button(say("Back to the preset"), on_click=preset_menu.back, help=say(HELP["reset"]),
                  width="stretch")  # fmt: skip
    return Settings(**chosen, edits=edited_weights.asked())


def _sequence() -> dict[str, Any]:
    st.header(say("Sequence"))
    name = url_controls.menu(
        say("Sequence"), list(TASKS), key="task", default=PRESET.task,
        words=lambda task: say(TASKS[task].title), label_visibility="collapsed",
    )  # fmt: skip
    task = TASKS[name]
    st.caption(say(task.description))
    texts = {option.name: _option(name, option) for option in task.options if option.kind == "text"}
    if task.length_is == "maximum":
        length = max(len(texts["text"]), 1)
        st.caption(say("T is the number of characters of the text."))
    else:
        length = int(url_controls.slider(
            say("T, length"), 2, LONGEST, key="T", default=PRESET.length, help=say(HELP["T"])
        ))  # fmt: skip
    with st.expander(say("Sequence options")):
        rest = {option.name: _option(name, option) for option in task.options
                if option.name not in texts}  # fmt: skip
        if not rest:
            st.caption(say("This sequence has none."))
    return {"task": name, "options": (*texts.items(), *rest.items()), "length": length}


def _option(task: str, option: Option) -> Any:
    """The control that fits a task's option."""
    key, label = f"{task}_{option.name}", say(option.label)
    more: dict[str, Any] = {"key": key, "default": option.default}
    more["help"] = say(option.description)
    match option.kind:
        case "choice":
            return url_controls.menu(label, option.choices, words=_plain, **more)
        case "text":
            return url_controls.text(label, most=TEXT_LIMIT, tall=True, **more)
        case "whole":
            return url_controls.slider(
                label, int(option.minimum), min(int(option.maximum), 100), **more
            )
    return url_controls.number(label, float(option.minimum), float(option.maximum), **more)


def _plain(name: str) -> str:
    """An option's value in words."""
    return say(name.replace("_", " "))


def _cells() -> dict[str, Any]:
    st.header(say("Cells"))
    names = usual_first(url_controls.several(
        say("Cells"), usual_first(tuple(CELLS)), key="cells", default=PRESET.cells,
        words=lambda name: say(CELLS[name].title), label_visibility="collapsed",
    ))  # fmt: skip
    hidden = url_controls.slider(
        say("H, hidden units"), 1, 128, key="H", default=PRESET.hidden_size, help=say(HELP["H"])
    )
    biases = {
        "forget_bias": _bias(say("Forget bias b_f"), "bf", "forget_bias", names),
        "update_bias": _bias(say("Update bias b_z"), "bz", "update_bias", names),
    }
    choices = {option: of for name in names for option, of in CELLS[name].choices.items()}
    with st.expander(say("Cell options")):
        options = tuple((option, _choice(option, allowed)) for option, allowed in choices.items())
        hold = held_gates.asked(names)
        if not options and not any(CELLS[name].holdable() for name in names):
            st.caption(say("The chosen cells have none."))
    return {"cells": names, "hidden_size": int(hidden), "cell_options": options, "hold": hold,
            **biases}  # fmt: skip


def usual_first(names: tuple[str, ...]) -> tuple[str, ...]:
    """The preset's cells in the preset's order, then the rest."""
    usual = PRESET.cells
    return tuple(sorted(names, key=lambda name: usual.index(name) if name in usual else len(usual)))


def _choice(option: str, allowed: tuple[Any, ...]) -> Any:
    label = say(CELL_OPTIONS[option])
    if set(allowed) == {False, True}:
        return url_controls.switch(label, key=option, default=allowed[0])
    return url_controls.menu(label, allowed, key=option, default=allowed[0], words=_plain)


def _start(cells: tuple[str, ...]) -> dict[str, Any]:
    st.header(say("Initialisation"))
    seed = url_controls.number(
        say("Seed"), 0, 999_999, key="seed", default=PRESET.seed, help=say(HELP["seed"])
    )
    init = url_controls.menu(
        say("Law of the weights"), list(RECURRENT), key="init", default=PRESET.init,
        words=lambda name: say(INITS[name]), help=say(HELP["init"]),
    )  # fmt: skip
    scaling = url_controls.buttons(
        say("W_h is set by its"), list(SCALINGS), key="scaling", default=PRESET.scaling,
        words=lambda name: say(SCALINGS[name]), help=say(HELP["scaling"]),
    )  # fmt: skip
    scale = url_controls.slider(
        say(SCALINGS[scaling]), 0.05, 3.0, key="scale", default=PRESET.scale, step=0.05
    )
    without = [say(CELLS[name].title) for name in cells if not CELLS[name].sees_past]
    if without:
        st.caption(say("{cells}: there is no W_h to set.", cells=", ".join(without)))
    return {"seed": int(seed), "init": init, "scaling": scaling, "scale": scale}


def _bias(label: str, key: str, name: str, cells: tuple[str, ...]) -> float:
    """A bias's slider; its label names the shown cells that have it."""
    default = getattr(PRESET, name)
    scheme = st.session_state.get("init", st.query_params.get("init"))
    having = [say(CELLS[cell].title) for cell in cells if name in CELLS[cell].bias_blocks]
    owners = ", ".join(having) or say("none of these cells")
    return url_controls.slider(
        f"{label} ({owners})", *BIASES, key=key, default=default, step=BIAS_STEP,
        help=say(HELP[name]), disabled=scheme in OWN_GATE_BIASES,
    )  # fmt: skip


def _loss() -> dict[str, Any]:
    st.header(say("Loss"))
    place = url_controls.menu(
        say("Where the loss sits"), LOSS_PLACES, key="loss", default=PRESET.loss,
        words=lambda name: say(LOSSES[name]), help=say(HELP["loss"]),
    )  # fmt: skip
    at = ""
    if place == "chosen":
        at = url_controls.text(
            say("Steps"), key="at", default=PRESET.loss_at, most=80, help=say(HELP["at"]),
            placeholder="10, 20-25",
        )  # fmt: skip
    return {"loss": place, "loss_at": at}
