"""The badge of the systems page: the project's live checks, on the system's own run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz.analysis.systems import Orbit
from rnnviz.analysis.verification.live_checks import Check, verify
from rnnviz.ui.language import fragment
from rnnviz.words import say
from rnnviz.words.numbers import number


def checks(found: Orbit) -> tuple[Check, ...]:
    """The run and its gradients, with a loss y_T on the last step."""
    dh = np.zeros((len(found.u), 1, found.system.size))
    dh[-1, 0] = found.system.C[0]
    return verify(found.trace, dh)


def badge(place: DeltaGenerator, found: Orbit) -> None:
    """Put it in its place, once the pictures are there."""
    with place:
        _badge(found)


@fragment
def _badge(found: Orbit) -> None:
    rows = checks(found)
    failed = sum(not one.ok for one in rows)
    label = say("✓ verified")
    if failed:
        label = say("not verified: {failed} checks fail", failed=failed)
    box = st.popover(label, key="_verified", on_change="rerun")
    if box.open:
        with box:
            st.markdown(
                say("These very numbers, checked live. Each error must stay below its bound.")
            )
            st.table(pd.DataFrame([
                {say("check"): say(one.words), say("error"): number(one.error),
                 say("bound"): number(one.bound),
                 say("holds"): say("yes") if one.ok else say("NO")}
                for one in rows
            ]).set_index(say("check")))  # fmt: skip
