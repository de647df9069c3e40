"""Truncated training: its gradients, its updates, its stream, and what its cuts take."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz import CELLS, backprop, build, clip, from_torch, run
from rnnviz.core.readout import Readout
from rnnviz.numerics.records import sealed
from rnnviz.training.cut_effect import compared, heard, log10_norms
from rnnviz.training.echo_stream import Echo
from rnnviz.training.optimisers import OPTIMISERS, clipped
from rnnviz.training.truncated_bptt import MeanSquared, Plan, Stretch, begin, flat_gradient, train
from rnnviz.training.weights import flat, refilled

DATA = np.load(Path(__file__).parents[1] / "data" / "torch_training.npz")
CASES = sorted({key.split("/")[0] for key in DATA})


def net(cell: str, size: int = 4, **more: Any):
    return build(cell, 1, size, seed=3, output_size=1, **more)


class Stored:
    """A stream of arrays that are there already."""

    def __init__(self, x: Any, y: Any) -> None:
        self.x, self.y = x, y

    def after(self, steps: int):
        return self.x[:steps], self.y[:steps], Stored(self.x[steps:], self.y[steps:])


def stored(case: str, update: int):
    """PyTorch's model after some updates."""
    head = f"{case}/p{update}/"
    found = {key.removeprefix(head): DATA[key] for key in DATA if key.startswith(head)}
    readout = {"W_y": found.pop("out.weight").T.copy(), "b_y": found.pop("out.bias")}
    return replace(from_torch(found), readout=Readout("identity", sealed(readout)))


@pytest.mark.parametrize("case", CASES)
def test_five_updates_are_pytorch_s(case):
    kind = case.split(":")[1]
    rate = {"sgd": 0.3, "adam": 0.05}[kind]
    x, y = DATA[f"{case}/x"], DATA[f"{case}/y"]
    for updates in range(1, 6):
        plan = Plan(1, window=4, updates=updates, batch=3, optimiser=kind, rate=rate, clip=0.5)
        found = train(stored(case, 0), plan, Stored(x, y))
        np.testing.assert_allclose(
            flat(found.model), flat(stored(case, updates)), rtol=0, atol=1e-11
        )
    norms = [float(DATA[f"{case}/norm{u}"]) for u in range(5)]
    np.testing.assert_allclose(10**found.log10_gradient, norms, rtol=1e-11)
    np.testing.assert_allclose(found.loss, [DATA[f"{case}/loss{u}"] for u in range(5)], rtol=1e-11)
    assert max(norms) > 0.5, "the limit is never met"


@pytest.mark.parametrize("cell", CELLS)
def test_a_window_s_gradient_is_a_central_difference_with_its_first_state_held(cell):
    model, rng = net(cell), np.random.default_rng(1)
    x, y = rng.standard_normal((2, 5, 3, 1))
    start = {name: rng.standard_normal((1, 3, 4)) * 0.3 for name in model.cell.states}
    one = Stretch(x, y, start, 2)
    way, step = rng.standard_normal(flat(model).shape), 1e-6
    up, down = (float(one.flow(refilled(model, flat(model) + sign * step * way)).loss.sum())
                for sign in (1, -1))  # fmt: skip
    found = float(flat_gradient(one.flow(model)) @ way)
    assert abs((up - down) / (2 * step) - found) <= 1e-7 * max(1, abs(found))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_one_window_as_long_as_the_stream_is_full_backpropagation(cell):
    model = net(cell)
    x, y, _ = Echo.seeded(3, 2, 0).after(12)
    trace = run(model, x)

    wanted = flat_gradient(backprop(trace, MeanSquared(y, "every")))
    plan = Plan(3, window=12, updates=1, batch=2, optimiser="sgd", rate=1.0, clip=None)
    found = flat(train(model, plan).model)
    np.testing.assert_allclose(found, flat(model) - wanted, rtol=0, atol=1e-14)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_windows_that_are_run_again_from_the_start_are_full_backpropagation_too(cell):
    """With a rate of almost nothing the weights stay: then the last update's gradient is known."""

    model, rate = net(cell), 1e-12
    plan = Plan(3, window=4, back=8, updates=3, batch=2, optimiser="sgd", rate=rate, clip=None)
    x, y, _ = Echo.seeded(3, 2, 0).after(12)
    full = backprop(run(model, x), MeanSquared(y, np.arange(12) >= 8))
    found = train(model, plan)
    size = np.log10(np.linalg.norm(flat_gradient(full)))
    assert abs(found.log10_gradient[-1] - size) < 1e-9
    cut = train(model, replace(plan, back=0))
    assert abs(cut.log10_gradient[-1] - size) > 1e-5
    np.testing.assert_allclose(cut.loss, found.loss, rtol=1e-9)


