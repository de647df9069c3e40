"""Units one by one, against plain loops over units and steps."""

import numpy as np
import pytest

import rnnviz
from rnnviz.analysis.units.clustering import leaves
from rnnviz.analysis.units.order import correlation_lag
from rnnviz.core.trace import Trace

RNG = np.random.default_rng


def trace(cell: str = "lstm", steps: int = 60, size: int = 12, **more: object) -> Trace:
    model = rnnviz.build(cell, 2, size, seed=4, gain=2.0, **more)
    return rnnviz.run(model, 2 * RNG(0).standard_normal((steps, 1, 2)).cumsum(axis=0) / 3)


# ---- saturation --------------------------------------------------------------------------------


def test_saturation_is_the_share_of_steps_below_a_tenth_and_above_nine() -> None:
    found = trace(forget_bias=3)
    uses = rnnviz.saturation(found)
    assert list(uses) == [one.name for one in found.model.cell.signals if one.kind == "gate"]
    for unit in range(12):
        gate = found["f"][:, 0, unit]
        assert uses["f"].high[unit] == sum(v > 0.9 for v in gate) / 60
        assert uses["f"].low[unit] == sum(v < 0.1 for v in gate) / 60
    assert uses["f"].high.max() > 0.3


def test_a_tanh_without_gates_saturates_at_both_ends_and_a_relu_nowhere() -> None:
    found = trace("rnn")
    use = rnnviz.saturation(found)["h"]
    h = found["h"][:, 0]
    assert use.low.tolist() == (h < -0.9).mean(axis=0).tolist()
    assert use.high.tolist() == (h > 0.9).mean(axis=0).tolist()
    assert use.low.max() > 0 < use.high.max()
    assert rnnviz.saturation(trace("rnn", nonlinearity="relu")) == {}


def test_units_whose_gate_never_moves_and_units_that_are_never_heard() -> None:
    model = rnnviz.build("lstm", 1, 4, seed=0)
    bias = np.zeros(16)
    bias[4:8] = -9, 9, 0, 9  # f
    bias[12:16] = -9, -9, 0, 0  # o
    W = model.parameters[0]
    blocks = list(model.cell.blocks)
    assert blocks == ["i", "f", "g", "o"]
    own = model.with_parameters({"W_x": W["W_x"], "W_h": W["W_h"], "b": bias})
    found = rnnviz.run(own, np.ones((30, 1, 1)))
    assert rnnviz.extremes(rnnviz.saturation(found)["f"]) == ((0,), (1, 3))
    assert rnnviz.silent_units(found) == (0, 1)


# ---- order ---------------------------------------------------------------------------------------


def test_memory_is_the_time_constant_of_the_mean_keeping_gate() -> None:
    found = trace("gru")
    memory = rnnviz.unit_memory(found)
    assert memory.gate == "z"
    np.testing.assert_allclose(memory.steps, 1 / (1 - found["z"][:, 0].mean(axis=0)))
    ordered = rnnviz.unit_order(found)
    assert (np.diff(memory.steps[ordered.order]) <= 0).all()
    held = rnnviz.unit_memory(trace("lstm", hold={"f": 1.0}))
    assert np.isposinf(held.steps).all()


def test_without_a_keeping_gate_memory_is_the_lag_of_the_autocorrelation() -> None:
    values = RNG(1).standard_normal((200, 4)).cumsum(axis=0)
    values[:, 3] = 7.0
    for unit, found in enumerate(correlation_lag(values)[:3]):
        centred = values[:, unit] - values[:, unit].mean()
        r = [centred[lag:] @ centred[: 200 - lag] / (centred @ centred) for lag in range(200)]
        k = next(k for k, one in enumerate(r) if one <= np.exp(-1))
        assert k - 1 < found <= k
        assert np.interp(found, [k - 1, k], r[k - 1 : k + 1]) == pytest.approx(np.exp(-1))
    assert np.isnan(correlation_lag(values)[3])
    assert correlation_lag(np.array([[0.0], [1.0]]))[0] == pytest.approx(0.421, abs=0.001)
    assert rnnviz.unit_memory(trace("rnn")).gate is None


def test_activity_is_the_spread_over_time() -> None:
    found = rnnviz.unit_order(trace(), "activity", signal="h")
    spread = trace()["h"][:, 0].std(axis=0)
    assert found.values is not None
    np.testing.assert_allclose(found.values, spread)
    assert found.order[0] == spread.argmax()


def test_every_cluster_of_plain_average_linkage_stands_together() -> None:
    values = RNG(2).standard_normal((40, 3)) @ RNG(3).standard_normal((3, 17))
    values += 0.3 * RNG(4).standard_normal((40, 17))
    values[:, 5] = 1.0
    order = leaves(values).tolist()
    assert sorted(order) == list(range(17))
    assert order[-1] == 5
    place = {unit: k for k, unit in enumerate(order)}
    apart = 1 - np.corrcoef(np.delete(values, 5, axis=1).T)
    names = [k for k in range(17) if k != 5]
    clusters = [[k] for k in range(16)]
    while len(clusters) > 1:
        pairs = [
            (np.mean(apart[np.ix_(one, two)]), a, b)
            for a, one in enumerate(clusters)
            for b, two in enumerate(clusters)
            if a < b
        ]
        _, a, b = min(pairs)
        clusters[a] += clusters.pop(b)
        places = sorted(place[names[k]] for k in clusters[a])
        assert places[-1] - places[0] == len(places) - 1


