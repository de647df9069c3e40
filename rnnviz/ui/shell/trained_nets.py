"""Fresh or trained nets: the choice, the slider over updates, and training what is asked for.

The plan stands in the URL as `plan`, the update as `u`; without a plan the nets are fresh.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz.cells import CELLS
from rnnviz.core.initialisation import OWN_GATE_BIASES
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.trained import Trained, of_sequence
from rnnviz.experiments.trained_text import read, written
from rnnviz.training import Run
from rnnviz.ui import url_controls
from rnnviz.words import say, word

PLAN, UPDATE = "plan", "u"
KINDS = {"fresh": word("Fresh"), "trained": word("Trained")}
_KIND = "_weights"
SHOWN = "_shown"
"""The session's key of the settings that the page before showed, and of its script."""


def asked() -> tuple[Trained | None, int]:
    """How the nets are trained, None for fresh ones, and the update that is looked at."""
    text = url_controls.kept(PLAN, default="", read=lambda link: read(link) if link else None)
    trained = read(text) if text else None
    if trained is None:
        return None, 0
    return trained, url_controls.place(trained.checkpoints, key=UPDATE, drawn=False)


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
    return say(
        "Trained on {plan}: H = {H}, seed {seed}, {updates} updates by {optimiser} at η = "
        "{rate:g}, {batch} sequences each. Only sequences that fit these nets can be chosen.",
        plan=say(trained.words), H=trained.hidden_size, seed=plan.seed, updates=plan.updates,
        optimiser=plan.optimiser, rate=plan.rate, batch=plan.batch,
    )  # fmt: skip


def _choose() -> None:
    """Train what is shown, or show fresh nets; called before the controls are drawn."""
    settings: Settings = st.session_state[SHOWN][0]
    wanted = st.session_state[_KIND] == "trained"
    st.session_state[PLAN] = written(of_settings(settings)) if wanted else ""
    st.session_state.pop(UPDATE, None)
    st.query_params.pop(UPDATE, None)


def of_settings(settings: Settings) -> Trained:
    """The plan at its defaults that trains the fresh nets of these settings on their sequence."""
    biases = {} if settings.init in OWN_GATE_BIASES else {
        "forget_bias": settings.forget_bias, "update_bias": settings.update_bias,
    }  # fmt: skip
    return of_sequence(
        settings.task, settings.length, settings.options, settings.seed, settings.hidden_size,
        init=settings.init, **biases,
    )  # fmt: skip


def prepare(settings: Settings, cells: tuple[str, ...]) -> None:
    """Train the nets of these cells where they are not yet, with a bar; say where it stopped."""
    if (trained := settings.trained) is None:
        return
    wanting = [cell for cell in cells if not trained.ready(cell, settings.options_of(cell))]
    if wanting:
        place = st.empty()
        bar = place.progress(0.0)
        for k, cell in enumerate(wanting):
            trained.run(cell, settings.options_of(cell), _teller(bar, k, wanting))
        place.empty()
    for cell in cells:
        stopped = trained.run(cell, settings.options_of(cell)).stopped
        if stopped is not None:
            st.info(say(
                "{cell}: training stopped in update {update}, where a number is not finite; shown "
                "is the last net kept before.",
                cell=say(CELLS[cell].title), update=stopped.update,
            ))  # fmt: skip


def _teller(bar: DeltaGenerator, k: int, cells: Sequence[str]) -> Callable[[Run], None]:
    """What shows on the bar how far the k-th of these cells is trained."""
    begun = perf_counter()

    def tell(run: Run) -> None:
        part = run.done / run.plan.updates
        rest = (perf_counter() - begun) * (len(cells) - k - part) / (k + part)
        bar.progress((k + part) / len(cells), say(
            "Training the {cell}: {done} of {all} updates; about {rest:.0f} s left in all. Every "
            "control stops it.",
            cell=say(CELLS[cells[k]].title), done=run.done, all=run.plan.updates, rest=rest,
        ))  # fmt: skip

    return tell


def slider(settings: Settings) -> None:
    """Draw the slider over the updates; the pictures follow it."""
    if (trained := settings.trained) is None:
        return
    url_controls.place(
        trained.checkpoints, key=UPDATE, label=say("After update u of training"),
        help=say("0 is before training. Only the weights change; sequence and loss stay."),
    )  # fmt: skip
