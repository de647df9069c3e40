"""What an opened net of classes answers at every step, as a table."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rnnviz.core.forward_run import run
from rnnviz.experiments.settings import Settings
from rnnviz.ui.shell import opened_files
from rnnviz.words import say

MOST = 10**7
"""The most that T · H² · layers may be: this runs whenever the page is drawn."""


def draw() -> None:
    """The most probable class of every step, where a net of classes reads an opened sequence."""
    net, sequence = opened_files.net(), opened_files.sequence()
    if net is None or sequence is None or net.model.readout is None:
        return
    work = len(sequence.x) * net.model.hidden_size**2 * net.model.num_layers
    if net.model.readout.kind != "softmax" or work > MOST:
        return
    try:
        example = Settings(net=net, sequence=sequence, cells=(net.cell,)).example()
    except ValueError:
        return
    found = run(net.model, example.x).predictions
    assert found is not None
    best = found[:, 0].argmax(axis=-1)
    st.subheader(say("What the net answers"))
    table = pd.DataFrame({
        say("step"): example.step_labels,
        say("most probable class"): [example.output_labels[k] for k in best],
        say("its probability"): found[range(len(best)), 0, best].round(3),
    }, index=pd.RangeIndex(1, len(best) + 1, name="t"))  # fmt: skip
    st.dataframe(table, height=210, key="_table_answers")
