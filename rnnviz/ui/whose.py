"""Whose gradient is it? The parts of that page."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.experiment import Settings
from rnnviz.figures import palette
from rnnviz.figures.axes import power
from rnnviz.figures.maps import step_map
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.figures.planes import Stack, stacked
from rnnviz.ui import computed, linked, stage, verified
from rnnviz.ui.page import heading, theme
from rnnviz.ui.parts import choose_cell, figure, not_finite
from rnnviz.ui.probe import Question, probe

DISTANCES = ((0, 0), (1, 2), (3, 5), (6, 10), (11, 20), (21, None))
"""Steps between a loss and the timestep that it reaches, in groups; the last is open."""
QUESTION = Question(
    start="loss on step τ",
    to="reaches step t",
    value="‖∂L_{t}/∂h_{k}‖ = {value}.",
    nothing="A loss reaches no step after its own.",
    worst="On its way back it shrank most, or grew least, at step {j}: by a factor of {loss}.",
)


def show(settings: Settings) -> None:
    """The itemised map, one loss step and one timestep out of it, and shares by distance."""
    place = heading("Whose gradient is it?")
    cell = choose_cell(settings.cells)
    name = CELLS[cell].title
    logs, labels = computed.itemised_norms(settings, cell), computed.labels(settings)
    steps = len(logs)
    stage.timeline(steps, labels=labels)
    own = np.diagonal(logs[:, 1:])
    total = np.array([_total(column) for column in logs[:, 1:].T])
    stage.readout(
        "Timestep t = {t} receives {0:log} from its own loss and {1:log} from all of them "
        "(the root of the summed squares).", np.stack([own, total]), key="whose_now",
    )  # fmt: skip
    not_finite({cell: computed.flow(settings, cell)})
    senders = np.flatnonzero(np.isfinite(logs).any(axis=1)) + 1
    if len(senders) == 1:
        st.info("The loss sits on one step only, so one row has all of it. Choose «On every step» "
                "under «Where the loss sits» to see who sends what.")  # fmt: skip
    figure(
        step_map(logs, first=1, rows="loss on step τ", columns="reaches timestep t",
                 title="‖∂L<sub>τ</sub>/∂h<sub>t</sub>‖₂", theme=theme(), labels=labels,
                 name="itemised"),
        key="itemised",
        definition="‖∂L_τ/∂h_t‖₂: how much gradient the loss of step τ alone sends to the hidden "
        "state of step t. The vectors of a column add up to ∂L/∂h_t.",
        summary=f"{name}: {_summary(logs)}", data=lambda: _table(logs),
    )  # fmt: skip
    probe(logs, name="itemised", first=1, question=QUESTION, along="row",
          key="itemised_probe")  # fmt: skip
    _one_of_each(logs, labels, name, senders)
    _distances(logs, labels, name)
    st.caption(f"{settings.in_words()}.")
    verified.show(place, settings, (cell,))


def _summary(logs: NDArray[np.float64]) -> str:
    finite = np.isfinite(logs)
    if not finite.any():
        return "no loss sends any gradient."
    top = np.unravel_index(np.where(finite, logs, -np.inf).argmax(), logs.shape)
    return (
        f"{int(finite.any(axis=1).sum())} steps have a loss that sends gradient; the most, "
        f"{power(float(logs[top]))}, goes from step {top[0] + 1} to step {top[1]}."
    )


def _table(logs: NDArray[np.float64]) -> pd.DataFrame:
    frame = pd.DataFrame(logs, index=range(1, len(logs) + 1), columns=range(logs.shape[1]))
    return frame.rename_axis(index="τ", columns="t")


def _one_of_each(
    logs: NDArray[np.float64], labels: tuple[str, ...] | None, name: str, senders: NDArray[np.int64]
) -> None:
    steps = len(logs)
    st.subheader("One loss, and one timestep")
    left, right = st.columns(2)
    last = int(senders[-1]) if senders.size else steps
    with left:
        sender = int(linked.number("Loss on step τ", 1, steps, key="tau", default=last))
    with right:
        receiver = int(linked.number("Timestep t", 0, steps, key="to", default=1))
    row = logs[sender - 1]
    reach = np.flatnonzero(row >= row[sender] - 2) if np.isfinite(row[sender]) else np.zeros(0)
    look = theme()
    ink = palette.signal_color("h", look)
    panels = [
        Panel(f"What the loss of step {sender} sends to each timestep",
              [Line(f"τ = {sender}", row, ink, first=0)], "power",
              "‖∂L<sub>τ</sub>/∂h<sub>t</sub>‖₂"),
        Panel(f"What timestep {receiver} receives from the loss of each step",
              [Line(f"t = {receiver}", logs[:, receiver], ink, first=1)], "power",
              "‖∂L<sub>τ</sub>/∂h<sub>t</sub>‖₂"),
    ]  # fmt: skip
    horizon = f"{sender - int(reach.min())} steps" if reach.size else "nowhere: no loss sits there"
    words = (
        f"{name}: of the loss on step {sender}, at least 1 % of what reaches its own step reaches "
        f"back {horizon}. Timestep {receiver} receives {power(_total(logs[:, receiver]))} in all "
        "(the root of the summed squares)."
    )
    figure(
        over_time(panels, theme=look, labels=labels, height=190, first=0), key="row_and_column",
        definition=words, summary=words,
        data=lambda: pd.DataFrame({f"sent by {sender}": pd.Series(row),
                                   f"received by {receiver}": pd.Series(logs[:, receiver],
                                   index=range(1, steps + 1))}).rename_axis("step"),
    )  # fmt: skip


def _total(logs: NDArray[np.float64]) -> float:
    finite = logs[np.isfinite(logs)]
    if not finite.size:
        return float("-inf")
    top = finite.max()
    return float(top + 0.5 * np.log10((10.0 ** (2 * (finite - top))).sum()))


def shares(logs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each distance group's share of Σ_τ ‖∂L_τ/∂h_t‖, (groups, T): columns add up to 1 or 0."""
    steps = len(logs)
    received = logs[:, 1:]
    top = np.where(np.isfinite(received), received, -np.inf).max(axis=0)
    with np.errstate(invalid="ignore"):
        sizes = np.where(np.isfinite(received), 10.0 ** (received - top), 0.0)
    distance = np.arange(1, steps + 1)[:, None] - np.arange(1, steps + 1)
    groups = [
        np.where((distance >= low) & (distance <= (steps if high is None else high)), sizes, 0)
        for low, high in DISTANCES
    ]
    parts = np.array([group.sum(axis=0) for group in groups])
    total = parts.sum(axis=0)
    return np.asarray(np.divide(parts, total, out=np.zeros_like(parts), where=total > 0))


def _distances(logs: NDArray[np.float64], labels: tuple[str, ...] | None, name: str) -> None:
    st.subheader("How far away is the loss that pays?")
    found, names = shares(logs), [_distance_name(*group) for group in DISTANCES]
    colors = palette.ramp(len(names), theme())
    parts = [Stack(*part) for part in zip(names, found, colors, strict=True)]
    far = float(found[-1].mean())
    figure(
        stacked(parts, axis="share of Σ ‖∂L<sub>τ</sub>/∂h<sub>t</sub>‖₂", theme=theme()),
        key="distances",
        definition="For each timestep, the sum over losses of the norm that each sends, split by "
        "the steps between: a share of the sum of norms, not of the norm of the sum.",
        summary=f"{name}: on average {100 * far:.2g} % comes from losses more than 20 steps away, "
        f"{100 * float(found[0].mean()):.2g} % from the step's own.",
        data=lambda: pd.DataFrame(found.T, columns=names,
                                  index=range(1, len(logs) + 1)).rename_axis("t"),
    )  # fmt: skip


def _distance_name(low: int, high: int | None) -> str:
    if high == 0:
        return "its own step"
    return f"{low} or more steps" if high is None else f"{low}–{high} steps"
