"""What pages show is what the core computed: read from the charts and packets themselves."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.analysis.bounds import FAR, missed, predictions
from rnnviz.analysis.reach import reach
from rnnviz.experiments.settings import Settings
from rnnviz.words.numbers import power
from rnnviz.words.symbols import lowered
from tests.ui.apps import (
    FOUR,
    GROUPS,
    charts,
    curves,
    in_words,
    live,
    open_app,
    settings_of,
    shown,
    traces,
)
from tests.ui.gradient_pages import SMALL

pytestmark = pytest.mark.usefixtures("unchecked")



def finite(logs):
    """As a line has them: an exact zero is no point of it, but a mark of its own."""
    return np.where(np.isfinite(logs), logs, np.nan)


def per_step(y):
    """The geometric mean of what a step back multiplies by, from norms at t = 0 … T."""
    return 10 ** ((y[1] - y[-1]) / (len(y) - 2))


def headline(**query):
    """Title of every cell → log10 norm at t = 0 … T as the overview has it, and the app."""
    app = shown(**query)
    assert not app.exception
    return curves(app), app


@pytest.mark.parametrize("cells", GROUPS)
@pytest.mark.parametrize(
    "query", [SMALL, {**SMALL, "on": "all"}, {"task": "impulse", "T": 400, "scale": 0.2, "on": "h"}]
)
def test_the_headline_is_the_core_s_norm_of_every_cell(query, cells):
    lines, app = headline(**query, cells=cells)
    settings = settings_of(app)
    names = cells.split(",")
    assert set(lines) == {CELLS[name].title for name in names}
    for cell in names:
        wanted = reach(settings.flow(cell), query.get("on", "memory")).log10_norms
        np.testing.assert_array_equal(lines[CELLS[cell].title], wanted)


def test_the_preset_shows_the_phenomenon():
    """The RNN's gradient is gone, the LSTM's and the GRU's are not."""
    lines, _ = headline()
    first = {name: y[1] - y[-1] for name, y in lines.items()}
    assert first["RNN"] < -10
    assert first["LSTM"] > -4
    assert first["GRU"] > -4


def test_without_its_forget_bias_the_lstm_vanishes_as_fast_as_the_rnn():
    at = {bias: headline(bf=bias)[0] for bias in (0, 3)}
    gamma = {bias: {name: per_step(y) for name, y in at[bias].items()} for bias in at}
    assert gamma[0]["RNN"] == pytest.approx(gamma[3]["RNN"], rel=1e-12)
    assert gamma[0]["LSTM"] < gamma[0]["RNN"] + 0.15
    assert gamma[0]["LSTM"] < 0.7
    assert gamma[3]["LSTM"] > 0.85
    lost = {bias: at[bias]["LSTM"][1] - at[bias]["LSTM"][-1] for bias in at}
    assert lost[0] < -9
    assert lost[3] > -4


def test_with_losses_on_many_steps_one_is_followed_and_the_sum_is_thin():
    """The sum says that the RNN keeps most of its gradient; a single loss alone says that."""
    for query, start in (({}, 50), ({"follow": "30"}, 30)):
        lines, app = headline(loss="every", **query)
        head, values = live(app)["headline"]
        assert head["start"] == start
        flow = settings_of(app).flow("rnn")
        alone = reach(flow, step=start)
        np.testing.assert_array_equal(lines["RNN"], alone.log10_norms)
        np.testing.assert_array_equal(values[len(lines)], flow.log10_norms("h")[:, 0])
        assert f"{power(alone.log10_share)} reaches step 1" in in_words(app)
        assert [one["name"] for one in head["ghosts"]] == list(lines)


def test_where_h_is_shown_the_fall_from_h_onto_c_is_marked_and_named():
    marks = {one["name"]: one["drop"] for one in live(shown(on="h"))["headline"].head["curves"]}
    h = Settings().flow("lstm").log10_norms("h")[:, 0]
    assert marks["LSTM"] == [50, 48, f"from h onto c: ÷ {10 ** (h[50] - h[48]):.3g}"]
    assert marks["RNN"] is marks["GRU"] is None
    assert all(one["drop"] is None for one in live(shown())["headline"].head["curves"])


