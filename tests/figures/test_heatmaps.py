"""Unit × time heatmaps read as data: values, scales that do not move, what is not finite."""

import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.cells import Signal
from rnnviz.figures.heatmaps import Series, heatmap_rows, unit_rows
from rnnviz.figures.palette import NOT_FINITE, THEMES

from .records import bounds, series_of, trace_of, traces

LIMITS = {"h": 1.0, "c": 2.5, "g": 1.0}


def unit_time(series, **options):
    """The heatmaps of signals."""
    return heatmap_rows(unit_rows(series), **options)


def with_value(values, *, kind="state"):
    """A signal of four steps and two units in which these values stand at t = 2, 3 …, unit 1."""
    array = np.full((4, 2), 0.25)
    array[1 : 1 + len(values), 1] = values
    return Series(Signal("h", kind, "hidden state", "h"), array)


@pytest.mark.parametrize("cell", CELLS)
def test_every_signal_of_every_cell_gets_a_row_with_its_values(cell):
    series = series_of(trace_of(cell))
    fig = unit_time(series, limits=LIMITS)
    found = {one.name: one for one in fig.data}
    assert set(found) == {signal.name for signal in CELLS[cell].signals}
    assert len({one.yaxis for one in fig.data}) == len(series)
    for one in series:
        np.testing.assert_allclose(found[one.signal.name].z, one.values.T, rtol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_gates_on_0_to_1_states_and_candidates_symmetric_about_0(cell):
    found = bounds(unit_time(series_of(trace_of(cell)), limits=LIMITS))
    for signal in CELLS[cell].signals:
        bound = LIMITS.get(signal.name)
        assert found[signal.name] == ((0, 1) if signal.kind == "gate" else (-bound, bound))


@pytest.mark.parametrize("cell", CELLS)
def test_scales_do_not_move_with_time(cell):
    trace = trace_of(cell, steps=9)
    longer = series_of(trace)
    shorter = [Series(signal, values[:2] * 0.01) for signal, values in longer]
    assert bounds(unit_time(longer, limits=LIMITS)) == bounds(unit_time(shorter, limits=LIMITS))


def test_states_stand_on_top_h_first():
    titles = [note.text for note in unit_time(series_of(trace_of("lstm")), limits={})
              .layout.annotations]  # fmt: skip
    assert [title[3] for title in titles] == list("hcfiog")


@pytest.mark.parametrize("cell", CELLS)
def test_every_row_says_symbol_name_and_what_0_and_1_mean(cell):
    fig = unit_time(series_of(trace_of(cell)), limits={})
    titles = " | ".join(note.text for note in fig.layout.annotations)
    for signal in CELLS[cell].signals:
        assert f"<b>{signal.name}</b>  {signal.title}" in titles
        if signal.kind == "gate":
            assert f"1 {signal.at_1}, 0 {signal.at_0}" in titles


@pytest.mark.parametrize("cell", CELLS)
def test_time_axes_are_named_shared_and_titled(cell):
    fig = unit_time(series_of(trace_of(cell, steps=7)), limits={})
    axes = fig.layout.meta
    assert set(axes) == {one.xaxis or "x" for one in fig.data}
    spans = [fig.layout[axis.replace("x", "xaxis")].range for axis in axes]
    assert set(spans) == {(0.5, 7.5)}
    assert fig.layout[axes[-1].replace("x", "xaxis")].title.text == "timestep t"


def test_unit_axes_are_titled():
    fig = unit_time(series_of(trace_of("gru")), limits={})
    assert any("unit" in (axis.title.text or "") for axis in fig.select_yaxes())


def test_time_counts_from_1_and_unit_0_is_at_the_top():
    fig = unit_time(series_of(trace_of("rnn", units=3)), limits={})
    assert (fig.data[0].x0, fig.data[0].dx) == (1, 1)
    assert (fig.data[0].y0, fig.data[0].dy) == (0, 1)
    assert fig.layout.yaxis.range == (2.5, -0.5)


@pytest.mark.parametrize("steps", [1, 2])
@pytest.mark.parametrize("units", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_the_shortest_records_are_figures(cell, steps, units):
    fig = unit_time(series_of(trace_of(cell, steps, units)), limits=LIMITS)
    assert all(np.shape(one.z) == (units, steps) for one in fig.data)
    assert fig.layout.xaxis.range == (0.5, steps + 0.5)


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_is_an_empty_figure(theme):
    fig = unit_time([], limits={}, theme=theme)
    assert len(fig.data) == 0
    assert fig.layout.height > 0
    assert list(fig.layout.meta) == ["x"]


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_not_finite_is_visible_and_named(theme):
    fig = unit_time([with_value([np.nan, np.inf, -np.inf])], limits={}, theme=theme)
    (marked,) = traces(fig, "not finite")
    assert {color for _, color in marked.colorscale} == {NOT_FINITE}
    np.testing.assert_array_equal(np.isfinite(marked.z), [[False] * 4, [False, True, True, True]])
    assert "not finite" in marked.hovertemplate
    assert fig.data[0].zmin == -1
    assert fig.data[0].zmax == 1


def test_finite_records_have_no_such_mark():
    assert not traces(unit_time([with_value([0.5])], limits={}), "not finite")


def test_the_colour_of_what_is_not_finite_is_in_no_scale():
    for theme in THEMES:
        for kind in ("gate", "state"):
            (one,) = unit_time([with_value([0.5], kind=kind)], limits={}, theme=theme).data
            assert NOT_FINITE.lower() not in {color.lower() for _, color in one.colorscale}


@pytest.mark.parametrize("value", [1e300, -1e200, 3.4e38])
def test_large_finite_values_stay_what_they_are(value):
    fig = unit_time([with_value([value])], limits={"h": abs(value)})
    assert fig.data[0].z[1][1] == pytest.approx(value)
    assert len(fig.data) == 1


def test_every_call_makes_a_new_figure_and_changes_no_record():
    record = series_of(trace_of("lstm"))
    before = [one.values.copy() for one in record]
    first, second = (unit_time(record, limits=LIMITS) for _ in range(2))
    assert first is not second
    first.data[0].z = np.zeros((1, 1))
    first.layout.title.text = "changed"
    assert np.shape(second.data[0].z) == (3, 7)
    for one, values in zip(record, before, strict=True):
        np.testing.assert_array_equal(one.values, values)
