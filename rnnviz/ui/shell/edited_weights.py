"""Weights set by hand: kept in the URL as `edit`, counted on the page, and reset by a button."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from rnnviz.cells import short_name
from rnnviz.core.weight_edits import FIRST, Edit, place, read, set_to, without, written
from rnnviz.experiments.lost_edits import without_lost
from rnnviz.experiments.settings import Settings
from rnnviz.ui import cached, link_notices, url_controls
from rnnviz.words import say, sentence

_KEY, _HEARD = "edit", "_edit_heard"


def asked() -> tuple[Edit, ...]:
    """The edits in the URL, or made since."""
    text = url_controls.kept(_KEY, default="", read=read)
    return (read(text) or ()) if text else ()


def that_fit(settings: Settings) -> Settings:
    """The settings without edits that they leave no weight for; these leave the URL, with a notice.

    Settings that are refused for another reason keep theirs.
    """
    if not settings.edits:
        return settings
    try:
        example = cached.example(settings)
    except ValueError:
        return settings
    found, lost = without_lost(settings, example)
    for said in lost:
        link_notices.add(sentence("{refusal} This edit was removed.", refusal=said))
    if lost:
        url_controls.put(_KEY, written(found.edits), default="")
    return found


def note(where: str) -> None:
    """Draw the number of edited weights and a button that resets them, if there are any."""
    found = asked()
    if not found:
        return
    count = len(found)
    with st.container(horizontal=True, vertical_alignment="center", key=f"rv-edits-{where}"):
        st.markdown(
            say("{n} weight edited", n=count) if count == 1 else say("{n} weights edited", n=count),
            help="\n".join(f"- `{short_name(one.cell)}` {_named(one)} = {one.value:g}"
                           for one in found),
            width="content",
        )  # fmt: skip
        st.button(say("Reset edits"), on_click=_reset, key=f"_reset_edits_{where}")


def take(settings: Settings, event: dict[str, Any]) -> None:
    """Apply the browser's {cell, parameter, place, value, at}, in the layer that is looked at.

    A value of None removes the edit; ``at`` is the browser's time in ms.
    """
    st.session_state[_HEARD] = int(event.get("at", 0))
    cell, parameter = str(event["cell"]), str(event["parameter"])
    where = cached.place(settings)
    shapes = settings.shapes(cell, cached.example(settings), *where) or {}
    if parameter not in shapes:
        return
    index = np.unravel_index(int(event["place"]), shapes[parameter])
    value, entry = event["value"], tuple(int(k) for k in index)
    one = Edit(cell, parameter, entry, 0.0 if value is None else float(value), *where)
    st.session_state[_KEY] = written((without if value is None else set_to)(asked(), one))


def heard() -> int:
    """When the browser sent the last edit that arrived here, in its own ms; 0 before any."""
    return int(st.session_state.get(_HEARD, 0))


def places(settings: Settings, cell: str) -> list[tuple[str, int]]:
    """The (parameter, place in it flattened) that are edited in the layer that is looked at."""
    where = cached.place(settings)
    shapes = settings.shapes(cell, cached.example(settings), *where) or {}
    return [(one.parameter, place(one, shapes)) for one in settings.edits
            if one.cell == cell and one.place == where]  # fmt: skip


def _named(one: Edit) -> str:
    """The entry's name, with its layer and direction where it is not the first one forward."""
    if one.place == FIRST:
        return one.name
    return say("{name}, layer {layer}, {direction}", name=one.name, layer=one.layer + 1,
               direction=say(one.direction))  # fmt: skip


def _reset() -> None:
    st.session_state[_KEY] = ""
