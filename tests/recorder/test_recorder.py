"""A recorded run: what is written is what the core computes, and any reader finds it again."""

import gc
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import rnnviz
from rnnviz.recorder import layout, reading, torch_modules, writing
from rnnviz.recorder.measures import Batch, measures
from rnnviz.recorder.torch_updates import OPTIMISER, PATIENCE, Updates
from rnnviz.recorder.units import moved
from rnnviz.recorder.verdict import judged
from rnnviz.recorder.verdict_numbers import numbers
from tests.recorder.stand_in import LSTM, Handle, RNNCell, tensor, train, train_cell


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Seventy logs of a GRU whose loss falls, one snapshot at every twenty."""
    net = rnnviz.build("gru", 2, 3, seed=0)
    with rnnviz.Watch(tmp_path / "run", name="*a* run") as watch:
        for step in range(70):
            watch.log(10 * step, net, np.ones((4, 1, 2)), np.ones((4, 1, 3)), loss=1 / (step + 1))
    return tmp_path / "run"


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


def test_any_rows_are_read_again(run: Path) -> None:
    found = rnnviz.RecordedRun(run)
    assert found.count == 70
    assert found.sample(3) == [0, 34, 69]
    assert found.sample(9, steps=(20, 40)) == [2, 3, 4]
    assert found.nearest(206) == 21
    table = found.read([69, 1], ["step", "loss", "0/log10_dh", "nothing"])
    assert table["step"] == [690, 10]
    assert table["loss"] == [1 / 70, 1 / 2]
    assert [len(one) for one in table["0/log10_dh"]] == [5, 5]
    assert table["nothing"] == [None, None]
    with pytest.raises(ValueError, match=r"`rows` must lie in 0 … 69, got 70\."):
        found.read([70], ["step"])


def test_a_snapshot_is_the_net_and_its_batch(run: Path) -> None:
    found = rnnviz.RecordedRun(run)
    assert found.snapshots == [0, 20, 40, 60, 69], "the last log, too"
    snapshot = found.snapshot(40)
    assert snapshot.step == 400
    net = rnnviz.build("gru", 2, 3, seed=0)
    assert all(np.array_equal(snapshot.model.parameters[0][name], one)
               for name, one in net.parameters[0].items())  # fmt: skip
    assert snapshot.dh.shape == (4, 1, 3)
    layout.snapshot_path(run, 40).write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(ValueError, match=r"^snapshot-000000000040\.npz is damaged"):
        found.snapshot(40)


def test_rows_that_were_not_written_are_all_that_a_killed_run_loses(run: Path) -> None:
    net = rnnviz.build("gru", 2, 3, seed=0)
    killed = rnnviz.Watch(run)
    killed.log(500, net, np.ones((4, 1, 2)), np.ones((4, 1, 3)))
    killed.flush()
    killed.log(510, net, np.ones((4, 1, 2)), np.ones((4, 1, 3)))
    found = rnnviz.RecordedRun(run)
    assert found.count == 71
    # Training went back to step 500: what came after it before is left out.
    assert found.segments == [(0, 50), (70, 71)]
    assert found.read(found.sample(60), ["step"])["step"] == list(range(0, 510, 10))
    assert numbers(found).logs == found.logged() == 51, "of 71 rows"
    assert numbers(found, steps=(20, 60)).logs == 5
    with pytest.raises(ValueError, match=r"`step` must be above the last one, 510, got 510\."):
        killed.log(510, net, np.ones((4, 1, 2)), np.ones((4, 1, 3)))


def test_chunks_are_joined_and_a_reader_that_knows_the_old_ones_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (writing, reading):
        monkeypatch.setattr(module, "CHUNK", 4)
    monkeypatch.setattr(writing, "BLOCK", 16)
    writer = writing.RunWriter(tmp_path / "run", {"name": "run"})
    for step in range(14):
        writer.add(step, {"loss": float(step)})
    reader = rnnviz.RecordedRun(tmp_path / "run")
    assert [(one.first, one.last) for one in reader.parts] == [(0, 3), (4, 7), (8, 11)]
    for step in range(14, 40):
        writer.add(step, {"loss": float(step), "total_norm": 1.0})
    assert [(one.first, one.last) for one in layout.parts(tmp_path / "run")] == [
        (0, 15), (16, 31), (32, 35), (36, 39)
    ]  # fmt: skip
    assert reader.read([5], ["loss", "total_norm"]) == {"loss": [5.0], "total_norm": [None]}


@pytest.mark.parametrize(("about", "rule"), [
    ("{", "must be a JSON object"), ("[1]", "must be a JSON object"),
    ('{"version": 99}', r"of format 1 or earlier, got 99: it comes from a later rnnviz"),
])  # fmt: skip
def test_another_run_json_is_refused(run: Path, about: str, rule: str) -> None:
    (run / "run.json").write_text(about)
    with pytest.raises(ValueError, match=rule):
        rnnviz.RecordedRun(run)


def test_a_folder_of_something_else_and_another_net_are_refused(run: Path) -> None:
    (run.parent / "notes.txt").write_text("mine")
    with pytest.raises(ValueError, match="`folder` must be new, empty or a recorded run, got"):
        rnnviz.Watch(run.parent)
    other = rnnviz.build("gru", 2, 4, seed=0)
    with pytest.raises(ValueError, match="`net` must be as it was when the run began, hidden_size"):
        rnnviz.Watch(run).log(700, other, np.ones((4, 1, 2)), np.ones((4, 1, 4)))


def test_hooks_record_what_a_module_read_and_got_back(tmp_path: Path) -> None:
    """A module with PyTorch's hooks and no PyTorch; `tests/recorder/with_torch.py` has the real."""
    module = LSTM(2, 3, seed=0)
    gc.disable()
    with rnnviz.watch(module, tmp_path / "run", every=2, examples=1) as watching:
        batches = train(module, 5, watching.loss)
    gc.enable()
    # In PyTorch an output holds the graph of its pass: memory that must be given back at once.
    assert [one() for one in module.outputs[:-1]] == [None] * 4
    train(module, 1)
    found = rnnviz.RecordedRun(tmp_path / "run")
    table = found.read(found.sample(), ["step", "loss", "total_norm", "0/log10_dc", "examples"])
    assert table["step"] == [0, 2, 4]
    assert table["examples"] == [1, 1, 1]
    x, dh, loss, state = batches[2]
    row, _, _ = measures(rnnviz.from_torch(state), Batch(x[:, :1], dh[:, :1]))
    assert table["loss"][1] == loss
    np.testing.assert_allclose(table["0/log10_dc"][1], row["0/log10_dc"], rtol=1e-6)
    assert table["total_norm"] == [5.0, 5.0, 5.0]
    before, after = (rnnviz.from_torch(one[-1]) for one in batches[2:4])
    since = moved(rnnviz.from_torch(batches[0][-1]), before)
    assert found.read([1], ["update", "moved"]) == {
        "update": [pytest.approx(moved(before, after))], "moved": [pytest.approx(since)]
    }  # fmt: skip


