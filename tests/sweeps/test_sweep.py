"""Sweeps: the rows are what the plain functions give, kept, resumed, and safe from workers."""

from __future__ import annotations

import os
import signal
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

import rnnviz
from rnnviz.experiments.solving import attempt
from rnnviz.sweeps import Spec, chunks
from rnnviz.sweeps.processes import Processes
from rnnviz.training import Plan

SMALL = Spec(
    {"scale": [0.5, 1.5, 1e200], "seed": [0, 1, 2]},
    {"cell": "rnn", "cell_options.nonlinearity": "identity", "T": 14, "H": 5},
    ("log10_share", "factor", "horizon", "lyapunov"),
)


class Here(Executor):
    """Calls at once, in this thread; ``answers`` may put something else in their place."""

    _max_workers = 2

    def __init__(self, *answers):
        self.answers, self.calls = list(answers), []

    def submit(self, fn, /, *args, **kwargs):
        self.calls.append(args)
        future: Future = Future()
        answer = self.answers.pop(0) if self.answers else None
        if answer == "cancelled":
            future.cancel()
            return future
        try:
            if answer is not None:
                raise answer
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


def test_rows_are_what_the_plain_functions_give_and_points_without_numbers_have_a_reason():
    found = rnnviz.sweep(SMALL, Here())
    assert found.complete
    for number in range(6):
        settings = found.settings(number)
        flow = settings.flow("rnn")
        one = rnnviz.reach(flow)
        row = found.point(number)
        assert row["log10_share"] == one.log10_share
        assert row["factor"] == one.factor
        assert row["horizon"] == (np.inf if one.horizon is None else one.horizon)
        np.testing.assert_allclose(row["lyapunov"], rnnviz.lyapunov(flow.trace)[0], rtol=1e-12)
        assert settings.seed == row["seed"]
    assert list(found.reasons) == [6, 7, 8]
    assert found.reasons[6].startswith("h is ")
    assert np.isnan(found["factor"][6:]).all()
    means = found.grid("factor", over="seed", how="mean")
    np.testing.assert_allclose(means[:2], found["factor"][:6].reshape(2, 3).mean(axis=1))
    assert np.isnan(means[2])
    np.testing.assert_array_equal(
        found.grid("factor", over=["seed"])[:2],
        np.median(found["factor"][:6].reshape(2, 3), axis=1),
    )
    assert repr(found).startswith("Sweep(scale × seed, 9 of 9 points, 3 with a reason")
    assert list(found.table()["reason"].isna()) == [True] * 6 + [False] * 3
    spec = Spec({"options.noise": [0.1, -1.0]}, {"T": 5, "H": 2})
    refused = rnnviz.sweep(spec, Here())
    assert list(refused.reasons) == [1]
    assert "`noise`" in refused.reasons[1]


def test_a_trained_point_is_what_training_gives():
    spec = Spec({"train.rate": [0.02, 1e30]}, {
        "task": "parity", "T": 4, "H": 12, "cell": "gru", "train.updates": 40, "train.clip": "none",
        "train.solved_below": 0.9}, ["updates", "cost", "score", "factor"])  # fmt: skip
    found = rnnviz.sweep(spec, Here())
    outcome = attempt("gru", Plan("parity", 4, updates=40, clip=None), 0.9, 12)
    assert found["updates"][0] == (np.inf if outcome.needed is None else outcome.needed)
    assert found["cost"][0] == outcome.curve[-1]
    assert 0 < found["score"][0] <= 1
    settings = found.settings(0)
    assert settings.trained.plan.updates == 40
    assert found["factor"][0] > 0
    assert "not a number" in found.reasons[1]


