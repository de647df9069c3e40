"""The controls of a task's own options."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import streamlit as st

from rnnviz.tasks import Option
from rnnviz.ui import url_controls
from rnnviz.words import say

TEXT_LIMIT = 200
"""The most characters a typed sentence may have."""


def control(key: str, option: Option, *, drawn: bool = True) -> Any:
    """The control that fits an option, under its key."""
    label = say(option.label)
    more: dict[str, Any] = {"key": key, "default": option.default, "drawn": drawn}
    more["help"] = say(option.description)
    match option.kind:
        case "choice":
            return url_controls.menu(label, option.choices, words=plain, **more)
        case "text":
            return url_controls.text(label, most=TEXT_LIMIT, tall=True,
                                     fit=lambda text: text or str(option.default),
                                     **more)  # fmt: skip
        case "whole":
            return url_controls.slider(
                label, int(option.minimum), min(int(option.maximum), 100), **more
            )
    return url_controls.number(label, float(option.minimum), float(option.maximum), **more)


def controls(
    key: str, options: tuple[Option, ...], label: str, *, drawn: bool = True
) -> dict[str, Any]:
    """The controls of all options, those that are no text in an expander; name → value.

    ``key`` stands before every option's name. What counts nothing beside the others is not drawn.
    """
    texts = [one for one in options if one.kind == "text"]
    rest = [one for one in options if one.kind != "text"]
    found = {one.name: control(f"{key}{one.name}", one, drawn=drawn) for one in texts}
    with st.expander(label) if drawn and rest else nullcontext():
        for one in rest:
            found[one.name] = control(f"{key}{one.name}", one, drawn=drawn and one.counts(found))
    return found


def plain(name: str) -> str:
    """An option's value in words."""
    return say(name.replace("_", " "))
