"""The page «Your own net»: what is open, how it fits together, and where to look at it."""

from __future__ import annotations

import streamlit as st

from rnnviz.experiments import opening
from rnnviz.experiments.settings import Settings
from rnnviz.ui.pages.your_net import answers, gallery, nets, sequences
from rnnviz.ui.shell import opened_files, shown_on
from rnnviz.ui.shell.frame import heading
from rnnviz.words import say
from rnnviz.words.markup import inert


def show(settings: Settings) -> None:
    """Net and sequence side by side, whether they fit, and the pages that show them."""
    heading(say("Your own net"))
    st.markdown(say(
        "Open the weights of a net that was trained elsewhere and a sequence for it to read: every "
        "gate and every gradient at every step, which fused layers such as PyTorch's nn.LSTM do "
        "not show. A net alone reads random numbers; a sequence alone is read by fresh nets."
    ))  # fmt: skip
    _fit()
    left, right = st.columns(2, gap="large")
    with left:
        nets.draw()
    with right:
        sequences.draw()
    answers.draw()
    gallery.draw()
    st.caption(say(
        "Files stay in this session and go nowhere else. A link to a page carries a file's digest, "
        "not the file."
    ))  # fmt: skip


def _fit() -> None:
    """Whether what is open can be shown, and where; nothing where nothing is open."""
    if not opened_files.anything():
        return
    why = opening.why_not(opened_files.net(), opened_files.sequence())
    with st.container(border=True, key="rv-look-at"):
        if why is not None:
            st.warning(inert(say(why)))
            return
        shown_on.links()
