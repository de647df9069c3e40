"""The tab «Way of the state»: the state in its strongest components, coloured by time or label."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.analysis.units import state_projection
from rnnviz.core.trace import LayerTrace
from rnnviz.figures.state_paths import KINDS, LONGEST
from rnnviz.ui import prose, url_controls
from rnnviz.ui.chart import figure
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.pages.units import findings
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say, word

Labels = tuple[str, ...] | None
COLORS = {"time": word("time"), "label": word("the step's label")}


def show(trace: LayerTrace, labels: Labels) -> None:
    """The path through the plane or space of the first components, and what they hold."""
    states = trace.cell.states
    count, by, name = _chosen(states, labels)
    if not np.isfinite(trace[name][:, 0]).all():
        st.info(say("{signal} is not finite at every step: it has no components.", signal=name))
        return
    found = state_projection(trace, count, signal=name)
    prose.markdown(findings.projected(found))
    _now(found.places)
    title = say(next(one.title for one in trace.cell.signals if one.name == name))
    definition = say(
        "Each point is {signal}, the {title}, at one timestep: H numbers, less their mean over "
        "time, along the directions in which they vary most (principal components, by a singular "
        "value decomposition). In brackets each component's share of the variance.",
        signal=name, title=title,
    )  # fmt: skip
    more = say("Drag to turn it.") if found.places.shape[1] == 3 else say(
        "The ring is at the chosen timestep; a click on a point goes to its timestep.")  # fmt: skip
    figure(
        plot.state_projection(found, by="label" if by == "label" else "time", theme=theme(),
                              labels=labels),
        key="each_projection", definition=f"{definition} {more}",
        summary=findings.projected(found),
        data=lambda: _table(found.places, labels),
    )  # fmt: skip


def _chosen(states: tuple[str, ...], labels: Labels) -> tuple[int, str, str]:
    """The number of components, what colours the points, and which state."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = states[-1]
        if len(states) > 1:
            name = url_controls.buttons(say("State"), states[::-1], key="state_of", default=name,
                                        words=str)  # fmt: skip
        count = url_controls.buttons(say("Components"), ("2", "3"), key="dims", default="2",
                                     words=str)  # fmt: skip
        by = "time"
        if labels is not None and can_tell_apart(labels):
            by = url_controls.buttons(
                say("Coloured by"), tuple(COLORS), key="color", default="time",
                words=lambda one: say(COLORS[one]),
            )  # fmt: skip
    return int(count), by, name


def can_tell_apart(labels: tuple[str, ...]) -> bool:
    """Whether the labels can be shown at the points: few different ones, or short ones."""
    kinds = set(labels)
    return len(kinds) <= KINDS or max(map(len, kinds)) <= LONGEST


def _now(places: np.ndarray) -> None:
    """The place at the timestep."""
    texts = [f"{{{k}}}" for k in range(places.shape[1])]
    stage.readout(
        say("At t = {t} the state is at {places}.", places=f"({', '.join(texts)})"), places.T,
        key="each_projection_now",
    )  # fmt: skip


def _table(places: np.ndarray, labels: Labels) -> pd.DataFrame:
    columns = [say("component {k}", k=k + 1) for k in range(places.shape[1])]
    table = pd.DataFrame(places, index=range(1, len(places) + 1), columns=columns)
    if labels is not None:
        table.insert(0, say("label"), labels)
    return table.rename_axis("t")