def test_weights_that_are_no_longer_finite_are_recorded_as_such(tmp_path: Path) -> None:
    module = LSTM(2, 3, seed=0)
    with rnnviz.watch(module, tmp_path / "run", every=1, guessing=0.5) as watching:
        train(module, 1)
        module.state["weight_hh_l0"][0, 0] = np.nan
        train(module, 2, lambda loss: watching.loss(float("nan")))
    found = rnnviz.RecordedRun(tmp_path / "run")
    judging = numbers(found)
    assert judging.guessing == 0.5
    assert list(judging.steps) == [0, 1, 2]
    assert judging.update[0] == np.inf
    assert np.isinf(judging.loss[1:]).all(), "given, and not finite"
    with pytest.raises(ValueError, match="`guessing` must be a finite number, got nan"):
        rnnviz.Watch(tmp_path / "other", guessing=float("nan"))


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


def test_an_update_is_a_step_of_an_optimiser_that_holds_the_weights() -> None:
    module = LSTM(2, 3, seed=0)
    optimiser, other = (SimpleNamespace(param_groups=[{"params": one}])
                        for one in (module.parameters()[:1], [tensor([1.0])]))  # fmt: skip
    counted = Updates(module, module)
    found: list[int | None] = []
    for _ in range(3):
        found += [counted.arrived() for _ in range(4)]  # gradients of four passes added up
        for one in (other, optimiser, optimiser):  # two that hold them, each with a step
            counted.stepped(one)
    assert found == [0, None, None, None, 1, None, None, None, 2, None, None, None]

    still = Updates(module, module)
    passes = [still.arrived() for _ in range(PATIENCE + 2)]
    assert [one for one in passes if one is not None] == [0, PATIENCE, PATIENCE + 1]
    still.stepped(optimiser)
    assert still.arrived() == PATIENCE + 2, "it never goes back"


