"""The net and the sequence that were opened: kept in this session alone, named in the sidebar.

A link carries the digest of a file, never the file: opened elsewhere, the app says so and shows
what it shows without it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import streamlit as st

from rnnviz.cells import CELLS
from rnnviz.experiments.opened import OpenedNet, OpenedSequence
from rnnviz.experiments.opened_example import LOSSES, fits
from rnnviz.experiments.settings import Settings
from rnnviz.formats.sequences import Sound
from rnnviz.tasks import TASKS
from rnnviz.ui import link_notices, url_controls
from rnnviz.ui.components.sound_cursor.sound import player
from rnnviz.ui.kept import forget_mine
from rnnviz.ui.shell import settings_before
from rnnviz.words import say, sentence, word
from rnnviz.words.markup import inert

NET, SEQUENCE = "net", "seq"
"""The URL's keys of the digests."""
LAYER, SIDE = "layer", "side"
_NET, _SEQUENCE = "_opened_net", "_opened_sequence"
_CLOSED = "_closed_digests"
"""The session's key of the digests of files that were open in it."""
DIRECTIONS = {"forward": word("forward"), "reverse": word("reverse")}
PAGE = "pages/Your_net.py"
SOUND = "_seq_sound"
"""The session's key of the sound of an opened sequence."""
LONGEST = 22
"""The characters of a name for which there is room beside the button."""
ROUND = "round"
"""The end of the key that counts how often a field was emptied."""
MISSING = {
    NET: word("The link shows a net out of a file (digest {digest}). The file is not in the link: "
              "open it under “Your own net” to see the same."),
    SEQUENCE: word("The link shows a sequence out of a file (digest {digest}). The file is not in "
                   "the link: open it under “Your own net” to see the same."),
}  # fmt: skip

WAS_OPEN = {
    NET: word("This address shows a net that was open here (digest {digest}) and is closed now: "
              "open its file under “Your own net” to see it again."),
    SEQUENCE: word("This address shows a sequence that was open here (digest {digest}) and is "
                   "closed now: open its file under “Your own net” to see it again."),
}  # fmt: skip


def net() -> OpenedNet | None:
    """The net that is open in this session."""
    found: OpenedNet | None = st.session_state.get(_NET)
    return found


def sequence() -> OpenedSequence | None:
    """The sequence that is open in this session."""
    found: OpenedSequence | None = st.session_state.get(_SEQUENCE)
    return found


def anything() -> bool:
    """Whether a file is open."""
    return net() is not None or sequence() is not None


def show_net(opened: OpenedNet) -> None:
    """Open a net, on its own cell alone; called before the controls are drawn."""
    settings_before.keep(anew=not anything())
    _drop(_NET)
    st.session_state[_NET] = opened
    st.session_state["cells"] = [opened.cell]
    st.session_state[NET] = opened.digest
    for key in (LAYER, SIDE, "plan", "edit", "unit", "output"):
        st.session_state.pop(key, None)
        st.query_params.pop(key, None)
    st.session_state[LAYER] = str(opened.model.num_layers - 1)
    tasks = [one for one in TASKS if fits(opened, one)]
    if tasks and st.session_state.get("task") not in tasks:
        st.session_state["task"] = tasks[0]


def show_sequence(opened: OpenedSequence) -> None:
    """Open a sequence; called before the controls are drawn."""
    settings_before.keep(anew=not anything())
    _drop(_SEQUENCE)
    st.session_state[_SEQUENCE] = opened
    st.session_state[SEQUENCE] = opened.digest
    st.session_state.pop("plan", None)
    st.query_params.pop("plan", None)


def close_net() -> None:
    """Forget the net, and show the cells that were shown before; see `_closed`."""
    _drop(_NET)
    _forget("_net_")
    for key in (NET, LAYER, SIDE, "edit"):
        st.session_state.pop(key, None)
        st.query_params.pop(key, None)
    _closed("cells")


def close_sequence() -> None:
    """Forget the sequence; see `_closed`."""
    _drop(_SEQUENCE)
    _forget("_seq_")
    st.session_state.pop(SEQUENCE, None)
    st.query_params.pop(SEQUENCE, None)
    _closed()


def close_for_others() -> None:
    """Close what is open, and say so: it would stand for what other settings describe."""
    if anything():
        close_net()
        close_sequence()
        link_notices.add(sentence("The open files were closed: other settings were asked for."))


def _drop(key: str) -> None:
    """Forget a file and all that was computed from what is open; remember its digest alone."""
    for one in (net(), sequence()):
        if one is not None:
            one.made.clear()
    forget_mine()
    if (closed := st.session_state.pop(key, None)) is not None:
        st.session_state.setdefault(_CLOSED, set()).add(closed.digest)


