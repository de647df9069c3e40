"""`rnnviz.watch`: hooks on a module with PyTorch's, and no PyTorch."""

import gc
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import rnnviz
from rnnviz.recorder import layout, torch_modules
from rnnviz.recorder.measures import Batch, measures
from rnnviz.recorder.torch_updates import OPTIMISER, PATIENCE, Updates
from rnnviz.recorder.units import moved
from rnnviz.recorder.verdict_numbers import numbers
from tests.recorder.stand_in import LSTM, Handle, RNNCell, tensor, train, train_cell


class Sent:
    """Takes the place of the recording process, and keeps what it is sent."""

    found: list[tuple[Any, ...]]

    def __init__(self, folder: Path, *_: Any) -> None:
        type(self).found, self.folder = [], folder

    def send(self, *log: Any) -> None:
        self.found.append(log)

    def close(self) -> None:
        pass


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


def test_clipping_that_is_told_at_the_second_pass_is_not_that_of_the_first_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No optimiser of PyTorch: that an update was made shows in the second pass's weights."""
    monkeypatch.setattr(torch_modules, "Recorder", Sent)
    module = LSTM(2, 3, seed=0)
    with rnnviz.watch(module, tmp_path / "run", every=3) as watching:
        batches = train(module, 2)
        watching.clipped(tensor([7.0]), 2.0)
        train(module, 2)
        watching.clipped(tensor([5.0]), 2.0)
    first, second = (log[3] for log in Sent.found)
    one, other = (rnnviz.from_torch(batch[-1]) for batch in batches)
    assert "clip_norm" not in first
    assert first["update"] == pytest.approx(moved(one, other))
    assert second["clip_norm"] == 5.0


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