@pytest.mark.parametrize("count", [1, 2])
def test_few_units_and_units_that_are_all_alike_have_an_order(count: int) -> None:
    wave = np.sin(np.arange(9.0))[:, None]
    assert sorted(leaves(np.tile(wave, count)).tolist()) == list(range(count))
    assert sorted(leaves(np.tile(wave, 8)).tolist()) == list(range(8))
    assert leaves(np.zeros((9, count))).tolist() == list(range(count))


# ---- projection --------------------------------------------------------------------------------


def test_components_are_the_covariance_s_eigenvectors_with_a_fixed_sign() -> None:
    found = rnnviz.state_projection(trace(), 3)
    c = trace()["c"][:, 0]
    assert found.signal == "c"
    values, vectors = np.linalg.eigh(np.cov(c.T))
    np.testing.assert_allclose(found.explained, values[::-1][:3] / values.sum(), rtol=1e-9)
    for k in range(3):
        assert abs(found.axes[k] @ vectors[:, -1 - k]) == pytest.approx(1)
        assert found.axes[k][np.abs(found.axes[k]).argmax()] > 0
    np.testing.assert_allclose(found.places, (c - c.mean(axis=0)) @ found.axes.T, atol=1e-12)


def test_states_that_do_not_move_or_are_too_few_still_have_a_projection() -> None:
    still = rnnviz.state_projection(trace(hold={"o": 0.0}), signal="h")
    assert np.isnan(still.explained).all()
    assert not still.places.any()
    one = rnnviz.state_projection(rnnviz.run(rnnviz.build("rnn", 1, 3), np.ones((1, 1, 1))))
    assert one.places.shape == (1, 1)
    wild = rnnviz.build("rnn", 1, 1, nonlinearity="identity", gain=1e200)
    with pytest.raises(ValueError, match="must be finite in h"):
        rnnviz.state_projection(rnnviz.run(wild, np.ones((5, 1, 1))))


# ---- patterns ----------------------------------------------------------------------------------


def test_the_units_of_a_stretch_and_those_that_are_off_around_it() -> None:
    found, h = trace(), trace()["h"][:, 0]
    bounded = {u for u in range(12) if (h[19:24, u] > 0.1).all()}
    assert set(rnnviz.units_on(found, 20, 24, 0.1)) == bounded != set()
    around = {u for u in bounded if h[18, u] <= 0.1 and h[24, u] <= 0.1}
    assert set(rnnviz.units_on(found, 20, 24, 0.1, bounded=True)) == around
    assert set(rnnviz.units_on(found, 1, 60, -2.0, bounded=True)) == set(range(12))


def test_stretches_with_all_units_are_as_long_as_they_can_be() -> None:
    found = trace(steps=200)
    on = found["h"][:, 0] > 0.05
    units = sorted(np.argsort(on.mean(axis=0))[-3:].tolist())
    expected, t = [], 0
    while t < 200:
        stop = t
        while stop < 200 and on[stop, units].all():
            stop += 1
        if stop - t >= 3:
            others = int(on[t:stop].all(axis=0).sum()) - 3
            expected.append((t + 1, stop, 3, others, 3 / (3 + others)))
        t = max(stop, t + 1)
    got = rnnviz.matches(found, units, 0.05, length=3)
    assert len(got) == len(expected) > 2
    assert sorted(got) == sorted(expected)
    keys = [(-one.likeness, -one.length, one.start) for one in got]
    assert keys == sorted(keys)


def test_with_a_share_the_most_alike_stretches_are_taken_first_and_none_overlap() -> None:
    found = trace(steps=200)
    on = found["h"][:, 0] > 0.05
    units = rnnviz.units_on(found, 50, 53, 0.05)
    got = rnnviz.matches(found, units, 0.05, share=0.5, length=4)
    assert got[0].start <= 50 <= 53 <= got[0].stop
    assert got[0].likeness == 1.0
    steps = [t for one in got for t in range(one.start, one.stop + 1)]
    assert len(steps) == len(set(steps))
    for one in got:
        through = {u for u in range(12) if on[one.start - 1 : one.stop, u].all()}
        assert one.length >= 4
        assert one.shared == len(through & set(units)) >= len(units) / 2
        assert one.likeness == one.shared / len(through | set(units))
    assert len(rnnviz.matches(found, units, 0.05, share=0.5, length=4, most=2)) == 2


def test_what_cannot_be_looked_for_is_refused() -> None:
    found = trace()
    with pytest.raises(ValueError, match="`units` must have at least one unit"):
        rnnviz.matches(found, [], 0.1)
    with pytest.raises(ValueError, match="`units` must be an integer of at least 0 and at most 11"):
        rnnviz.matches(found, [12], 0.1)
    with pytest.raises(ValueError, match="`share` must be above 0 and at most 1"):
        rnnviz.matches(found, [1], 0.1, share=1.5)
    with pytest.raises(ValueError, match="`stop` must be an integer of at least 5"):
        rnnviz.units_on(found, 5, 4, 0.1)
    with pytest.raises(ValueError, match="`signal` must be one of 'memory'"):
        rnnviz.unit_order(found, "activity", signal="q")
    assert rnnviz.matches(found, [1], 5.0) == ()
