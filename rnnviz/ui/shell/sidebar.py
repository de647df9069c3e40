"""The settings that all pages share; every control's value is in the URL under its key.

A page names in its `PAGE` the settings that count on it (`counts`): the sidebar shows those alone,
but for the ones that the page itself draws beside its pictures (`beside`). The values of all others
are kept for the pages on which they count. Of its parts «Sequence» and «Cells» have files of their
own.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any

import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.core.initialisation import RECURRENT
from rnnviz.experiments.opened import OpenedNet, OpenedSequence
from rnnviz.experiments.settings import LOSS_PLACES, Settings
from rnnviz.experiments.settings_checks import chosen_steps
from rnnviz.experiments.settings_words import INITS
from rnnviz.experiments.trained import Trained
from rnnviz.ui import url_controls
from rnnviz.ui.shell import edited_weights, opened_files, preset_menu, trained_nets
from rnnviz.ui.shell.navigation import WITH_TRAINED, Page
from rnnviz.ui.shell.sidebar_cells import cell_controls, cells_on
from rnnviz.ui.shell.sidebar_labels import HELP, LOSSES, SCALINGS
from rnnviz.ui.shell.sidebar_limits import LARGEST_SCALE, PRESET
from rnnviz.ui.shell.sidebar_sequence import sequence_controls
from rnnviz.words import Refusal, say
from rnnviz.words.symbols import lowered

OF_FRESH_NETS = frozenset(("H", "bf", "bz", "init", "scale"))
"""The settings that count nothing where nets are trained: the plan has its own."""


def sidebar(page: Page | None = None) -> Settings:
    """Draw the controls that count on a page, or all; return all settings, unchecked."""
    shown = WITH_TRAINED if page is None else page.counts - page.beside
    with st.sidebar:
        net, sequence = _opened(shown, "" if page is None else page.script)
        trained, update = (None, 0) if net or sequence else _trained(shown)
        if trained is not None:
            shown -= OF_FRESH_NETS
        if net is not None:
            shown -= {"H"}
        chosen = sequence_controls(shown, trained, net, sequence)
        chosen |= {"trained": trained, "update": update, "net": net, "sequence": sequence}
        chosen |= cell_controls(shown, chosen["length"], page, net)
        seen = cells_on(page, chosen["cells"])
        if net is not None and set(seen) == {net.cell}:
            shown -= OF_FRESH_NETS | ({"seed"} if sequence is not None else set())
        chosen |= _start(shown, tuple(one for one in seen if net is None or one != net.cell))
        chosen |= _loss(shown, steps_of(chosen))
        found = edited_weights.that_fit(Settings(**chosen, edits=edited_weights.asked()))
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
        words=lambda name: lowered(say(INITS[name])), help=say(HELP["init"]), drawn="init" in shown,
    )  # fmt: skip
    drawn = "scale" in shown and any(CELLS[name].sees_past for name in cells)
    scaling = url_controls.buttons(
        say("W_h is set by its"), list(SCALINGS), key="scaling", default=PRESET.scaling,
        words=lambda name: say(SCALINGS[name]), help=say(HELP["scaling"]), drawn=drawn,
    )  # fmt: skip
    scale = url_controls.slider(
        say(SCALINGS[scaling]), 0.05, LARGEST_SCALE, key="scale", default=PRESET.scale, step=0.05,
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
