"""How a training loop is recorded, in three lines."""

from __future__ import annotations

import streamlit as st

from rnnviz.ui.pages.runs.folder import Folder
from rnnviz.words import say

INSTALL = "pip install 'rnnviz[recorder]'"
CODE = '''import rnnviz

with rnnviz.watch(model.lstm, "runs/adding-lstm", every=50) as watching:   # PyTorch
    for x, target in batches:
        loss = criterion(model(x), target)
        optimiser.zero_grad()
        loss.backward()
        watching.loss(loss)
        optimiser.step()

watch = rnnviz.Watch("runs/adding-lstm")                                   # or in any other loop
watch.log(step, lstm, x, dh)   # x (T, B, D), dh = ∂L/∂outputs'''
SHOW = "python -m rnnviz runs/"


def draw(folder: Folder) -> None:
    """The way from a training loop to this page, and its code to be copied."""
    own = folder.given and bool(folder.runs)
    if not own:
        st.markdown(say(
            "1. Install the recorder: `{install}`.\n"
            "2. Put two lines around the training loop: the weights stay the same to the bit.\n"
            "3. Start the app with the folder, `{show}`: runs are followed while they grow.",
            install=INSTALL, show=SHOW,
        ))  # fmt: skip
    with st.expander(say("How to record a training run"), key="_runs_how"):
        st.code(CODE, language="python")
