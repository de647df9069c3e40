"""The parts of the page «Whose gradient?»: which loss sends how much to which timestep."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz import plot
from rnnviz.cells import CELLS
from rnnviz.experiments.settings import Settings
from rnnviz.plot.paths import distance_names, distance_shares
from rnnviz.ui import badge, cached, url_controls
from rnnviz.ui.chart import choose_cell, figure, not_finite
from rnnviz.ui.components.map_probe.probe import Question, probe
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.whose_gradient import findings
from rnnviz.ui.shell.frame import heading, theme
from rnnviz.words import say, word
from rnnviz.words.numbers import power

QUESTION = Question(
    start=word("loss on step τ"),
    to=word("reaches step t"),
    value=word("‖∂L_{t}/∂h_{k}‖ = {value}."),
    nothing=word("A loss reaches no step after its own."),
    worst=word(
        "On its way back it shrank most, or grew least, at step {j}: by a factor of {loss}."
    ),
)


def show(settings: Settings) -> None:
    """The itemised map, one loss step and one timestep out of it, and shares by distance."""
    place = heading(say("Whose gradient is it?"))
    cell = choose_cell(settings.cells)
    name = say(CELLS[cell].title)
    logs, labels = cached.itemised_norms(settings, cell), cached.labels(settings)
    steps = len(logs)
    st.markdown(findings.finding(logs, cell))
    stage.timeline(steps, labels=labels, back=True)
    own = np.diagonal(logs[:, 1:])
    total = np.array([_total(column) for column in logs[:, 1:].T])
    stage.readout(
        say("Timestep t = {t} receives {0:log} from its own loss and {1:log} from all of them "
            "(the root of the summed squares)."), np.stack([own, total]), key="whose_now",
    )  # fmt: skip
    not_finite({cell: cached.flow(settings, cell)})
    senders = np.flatnonzero(np.isfinite(logs).any(axis=1)) + 1
    if len(senders) == 1:
        st.info(say(
            "The loss sits on one step only, so one row has all of it. Choose «On every step» "
            "under «Where the loss sits» to see who sends what."
        ))  # fmt: skip
    figure(
        plot.loss_attribution(logs, theme=theme(), labels=labels),
        key="itemised",
        definition=say(
            "‖∂L_τ/∂h_t‖₂: how much gradient the loss of step τ alone sends to the hidden "
            "state of step t. The vectors of a column add up to ∂L/∂h_t."
        ),
        summary=_summary(name, logs), data=lambda: _table(logs),
    )  # fmt: skip
    probe(logs, name="itemised", first=1, question=QUESTION, along="row",
          key="itemised_probe")  # fmt: skip
    _one_of_each(logs, labels, name, senders)
    _distances(logs, labels, name)
    st.caption(f"{say(settings.in_words())}.")
    badge.show_cells(place, settings, (cell,))


def _summary(name: str, logs: NDArray[np.float64]) -> str:
    finite = np.isfinite(logs)
    if not finite.any():
        return say("{cell}: no loss sends any gradient.", cell=name)
    top = np.unravel_index(np.where(finite, logs, -np.inf).argmax(), logs.shape)
    return say(
        "{cell}: {count} steps have a loss that sends gradient; the most, {most}, goes from step "
        "{sender} to step {receiver}.",
        cell=name, count=int(finite.any(axis=1).sum()), most=power(float(logs[top])),
        sender=top[0] + 1, receiver=top[1],
    )  # fmt: skip


def _table(logs: NDArray[np.float64]) -> pd.DataFrame:
    frame = pd.DataFrame(logs, index=range(1, len(logs) + 1), columns=range(logs.shape[1]))
    return frame.rename_axis(index="τ", columns="t")


def _one_of_each(
    logs: NDArray[np.float64], labels: tuple[str, ...] | None, name: str, senders: NDArray[np.int64]
) -> None:
    steps = len(logs)
    st.subheader(say("One loss, and one timestep"))
    left, right = st.columns(2)
    last = int(senders[-1]) if senders.size else steps
    with left:
        sender = int(url_controls.number(say("Loss on step τ"), 1, steps, key="tau", default=last))
    with right:
        receiver = int(url_controls.number(say("Timestep t"), 0, steps, key="to", default=1))
    row = logs[sender - 1]
    reach = np.flatnonzero(row >= row[sender] - 2) if np.isfinite(row[sender]) else np.zeros(0)
    template = (
        word("{cell}: of the loss on step {sender}, at least 1 % of what reaches its own step "
             "reaches back {horizon} steps.")
        if reach.size
        else word("{cell}: of the loss on step {sender}, at least 1 % of what reaches its own step "
                  "reaches back nowhere: no loss sits there.")
    )  # fmt: skip
    horizon = sender - int(reach.min()) if reach.size else 0
    words = say(template, cell=name, sender=sender, horizon=horizon) + " " + say(
        "Timestep {receiver} receives {total} in all (the root of the summed squares).",
        receiver=receiver, total=power(_total(logs[:, receiver])),
    )  # fmt: skip
    figure(
        plot.one_loss(logs, sender, receiver, theme=theme(), labels=labels), key="row_and_column",
        definition=words, summary=words,
        data=lambda: pd.DataFrame({
            say("sent by {sender}", sender=sender): pd.Series(row),
            say("received by {receiver}", receiver=receiver): pd.Series(
                logs[:, receiver], index=range(1, steps + 1)),
        }).rename_axis(say("step")),
    )  # fmt: skip


def _total(logs: NDArray[np.float64]) -> float:
    finite = logs[np.isfinite(logs)]
    if not finite.size:
        return float("-inf")
    top = finite.max()
    return float(top + 0.5 * np.log10((10.0 ** (2 * (finite - top))).sum()))


def _distances(logs: NDArray[np.float64], labels: tuple[str, ...] | None, name: str) -> None:
    st.subheader(say("How far away is the loss that pays?"))
    found = distance_shares(logs)
    far = float(found[-1].mean())
    figure(
        plot.loss_distances(logs, theme=theme()),
        key="distances",
        definition=say(
            "For each timestep, the sum over losses of the norm that each sends, split by "
            "the steps between: a share of the sum of norms, not of the norm of the sum."
        ),
        summary=say(
            "{cell}: on average {far:.2g} % comes from losses more than 20 steps away, "
            "{own:.2g} % from the step's own.",
            cell=name, far=100 * far, own=100 * float(found[0].mean()),
        ),
        data=lambda: pd.DataFrame(found.T, columns=distance_names(),
                                  index=range(1, len(logs) + 1)).rename_axis("t"),
    )  # fmt: skip