def test_the_controls_beside_the_chart_are_those_of_the_sidebar():
    app = shown(bf=1)
    assert app.main.slider(key="_bf_here").value == 1
    app.main.slider(key="_bf_here").set_value(2.0).run()
    assert app.sidebar.slider(key="bf").value == settings_of(app).forget_bias == 2
    assert app.query_params["bf"] == "2"
    app.sidebar.slider(key="T").set_value(30).run()
    assert app.main.slider(key="_T_here").value == 30
    app.main.button_group(key="_cells_here").set_value(["gru"]).run()
    assert settings_of(app).cells == ("gru",)
    assert "_bf_here" not in [one.key for one in app.main.slider], "no LSTM, no forget bias"


@pytest.mark.parametrize("cells", GROUPS)
def test_heatmaps_hold_every_gate_and_state(cells):
    app = shown(**SMALL, cells=cells)
    for cell in cells.split(","):
        trace = settings_of(app).flow(cell).trace
        found = traces(charts(app)[f"units_{cell}"])
        for signal in CELLS[cell].signals:
            np.testing.assert_allclose(
                found[signal.name]["z"], trace[signal.name][:, 0].T, rtol=1e-6, atol=1e-30
            )


def test_heatmaps_of_all_cells_share_one_scale():
    app = shown(cells=FOUR)
    bounds = {}
    for key, figure in charts(app).items():
        for one in figure["data"] if key.startswith("units_") else []:
            kinds = {s.name: s.kind for cell in CELLS.values() for s in cell.signals}
            name = one["name"].removeprefix("1 − ")
            bounds.setdefault("gate" if kinds[name] == "gate" else name, set()).add(
                (one["zmin"], one["zmax"])
            )
    assert bounds["gate"] == {(0, 1)}
    assert all(len(found) == 1 for found in bounds.values())
    assert all(low == -high for kind, ((low, high),) in bounds.items() if kind != "gate")
    (span,) = bounds["c"]
    lstm, peephole = (Settings().flow(cell).trace["c"] for cell in ("lstm", "peephole_lstm"))
    assert span[1] == pytest.approx(max(1, np.abs(lstm).max(), np.abs(peephole).max()))


@pytest.mark.parametrize("cell", CELLS)
def test_the_step_page_s_arithmetic_adds_up(cell):
    """Every equation's numbers, and the gradient arriving, for the chosen unit at every t."""
    app = shown("pages/Step.py", **SMALL, cells=cell, unit=2)
    flow, packet = settings_of(app).flow(cell), live(app)["arithmetic"]
    rows = packet.head["rows"]
    assert {row["symbol"][0] for row in rows} == {signal.name for signal in CELLS[cell].signals}
    for row in rows:
        name = row["symbol"].removesuffix("_t")
        value, low, high = row["bar"]
        np.testing.assert_array_equal(packet.values[value], flow.trace[name][:, 0, 2])
        np.testing.assert_array_equal(packet.values[value + 1], np.sign(flow[name][:, 0, 2]))
        with np.errstate(divide="ignore"):
            wanted = np.log10(np.abs(flow[name][:, 0, 2]))
        np.testing.assert_allclose(packet.values[value + 2], wanted, rtol=1e-12)
        kind = next(s.kind for s in CELLS[cell].signals if s.name == name)
        assert (low, high) == (0, 1) if kind == "gate" else low == -high <= -1
        assert f"{{{value + 1}:sign}}{{{value + 2}:log}}" in row["cells"][1]


def test_an_affine_line_s_terms_sum_to_its_total():
    app = shown("pages/Step.py", **SMALL, cells="lstm", unit=1)
    packet = live(app)["arithmetic"]
    row = next(row for row in packet.head["rows"] if row["symbol"] == "f_t")
    x, past, bias, total, f = packet.values[:5]
    assert row["bar"][0] == 4
    np.testing.assert_allclose(x + past + bias, total, rtol=1e-12)
    np.testing.assert_allclose(1 / (1 + np.exp(-total)), f, rtol=1e-12)
    np.testing.assert_allclose(bias, 3.0)


