"""The tour's card: it sets the controls, asks a question, and answers it from the numbers shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import streamlit as st

from rnnviz.experiments.presets import same
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.tour import END, END_TITLE, RESTORED, TOUR, Step
from rnnviz.ui import cached, url_controls
from rnnviz.ui.components.tour_card.tour import tour_card
from rnnviz.ui.shell import preset_menu, tour_return
from rnnviz.ui.shell.navigation import name_of, pages
from rnnviz.words import say

_KEY, _GO, _EVENT = "tour", "_tour_page", "_tour_card"
_AT, _RESTORED = "_tour_from", "_tour_restored"
OVER = "end"
"""The value of the URL's `tour` on the closing card."""
PLACES = (*(str(n) for n in range(1, len(TOUR) + 1)), OVER)
LINKS = ("pages/Training.py", "pages/Paths.py", "pages/Initialisation.py",
         "pages/Whose_gradient.py")
"""What the closing card offers next."""


def follow(script: str) -> None:
    """Before anything is drawn: set the controls for a link that names only a step of the tour."""
    st.session_state[_AT] = script
    tour_return.follow(script)
    if _KEY not in st.session_state and st.query_params.get(_KEY) in PLACES[:-1]:
        n = int(st.query_params[_KEY])
        if set(st.query_params) <= {_KEY, *preset_menu.KEPT}:
            if tour_return.KEY not in st.query_params:
                tour_return.remember(script, plain=True)
            _set(n, shown=False)
        for key, value in TOUR[n - 1].controls:
            if key not in st.session_state and key not in st.query_params and key != "t":
                st.session_state[key] = value


def button() -> None:
    """Draw the button that starts or ends the tour."""
    on = place()
    tour_return.keep(on not in ("", OVER))
    if on:
        st.button(say("End the tour"), on_click=_end, width="stretch", key="_tour_button")
    else:
        st.button(say("Take the tour"), on_click=_begin, width="stretch", key="_tour_button")


def place() -> str:
    """The step that the tour is at, "end" on the closing card, or nothing."""
    return url_controls.kept(
        _KEY, default="", read=lambda asked: asked if asked in PLACES else None
    )


def card(settings: Settings, script: str) -> None:
    """Draw the card if the tour is on; where the tour changes the page, stop the run after it."""
    page, at = st.session_state.pop(_GO, script), place()
    if page != script:
        _leave(page)
    if not at:
        return
    data = _closing() if at == OVER else _step(int(at), settings, script)
    with st.container(key="rv-tour"):
        tour_card(data, key=_EVENT, on_do=_do)


def _leave(page: str) -> None:
    """Have the browser follow a link: `st.switch_page` refuses while the timestep is in the URL."""
    with st.container(key="rv-tour"):
        st.page_link(page, label=name_of(page))
        tour_card({"leave": True}, key=_EVENT, on_do=_do)
    st.stop()


def _closing() -> dict[str, Any]:
    look = f"{say(END)} {say(RESTORED)}" if st.session_state.get(_RESTORED) else say(END)
    return {
        "n": len(TOUR) + 1, "of": "", "title": say(END_TITLE), "look": look, "state": "over",
        "links": [{"page": page, "label": name_of(page)} for page in LINKS],
    }  # fmt: skip


def _step(n: int, settings: Settings, script: str) -> dict[str, Any]:
    """The card's words for step n under these settings."""
    step = TOUR[n - 1]
    state = _standing(step, settings, script)
    data: dict[str, Any] = {
        "n": n, "of": say("Step {n} of {all}", n=n, all=len(TOUR)), "title": say(step.title),
        "state": state, "hides": step.asks != step.shows, "anchor": step.anchor, "room": step.room,
        "last": n == len(TOUR), "right": step.right,
    }  # fmt: skip
    if state == "elsewhere":
        words = say("The picture of this step is on the page {page}.", page=name_of(step.page))
        return data | {"notice": words}
    found, controls = cached.flows(settings), _controls(step)
    # What was asked is asked of the settings before the answer, and stays readable after it.
    asked = cached.flows(step.asks) if state == "shows" else found
    told: Mapping[str, Any] = {}
    if set(step.asks.cells) <= set(asked):
        told = step.tell(asked, controls)
    data |= {"look": say(step.look, **told), "question": say(step.question, **told),
             "answers": [say(one, **told) for one in step.answers]}  # fmt: skip
    if set(step.shows.cells) <= set(found):
        answer, numbers = step.read(found, controls)
        data |= {"answer": answer, "truth": say(step.truth, **numbers)}
        if state != "asks" and answer != step.right:
            instead = say("None of the answers holds now.")
            if answer >= 0:
                instead = say("Now the answer would be: {answer}",
                              answer=say(step.answers[answer], **told))  # fmt: skip
            data |= {"broken": say("With these numbers it no longer holds. {instead}",
                                   instead=instead)}  # fmt: skip
    elif state == "changed":
        data |= {"broken": say("The cells that this step speaks of are not all shown.")}
    if state == "changed":
        data |= {"notice": say("A setting of this step has been changed.")}
    return data


def _standing(step: Step, settings: Settings, script: str) -> str:
    """Whether page and settings are the step's: "shows", "asks", "changed" or "elsewhere"."""
    if script != step.page:
        return "elsewhere"
    controls = _controls(step)
    if all(controls[key] == value for key, value in step.controls if key != "t"):
        if same(settings, step.shows):
            return "shows"
        if same(settings, step.asks):
            return "asks"
    return "changed"


def _controls(step: Step) -> dict[str, Any]:
    """Key → value of the page's own controls that the step sets."""
    return {key: st.session_state.get(key, value) for key, value in step.controls}


def _begin() -> None:
    """Remember page and controls, and go to the first step."""
    tour_return.remember(st.session_state[_AT])
    _set(1, shown=False)


def _go(n: int) -> None:
    """Go to step n, before its answer; beyond the last, to the closing card."""
    if n <= len(TOUR):
        return _set(n, shown=False)
    if st.session_state.get(_KEY) != OVER:
        _restore()
    st.session_state[_KEY] = OVER


def _set(n: int, *, shown: bool) -> None:
    step = TOUR[n - 1]
    preset_menu.apply(step.shows if shown else step.asks, step.controls)
    st.session_state[_KEY], st.session_state[_GO] = str(n), step.page


def _end() -> None:
    _restore()
    st.session_state[_KEY] = ""


def _restore() -> None:
    """Set page and controls as they were when the tour began, if it is not over already."""
    if (page := tour_return.restore()) is not None:
        st.session_state[_GO] = page
    st.session_state[_RESTORED] = page is not None


def _do() -> None:
    """Do what was pressed on the card: "go:4", "show:4", "page:app.py" or "end"."""
    event = re.fullmatch(r"(go|show|page|end):?(.*)", str(st.session_state[_EVENT].get("do")))
    if event is None:
        return
    what, which = event.groups()
    if what == "end" or (what == "page" and which in pages()):
        _end()
    if what == "page" and which in pages():
        st.session_state[_GO] = which
    elif what in ("go", "show") and which in map(str, range(1, len(TOUR) + 2)):
        _go(int(which)) if what == "go" else _set(min(int(which), len(TOUR)), shown=True)
