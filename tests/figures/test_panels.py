"""Lines over time read as data: scales, marks for zero and for what is not finite, labels."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz.figures.palette import NOT_FINITE, THEMES
from rnnviz.figures.panels import Panel, apart, over_time

from .records import line, traces

NAN, INF = np.nan, np.inf


def norms(*values, **more):
    """One panel with one line of log10 norms."""
    return over_time([Panel("Norms", [line(values, **more)], "power", "‖∂L/∂h‖₂")])


def test_values_stand_at_their_timesteps():
    fig = over_time([Panel("", [line([-1, -2, -3]), line([-4, -5, -6, -7], first=0)], "power")])
    first, second = traces(fig, "h")
    assert list(first.x) == [1, 2, 3]
    assert list(second.x) == [0, 1, 2, 3]
    assert list(second.y) == [-4, -5, -6, -7]


def test_every_panel_has_its_row_scale_and_title_on_one_time_axis():
    fig = over_time([
        Panel("Norms", [line([-1, -30])], "power", "‖∂L/∂h‖₂"),
        Panel("Gates", [line([0.2, 0.9])], "gate"),
        Panel("States", [line([0.2, -2.0])], "state"),
    ])  # fmt: skip
    assert list(fig.layout.meta) == ["x", "x2", "x3"]
    assert len({axis.range for axis in fig.select_xaxes()}) == 1
    assert fig.layout.xaxis3.title.text == "timestep t"
    assert fig.layout.yaxis.title.text == "‖∂L/∂h‖₂"
    titles = {note.text: note for note in fig.layout.annotations}
    assert {"Norms", "Gates", "States"} <= set(titles)
    assert titles["Norms"].yshift >= fig.layout.font.size / 2, "clear of the topmost tick label"
    assert fig.layout.yaxis2.range[0] <= 0
    assert fig.layout.yaxis2.range[1] >= 1
    assert fig.layout.yaxis3.range == (-2.1, 2.1)


@pytest.mark.parametrize("values", [[0.5], [0.0, 1.0], [0.49, 0.5, 0.51]])
def test_gates_are_on_0_to_1_whatever_they_do(values):
    fig = over_time([Panel("", [line(values)], "gate")])
    assert fig.layout.yaxis.range == (-0.03, 1.03)


@settings(max_examples=20)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5))
def test_states_are_symmetric_about_0_and_inside(values):
    low, high = over_time([Panel("", [line(values)], "state")]).layout.yaxis.range
    assert low == -high
    assert high >= max(1, *map(abs, values))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("scale", ["power", "gate", "state"])
@pytest.mark.parametrize(
    "values", [[], [0.5], [NAN], [-INF], [INF], [-INF, -INF], [0.5, 0.6], [NAN, 0.5]]
)
def test_the_emptiest_records_are_figures(values, scale, theme):
    fig = over_time([Panel("", [line(values)], scale, "‖∂L/∂h‖₂")], theme=theme)
    assert np.isfinite(fig.layout.yaxis.range).all()
    low, high = fig.layout.xaxis.range
    assert low < 1 <= high
    assert list(fig.layout.meta) == ["x"]


@pytest.mark.parametrize("panels", [[], [Panel("", [], "power")], [Panel("", [], "gate")] * 2])
def test_nothing_is_an_empty_figure(panels):
    fig = over_time(panels)
    assert len(fig.data) == 0
    assert fig.layout.height > 100
    assert len(fig.layout.meta) == max(len(panels), 1)


def test_a_single_point_is_a_mark():
    (one,) = traces(norms(-3), "h")
    assert "markers" in one.mode


def test_underflow_is_drawn_where_it_is_and_named():
    fig = norms(*np.linspace(-1, -400, 30))
    (one,) = traces(fig, "h")
    low, high = fig.layout.yaxis.range
    assert low < min(one.y) == -400
    assert max(one.y) < high
    assert "below the range of float64" in [note.text for note in fig.layout.annotations]
    (band,) = fig.layout.shapes
    assert band.y1 == pytest.approx(-307.65)


def test_overflow_is_drawn_where_it_is_and_named():
    fig = norms(*np.linspace(0, 500, 30))
    assert fig.layout.yaxis.range[1] > 500
    assert "above the range of float64" in [note.text for note in fig.layout.annotations]


def test_exact_zeros_are_marked_named_and_no_part_of_the_line():
    fig = norms(-INF, -INF, -5, -2, color="#ABCDEF")
    (mark,) = traces(fig, "exactly 0")
    assert mark.mode == "markers"
    assert list(mark.x) == [1, 2]
    assert set(mark.y) == {fig.layout.yaxis.range[0]}
    assert mark.marker.color == "#ABCDEF"
    assert not mark.cliponaxis
    assert "exactly 0" in mark.hovertemplate
    drawn = fig.data[0]
    assert np.isnan(drawn.y[:2]).all()
    assert list(drawn.y[2:]) == [-5, -2]


def test_a_line_of_exact_zeros_only_is_still_named_on_the_picture():
    """Colour alone must not say whose marks they are."""
    fig = norms(-INF, -INF, -INF)
    assert traces(fig, "exactly 0")
    assert "<b>h</b>" in [note.text for note in fig.layout.annotations]


@pytest.mark.parametrize("scale", ["power", "gate", "state"])
@pytest.mark.parametrize("value", [NAN, INF])
def test_what_is_not_finite_is_visible_and_named(value, scale):
    """A gap says nothing: the step gets a mark in the colour that nothing else has."""
    fig = over_time([Panel("", [line([0.1, value, 0.3])], scale)])
    (mark,) = traces(fig, "not finite")
    assert list(mark.x) == [2]
    assert mark.marker.color == NOT_FINITE
    assert np.isfinite(np.asarray(mark.y, float)).all()


def test_a_gate_has_no_gradient_at_t_0_and_that_is_no_fault():
    """log10_norms gives nan at t = 0 for what has no initial value: nothing to mark there."""
    fig = over_time([Panel("", [line([NAN, -2, -3], first=0)], "power")], first=0)
    assert not traces(fig, "not finite")
    assert not traces(fig, "exactly 0")


def test_a_band_goes_round_its_line():
    low, high = np.array([0.1, 0.2]), np.array([0.7, 0.8])
    fig = over_time([Panel("", [line([0.4, 0.5], band=(low, high))], "gate")])
    (band,) = traces(fig, "units")
    assert list(band.x) == [1, 2, 2, 1]
    assert list(band.y) == [0.7, 0.8, 0.2, 0.1]
    assert band.fill == "toself"


def test_names_stand_before_the_start_of_norms_and_behind_the_end_of_gates():
    def note(scale, first):
        fig = over_time([Panel("", [line([0.2, 0.3, 0.4], first=first)], scale)], first=first)
        return next(one for one in fig.layout.annotations if one.text == "<b>h</b>"), fig

    before, fig = note("power", 0)
    assert (before.x, before.xanchor) == (0, "right")
    assert fig.layout.yaxis.ticklabelstandoff > 12
    behind, fig = note("gate", 1)
    assert (behind.x, behind.xanchor) == (3, "left")
    assert behind.font.color == "#123456"


def test_names_of_lines_that_meet_do_not():
    lines = [line([-1, -2, -3], label=name) for name in "abcd"]
    fig = over_time([Panel("", lines, "power")], height=250)
    heights = sorted(note.y for note in fig.layout.annotations if note.text.startswith("<b>"))
    low, high = fig.layout.yaxis.range
    pixels = np.diff(heights) * 250 / (high - low)
    assert len(heights) == 4
    assert pixels.min() >= 14


def test_every_call_makes_a_new_figure_and_changes_no_record():
    values = np.array([-1.0, -INF, NAN, -3.0])
    values.flags.writeable = False
    panel = Panel("", [line(values)], "power")
    first, second = over_time([panel]), over_time([panel])
    assert first is not second
    first.data[0].y = [0]
    assert len(second.data[0].y) == 4
    np.testing.assert_array_equal(values, [-1, -INF, NAN, -3])


spans = st.tuples(st.floats(-1000, 1000), st.floats(0.5, 2000)).map(lambda s: (s[0], s[0] + s[1]))


@given(st.data(), spans, st.integers(0, 8))
def test_apart_keeps_its_distance_its_order_and_its_place(data, span, count):
    low, high = span
    room = (high - low) / max(count, 1) * data.draw(st.floats(0.01, 1))
    wanted = sorted(data.draw(st.lists(st.floats(low, high), min_size=count, max_size=count)))
    found = apart(wanted, room, span)
    slack = 1e-9 * max(abs(low), abs(high), 1)
    assert len(found) == count
    assert all(b - a >= room - slack for a, b in pairwise(found))
    assert all(low + room / 2 - slack <= one <= high - room / 2 + slack for one in found)


@given(spans, st.lists(st.floats(0, 1), min_size=1, max_size=8, unique=True))
def test_apart_leaves_alone_what_has_room(span, shares):
    low, high = span
    wanted = sorted(low + (0.05 + 0.9 * share) * (high - low) for share in shares)
    gaps = np.diff([low, *wanted, high])
    room = 0.99 * float(gaps.min())
    np.testing.assert_allclose(apart(wanted, room, span), wanted)


def shaded(upper, lower):
    lines = [line(upper, first=0), line(lower, first=0)._replace(color="#ABCDEF")]
    below = Panel("", [line([-9.0], first=0)], "power", "norm")
    fig = over_time([Panel("", lines, "power", "norm", shade="missing"), below], first=0)
    (one,) = traces(fig, "missing")
    return fig, one


def test_the_shade_lies_between_the_two_lines_in_their_panel():
    _, one = shaded([0.0, -1.0, -2.0], [-3.0, -2.0, -2.0])
    assert list(one.x) == [0, 1, 2, 2, 1, 0]
    assert list(one.y) == [0, -1, -2, -2, -2, -3]
    assert (one.fill, one.fillcolor) == ("toself", "#ABCDEF")
    assert (one.xaxis, one.yaxis) == ("x", "y")
    assert 0 < one.opacity < 0.5


def test_an_exact_zero_is_shaded_down_to_the_edge():
    fig, one = shaded([0.0, -1.0], [-np.inf, -1.0])
    assert one.y[-1] == fig.layout.yaxis.range[0]


@pytest.mark.parametrize("row", [[-np.inf], [np.nan, np.inf], [-np.inf, -np.inf]])
def test_the_shade_of_nothing_is_a_trace_without_holes(row):
    _, one = shaded(row, row)
    assert np.isfinite(np.asarray(one.y, float)).all()


def test_what_is_not_time_has_no_cursor_and_says_what_it_is():
    fig = over_time([Panel("", [line([-1, -2])], "power", "norm")], counted="powers")
    assert list(fig.layout.meta) == []
    assert fig.layout.xaxis.title.text == "powers"
