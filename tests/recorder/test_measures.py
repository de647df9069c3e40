"""What a log records of a net and a batch is what the core computes."""

from pathlib import Path

import numpy as np
import pytest

import rnnviz
from rnnviz.recorder.measures import Batch, measures
from rnnviz.recorder.verdict import judged
from rnnviz.recorder.verdict_numbers import numbers
from tests.recorder.stand_in import LSTM


@pytest.mark.parametrize("lengths", [None, [5, 2, 4]])
def test_a_row_has_what_the_core_computes(lengths: list[int] | None) -> None:
    rng = np.random.default_rng(0)
    net = rnnviz.build("lstm", 2, 3, num_layers=2, bidirectional=True, seed=1)
    x, dh = rng.standard_normal((5, 3, 2)), rng.standard_normal((5, 3, 6))
    row, trace, _ = measures(net, Batch(x, dh, lengths))
    flow = rnnviz.backprop(trace, dh)
    own, at = flow.layer(1, "reverse"), trace.layer(1, "reverse")
    whole = np.log10(np.linalg.norm(own["c"], axis=(1, 2)))
    np.testing.assert_allclose(row["1r/log10_dc"][1:], whole, rtol=1e-5)
    np.testing.assert_allclose(row["1r/f_mean"], np.nanmean(at["f"], axis=(0, 1)), rtol=1e-5)
    weights = np.concatenate([one.ravel() for each in flow.layers for one in
                              each.parameters.values()])  # fmt: skip
    assert row["norm_of_examples"] == pytest.approx(np.linalg.norm(weights))
    block = net.parameters[3]["W_h"][:, 3:6]
    assert row["1r/sigma1"][1] == pytest.approx(np.linalg.svd(block)[1][0], rel=1e-5)
    assert row["1r/rho"][1] == pytest.approx(np.abs(np.linalg.eigvals(block)).max(), rel=1e-5)


def test_the_share_follows_the_last_loss_alone() -> None:
    net = rnnviz.build("lstm", 1, 4, seed=0)
    x = np.random.default_rng(0).standard_normal((19, 1, 1))
    row, trace, _ = measures(net, Batch(x, np.ones((19, 1, 4))))
    found = rnnviz.reach(rnnviz.backprop(trace, np.ones((19, 1, 4))))
    assert row["0/log10_share"] == pytest.approx(found.log10_share)
    assert 10 ** row["0/log10_factor"] == pytest.approx(found.factor)
    assert row["0/horizon"] == found.horizon
    assert found.horizon is not None


def test_the_gradient_of_the_last_states_is_taken_along() -> None:
    rng = np.random.default_rng(2)
    net = rnnviz.build("lstm", 2, 3, num_layers=2, seed=1)
    x, dh = rng.standard_normal((5, 2, 2)), rng.standard_normal((5, 2, 3))
    final = {name: rng.standard_normal((2, 2, 3)) for name in "hc"}

    def loss(b: np.ndarray) -> float:
        changed = net.with_parameters([{**net.parameters[0], "b": b}, net.parameters[1]])
        trace = rnnviz.run(changed, x)
        ends = [one.final for one in trace.layers]
        parts = [(np.stack([one[name] for one in ends]) * final[name]).sum() for name in "hc"]
        return float((trace.outputs * dh).sum() + sum(parts))

    from rnnviz.core.backward_run import backward

    found = backward(rnnviz.run(net, x), dh, final=final).layers[0].parameters["b"]
    b, h = net.parameters[0]["b"], 1e-6
    slope = [(loss(b + h * one) - loss(b - h * one)) / (2 * h) for one in np.eye(len(b))]
    np.testing.assert_allclose(found, slope, rtol=1e-6, atol=1e-8)


def test_units_that_can_do_no_more_and_those_that_do_nothing_are_counted() -> None:
    net = rnnviz.build("rnn", 1, 4, seed=0)
    own = net.parameters[0]
    b = np.array([9.0, 9.0, 0.0, 0.5])
    net = net.with_parameters([{"W_x": 0 * own["W_x"], "W_h": 0 * own["W_h"], "b": b}])
    row, _, _ = measures(net, Batch(np.ones((5, 2, 1)), np.ones((5, 2, 4))))
    assert (row["0/h_saturated"], row["0/h_silent"]) == (0.5, 0.25)
    lstm, _, _ = measures(rnnviz.build("lstm", 1, 4), Batch(np.ones((5, 2, 1)), np.ones((5, 2, 4))))
    assert "0/h_saturated" not in lstm


def test_a_log_that_is_not_finite_is_recorded_and_training_goes_on(tmp_path: Path) -> None:
    net = rnnviz.build("lstm", 2, 3, seed=0)
    state = LSTM(2, 3, seed=0).state_dict()
    lost = {**state, "weight_hh_l0": np.full((12, 3), np.inf, np.float32)}
    x, dh, bad = np.ones((4, 1, 2)), np.ones((4, 1, 3)), np.full((4, 1, 3), np.inf)
    with rnnviz.Watch(tmp_path / "run") as watch:
        with pytest.raises(ValueError, match="`dh` must have the shape"):
            watch.log(0, net, x, bad[:2], loss=1.0)
        watch.log(0, net, x, dh, loss=1.0)
        watch.log(1, net, x, dh)
        watch.log(2, net, x, bad, loss=float("nan"))
        watch.log(3, net, x * np.nan, dh)
        watch.log(4, lost, x, dh)
        watch.log(5, net, x, dh, loss=0.5)
    found = rnnviz.RecordedRun(tmp_path / "run")
    table = found.read(range(6), ["loss", "norm_of_examples", "0/log10_dc", "0/f_mean", "0/rho"])
    assert table["loss"] == [1.0, None, pytest.approx(np.nan, nan_ok=True), None, None, 0.5]
    known = [[None if one is None else bool(np.isfinite(one).all()) for one in table[name][1:]]
             for name in list(table)[1:]]  # fmt: skip
    assert known == [[True, False, False, None, True]] * 2 + [
        [True, True, False, None, True], [True, True, True, None, True]]  # fmt: skip
    assert found.snapshots == [0, 1, 5], "the last one before it in its place"
    judging = numbers(found)
    np.testing.assert_array_equal(judging.loss, [1, np.nan, np.inf, np.nan, np.nan, 0.5])
    assert judged(judging._replace(norm=np.ones(6))).causes[0].values["step"] == 2
