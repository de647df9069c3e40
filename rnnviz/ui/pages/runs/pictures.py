"""The pictures of some runs: maps, one update's profile, lines over training, gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.browser.gradient_overview.contents import Contents
from rnnviz.figures.axes import colour_range
from rnnviz.plot.recorded import LINEAR, QUANTITIES, USES, is_linear, line_of
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
from rnnviz.words.symbols import lowered

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
    columns = st.columns([BESIDE_BAR if one is runs[-1] else 1.0 for one in runs])
    for k, (column, one) in enumerate(zip(columns, runs, strict=True)):
        with column:
            fig = plot.recorded_gradients(
                one.run, place=one.place, state=one.state, steps=asked.span, scale=scale,
                title=f"<b>{one.name}</b>, {one.state}", theme=theme(), height=320,
                colorbar=one is runs[-1],
            )  # fmt: skip
            fig.data[0].colorbar.title.text = "‖∂L/∂s<sub>t</sub>‖₂"  # of c and of h alike
            st.plotly_chart(fig, key=map_key(k), config=chart.CONFIG,
                            alt=say("{run}: gradient by update and timestep", run=one.name))
    zero = any(np.isneginf(one.norms).any() for one in runs)
    prose.caption(say(
        "‖∂L/∂s_t‖₂ over all units and the recorded examples; s is the state that a map's title "
        "names. All maps have one scale. A row is a log; of a long "
        "run at most 256 are shown, evenly spaced. The line marks the chosen update u."
    ) + (" " + say("Grey in a map, and × at the lower edge of a curve: exactly 0.")
         if zero else ""))  # fmt: skip
    chart.words_and_table("runs_maps", say("gradient by update and timestep"), lambda: pd.concat([
        pd.DataFrame(one.norms, index=[f"{one.name}, {step:.0f}" for step in one.steps])
        for one in runs
    ]))  # fmt: skip


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
    columns = st.columns([BESIDE_BAR if one is having[-1][1] else 1.0 for _, one in having])
    for column, (k, one) in zip(columns, having, strict=True):
        with column:
            fig = plot.recorded_gates(
                one.run, gate, use, place=one.place, steps=asked.span, theme=theme(),
                title=f"<b>{one.name}</b>", height=280, colorbar=one is having[-1][1],
            )  # fmt: skip
            st.plotly_chart(fig, key=gate_key(k), config=chart.CONFIG,
                            alt=say("{run}: gate {gate} by update and unit", run=one.name,
                                    gate=gate))  # fmt: skip
    prose.caption(say(
        "Over all timesteps and the recorded examples: each unit's mean, or the share of its "
        "values below 0.1 (closed) or above 0.9 (open)."
    ))  # fmt: skip
    without = [one.name for one in runs if gate not in one.gates]
    if without:
        st.caption(say("No gate {gate}: {runs}.", gate=gate, runs=", ".join(without)))


def _gate_choices(runs: Sequence[Seen]) -> None:
    gates = list(dict.fromkeys(gate for one in runs for gate in one.gates))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        url_controls.buttons(say("Gate"), gates, key="rgate", default=gates[0], words=str)
        url_controls.buttons(say("Of each unit"), list(USES), key="ruse", default="mean",
                             words=lambda one: say(USES[one]))  # fmt: skip


def over_training(runs: Sequence[Seen], asked: Asked) -> None:
    """A line a run: share, loss, norm of all gradients, and σ₁ or ρ of W_h."""
    st.subheader(say("Over training"))
    definitions = _definitions()
    left, right = st.columns(2)
    for column, quantity in ((left, "share"), (right, "loss"), (left, "total_norm")):
        with column:
            _line(runs, asked, quantity, definitions[quantity])
    with right:
        matrix = url_controls.buttons(lowered(say("Of W_h")), ["sigma1", "rho"], key="rW",
                                      default="sigma1",
                                      words=lambda one: {"sigma1": "σ₁", "rho": "ρ"}[one])
        _line(runs, asked, matrix, definitions[matrix])


def _definitions() -> Mapping[str, str]:
    return {
        "share": say("How much of the gradient of the last loss L reaches step 1: ‖∂L/∂s_1‖ over "
                     "‖∂L/∂s‖ at the step of that loss, s the memory state. Each norm is over all "
                     "recorded examples together: those with the largest gradients count most."),
        "loss": say("The loss as the training loop gave it, of each logged batch."),
        "total_norm": say("The norm of all weights' gradients together; where it was not given, "
                          "that of the net's own weights over the recorded examples."),
        "sigma1": say("The largest singular value of any block of W_h."),
        "rho": say("The largest spectral radius of any block of W_h."),
    }  # fmt: skip


def _line(runs: Sequence[Seen], asked: Asked, quantity: str, definition: str) -> None:
    named = {one.name: one for one in runs}
    place = runs[0].place if len({one.place for one in runs}) == 1 else None
    fig = plot.recorded_lines({name: one.run for name, one in named.items()}, quantity,
                              place=place, steps=asked.span, theme=theme(),
                              height=270)  # fmt: skip
    linear = is_linear({name: one.run for name, one in named.items()}, quantity, asked.span, place)
    lines = {name: line_of(one.run, quantity, one.place, asked.span, linear)
             for name, one in named.items()}  # fmt: skip
    definition += " " + _axis(quantity, linear)
    if any(np.isneginf(values).any() for _, values in lines.values()):
        definition += " " + say("× at the lower edge: exactly 0.")
    words = say(QUANTITIES[quantity][1]).replace("W<sub>h</sub>", "Wₕ")
    chart.figure(fig, key=f"runs_{quantity}", definition=definition, summary=words,
                 data=lambda: pd.concat({
                     name: pd.Series(values, steps) for name, (steps, values) in lines.items()
                 }, axis=1).rename_axis("u"))  # fmt: skip


def _axis(quantity: str, linear: bool) -> str:
    """Which axis was chosen and why, where there was a choice."""
    if quantity not in LINEAR:
        return ""
    if quantity != "loss":
        return say("Linear axis: all values lie within a factor of 10, or one is not positive.") \
            if linear else say("Logarithmic axis: the values differ by a factor of 10 or more.")
    return say("Linear axis: all losses lie within a factor of 10, or one is not positive.") \
        if linear else say("Logarithmic axis: the losses differ by more than a factor of 10.")
