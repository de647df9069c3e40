"""Figures of units, read as data."""

import numpy as np
import pytest

import rnnviz
from rnnviz import plot

T = 40
X = np.random.default_rng(0).standard_normal((T, 1, 2)).cumsum(axis=0)


def trace(cell="lstm", size=6, **options):
    return rnnviz.run(rnnviz.build(cell, 2, size, seed=0, **options), X)


def test_every_unit_is_a_point_at_its_shares_and_equal_ones_are_one_larger_point() -> None:
    found = trace(forget_bias=20)
    f, i, _ = plot.saturation(found).data[1:]
    assert (f.x, f.y) == ((1.0,), (0.0,))
    assert f.text == ("6 units: 0, 1, 2, 3, 4, 5",)
    assert f.marker.size[0] == pytest.approx(8 * 6**0.5)
    use = rnnviz.saturation(found)["i"]
    assert set(zip(i.x, i.y, strict=True)) == set(zip(use.high, use.low, strict=True))
    rnn = plot.saturation(trace("rnn"))
    assert rnn.data[1].name == "h · hidden state"
    assert rnn.layout.yaxis.title.text == "share of steps below −0.9"
    assert len(plot.saturation(trace("rnn", nonlinearity="relu")).data) == 1


def test_rows_stand_in_the_order_under_their_own_numbers_on_the_same_scale_as_all_gates() -> None:
    found = trace()
    order = rnnviz.unit_order(found, "memory")
    heatmap = plot.ordered_units(found, order, signal="f", labels=["a"] * T).data[0]
    assert heatmap.y == tuple(map(str, order.order))
    np.testing.assert_array_equal(heatmap.z, found["f"][:, 0, order.order].T.astype("f4"))
    assert (heatmap.zmin, heatmap.zmax) == (0, 1)
    usual = plot.gates(found).data[0]
    own = plot.ordered_units(found, order, signal=usual.name).data[0]
    assert (own.zmin, own.zmax) == (usual.zmin, usual.zmax)


def test_the_way_of_the_state_is_coloured_by_time_or_by_label() -> None:
    found = rnnviz.state_projection(trace(), 2)
    fig = plot.state_projection(found)
    way, points = fig.data
    assert tuple(fig.layout.meta) == ("point:0",)
    np.testing.assert_allclose(np.stack([way.x, way.y], axis=1), found.places)
    assert tuple(points.marker.color) == tuple(range(1, T + 1))
    assert fig.layout.xaxis.title.text.startswith("component 1 of c (")
    few = plot.state_projection(found, by="label", labels=["up", "down"] * 20)
    assert [one.name for one in few.data[1:]] == ["up", "down"]
    assert few.data[2].customdata[0] == 2
    assert len({one.marker.symbol for one in few.data[1:]}) == 2
    five = plot.state_projection(found, by="label", labels=list("abcde") * 8)
    assert five.data[1].mode == "markers+text"
    letters = plot.state_projection(found, by="label", labels=[chr(97 + k % 20) for k in range(T)])
    assert letters.data[1].mode == "markers+text"
    dates = plot.state_projection(found, by="label", labels=[f"2026-01-{k}" for k in range(T)])
    assert dates.data[1].mode == "markers"


def test_three_components_are_a_space_and_one_is_a_line() -> None:
    space = plot.state_projection(rnnviz.state_projection(trace(), 5))
    assert [one.type for one in space.data] == ["scatter3d", "scatter3d"]
    assert len(space.data[0].z) == T
    one = plot.state_projection(rnnviz.state_projection(trace(size=1)))
    assert set(one.data[0].y) == {0.0}


def test_stretches_are_filled_by_likeness_and_the_marked_one_is_outlined() -> None:
    found = trace()
    units = rnnviz.units_on(found, 10, 12, 0.0)
    got = rnnviz.matches(found, units, 0.0, share=0.5, length=3)
    fig = plot.matches(found, units, 0.0, got, marked=(10, 12))
    on = (found["h"][:, 0, list(units)] > 0).mean(axis=1)
    np.testing.assert_allclose(fig.data[-1].y, on)
    rects = [one for one in fig.layout.shapes if one.type == "rect"]
    assert len(rects) == 2 * (len(got) + 1)
    assert (rects[0].x0, rects[0].x1) == (got[0].start - 0.5, got[0].stop + 0.5)
    assert rects[0].opacity == pytest.approx(0.06 + 0.2 * got[0].likeness)
    assert rects[-1].line.width == 2
    assert "1" in {one.text for one in fig.layout.annotations}
    many = trace(size=12)
    drawn = plot.matches(many, range(12), -2.0, rnnviz.matches(many, range(12), -2.0)).data
    assert [line.name for line in drawn] == [
        *(f"unit {k}" for k in range(8)), "threshold", "on"]  # fmt: skip
