"""Training in worker processes: the same bits, paused and resumed, and a worker that dies."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from rnnviz import training
from rnnviz.training import one_training
from rnnviz.training.background import Workers
from rnnviz.training.jobs import Job, Seen
from rnnviz.training.plan import Plan

SHORT = Job.of("gru", Plan("adding", 8, updates=30), 4, forget_bias=None)
LONG = Job.of("rnn", Plan("adding", 8, updates=100_000), 4)


@pytest.fixture(scope="module")
def workers():
    one = Workers(processes=1)
    yield one
    one.close()


def until(workers, who, job, met) -> Seen:
    end = time.monotonic() + 60
    while not met(seen := workers.see(who, job)):
        assert time.monotonic() < end, seen
        workers.wait(0.1)
    return seen


def test_a_job_is_trained_elsewhere_to_the_same_bits_with_all_its_measures(workers):
    assert workers.ask("a", SHORT).stage == "waiting"
    seen = until(workers, "a", SHORT, lambda one: one.stage == "finished")
    run, here = seen.run, training.resume(SHORT.begin())
    assert (run.loss == here.loss).all()
    assert (run.state.weights == here.state.weights).all()
    assert (run.gradient_norm == here.gradient_norm).all()
    assert list(run.vectors) == list(here.vectors)
    assert set(run.measures.known["gradients"]) == set(run.vectors)
    np.testing.assert_array_equal(run.gradients[30], here.gradients[30])
    assert run.scores[30] == here.scores[30]
    np.testing.assert_array_equal(run.gates[30]["z"].low, here.gates[30]["z"].low)
    assert seen.rate is not None
    assert seen.left == 0


def test_one_pauses_steps_and_goes_on_while_another_does_not(workers):
    job = Job.of("gru", Plan("adding", 8, updates=40), 4)
    workers.ask("a", job, 5)
    assert until(workers, "a", job, lambda one: one.stage == "paused").run.done == 5
    workers.ask("a", job, 6)
    assert until(workers, "a", job, lambda one: one.stage == "paused").run.done == 6
    with workers.news:  # no report comes in meanwhile
        assert not workers.see("a", job).beyond
        workers.ask("b", job)
        assert workers.see("a", job).beyond
        workers.leave("b")
        assert "b" not in workers.askers()
        assert not workers.see("a", job).beyond
        workers.ask("b", job)
    until(workers, "b", job, lambda one: one.stage == "finished")
    seen = workers.see("a", job)
    assert (seen.shown, seen.stage, seen.run.done) == (6, "paused", 40)
    workers.cancel("a", job)
    assert workers.see("a", job) is None
    more = Job.of("gru", Plan("adding", 8, updates=60), 4)
    assert workers.ask("b", more).run.done == 40, "more updates go on from those that were made"


def test_a_job_that_is_paused_again_and_again_has_the_same_bits(workers):
    job = Job.of("lstm", Plan("adding", 8, updates=120), 4)
    for k in range(40):
        workers.ask("a", job, (3 * k) % 50)
        workers.wait(0.01 * (k % 3))
    workers.ask("a", job)
    run = until(workers, "a", job, lambda one: one.stage == "finished").run
    assert (run.loss == training.resume(job.begin()).loss).all()
    assert not workers.numbered, "workers hold nothing of what is done"
    assert not workers.pool[0].jobs


def test_a_job_pauses_when_its_seconds_are_spent(workers, monkeypatch):
    monkeypatch.setattr(one_training, "BUDGET", 0.01)
    job = Job.of("rnn", replace(LONG.plan, seed=1), 4)
    workers.ask("a", job)
    seen = until(workers, "a", job, lambda one: one.spent)
    assert seen.stage == "paused"
    assert workers.ask("a", job).stage == "training"
    workers.cancel("a", job)


def test_a_worker_that_dies_is_noticed_and_another_goes_on_from_its_last_report():
    workers = Workers(processes=1)
    workers.ask("a", LONG)
    done = until(workers, "a", LONG, lambda one: one.run.done > 10).run.done
    workers.pool[0].process.kill()
    seen = until(workers, "a", LONG, lambda one: one.deaths == 1)
    assert seen.run.done >= done
    later = until(workers, "a", LONG, lambda one, done=seen.run.done: one.run.done > done)
    workers.close()
    least = later.run.done
    whole = training.begin("rnn", plan=LONG.plan, hidden_size=4)
    *_, whole = (one for one, _ in zip(training.steps(whole, every=1), range(200), strict=False))
    n = min(least, 200)
    assert (later.run.loss[:n] == whole.loss[:n]).all()


def test_what_cannot_be_trained_is_refused_at_once(workers):
    with pytest.raises(ValueError, match="`length` must be"):
        workers.ask("a", Job.of("rnn", Plan("adding", 1)))
