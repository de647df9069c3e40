"""The tour's card in the browser: what it says comes from `rnnviz.ui.shell.tour`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rnnviz.ui.components._register import component
from rnnviz.words import say

_CARD = component("tour_card/tour")


def tour_card(data: Mapping[str, Any], *, key: str, on_do: Callable[[], None]) -> None:
    """Draw the card, or with data {"leave": True} follow the page link that stands beside it.

    Event: ``do``, one of "go:4" and "show:4" (a step, without and with its answer), "page:app.py"
    and "end".
    """
    words = {
        "close": say("End the tour"), "wait": say("One moment …"), "right": say("Right."),
        "wrong": say("Not quite."), "next": say("Next"), "back": say("Back"),
        "restore": say("Set it again"),
        "region": say("Tour"),
    }  # fmt: skip
    _CARD(key=key, data={**data, "words": words}, on_do_change=on_do)
