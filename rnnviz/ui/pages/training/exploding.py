"""A net whose training explodes, the same with clipping, and a rate that is too large."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.numerics.arrays import Array
from rnnviz.training import Plan, Run
from rnnviz.training.jobs import Job, Seen
from rnnviz.ui import background, chart, prose
from rnnviz.ui.language import fragment
from rnnviz.ui.pages.training import findings_exploding as findings
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say, word

FIRST = 20
"""So many updates show what explodes."""
EVERY = 0.5
"""Seconds between two looks at what is not finished."""
_ASKED = "_training_exploding"


@dataclass(frozen=True)
class Case:
    """One example: its name, and the job."""

    title: str
    job: Job


def cases() -> dict[str, Case]:
    """Key → example: a gradient that explodes, with and without clipping; a rate, and less."""
    plan = Plan("adding", 40, updates=1500, optimiser="momentum", rate=0.02, schedule="cosine",
                clip=None)
    wild: dict[str, Any] = {"nonlinearity": "relu", "init": "orthogonal", "gain": 1.7}
    calm = wild | {"gain": 1.4}
    return {
        "bare": Case(word("large gain"), Job.of("rnn", plan, **wild)),
        "clipped": Case(word("clipped"),
                        Job.of("rnn", replace(plan, clip=1.0), **wild)),
        "fast": Case(word("rate 1"),
                     Job.of("rnn", replace(plan, rate=1.0), **calm)),
        "slow": Case(word("rate 0.02"), Job.of("rnn", plan, **calm)),
    }  # fmt: skip


def show() -> None:
    """The section: nothing is trained before it is opened."""
    st.subheader(say("Exploding gradients, and a learning rate that is too large"))
    prose.caption(say(
        "Four RNNs with ReLU on the adding problem, T = 40, momentum, no clipping but where it is "
        "said. “Large gain” and “clipped”: W_h orthogonal with gain 1.7, learning rate 0.02. “Rate "
        "1” and “rate 0.02”: gain 1.4, with these learning rates."
    ))  # fmt: skip
    if not st.session_state.get(_ASKED):
        st.button(say("Train these four"), key="_train_four", on_click=_ask)
        return
    waiting = _waiting(_seen())
    fragment(_live, EVERY if waiting else None)(waiting)


def _ask() -> None:
    st.session_state[_ASKED] = True


def _seen() -> dict[str, Seen]:
    return {key: background.see(one.job) or background.ask(one.job)
            for key, one in cases().items()}  # fmt: skip


def _waiting(seen: Mapping[str, Seen]) -> bool:
    return any(one.stage in ("waiting", "training") for one in seen.values())


def _live(waiting: bool) -> None:
    seen = _seen()
    if _waiting(seen) != waiting:
        st.rerun()
    if waiting:
        done = sum(one.run.done for one in seen.values())
        total = sum(one.job.plan.updates for one in seen.values() if one.run.stopped is None)
        st.progress(min(1.0, done / max(total, 1)), say("Training …"))
        return
    _draw({key: one.run for key, one in seen.items()})


def _draw(runs: Mapping[str, Run]) -> None:
    words = findings.finding(runs)
    titles = {key: say(one.title) for key, one in cases().items()}
    named = {titles[key]: run for key, run in runs.items()}
    finite = {titles[key]: run for key, run in runs.items() if run.stopped is None}
    prose.markdown(words)
    left, right = st.columns(2)
    with left:
        chart.figure(
            plot.total_gradients(named, theme=theme(), until=FIRST), key="exploding_norm",
            definition=say("Norm of all gradients together, before clipping, in the first {n} "
                           "updates. A line that ends is a training that stopped.", n=FIRST),
            summary=words, data=lambda: _columns({k: one.gradient_norm for k, one in named.items()})
        )  # fmt: skip
    with right:
        chart.figure(
            plot.learning_curves(finite, theme=theme()), key="exploding_loss",
            definition=say("Training loss of the nets that reach the end."), summary=words,
            data=lambda: _columns({name: run.loss for name, run in named.items()}),
        )  # fmt: skip
    st.table(pd.DataFrame(findings.rows(runs, titles)).set_index(say("net")))


def _columns(found: Mapping[str, Array]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(one, index=range(1, len(one) + 1))
                         for name, one in found.items()}).rename_axis(say("update"))  # fmt: skip
