"""A player for the sound of an opened sequence; the cursors of all charts follow it."""

from __future__ import annotations

import streamlit as st

from rnnviz.formats.sequences import Sound
from rnnviz.ui.components._register import component

_FOLLOW = component("sound_cursor/sound_cursor")


def player(heard: Sound, steps: int, *, followed: bool) -> None:
    """Draw the sound; the time control follows it where the page's time is that of the sound."""
    with st.container(key="rv-sound", gap=None):
        st.audio(heard.samples, sample_rate=heard.rate)
        if followed:
            _FOLLOW(key="_sound", data={"seconds": heard.hop / heard.rate, "steps": steps})
