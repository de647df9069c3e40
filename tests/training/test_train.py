"""Training on tasks: gradients, updates, windows, runs in parts, stops, and what is measured."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rnnviz
from rnnviz import CELLS, build, cell_from_equations
from rnnviz.core.forward_run import first_states
from rnnviz.numerics.blas_threads import one_blas_thread
from rnnviz.tasks import TASKS
from rnnviz.training import Plan, begin, load, resume, save, steps, train
from rnnviz.training.net_pass import NetPass
from rnnviz.training.objectives import OBJECTIVES
from rnnviz.training.trainer import Trainer, windows
from rnnviz.training.weights import flat, refilled
from tests.cells.typed_at_random import equations

ROOT = Path(__file__).parents[2]
WIDE = {"dtype": "float64", "clip": None}


def options():
    """Every cell with every value of its options."""
    for name, kind in CELLS.items():
        for key, values in kind.choices.items() or [("", [None])]:
            for value in values:
                yield name, {key: value} if key else {}


def loss_of(model, task, batch) -> float:
    y = model.readout.scores(rnnviz.run(model, batch.x).outputs[batch.steps])
    return OBJECTIVES[task](y, batch.targets[batch.steps])[0]


@pytest.mark.parametrize(("cell", "more"), [*options()])
def test_one_update_of_plain_descent_is_the_rate_times_the_slope(cell, more):
    rate = 1e-3
    for task, stack in (("adding", {}), ("copying", {"num_layers": 2, "bidirectional": True})):
        plan = {"optimiser": "sgd", "rate": rate, "updates": 1, "batch": 3, **WIDE}
        run = train(cell, task, length=11, hidden_size=4, **plan, **stack, **more)
        model, batch = run.first, run.measures.batches.training(0)
        kind = run.measures.batches.example.loss
        way, step = np.random.default_rng(1).standard_normal(flat(model).shape), 1e-6
        up, down = (
            loss_of(refilled(model, flat(model) + sign * step * way), kind, batch)
            for sign in (1, -1)
        )
        found = (flat(model) - run.state.weights) @ way / rate
        assert abs((up - down) / (2 * step) - found) <= 1e-7 * max(1, abs(found))
        assert run.loss[0] == pytest.approx(loss_of(model, kind, batch), rel=1e-12)


@pytest.mark.parametrize("task", TASKS)
def test_every_task_is_trained_and_measured(task):
    kind = TASKS[task]
    length = 12 if kind.length_is == "exact" and kind.held_out == "drawn" else 0
    run = train("gru", task, length=length, hidden_size=12, updates=40)
    assert run.loss[-5:].mean() < run.loss[:2].mean()
    score = run.scores[40]
    assert score.loss < run.scores[0].loss
    assert score.name == (kind.score or score.name)
    assert run.gradients[0].shape == (run.measures.batches.example.length + 1,)
    assert run.plan.fitted(kind) == run.plan
    assert Plan(**run.plan.as_dict()) == run.plan


@pytest.mark.parametrize(("cell", "length", "more"), [
    ("rnn", 100, {"gain": 0.3, "dtype": "float32"}), ("lstm", 50, {}),
    ("gru", 50, {"num_layers": 2, "bidirectional": True}),
    ("rnn", 40, {"num_layers": 2, "direction": "reverse"}),
])  # fmt: skip
def test_parts_of_a_long_way_back_are_one_way_back(cell, length, more):
    """Also where nothing is left half-way, and a loss before that adds to it again."""
    model, rng = build(cell, 2, 24, seed=1, output_size=2, **more), np.random.default_rng(2)
    x = rng.standard_normal((length, 32, 2)).astype(model.dtype)
    net = NetPass(model, flat(model), flat(model), length, 32)
    with one_blas_thread():
        for at in (np.array([3, 20, 30]), np.array([3, length - 1])):
            dy = rng.standard_normal((len(at), 32, 2)).astype(model.dtype)
            outputs = net.forward(x, first_states(model, 32))[at]
            net.backward(outputs, at, dy)
        trace = rnnviz.run(model, x)
        dh = np.zeros_like(trace.outputs)
        dh[at] = dy @ model.readout.parameters["W_y"].T
        flow, within = rnnviz.backprop(trace, dh), 1e-4 if model.dtype == np.float32 else 1e-11
    for found, wanted in zip(net.G, flow.parameters, strict=False):
        for name, one in found.items():
            np.testing.assert_allclose(one, wanted[name], rtol=0, atol=within * np.ptp(one))
    found = np.tensordot(trace.outputs[at], dy, axes=([0, 1], [0, 1]))
    np.testing.assert_allclose(net.G[-1]["W_y"], found, rtol=0, atol=within * np.ptp(found))


@pytest.mark.parametrize("kind", [1, 5, 9, "lstm"])
def test_a_pass_made_once_serves_other_weights_and_typed_cells(kind):
    name = cell_from_equations(equations(kind)) if isinstance(kind, int) else kind
    hold = {"hold": {"f": 0.9}} if kind == "lstm" else {}
    model, rng = build(name, 2, 3, seed=1, output_size=1, **hold), np.random.default_rng(2)
    weights, at, start = flat(model), np.array([1, 4]), first_states(model, 4)
    net = NetPass(model, weights, np.empty_like(weights), 5, 4)
    for _ in range(2):
        weights += 0.1 * rng.standard_normal(len(weights))
        x, dy = rng.standard_normal((5, 4, 2)), rng.standard_normal((2, 4, 1))
        net.backward(net.forward(x, start)[at], at, dy)
    now = refilled(model, weights.copy())
    trace, dh = rnnviz.run(now, x), np.zeros((5, 4, 3))
    dh[at] = dy @ now.readout.parameters["W_y"].T
    for name, wanted in rnnviz.backprop(trace, dh).parameters[0].items():
        np.testing.assert_allclose(net.G[0][name], wanted, rtol=0, atol=1e-12)


def test_windows_hand_on_states_and_no_gradients():
    assert windows(10, 4) == [(0, 2), (2, 6), (6, 10)]
    assert windows(10, None) == windows(10, 12) == [(0, 10)]
    run = begin("lstm", "noisy_sine", length=10, hidden_size=4, window=4, batch=2, rate=1e-3,
                optimiser="sgd", updates=4, **WIDE)  # fmt: skip
    trainer = Trainer(run.first, run.task, run.plan)
    x, targets, _ = run.measures.batches.training(0)
    for low, high in windows(10, 4):
        before = refilled(run.first, trainer.weights.copy())
        start = trainer.carried
        loss = trainer.step().loss
        given = {f"{name}0": one for name, one in start.items()}
        trace = rnnviz.run(before, x[low:high], **given)
        error = before.readout.scores(trace.outputs) - targets[low:high]
        assert loss == pytest.approx((error**2).mean(), rel=1e-12)
        dh = 2 * error / error.size @ before.readout.parameters["W_y"].T
        wanted = rnnviz.backprop(trace, dh).parameters[0]["W_h"]
        np.testing.assert_allclose(trainer.passes[high - low, 2].G[0]["W_h"], wanted, rtol=1e-11)
        for name, one in trainer.carried.items():
            np.testing.assert_allclose(one, trace.final[name], rtol=1e-12)
    assert (trainer.batch, trainer.window, trainer.carried) == (1, 0, {})


def test_a_run_in_parts_is_a_run_in_one_go_to_the_last_bit():
    plan = Plan("noisy_sine", 12, updates=11, batch=4, window=5, optimiser="adam")
    whole = train("lstm", plan=plan, hidden_size=4)
    parts = begin("lstm", plan=replace(plan, updates=7), hidden_size=4)
    for one in steps(parts, every=4):
        parts = pickle.loads(pickle.dumps(one))
        save(parts, file := io.BytesIO())
        file.seek(0)
        parts = load(file)
    parts = resume(parts, 11)
    for one, other in ((whole.loss, parts.loss), (whole.state.weights, parts.state.weights)):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(whole.gradients[11], parts.gradients[11])
    assert whole.plan == parts.plan


SCRIPT = """
import hashlib, rnnviz
run = rnnviz.train("lstm", "adding", hidden_size=64, updates=12, checkpoints=[7])
whole = run.loss.tobytes() + run.vectors[7].tobytes() + run.state.weights.tobytes()
print(hashlib.sha256(whole + run.gradients[12].tobytes()).hexdigest())
"""


def test_another_process_finds_the_same_bits_with_another_number_of_threads():
    threads = "2" if os.environ.get("OPENBLAS_NUM_THREADS") == "1" else "1"
    found = subprocess.run(
        [sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": threads, "PYTHONPATH": str(ROOT)},
    ).stdout  # fmt: skip
    run = train("lstm", "adding", hidden_size=64, updates=12, checkpoints=[7])
    whole = run.loss.tobytes() + run.vectors[7].tobytes() + run.state.weights.tobytes()
    assert found == hashlib.sha256(whole + run.gradients[12].tobytes()).hexdigest() + "\n"


def test_a_stopped_run_and_a_net_of_ones_own_are_stored_whole():
    run = train(build("gru", 2, 3, output_size=1, hold={"z": 0.9}, reset_after=True, num_layers=2),
                "adding", length=6, updates=3, optimiser="sgd", rate=1e30, clip=None)  # fmt: skip
    save(run, file := io.BytesIO())
    file.seek(0)
    again = load(file)
    assert again.stopped == run.stopped is not None
    assert (repr(again.model), again.keep) == (repr(run.model), run.keep)
    np.testing.assert_array_equal(again.gradients[0], run.gradients[0])
    np.savez(other := io.BytesIO(), loss=np.ones(3))
    other.seek(0)
    with pytest.raises(ValueError, match="`file`"):
        load(other)


def test_all_cells_see_the_same_batches_and_none_twice():
    one, other = (begin(cell, length=8, seed=3).measures.batches for cell in ("rnn", "lstm"))
    np.testing.assert_array_equal(one.training(2).x, other.training(2).x)
    held_out = one.batch(one.held_out()).x[:, :32]
    wanted = TASKS["adding"].make(8, seed=3 << 48, batch=256, part="test").x
    np.testing.assert_array_equal(one.held_out().x, wanted)
    seen = [one.training(0).x, one.training(1).x, held_out, one.probe().x]
    assert len({batch.tobytes() for batch in seen}) == 4


@pytest.mark.parametrize(("gain", "signal", "t"), [(60.0, "∂L/∂h", 27), (80.0, "h", 29)])
def test_an_exploding_net_stops_and_says_where(gain, signal, t):
    for window in (None, 15):
        run = train("rnn", "adding", length=30, hidden_size=8, nonlinearity="relu", gain=gain,
                    clip=None, updates=9, optimiser="sgd", window=window)  # fmt: skip
        assert run.stopped is not None
        assert (run.stopped.what, run.stopped.update) == ("loss", 1)
        assert run.stopped.at is not None
        assert (run.stopped.at.signal, run.stopped.at.t) == (signal, t)
        assert len(run.loss) == run.done + 1 == 1
        assert not np.isfinite(run.loss[-1])
        assert run.finished
        np.testing.assert_array_equal(flat(run.model), flat(run.first))


def test_gradients_are_those_of_the_last_loss_alone():
    run = train("lstm", "noisy_sine", length=9, hidden_size=4, updates=1, dtype="float64")
    x, targets, _ = run.measures.batches.probe()
    model = run.first
    logs = run.gradients[0]
    total = np.zeros(10)
    for b in range(x.shape[1]):
        trace = rnnviz.run(model, x[:, b])
        loss = rnnviz.SquaredError(targets[:, b : b + 1], "last")
        total += 4 * 10 ** (2 * rnnviz.reach(rnnviz.backprop(trace, loss)).log10_norms)
    np.testing.assert_allclose(logs, np.log10(total / x.shape[1]) / 2, rtol=1e-9)


@pytest.mark.parametrize(("change", "said"), [
    ({"updates": 0}, "`updates`"), ({"rate": -1}, "`rate`"), ({"clip": 0}, "`clip`"),
    ({"task": "none"}, "`task`"), ({"optimiser": "newton"}, "`optimiser`"),
    ({"window": 0}, "`window`"), ({"length": 1}, "`length`"), ({"checkpoints": [400]}, "`check"),
    ({"options": {"nothing": 1}}, "nothing"), ({"options": 3}, "`options`"),
    ({"hiden_size": 3}, "hidden_size"),
    ({"model": build("rnn", 3, 4, output_size=1)}, "`model`"),
    ({"model": build("rnn", 2, 4)}, "`model`"),
])  # fmt: skip
def test_what_cannot_be_trained_is_refused_by_name(change, said):
    with pytest.raises(ValueError, match=said):
        begin(**{"model": "rnn", "task": "adding", **change})
