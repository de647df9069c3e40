"""Fresh or trained nets: the choice, the slider over updates, the button on Training.

The plan stands in the URL as `plan`, the update as `u`; without a plan the nets are fresh.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from rnnviz.cells import short_name
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.settings_checks import BUDGET
from rnnviz.experiments.trained import MOST_SECONDS, Trained
from rnnviz.experiments.trained_on import of_sequence
from rnnviz.experiments.trained_text import read, written
from rnnviz.experiments.updates_made import updates_made
from rnnviz.training import Plan
from rnnviz.training.optimisers import TITLES
from rnnviz.ui import badge, prose, url_controls
from rnnviz.ui.components.update_slider.slider import Move, update_slider
from rnnviz.ui.language import fragment
from rnnviz.ui.shell import opened_files
from rnnviz.ui.shell.navigation import pages
from rnnviz.words import say, word

Drawn = TypeVar("Drawn")
PLAN, UPDATE = "plan", "u"
KINDS = {"fresh": word("Fresh"), "trained": word("Trained")}
_KIND = "_weights"
_LEFT, _MADE = "_plan_left", "_plan_made"
"""The plan and update from which one went to fresh nets, and the plan that was made here last."""
_HELD, _WHOLE = "_slider_held", "_slider_whole_page"
"""Whether the slider is being dragged, and whether the whole page is being drawn."""
SHOWN = "_shown"
"""The session's key of the settings that the page before showed, and of its script."""


def asked() -> tuple[Trained | None, int]:
    """How the nets are trained, None for fresh ones, and the update that is looked at."""
    text = url_controls.kept(PLAN, default="", read=lambda link: read(link) if link else None)
    trained = read(text) if text else None
    if trained is None:
        return None, 0
    return trained, url_controls.place(trained.checkpoints, key=UPDATE, drawn=False)


def planned(settings: Settings) -> Settings:
    """The settings with the trained nets that the other pages show."""
    trained, update = asked()
    return replace(settings, trained=trained, update=update)


def choose(trained: Trained | None) -> None:
    """Draw the choice between fresh and trained nets, and how they were trained."""
    st.header(say("Weights"))
    st.session_state[_KIND] = "fresh" if trained is None else "trained"
    st.segmented_control(
        say("Weights"), list(KINDS), key=_KIND, format_func=lambda one: say(KINDS[one]),
        required=True, on_change=_choose, label_visibility="collapsed",
        help=say("Fresh: as they are drawn. Trained: the same nets after training on the sequence "
                 "that is shown."),
    )  # fmt: skip
    if trained is not None:
        st.caption(about(trained))


def about(trained: Trained) -> str:
    """The plan in one line."""
    plan = trained.plan
    held = ", ".join(f"{short_name(cell)}.{gate} = {value:g}" for cell, gate, value in trained.hold)
    said = say(
        "Trained on {plan}: H = {H}, seed {seed}, {updates} by {optimiser} at η = "
        "{rate:g}, {batch} sequences each. Only sequences that fit these nets can be chosen.",
        plan=say(trained.words), H=trained.hidden_size, seed=plan.seed,
        updates=updates_made(plan.updates),
        optimiser=say(TITLES[plan.optimiser]), rate=plan.rate, batch=plan.batch,
    )  # fmt: skip
    return f"{said} " + say("Held in training: {gates}.", gates=held) if held else said


def _choose() -> None:
    """Show fresh nets, or trained ones; called before the controls are drawn.

    A plan that came by a link or from Training is shown again where its sequence fits; else what
    is shown is trained.
    """
    settings: Settings = st.session_state[SHOWN][0]
    if st.session_state[_KIND] == "fresh":
        text = st.session_state.get(PLAN, "")
        own = text and text != st.session_state.get(_MADE)
        st.session_state[_LEFT] = (text, st.session_state.get(UPDATE)) if own else None
        _set("", None)
        return
    if (left := st.session_state.get(_LEFT)) is not None and _fits(left[0], settings):
        _set(*left)
        return
    st.session_state[_MADE] = written(of_settings(settings))
    _set(st.session_state[_MADE], None)


