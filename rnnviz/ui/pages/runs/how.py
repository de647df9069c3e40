"""How a training loop is recorded, in three lines, and what a verdict is made of."""

from __future__ import annotations

import streamlit as st

from rnnviz.recorder import causes as c
from rnnviz.recorder import verdict as v
from rnnviz.recorder.growth import GAPS, RECENT
from rnnviz.ui import prose
from rnnviz.ui.pages.runs.folder import Folder
from rnnviz.words import say
from rnnviz.words.numbers import percent

INSTALL = "pip install 'rnnviz[recorder]'"
CODE = '''import rnnviz

with rnnviz.watch(model.lstm, "runs/adding-lstm", every=50, guessing=1/6) as watching:   # PyTorch
    for x, target in batches:
        loss = criterion(model(x), target)
        optimiser.zero_grad()
        loss.backward()
        watching.loss(loss)
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)     # if you clip
        watching.clipped(norm, 1.0)
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


def judged() -> None:
    """The thresholds of the verdict."""
    with st.expander(say("What the verdict is made of"), key="_runs_judged"):
        prose.markdown(say(
            "- The end is the last fifth of the logs shown, at least {least}. Two losses differ "
            "where they differ by {doubt} standard errors of their medians, and by {below} (below "
            "guessing), {above} (above guessing or the start) or {apart} (no longer falling).\n"
            "- The gradient vanishes where less than 1 % of that of the last loss reaches step 1 "
            "at the end. It explodes where more than 100 times of it does: at a tenth of the logs, "
            "or at one after which the update is as large as the weights. It leaps up where its "
            "norm, after clipping if that was recorded, is above all before and {spike} times its "
            "median before, and of all logs.\n"
            "- An update is too large that moves the weights by their own norm, or in the median "
            "by {leaps} of it. Weights stand still that all logs together move by less than "
            "{little} of their norm.\n"
            "- A gate is shut where {shut} of its units are below 0.1 at 99 % of the steps at the "
            "end. Units are saturated where {saturated} of all values of h lie beyond ±0.9 "
            "(tanh), silent where {silent} of them stay within ±0.001.\n"
            "- Gates, units and the share are those of the layer that is chosen.\n"
            "- A run is said to grow while its last log is less than {recent} s old, or less than "
            "{gaps} times the time between its last logs.",
            least=c.LEAST, doubt=f"{v.DOUBT:.0f}", below=percent(v.BELOW), above=percent(v.ABOVE),
            apart=percent(v.APART), spike=f"{c.SPIKE:.0f}", leaps=percent(c.LEAPS),
            little=percent(c.MOVES_LITTLE), shut=percent(c.SHUT), saturated=percent(c.SATURATED),
            silent=percent(c.SILENT), recent=f"{RECENT:.0f}", gaps=f"{GAPS:.0f}",
        ))  # fmt: skip
