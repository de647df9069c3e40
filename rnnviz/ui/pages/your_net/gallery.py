"""Nets that come with the app, each with a sentence on what it shows."""

from __future__ import annotations

import streamlit as st

from rnnviz.formats.gallery.items import ITEMS, Item
from rnnviz.ui.language import spoken
from rnnviz.ui.pages.your_net import nets, sequences
from rnnviz.ui.shell import opened_files
from rnnviz.words import say


def draw() -> None:
    """A card for each, with a button that opens it."""
    st.subheader(say("From the gallery"))
    for item, column in zip(ITEMS, st.columns(len(ITEMS), gap="medium"), strict=True):
        with column, st.container(border=True, key=f"rv-gallery-{item.file.partition('.')[0]}"):
            st.markdown(f"**{say(item.title)}**")
            st.markdown(say(item.see))
            st.caption(say(item.source))
            st.button(say("Open"), key=f"_gallery_{item.file}", on_click=_open, args=(item,))


@spoken
def _open(item: Item) -> None:
    """Open its net and what it reads; called before anything is drawn."""
    opened_files.close_sequence()
    nets.take(item.data(), item.file)
    st.session_state["loss"] = item.loss
    if item.text:
        sequences.take_text(item.text, say(item.title))
        return
    st.session_state["task"], st.session_state["T"] = item.task, item.length