def test_killed_and_resumed_in_any_order_the_file_is_the_same_byte_for_byte(tmp_path, monkeypatch):
    pytest.importorskip("pyarrow")
    whole, parts = tmp_path / "whole.parquet", tmp_path / "parts.parquet"
    rnnviz.sweep(SMALL, Here(), out=whole)
    monkeypatch.setattr(chunks.Sizes, "next", lambda self, left: 1)
    monkeypatch.setattr("rnnviz.sweeps.writing.JOIN", 2)
    stop = Event()
    with ThreadPoolExecutor(1) as pool:
        first = rnnviz.sweep(SMALL, pool, out=parts, stop=stop, progress=lambda _: stop.set())
    assert 0 < first.done.sum() <= 3
    assert not parts.exists()
    growing = rnnviz.read_sweep(parts)
    np.testing.assert_array_equal(growing["factor"], first["factor"])

    def killed(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rnnviz.sweep(SMALL, Here(), out=parts, progress=killed)
    missing = 9 - rnnviz.read_sweep(parts).done.sum()
    assert missing < 9 - first.done.sum()
    here = Here()
    last = rnnviz.sweep(SMALL, here, out=parts)
    assert len(here.calls) == 1 + missing
    assert parts.read_bytes() == whole.read_bytes()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["parts.parquet", "whole.parquet"]
    again = rnnviz.read_sweep(whole)
    assert again.spec == SMALL
    for name, column in last.columns.items():
        np.testing.assert_array_equal(again[name], column)
    assert again.reasons == last.reasons
    assert rnnviz.sweep(SMALL, Here(OSError()), out=whole).complete  # nobody is asked
    with pytest.raises(ValueError, match="must be new or of the same sweep"):
        rnnviz.sweep({"axes": {"seed": [5]}}, Here(), out=whole)


class KilledWorker(Exception):
    """As dask.distributed calls it."""


def test_a_lost_chunk_is_tried_again_in_halves_and_then_its_points_have_a_reason(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(chunks.Sizes, "next", lambda self, left: 4)
    whole = rnnviz.sweep(SMALL, Here())
    once = Here(KilledWorker("first"), None, None, KilledWorker("a"), "cancelled")
    found = rnnviz.sweep(SMALL, once)
    np.testing.assert_array_equal(found["factor"], whole["factor"])
    assert len({args[-1] for args in once.calls}) == len(once.calls)  # no call is sent twice

    class Deadly(Here):
        def submit(self, fn, /, *args, **kwargs):
            deadly = len(args) > 1 and 2 in args[1]
            self.answers = [KilledWorker("out of memory")] if deadly else []
            return super().submit(fn, *args, **kwargs)

    found = rnnviz.sweep(SMALL, Deadly(), out=tmp_path / "lost.parquet")
    assert rnnviz.read_sweep(tmp_path / "lost.parquet").lost == found.lost == {2}
    assert found.reasons[2] == "Its worker was lost: 3 times, out of memory"
    assert found.done.all()
    np.testing.assert_array_equal(found["factor"][3:], whole["factor"][3:])
    again = rnnviz.sweep(SMALL, Here(), out=tmp_path / "lost.parquet")
    np.testing.assert_array_equal(again["factor"], whole["factor"])


def test_an_executor_that_breaks_is_made_again_where_that_can_be(tmp_path):
    class Breaks(Here):
        def submit(self, fn, /, *args, **kwargs):
            if len(self.calls) == 3:
                raise BrokenExecutor("a process was killed")
            return super().submit(fn, *args, **kwargs)

    made = []
    found = rnnviz.sweep(SMALL, lambda: made.append(Breaks()) or made[-1])
    assert found.done.all()
    assert len(made) > 1
    assert not found.lost
    with pytest.raises(RuntimeError, match=r"takes no calls any more .* they are kept"):
        rnnviz.sweep(SMALL, Breaks(), out=tmp_path / "kept.parquet")
    assert rnnviz.read_sweep(tmp_path / "kept.parquet").done.any()


def test_workers_that_cannot_do_it_are_told_in_a_sentence_and_soon():
    missing = ModuleNotFoundError("No module named 'rnnviz'")
    with pytest.raises(RuntimeError, match="workers cannot import rnnviz"):
        rnnviz.sweep(SMALL, Here(missing))

    with pytest.raises(RuntimeError, match=r"for the points 0 to 0 has failed \(TypeError: odd\)"):
        rnnviz.sweep(SMALL, Here(None, TypeError("odd")))

    class Silent(Here):
        def submit(self, fn, /, *args, **kwargs):
            return Future()

    with pytest.raises(RuntimeError, match=r"No worker .* has answered within 0\.01 s"):
        rnnviz.sweep(SMALL, Silent(), patience=0.01)

    class Older(Here):
        def submit(self, fn, /, *args, **kwargs):
            future: Future = Future()
            future.set_result(("0.0.1", np.__version__))
            return future

    with pytest.raises(RuntimeError, match=r"must have the rnnviz and NumPy .* got 0\.0\.1"):
        rnnviz.sweep(SMALL, Older())
    with pytest.raises(ValueError, match="`executor` must be a concurrent"):
        rnnviz.sweep(SMALL, 3)


def test_a_killed_process_costs_its_chunk_alone_and_another_one_takes_its_place():
    whole, killed = rnnviz.sweep(SMALL, Here()), []

    def kill(progress):
        if not killed:
            killed.append(next(iter(pool.workers)).process.pid)
            os.kill(killed[0], signal.SIGKILL)

    with Processes(1) as pool:
        assert isinstance(pool.submit(divmod, 1, 0).exception(60), ZeroDivisionError)
        assert pool.submit(lambda: 1).exception(60) is not None  # it cannot be pickled
        (first,) = pool.workers
        os.kill(first.process.pid, signal.SIGINT)  # Ctrl-C reaches all processes of a terminal
        assert pool.submit(divmod, 7, 2).result(60) == (3, 1)
        assert first in pool.workers
        found = rnnviz.sweep(SMALL, pool, progress=kill)
        assert killed[0] not in {one.process.pid for one in pool.workers}
    np.testing.assert_array_equal(found["log10_share"], whole["log10_share"])
    np.testing.assert_array_equal(found["lyapunov"], whole["lyapunov"])
    assert not found.lost


def test_what_is_damaged_is_computed_again_and_no_two_sweeps_mix_in_one_file(tmp_path, monkeypatch):
    pytest.importorskip("pyarrow")
    monkeypatch.setattr(chunks.Sizes, "next", lambda self, left: 2)
    path, folder, refusals = tmp_path / "a.parquet", tmp_path / "a.parquet.parts", []

    def second(progress):
        for spec in (SMALL, {"axes": {"seed": [5]}}):
            with pytest.raises(ValueError, match="`out` must be a file that no other sweep is wr"):
                rnnviz.sweep(spec, Here(), out=path)
        refusals.append(progress.done)
        if progress.done > 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rnnviz.sweep(SMALL, Here(), out=path, progress=second)
    assert refusals == [2, 4, 6]
    last = max(folder.glob("0*.parquet"))
    last.write_bytes(last.read_bytes()[:400])
    (folder / "spec.json").write_bytes(b"")
    with pytest.raises(ValueError, match="must be new or of the same sweep"):  # the parts know
        rnnviz.sweep({"axes": {"seed": [5]}}, Here(), out=path)
    here = Here()
    found = rnnviz.sweep(SMALL, here, out=path)
    assert sorted(n for args in here.calls[1:] for n in args[1]) == [6, 7, 8]
    np.testing.assert_array_equal(found["lyapunov"], rnnviz.sweep(SMALL, Here())["lyapunov"])
    assert [one.name for one in tmp_path.iterdir()] == ["a.parquet"]
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ValueError, match="cannot be read: delete it or choose another name"):
        rnnviz.sweep(SMALL, Here(), out=path)