def _closed(*keys: str) -> None:
    """Put settings back as they were before a file was opened: all with the last, else ``keys``."""
    settings_before.put_back(keys, everything=not anything())


def _forget(start: str) -> None:
    """Drop what the page kept of a file, and have a new, empty field for the next one."""
    for key in [str(one) for one in st.session_state if str(one).startswith(start)]:
        if key != start + ROUND:
            del st.session_state[key]
    st.session_state[start + ROUND] = st.session_state.get(start + ROUND, 0) + 1


def asked(*, drawn: bool) -> tuple[OpenedNet | None, OpenedSequence | None]:
    """The files that are open, the net at the layer and direction that are looked at.

    The digests stand in the URL; those of files that are not open here are said and left out.
    """
    found = _linked(NET, net()), _linked(SEQUENCE, sequence())
    one = found[0]
    if one is not None and one.in_parts:
        one = one.at(*_place(one, drawn=drawn))
    return one, found[1]


def _linked(key: str, opened: Any) -> Any:
    """What is open, its digest in the URL; a link's digest of another file is left out."""
    here = "" if opened is None else str(opened.digest)
    text = url_controls.kept(key, default="", read=_digest)
    if text and text != here:
        known = text in st.session_state.get(_CLOSED, ())
        link_notices.add(sentence((WAS_OPEN if known else MISSING)[key], digest=text))
    if text != here:
        url_controls.put(key, here, default="")
    return opened


def _digest(text: str) -> str | None:
    return text if re.fullmatch(r"[0-9a-f]{16}", text) else None


def _place(opened: OpenedNet, *, drawn: bool) -> tuple[int, str]:
    """The layer and direction that are looked at."""
    layers = [str(k) for k in range(opened.model.num_layers)]
    layer = url_controls.buttons(
        say("Layer"), layers, key=LAYER, default=layers[-1], drawn=drawn and len(layers) > 1,
        words=lambda one: str(int(one) + 1),
        help=say("Every page shows this layer of the whole net: what it reads from the layer "
                 "below, and the gradient that comes to it from above. "
                 "Layer 1 is next to the input."),
    )  # fmt: skip
    sides = list(opened.model.directions)
    side = url_controls.buttons(
        say("Direction"), sides, key=SIDE, default=sides[0], drawn=drawn and len(sides) > 1,
        words=lambda one: say(DIRECTIONS[one]),
    )  # fmt: skip
    if drawn and side == "reverse":
        st.caption(say("Time is shown in the order in which this direction reads: its step 1 is "
                       "the last step of the sequence."))  # fmt: skip
    return int(layer), side


def listed(*, counts: bool, script: str = "") -> None:
    """Draw what is open, each with a button that closes it; ``counts`` is whether it is shown."""
    found: Mapping[str, Any] = {"net": net(), "sequence": sequence()}
    if not any(found.values()):
        return
    st.header(say("Open files"))
    close = {"net": close_net, "sequence": close_sequence}
    for kind, one in found.items():
        if one is None:
            continue
        with st.container(horizontal=True, vertical_alignment="center", key=f"rv-open-{kind}",
                          horizontal_alignment="distribute", wrap=False):  # fmt: skip
            with st.container(gap=None, width="content"):
                st.caption(say("Net") if kind == "net" else say("Sequence"))
                st.text(_short(inert(one.file if kind == "net" else one.name)))
            st.button(say("Close"), key=f"_close_{kind}", on_click=close[kind], width="content")
    heard: Sound | None = st.session_state.get(SOUND)
    own = sequence()
    if heard is not None and own is not None and script != PAGE:
        forwards = st.session_state.get(SIDE) != "reverse"
        player(heard, len(own.x), followed=counts and forwards)
    if script != PAGE:
        st.page_link(PAGE, label=say("Open other files"))
    if not counts:
        st.caption(say("Files that are open do not count on this page."))


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def explained(settings: Settings) -> None:
    """Say in the sidebar what the sequence's targets are, and which cells are no opened net."""
    if not settings.opened:
        return
    try:
        kind = settings.targets_are
    except ValueError:
        return
    if kind:
        st.caption(say("Target: {what}.", what=say(LOSSES[kind])))
    if settings.net is None:
        return
    if settings.net.cell not in settings.cells:
        st.caption(say("The cell of the opened net, {cell}, is not chosen: no picture shows it.",
                       cell=say(CELLS[settings.net.cell].title)))  # fmt: skip
    elif len(settings.cells) > 1:
        st.caption(say("{cell} is the opened net. The other cells are fresh nets of its sizes.",
                       cell=say(CELLS[settings.net.cell].title)))  # fmt: skip