def _set(plan: str, update: int | None) -> None:
    """Set plan and update, by default the plan's last."""
    st.session_state[PLAN] = plan
    st.session_state.pop(UPDATE, None)
    st.query_params.pop(UPDATE, None)
    if update is not None:
        st.session_state[UPDATE] = update


def _fits(text: str, settings: Settings) -> bool:
    """Whether the nets of a plan can be shown on the sequence of these settings."""
    try:
        replace(settings, trained=read(text), update=0, edits=()).check()
    except ValueError:
        return False
    return True


def of_settings(settings: Settings) -> Trained:
    """The plan at its defaults that trains the fresh nets of these settings on their sequence."""
    return of_sequence(settings.task, settings.length, settings.options, settings.seed,
                       settings.hidden_size, **_start(settings))  # fmt: skip


def _start(settings: Settings) -> dict[str, Any]:
    """The initialisation of the settings' fresh nets, as `Trained` has it."""
    names = ("init", "scaling", "scale", "forget_bias", "update_bias", "hold")
    return {name: getattr(settings, name) for name in names}


def offer(settings: Settings, plan: Plan, hidden_size: int) -> None:
    """Draw a button that shows the nets of a plan on the other pages, and links to those.

    Nets whose training takes long, or that those pages refuse, are not offered. Gates that are
    held stay held.
    """
    trained = Trained(plan, hidden_size, **_start(settings))
    if trained.seconds > MOST_SECONDS:
        return
    if too_large(trained):
        prose.caption(say("The other pages show no nets this large: there T × H² is at most "
                          "{limit:,}.", limit=BUDGET))  # fmt: skip
        return
    with st.container(horizontal=True, vertical_alignment="center", key="rv-offer"):
        if st.session_state.get(PLAN) != written(trained):
            st.button(say("Show these nets on the other pages"), on_click=_take, args=(trained,))
            return
        st.markdown(say("These nets are on:"), width="content")
        for page in pages().values():
            if "plan" in page.counts:
                st.page_link(page.script, label=say(page.name), width="content")


def too_large(trained: Trained) -> bool:
    """Whether the other pages refuse the nets on their own task's sequence."""
    return trained.plan.length * trained.hidden_size**2 > BUDGET


def _take(trained: Trained) -> None:
    """Show trained nets on their own task; called before the controls are drawn."""
    opened_files.close_for_others()
    plan = trained.plan
    st.session_state[PLAN] = written(trained)
    st.session_state[UPDATE] = plan.updates
    st.session_state["task"], st.session_state["T"] = plan.task, plan.length
    for name, value in plan.options:
        st.session_state[f"{plan.task}_{name}"] = value


def slider(settings: Settings) -> None:
    """Draw the slider over the updates; the pictures follow it while it is dragged."""
    if (trained := settings.trained) is None or len(trained.checkpoints) < 2:
        return
    update_slider(trained.checkpoints, settings.update, key="_update_slider", on_move=_move)


def followed(settings: Settings, draw: Callable[[Settings], Drawn]) -> Drawn:
    """A part of a page that follows the slider, which is drawn above it, while that is dragged.

    Whatever else is set in the part, and the slider when it rests, draws the whole page anew.
    """
    if settings.trained is None:
        return draw(settings)
    st.session_state[_WHOLE] = True
    return fragment(_following)(settings, draw)


def _following(settings: Settings, draw: Callable[[Settings], Drawn]) -> Drawn:
    trained, held = settings.trained, st.session_state.pop(_HELD, False)
    assert trained is not None
    if not st.session_state.pop(_WHOLE, False):
        settings = replace(settings, update=st.session_state[UPDATE])
        if not held or not all(trained.ready(cell, settings.options_of(cell), upto=settings.update)
                               for cell in settings.cells):  # fmt: skip
            st.rerun()
    above = st.container()
    drawn = draw(settings)
    with above:  # last, so that the slider knows that the part is drawn
        slider(settings)
    return drawn


def _move(move: Move) -> None:
    """Show another checkpoint; the checks wait until the slider is let go."""
    st.session_state[UPDATE], st.session_state[_HELD] = move
    badge.wait_once(move.held)