def test_state_is_handed_on_from_window_to_window():
    """As good as unmoved weights: the losses are those of one run over everything."""
    model = net("lstm")
    x, y, _ = Echo.seeded(5, 2, 0).after(20)
    wanted = ((run(model, x).scores - y) ** 2).reshape(5, 4, 2).mean(axis=(1, 2))
    plan = Plan(5, window=4, updates=5, batch=2, optimiser="sgd", rate=1e-14)
    np.testing.assert_allclose(train(model, plan).loss, wanted, rtol=1e-10)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_cut_and_uncut_gradient_are_the_same_within_the_window(cell):
    found = compared(net(cell), 6, 4, before=12, batch=3)
    np.testing.assert_allclose(found.log10_cut[1:], found.log10_full[13:], atol=1e-12)
    assert found.full.loss is not None
    np.testing.assert_allclose(found.full.loss[12:], found.cut.loss, rtol=1e-12)
    one, other = flat_gradient(found.full), flat_gradient(found.cut)
    assert found.log10_ratio == pytest.approx(
        np.log10(np.linalg.norm(other) / np.linalg.norm(one)), abs=1e-12
    )
    assert found.cosine == pytest.approx(
        one @ other / np.linalg.norm(one) / np.linalg.norm(other), abs=1e-12
    )
    own = found.full["h"]
    np.testing.assert_allclose(
        10 ** found.log10_full[1:], np.linalg.norm(own.reshape(len(own), -1), axis=1), rtol=1e-12
    )
    np.testing.assert_array_equal(log10_norms(found.full), found.log10_full)


def test_a_long_window_learns_and_a_short_one_cannot():
    size, plan = 12, Plan(4, window=4, updates=200, rate=0.02)
    model = net("rnn", size)
    short, long = train(model, plan), train(model, replace(plan, window=8))
    assert short.end(40) > 0.8
    assert long.end(40) < 0.1
    knows = heard(long.model, 4, 40, 8, seed=9)
    assert knows.correlation[4] > 0.97
    assert np.abs(np.delete(knows.correlation, 4)).max() < 0.15
    assert knows.best - 1e-12 <= knows.error < 0.05
    deaf = heard(short.model, 4, 40, 8, seed=9)
    assert deaf.best <= deaf.error + 1e-12
    assert deaf.best == pytest.approx(1 - deaf.correlation[4] ** 2, abs=1e-3)
    assert knows.loss[:4].min() > 0.9, "nobody can know the first answers"
    assert knows.loss[10:].max() < 0.1


def test_clipping_is_the_rule_of_all_pages():
    model = net("gru")
    x, y, _ = Echo.seeded(2, 3, 0).after(6)
    flow = Stretch(x, y, begin(model, 3), 0).flow(model)
    gradient = flat_gradient(flow)
    norm = float(np.linalg.norm(gradient))
    for limit in (norm / 3, norm * 3):
        theirs = clip(flow, norm=limit)
        groups = (theirs.gradients[0], theirs.readout_gradients)
        wanted = np.concatenate([one.ravel() for group in groups for one in group.values()])
        np.testing.assert_allclose(clipped(gradient, norm, limit), wanted, rtol=1e-13)
    assert clipped(gradient, norm, None) is gradient


def test_adam_s_first_step_is_the_rate_in_every_weight():
    step = OPTIMISERS["adam"](2)(np.array([3.0, -1e-3]), 0.1)
    np.testing.assert_allclose(step, [0.1, -0.1], rtol=2e-5)


def test_a_run_that_diverges_ends_and_says_when():
    model = net("rnn", nonlinearity="identity")
    found = train(model, Plan(2, window=4, updates=50, optimiser="sgd", rate=1e6, clip=None))
    assert found.stopped is not None
    assert np.isnan(found.loss[found.stopped - 1 :]).all()
    assert np.isfinite(found.loss[: found.stopped - 1]).all()
    assert np.isfinite(flat(found.model)).all()
    assert np.isnan(found.end(10))


@pytest.mark.parametrize(("change", "said"), [
    ({"delay": 0}, "`delay`"), ({"window": 0}, "`window`"), ({"back": -1}, "`back`"),
    ({"updates": 0}, "`updates`"), ({"batch": 0}, "`batch`"), ({"rate": 0}, "`rate`"),
    ({"clip": -1.0}, "`clip`"), ({"optimiser": "newton"}, "`optimiser`"), ({"seed": -1}, "`seed`"),
])  # fmt: skip
def test_bad_plans_are_refused_by_name(change, said):
    with pytest.raises(ValueError, match=said):
        train(net("rnn"), Plan(**change))


def test_models_that_the_stream_does_not_fit_are_refused():
    plan = Plan(updates=1)
    for model in (build("rnn", 1, 3), build("rnn", 2, 3, output_size=1),
                  build("rnn", 1, 3, output_size=2), net("rnn", num_layers=2)):  # fmt: skip
        with pytest.raises(ValueError, match="`model`"):
            train(model, plan)


def test_the_same_plan_gives_the_same_arrays():
    plan = Plan(3, window=3, updates=20, batch=4)
    one, other = train(net("gru"), plan), train(net("gru"), plan)
    np.testing.assert_array_equal(one.loss, other.loss)
    np.testing.assert_array_equal(flat(one.model), flat(other.model))
    assert (train(net("gru"), replace(plan, seed=1)).loss != one.loss).any()


def test_whole_windows_are_run_again() -> None:
    """As many as m steps need: 5 steps and 8 steps need two windows of 4."""
    one, other, less = (
        train(net("gru"), Plan(3, window=4, back=back, updates=4, batch=2)) for back in (5, 8, 4)
    )
    np.testing.assert_array_equal(one.log10_gradient, other.log10_gradient)
    assert one.log10_gradient[-1] != less.log10_gradient[-1]