@pytest.mark.parametrize("cell", CELLS)
def test_the_step_page_s_chart_is_the_unit_over_time(cell):
    app = shown("pages/Step.py", **SMALL, cells=cell, unit=1)
    flow = settings_of(app).flow(cell)
    lines = {}
    for one in charts(app)["unit_over_time"]["data"]:
        lines.setdefault(one["name"], []).append(np.asarray(one["y"], float))
    for signal in CELLS[cell].signals:
        value, gradient = lines[signal.name]
        np.testing.assert_array_equal(value, flow.trace[signal.name][:, 0, 1])
        wanted = flow.layers[0].log10_magnitudes(signal.name)[:, 0, 1]
        np.testing.assert_array_equal(gradient[np.isfinite(wanted)], wanted[np.isfinite(wanted)])


def drawn(figure):
    """Name → the lines of that name, from the top panel down."""
    found = {}
    for one in figure["data"]:
        if "lines" in one.get("mode", ""):
            found.setdefault(one["name"], []).append(one)
    return found


@pytest.mark.parametrize("cell", CELLS)
def test_the_flow_page_holds_norms_shares_and_gates(cell):
    app = shown("pages/Gradient_flow.py", **SMALL, cells=cell)
    flow = settings_of(app).flow(cell)
    found = drawn(charts(app)["flow"])
    for signal in CELLS[cell].signals:
        one, *_ = found[signal.name]
        np.testing.assert_array_equal(one["y"], finite(flow.log10_norms(signal.name)[:, 0]))
    for parameter in flow.trace.model.parameters[0]:
        base, _, index = parameter.partition("_")
        (share,) = found[f"{base}<sub>{index}</sub>" if index else base]
        np.testing.assert_array_equal(share["y"], finite(flow.log10_weight_norms(parameter)))
        assert list(share["x"]) == list(range(1, 13))
    packet = live(app)["flow_now"]
    for row, signal in zip(packet.values, CELLS[cell].signals, strict=True):
        np.testing.assert_array_equal(row, flow.log10_norms(signal.name)[1:, 0])
    for gate in [s.name for s in CELLS[cell].signals if s.kind == "gate"]:
        *_, mean = found[gate]
        np.testing.assert_allclose(mean["y"], flow.trace[gate][:, 0].mean(axis=1), rtol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_the_flow_page_draws_what_theory_says(cell):
    app = shown("pages/Gradient_flow.py", **SMALL, cells=cell)
    own = settings_of(app).flow(cell).layers[0]
    found, norms = predictions(own), drawn(charts(app)["flow"])
    assert found
    for one in found:
        if abs(apart := missed(own, one)) > FAR:
            assert one.name not in norms
            way = "high" if apart > 0 else "low"
            said = f"Not drawn: {one.words}, {abs(apart):.2g} powers of ten too {way} at step 1"
            assert lowered(said) in in_words(app)
            continue
        (line,) = norms[one.name]
        np.testing.assert_array_equal(line["y"], finite(one.log10))


def test_the_same_link_gives_the_same_pictures():
    query = {**SMALL, "cells": FOUR}
    first, second = charts(shown(**query)), charts(open_app(**query))
    np.testing.assert_equal(first, second)
    mine, again = curves(shown(**query)), curves(open_app(**query))
    np.testing.assert_equal(mine, again)
    other = curves(shown(**{**query, "seed": 6}))
    assert not np.array_equal(mine["RNN"], other["RNN"])


def test_time_changes_no_number():
    """Time never reseeds: the same arrays at every t."""
    first, second = (charts(shown("pages/Step.py", **SMALL, t=t)) for t in (1, 7))
    np.testing.assert_equal(first, second)


def test_the_loss_decides_where_the_gradient_starts():
    lines, app = headline(**SMALL, loss="chosen", at="4")
    settings = replace(settings_of(app))
    for cell in settings.cells:
        y = lines[CELLS[cell].title]
        assert np.isneginf(y[5:]).all()
        assert np.isfinite(y[:5]).all()
    assert live(app)["headline"].head["losses"] == [4]
