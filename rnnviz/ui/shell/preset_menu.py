"""The menu of presets, the line that says what the chosen one shows, and the way back to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz.experiments.address import in_controls
from rnnviz.experiments.presets import PRESETS, Preset, matching
from rnnviz.experiments.settings import Settings
from rnnviz.ui import cached, url_controls
from rnnviz.ui.shell import opened_files
from rnnviz.ui.shell.navigation import name_of
from rnnviz.words import say

KEPT = ("t", "lang", "tour", "before")
"""URL keys that a preset does not change."""
PLACE = "tab"
"""The part of a page that one looks at: a preset changes it only if it names it."""
_MENU, _CHOSEN = "_preset_menu", "_preset"


def apply(settings: Settings, controls: Iterable[tuple[str, Any]] = ()) -> None:
    """Set all controls before they are drawn; a control that is not named gets its default.

    Files that are open are closed: they would stand for the nets that these settings describe.
    """
    opened_files.close_for_others()
    url_controls.forget(but=(*KEPT, PLACE))
    for key, value in (in_controls(settings) | dict(controls)).items():
        st.session_state[key] = value


def current() -> dict[str, Any]:
    """Key → value of every control, the timestep among them."""
    keys = [key for key in (*url_controls.keys(), "t") if key not in ("lang", "tour", "before")]
    return {key: st.session_state[key] for key in keys if key in st.session_state}


def put_back(controls: Mapping[str, Any]) -> None:
    """Set all controls as `current` found them."""
    url_controls.forget(but=KEPT)
    for key, value in controls.items():
        st.session_state[key] = value


def menu(place: DeltaGenerator, settings: Settings) -> None:
    """Draw the menu in its place above the controls, after they have been read."""
    found = matching(settings)
    if found is not None:
        st.session_state[_CHOSEN] = found.name
    name = _changed_from(settings) if found is None else found.name
    st.session_state[_MENU] = name

    def title(one: str) -> str:
        # The menu has room for one line: the chosen one stands there without its topic.
        words = say(PRESETS[one].title)
        return words if one == name else f"{say(PRESETS[one].topic.value)} · {words}"

    # Only a menu without a choice may be cleared.
    index = None if name is None else list(PRESETS).index(name)
    with place:
        st.selectbox(
            say("Preset"), list(PRESETS), key=_MENU, index=index,
            format_func=title, placeholder=say("Settings of your own"), on_change=_choose,
        )  # fmt: skip
        if name is not None and found is None:
            st.caption(say("Changed from this preset."))


def _choose() -> None:
    if (name := st.session_state[_MENU]) in PRESETS:
        _apply(PRESETS[name])


def back() -> None:
    """Set every control as the preset of `chosen` has it; the timestep stays."""
    _apply(chosen())


def recognised(settings: Settings) -> Preset:
    """The preset that these settings are, from now on the chosen one; else that chosen last."""
    if (found := matching(settings)) is not None:
        st.session_state[_CHOSEN] = found.name
    return chosen()


def chosen() -> Preset:
    """The preset that was chosen last; before any was, the first."""
    return PRESETS.get(st.session_state.get(_CHOSEN, ""), next(iter(PRESETS.values())))


def _apply(preset: Preset) -> None:
    st.session_state[_CHOSEN] = preset.name
    apply(preset.settings, preset.controls)


def _changed_from(settings: Settings) -> str | None:
    """The chosen preset; None before one was chosen, and where its sequence was left."""
    name = str(st.session_state.get(_CHOSEN))
    return name if name in PRESETS and PRESETS[name].settings.task == settings.task else None


def page_of(settings: Settings) -> str | None:
    """The script of the preset's page; None where these settings are no preset's."""
    found = matching(settings)
    return None if found is None else found.page


def line(settings: Settings, script: str) -> None:
    """Draw what the preset shows, its source and its page; or that the preset has been changed."""
    found = matching(settings)
    if opened_files.anything():
        return
    if found is None:
        if (name := _changed_from(settings)) is not None:
            st.caption(say("Changed from the preset “{preset}”.",
                           preset=say(PRESETS[name].title)))  # fmt: skip
        return
    claim = found.claim(settings, cached.flows)
    with st.container(key="rv-preset", gap="xxsmall"):
        words = say(found.see, **claim.numbers) if claim.holds else say(
            "What this preset is to show does not hold for these numbers.")  # fmt: skip
        st.caption(f"**{say(found.title)}.** {words} *{found.source}.*")
        if found.page != script:
            st.page_link(found.page, label=say("Look at: {page}", page=name_of(found.page)))
