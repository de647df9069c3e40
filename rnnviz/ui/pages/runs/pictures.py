"""The pictures of some runs update by update: maps, one update's profile, gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rnnviz import plot
from rnnviz.browser.gradient_overview.contents import Contents
from rnnviz.figures.axes import colour_range
from rnnviz.plot.recorded import USES
from rnnviz.reports.document import document
from rnnviz.reports.parts import Chart, Part, Row, Text
from rnnviz.ui import chart, prose, url_controls
from rnnviz.ui.components.gradient_overview.overview import overview
from rnnviz.ui.components.update_slider.course import course
from rnnviz.ui.components.update_slider.slider import Move, chosen, update_slider
from rnnviz.ui.language import fragment
from rnnviz.ui.pages.runs import at_updates
from rnnviz.ui.pages.runs.at_updates import CURVES, TOLD, gate_key, map_key
from rnnviz.ui.pages.runs.controls import Asked
from rnnviz.ui.pages.runs.seen import Seen
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say

UPDATE = "ru"
BESIDE_BAR = 1.35
"""The width of the map with the colour bar, relative to that of the others."""


@fragment
def profiles(runs: Sequence[Seen], asked: Asked) -> None:
    """The slider, the maps, and the chosen update's gradient over time; the browser redraws."""
    known = at_updates.updates(runs)
    now = chosen(known, UPDATE)
    if len(known) > 1:
        update_slider(known, now, key="_runs_slider", on_move=_move, words={
            "label": say("Logged update u"), "before": say("first"), "after": say("last"),
            "help": say("Of a run the last log that is not after update u is shown."),
        })  # fmt: skip
    gate, use = _gate(runs)
    sent = at_updates.pictures(runs, known, gate)
    _maps(runs, asked)
    overview(Contents(*sent[now].charts[CURVES]), key=CURVES)
    with st.container(key=TOLD):
        st.html(next(iter(sent[now].html.values())))
    _gates(runs, asked, gate, use)
    course(sent, now, key="_runs_course", all_there=True)


def _move(move: Move) -> None:
    st.session_state[UPDATE] = move.update


def _maps(runs: Sequence[Seen], asked: Asked) -> None:
    """Update × timestep, a map a run, all on one scale; the browser marks the chosen update."""
    scale = colour_range([one.norms for one in runs])
    shares, charts = [BESIDE_BAR if one is runs[-1] else 1.0 for one in runs], list[Part]()
    for k, (column, one) in enumerate(zip(st.columns(shares), runs, strict=True)):
        fig = plot.recorded_gradients(
            one.run, place=one.place, state=one.state, steps=asked.span, scale=scale,
            title=f"<b>{one.name}</b>, {one.state}", theme=theme(), height=320,
            colorbar=one is runs[-1],
        )  # fmt: skip
        fig.data[0].colorbar.title.text = "‖∂L/∂s<sub>t</sub>‖₂"  # of c and of h alike
        words = say("{run}: gradient by update and timestep", run=one.name)
        column.plotly_chart(fig, key=map_key(k), config=chart.CONFIG, alt=words)
        charts.append(Chart(fig, words, look=theme()))
    definition, zero = _of_maps(), any(np.isneginf(one.norms).any() for one in runs)
    prose.caption(" ".join([
        definition, say("The line marks the chosen update u."),
        say("Grey in a map, and × at the lower edge of a curve: exactly 0.") if zero else "",
    ]))  # fmt: skip
    words = say("gradient by update and timestep")
    chart.words_and_table("runs_maps", words, lambda: pd.concat([
        pd.DataFrame(one.norms, index=[f"{one.name}, {step:.0f}" for step in one.steps])
        for one in runs
    ]), lambda: document(f"{words} · rnnviz", [
        Row([(share, [one]) for share, one in zip(shares, charts, strict=True)]),
        Text(" ".join([definition, say("Grey: exactly 0.") if zero else ""]), quiet=True),
    ]))  # fmt: skip


def _of_maps() -> str:
    return say(
        "‖∂L/∂s_t‖₂ over all units and the recorded examples; s is the state that a map's title "
        "names. All maps have one scale. A row is a log; of a long "
        "run at most 256 are shown, evenly spaced."
    )  # fmt: skip


def _gate(runs: Sequence[Seen]) -> tuple[str, str]:
    """The gate that is drawn and what of it; "" where no run has gates."""
    gates = list(dict.fromkeys(gate for one in runs for gate in one.gates))
    if not gates:
        return "", "mean"
    return (
        url_controls.buttons(say("Gate"), gates, key="rgate", default=gates[0], words=str,
                             drawn=False),
        url_controls.buttons(say("Of each unit"), list(USES), key="ruse", default="mean",
                             words=lambda one: say(USES[one]), drawn=False),
    )  # fmt: skip


def _gates(runs: Sequence[Seen], asked: Asked, gate: str, use: str) -> None:
    """Update × unit, a map a run that has the gate."""
    if not gate:
        return
    st.subheader(say("Gates, unit by unit"))
    _gate_choices(runs)
    having = [(k, one) for k, one in enumerate(runs) if gate in one.gates]
    shares = [BESIDE_BAR if one is having[-1][1] else 1.0 for _, one in having]
    drawn: dict[str, go.Figure] = {}
    for column, (k, one) in zip(st.columns(shares), having, strict=True):
        fig = plot.recorded_gates(
            one.run, gate, use, place=one.place, steps=asked.span, theme=theme(),
            title=f"<b>{one.name}</b>", height=280, colorbar=one is having[-1][1],
        )  # fmt: skip
        words = say("{run}: gate {gate} by update and unit", run=one.name, gate=gate)
        column.plotly_chart(fig, key=gate_key(k), config=chart.CONFIG, alt=words)
        drawn[one.name] = fig
    definition = say(
        "Over all timesteps and the recorded examples: each unit's mean, or the share of its "
        "values below 0.1 (closed) or above 0.9 (open)."
    )  # fmt: skip
    prose.caption(definition)
    words = say("gate {gate} by update and unit: {use}", gate=gate, use=say(USES[use]))
    charts = [Chart(fig, f"{name}: {words}", look=theme()) for name, fig in drawn.items()]
    chart.words_and_table("runs_gates", words, lambda: _by_unit(drawn), lambda: document(
        f"{words} · rnnviz",
        [Row([(share, [one]) for share, one in zip(shares, charts, strict=True)]),
         Text(words, quiet=True), Text(definition, quiet=True)],
    ))  # fmt: skip
    without = [one.name for one in runs if gate not in one.gates]
    if without:
        st.caption(say("No gate {gate}: {runs}.", gate=gate, runs=", ".join(without)))


def _by_unit(drawn: Mapping[str, go.Figure]) -> pd.DataFrame:
    """The numbers of the gate maps: a row a log, a column a unit."""
    maps = {name: fig.data[0] for name, fig in drawn.items()}
    return pd.concat([
        pd.DataFrame(one.z, index=[f"{name}, {step:.0f}" for step in one.customdata[:, 0]],
                     columns=pd.RangeIndex(1, one.z.shape[1] + 1))
        for name, one in maps.items()
    ])  # fmt: skip


def _gate_choices(runs: Sequence[Seen]) -> None:
    gates = list(dict.fromkeys(gate for one in runs for gate in one.gates))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        url_controls.buttons(say("Gate"), gates, key="rgate", default=gates[0], words=str)
        url_controls.buttons(say("Of each unit"), list(USES), key="ruse", default="mean",
                             words=lambda one: say(USES[one]))  # fmt: skip
