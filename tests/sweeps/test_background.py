"""Sweeps in the background: shared, one a visitor, stopped when nobody waits, and gone on with."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from rnnviz.sweeps import background
from rnnviz.sweeps.background import Sweeps
from rnnviz.sweeps.diagrams import resized
from rnnviz.sweeps.sweeping import completed

NAME = "lstm_forget_length"
SPEC = resized(NAME, points=12, seeds=2, hidden_size=16, length=100)


def until(met):
    end = time.monotonic() + 60
    while not met():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_sweep_that_nobody_wants_any_more_ends_with_its_processes_and_goes_on_from_its_points(
    monkeypatch
):
    sweeps = Sweeps(1)
    monkeypatch.setattr("rnnviz.sweeps.going.SNAPSHOT", 0.0)
    sweeps.ask("me", NAME, SPEC)
    sweeps.ask("you", NAME, SPEC)
    until(lambda: sweeps.see("me", SPEC).done > 40)
    (worker,) = sweeps.pool.workers
    sweeps.leave("me")
    assert sweeps.see("me", SPEC).stage == "cancelled"
    assert sweeps.see("you", SPEC).stage == "computing"
    assert sweeps.askers() == {"you"}
    assert not sweeps.all[SPEC].stop.is_set()
    other = resized("rnn_gain_input", points=2, seeds=1, hidden_size=3, length=8)
    sweeps.ask("you", "rnn_gain_input", other)  # one sweep a visitor
    assert sweeps.all[SPEC].stop.is_set()
    until(lambda: sweeps.see("you", SPEC).stage == "cancelled" and sweeps.all[SPEC].over)
    part = sweeps.see("you", SPEC).record
    assert 40 < part.done.sum() < len(SPEC)
    until(lambda: sweeps.see("you", other).stage == "finished")
    until(lambda: sweeps.pool is None and worker.process.poll() is not None)
    begun = []
    monkeypatch.setattr(
        background, "completed",
        lambda found, *args, **named: begun.append(found.record()) or completed(
            found, *args, **named),
    )  # fmt: skip
    sweeps.ask("me", NAME, SPEC)
    assert sweeps.see("me", SPEC).stage in ("waiting", "computing")
    until(lambda: sweeps.see("me", SPEC).stage == "finished")
    np.testing.assert_array_equal(begun[0].done, part.done)
    found = sweeps.see("me", SPEC)
    assert found.record.complete
    assert found.lines
    np.testing.assert_array_equal(found.record["horizon"][part.done],
                                  part["horizon"][part.done])  # fmt: skip
    sweeps.close()


class Threads(ThreadPoolExecutor):
    def abandon(self, future):
        future.cancel()


def test_a_sweep_stops_when_its_time_is_up_and_another_try_goes_on(monkeypatch):
    monkeypatch.setattr(background, "SECONDS", 0.0)
    monkeypatch.setattr(background, "Processes", Threads)
    sweeps = Sweeps(1)
    sweeps.ask("me", NAME, SPEC)
    until(lambda: sweeps.all[SPEC].over)
    assert sweeps.see("me", SPEC).stage == "spent"
    monkeypatch.setattr(background, "SECONDS", 60.0)
    assert sweeps.ask("me", NAME, SPEC).stage == "waiting"
    until(lambda: sweeps.see("me", SPEC).stage == "computing")
    sweeps.close()
