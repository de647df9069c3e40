"""One point of a map: its numbers, seed by seed, and its nets, opened on every page."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rnnviz.experiments.presets import same
from rnnviz.experiments.settings import Settings
from rnnviz.plot.phase import CRITICAL, medians, nearest_places, sides
from rnnviz.sweeps import Sweep
from rnnviz.ui import badge, prose, url_controls
from rnnviz.ui.pages.phase_diagrams import findings, own
from rnnviz.ui.shell import preset_menu
from rnnviz.ui.shell.navigation import name_of
from rnnviz.words import say
from rnnviz.words.markup import inert
from rnnviz.words.numbers import number, share

PLACES = ("px", "py")
"""Keys of the sliders: which column and which row of the map, counted from 0."""
_GRID = "_point_grid"
"""Key of the spec whose columns and rows they count."""
LOOK_AT = ("pages/Gradient_flow.py", "pages/Spectrum.py", "app.py")
"""Pages that such a net's links lead to."""


def usual(found: Sweep, value: str) -> tuple[int, int]:
    """The point in the middle row that is nearest to the critical value; of a map that is computed
    in part, the one in the nearest row that there is."""
    away = np.abs(medians(found, value) - CRITICAL[value][0])
    there = np.flatnonzero(np.isfinite(away).any(axis=1))
    if not there.size:
        return 0, 0
    row = int(there[np.argmin(np.abs(there - len(away) // 2))])
    return int(np.nanargmin(np.where(np.isfinite(away[row]), away[row], np.nan))), row


def place(found: Sweep, value: str) -> tuple[int, int]:
    """The column and the row that are chosen; their sliders are drawn later.

    Of the same map in another size it is the point nearest to the one that was chosen.
    """
    before = st.session_state.get(_GRID)
    if before is not None and before != found.spec and [*before.axes] == [*found.spec.axes]:
        for key, places in zip(PLACES, nearest_places(before, found.spec), strict=True):
            chosen = st.session_state.get(key)
            if chosen is not None and chosen < len(places):
                st.session_state[key] = places[chosen]
    st.session_state[_GRID] = found.spec
    start = usual(found, value)
    return tuple(  # type: ignore[return-value]
        url_controls.place(range(len(values)), key=key, default=first, drawn=False)
        for key, values, first in zip(PLACES, sides(found), start, strict=True)
    )


def pick(columns: int, index: int) -> None:
    """Choose the point that was clicked: cells are counted row by row."""
    st.session_state[PLACES[0]], st.session_state[PLACES[1]] = index % columns, index // columns


def forget() -> None:
    """Choose no point: another map has other points."""
    st.session_state.pop(_GRID, None)
    for key in PLACES:
        st.session_state.pop(key, None)
        if key in st.query_params:
            del st.query_params[key]


def show(badge_place: DeltaGenerator, settings: Settings, found: Sweep, value: str) -> None:
    """The sliders of the chosen point, its numbers, and the buttons that open its nets."""
    st.subheader(say("One point of the map"))
    prose.caption(say("Click into the map, or move the sliders."))
    at = _sliders(found, value)
    numbers = [one for one in at_point(found, at) if found.done[one]]
    if not numbers:
        prose.caption(say("This point is not computed."))
        return
    for one in numbers:
        if (why := found.reasons.get(one)) is not None:
            prose.caption(say("The net of seed {seed} has no numbers: {why}", why=inert(why),
                              seed=found.spec.point(one)["seed"]))  # fmt: skip
    rows = {one: found.point(one) for one in numbers if one not in found.reasons}
    if not rows:
        return
    prose.markdown(findings.at_point(found, list(rows.values())))
    st.table(_table(rows))
    nets = {number: found.settings(number) for number in rows}
    _open(settings, nets)
    first = next(iter(nets.values()))
    badge.of_cells(badge_place, first, first.cells)()


def at_point(found: Sweep, at: tuple[int, int]) -> list[int]:
    """The numbers of the points, one a seed, at a column and a row."""
    grid = np.arange(len(found)).reshape(found.spec.shape)
    return [int(one) for one in grid[at].ravel()]


def _sliders(found: Sweep, value: str) -> tuple[int, int]:
    chosen, names = [], list(found.spec.axes)
    with st.container(horizontal=True):
        for key, name, values, first in zip(
            PLACES, names, sides(found), usual(found, value), strict=False
        ):
            label = findings.axis(name)
            chosen.append(url_controls.place(
                range(len(values)), key=key, label=label, default=first,
                format_func=lambda k, values=values: findings.setting(float(values[k])),
            ))  # fmt: skip
    return chosen[0], chosen[1]


def _table(rows: dict[int, dict[str, object]]) -> pd.DataFrame:
    """The figures of every seed."""
    def cells(one: dict[str, object]) -> dict[str, str]:
        found = {say("seed"): str(one["seed"])}
        if "lyapunov" in one:
            found["λ₁"] = number(float(str(one["lyapunov"])))
        far = float(str(one["horizon"]))
        horizon = number(far) if not np.isfinite(far) else f"{far:.0f}"
        return found | {
            say("share left at step 1"): share(float(str(one["log10_share"]))),
            say("1 % horizon"): say("not reached") if far == np.inf else horizon,
        }  # fmt: skip

    return pd.DataFrame([cells(one) for one in rows.values()]).set_index(say("seed"))


def _open(settings: Settings, nets: dict[int, Settings]) -> None:
    """A button for each seed; below, links to pages that show the net once it is open."""
    with st.container(horizontal=True, vertical_alignment="center"):
        for one in nets.values():
            st.button(
                say("Open the net of seed {seed}", seed=one.seed), key=f"_open_seed_{one.seed}",
                on_click=partial(preset_menu.apply, one, _kept()),
            )  # fmt: skip
    now = [one.seed for one in nets.values() if same(one, settings)]
    if now:
        with st.container(horizontal=True, vertical_alignment="center", key="rv-point-links"):
            st.markdown(say("The net of seed {seed} is open on every page:", seed=now[0]),
                        width="content")  # fmt: skip
            for script in LOOK_AT:
                st.page_link(script, label=name_of(script), width="content")


def _kept() -> list[tuple[str, object]]:
    """The controls of this page, which stay as they are."""
    keys = ("diagram", "shown", *own.SIZE_KEYS, *PLACES)
    return [(key, st.session_state[key]) for key in keys if key in st.session_state]
