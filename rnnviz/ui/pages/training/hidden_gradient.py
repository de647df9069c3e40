"""Vanishing is hard to notice while training: loss, total norm, and the gradient by timestep."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from rnnviz import plot
from rnnviz.numerics.arrays import Array
from rnnviz.plot.learning import history_scale
from rnnviz.ui import chart, prose
from rnnviz.ui.language import fragment
from rnnviz.ui.pages.training import findings_learning, findings_steady
from rnnviz.ui.pages.training.findings_learning import title
from rnnviz.ui.pages.training.plan_controls import Asked
from rnnviz.ui.pages.training.watched import Shown
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import number

BESIDE_BAR = 1.35
"""The width of the map with the colour bar, relative to that of the others."""
_LAST = "_training_last"
Gradients = Mapping[str, Mapping[int, Array]]


def show(asked: Asked, shown: Mapping[str, Shown], naive: float) -> None:
    """The maps that tell what loss and norm do not, and any checkpoint by a slider."""
    st.subheader(say("Vanishing is hard to notice while training"))
    words = findings_learning.healthy(shown)
    if words:
        prose.markdown(words)
    _at(asked, shown, naive)


def gradients(shown: Mapping[str, Shown]) -> Gradients:
    """Cell → checkpoint → log10 norms by timestep, as far as it is shown."""
    return {cell: {one_of: one.run.gradients[one_of] for one_of in one.checkpoints}
            for cell, one in shown.items()}  # fmt: skip


def _maps(found: Gradients, now: int) -> None:
    """Update × timestep, a map a cell, all on one scale, with a line at the chosen update."""
    scale = history_scale(found.values())
    last = list(found)[-1]
    columns = st.columns([BESIDE_BAR if cell == last else 1.0 for cell in found])
    for column, (cell, one) in zip(columns, found.items(), strict=True):
        with column:
            fig = plot.gradient_history(one, title=f"<b>{title(cell)}</b>", scale=scale,
                                        theme=theme(), height=300, colorbar=cell == last,
                                        update=now)  # fmt: skip
            st.plotly_chart(fig, key=f"train_history_{cell}", config=chart.CONFIG,
                            alt=say("{cell}: gradient by update and timestep", cell=title(cell)))
    prose.caption(say(
        "‖∂L_S/∂s_t‖₂ of the last loss alone, s the memory state (c, or h without one), over 32 "
        "sequences that were not trained on; root mean square. All maps have one scale. A row is a "
        "checkpoint: rows are equally high, though more and more updates lie between them. The "
        "line is at u = {u}.", u=now,
    ))  # fmt: skip
    words = say("gradient by update and timestep")
    chart.words_and_table("train_history", words, lambda: pd.concat([
        pd.DataFrame(list(one.values()), index=[f"{title(cell)}, {update}" for update in one])
        for cell, one in found.items()
    ]))  # fmt: skip


@fragment
def _at(asked: Asked, shown: Mapping[str, Shown], naive: float) -> None:
    """The maps, and one checkpoint, by a slider, beside the net before training."""
    maps = st.container()
    if words := findings_steady.steady(shown, naive):
        prose.markdown(words)
    known = sorted({update for one in shown.values() for update in one.checkpoints})
    st.markdown(f"**{say('After update u')}**")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(say("before"), key="_train_before", on_click=_move, args=(known[0],))
        st.button(say("after"), key="_train_after", on_click=_move, args=(known[-1],))
        now = _chosen(known)
    found = gradients(shown)
    with maps:
        _maps(found, now)
    fig = plot.gradients_after(found, now, theme=theme(), scale=_lines_scale(found))
    st.plotly_chart(fig, key="train_at", config=chart.CONFIG,
                    alt=findings_learning.hidden(shown, now))  # fmt: skip
    prose.markdown(findings_learning.hidden(shown, now))
    if rows := gate_rows(shown, now):
        st.table(pd.DataFrame(rows).set_index(say("gate")))
        prose.caption(say(
            "Means over all units, timesteps and 32 sequences; saturated are values below 0.1 or "
            "above 0.9. In brackets: before training."
        ))  # fmt: skip


def _chosen(known: list[int]) -> int:
    """The checkpoint that the slider is at."""
    key = "tu"
    given = st.session_state.get(key)
    if given is not None and given == st.session_state.get(_LAST):
        st.session_state[key] = given = known[-1]  # who stands at the end stays there
    st.session_state[_LAST] = known[-1]
    if given not in known:
        asked = st.query_params.get(key, "")
        wanted = int(asked) if asked.isdigit() and len(asked) < 9 else known[-1]
        st.session_state[key] = min(known, key=lambda one: abs(one - wanted))
    if len(known) < 2:
        return known[0]
    found = int(st.select_slider(say("u, updates"), known, key=key, persist_state="session"))
    if found == known[-1]:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != str(found):
        st.query_params[key] = str(found)
    return found


def _move(update: int) -> None:
    st.session_state["tu"] = update


def _lines_scale(found: Gradients) -> tuple[float, float]:
    """One axis for all checkpoints, so that lines move and the axis does not."""
    low, high = history_scale(found.values())
    pad = 0.06 * (high - low)
    return low - pad, high + pad


def gate_rows(shown: Mapping[str, Shown], update: int) -> list[dict[str, str]]:
    """A row a gate: mean and saturation at a checkpoint, and before training."""
    rows = []
    for cell, one in shown.items():
        known = max(u for u in one.checkpoints if u <= update)
        before, after = one.run.gates[0], one.run.gates[known]
        for gate, use in after.items():
            old = before[gate]
            pairs = {
                say("mean"): (use.mean, old.mean), say("below 0.1"): (use.low, old.low),
                say("above 0.9"): (use.high, old.high),
            }  # fmt: skip
            rows.append({say("gate"): f"{title(cell)} {gate}"} | {
                name: f"{number(float(a.mean()))} ({number(float(b.mean()))})"
                if name == say("mean") else
                f"{100 * float(a.mean()):.0f} % ({100 * float(b.mean()):.0f} %)"
                for name, (a, b) in pairs.items()
            })  # fmt: skip
    return rows