def test_the_log_of_an_update_of_several_passes_waits_for_its_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []

    def register(hook: Any) -> Handle:
        told.append(hook)
        return Handle(told, hook)

    monkeypatch.setattr(torch_modules, "Recorder", Sent)
    monkeypatch.setitem(sys.modules, OPTIMISER,
                        SimpleNamespace(register_optimizer_step_post_hook=register))  # fmt: skip
    module = LSTM(2, 3, seed=0)
    optimiser = SimpleNamespace(param_groups=[{"params": module.parameters()}])
    with rnnviz.watch(module, tmp_path / "run", every=2) as watching:
        for _ in range(4):
            batches = train(module, 3, watching.loss, by=0.0)
            watching.clipped(tensor([7.0]), 2.0)
            for one in module.parameters():
                one += 0.1
            for hook in told:
                hook(optimiser, (), {})
    assert [log[0] for log in Sent.found] == [0, 2]
    assert not told
    _, _, batch, given, _ = Sent.found[1]
    assert batch.x.shape == batches[0][0].shape
    assert given.pop("update") > 0.01
    assert given == {"loss": 0.0, "total_norm": 5.0, "clip_norm": 7.0, "clip_at": 2.0}


@pytest.mark.parametrize("every", [1, 2])
def test_why_recording_stopped_is_said_once_and_in_the_folder(
    tmp_path: Path, every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every second update the first log is sent where the next that is due begins."""
    def full(*_: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(torch_modules, "Recorder", Sent)
    monkeypatch.setattr(Sent, "send", full)
    with pytest.warns(UserWarning, match="records no more: no space left") as said:  # noqa: SIM117
        with rnnviz.watch(LSTM(2, 3, seed=0), tmp_path / "run", every=every) as watching:
            train(watching.net, 3)
    assert len(said) == 1
    about = layout.read_about(tmp_path / "run")
    assert about["stopped"] == "no space left"
    assert "stopped" not in rnnviz.Watch(tmp_path / "run").writer.about, "it is gone on with"


def test_units_that_can_do_no_more_and_those_that_do_nothing_are_counted() -> None:
    net = rnnviz.build("rnn", 1, 4, seed=0)
    own = net.parameters[0]
    b = np.array([9.0, 9.0, 0.0, 0.5])
    net = net.with_parameters([{"W_x": 0 * own["W_x"], "W_h": 0 * own["W_h"], "b": b}])
    row, _, _ = measures(net, Batch(np.ones((5, 2, 1)), np.ones((5, 2, 4))))
    assert (row["0/h_saturated"], row["0/h_silent"]) == (0.5, 0.25)
    lstm, _, _ = measures(rnnviz.build("lstm", 1, 4), Batch(np.ones((5, 2, 1)), np.ones((5, 2, 4))))
    assert "0/h_saturated" not in lstm


class Sent:
    """Takes the place of the recording process, and keeps what it is sent."""

    found: list[tuple[Any, ...]]

    def __init__(self, folder: Path, *_: Any) -> None:
        type(self).found, self.folder = [], folder

    def send(self, *log: Any) -> None:
        self.found.append(log)

    def close(self) -> None:
        pass


@pytest.mark.parametrize("loops", [1, 2])
def test_a_cell_in_a_loop_is_one_sequence(
    tmp_path: Path, loops: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes back through the next step is no gradient of the loss's own."""
    monkeypatch.setattr(torch_modules, "Recorder", Sent)
    module = RNNCell(2, 3, seed=0)
    with rnnviz.watch(module, tmp_path / "run", every=2, examples=1):
        batches = train_cell(module, 5, loops)
    assert [log[0] for log in Sent.found] == [0, 2, 4]
    _, model, batch, given, left_out = Sent.found[1]
    x, dh, state = batches[2]
    np.testing.assert_allclose(batch.x, x[:, :1], rtol=1e-6)
    np.testing.assert_array_equal(model.parameters[0]["W_h"].T, state["weight_hh"])
    assert given["total_norm"] == 2.0
    assert given["update"] > 0.01
    if loops == 1:
        np.testing.assert_allclose(batch.dh, dh[:, :1], rtol=1e-4, atol=1e-5)
        assert not batch.dh[::2].any()
    assert bool(left_out) == (loops == 2)
    assert not module.hooks
    assert not module.first


def test_what_cannot_be_watched_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="`module` must be a PyTorch module, got 3"):
        rnnviz.watch(3, tmp_path / "a").__enter__()
    with pytest.raises(ValueError, match="`net` must be a PyTorch module or state_dict, a Keras"):
        rnnviz.Watch(tmp_path / "b").log(1, 3, np.ones((4, 1, 2)), np.ones((4, 1, 3)))
