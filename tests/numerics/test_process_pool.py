"""Calls in worker processes: results, errors, cancelling, time limits, dead workers."""

import os
import threading
import time

import pytest

from rnnviz.numerics.process_pool import INSIDE, Call, Ended, Pool
from rnnviz.numerics.validation import whole_number


@pytest.fixture(scope="module")
def pool():
    found = Pool(processes=1)
    yield found
    found.close()


def test_a_result_and_an_error_come_back(pool):
    assert pool.run("me", whole_number, "n", 3, seconds=60) == 3
    with pytest.raises(ValueError, match="`n` must be"):
        pool.run("me", whole_number, "n", "three", seconds=60)
    assert pool.run("me", os.getenv, INSIDE, seconds=60) == "1"
    assert len(pool.idle) == 1


def test_what_is_cancelled_or_too_slow_ends_and_the_next_call_is_answered(pool):
    class Changed(Exception):
        pass

    def changed():
        raise Changed

    with pytest.raises(Changed):
        pool.run("me", time.sleep, 60, seconds=60, tick=changed)
    with pytest.raises(Ended, match="longer than"):
        pool.run("me", time.sleep, 60, seconds=0.2)
    with pytest.raises(Ended, match="has ended"):
        pool.run("me", os._exit, 1, seconds=60)
    assert pool.run("me", abs, -2, seconds=60) == 2


def test_with_a_limit_a_call_that_is_left_ends_by_itself_or_at_the_limit():
    pool = Pool(processes=1, limit=1.0)
    pool.run("me", abs, -1, seconds=60)
    (worker,) = pool.idle
    short = pool.begin("me", time.sleep, 0.01)
    pool.leave(short)
    assert short.done.wait(10)
    assert pool.idle == [worker], "no other process has to start"
    long = pool.begin("me", time.sleep, 60)
    pool.leave(long)
    assert long.done.wait(10)
    assert pool.run("me", abs, -2, seconds=60) == 2
    assert pool.idle != [worker]
    pool.close()


def test_an_answer_that_cannot_be_read_leaves_its_place(monkeypatch):
    pool = Pool(processes=1)

    def unreadable(_):
        raise TypeError

    with monkeypatch.context() as patch:
        patch.setattr("rnnviz.numerics.process_pool.pickle.loads", unreadable)
        with pytest.raises(Ended):
            pool.run("me", abs, -1, seconds=60)
    assert not pool.running
    assert pool.run("me", abs, -1, seconds=60) == 1
    pool.close()


def test_one_asker_has_one_call_running(monkeypatch):
    pool, begun, go = Pool(processes=2), [], threading.Event()

    class Stub:
        def __init__(self, megabytes):
            self.process = self

        def compute(self, call):
            begun.append(call.who)
            go.wait(10)

        def poll(self):
            return None

    monkeypatch.setattr("rnnviz.numerics.process_pool.Worker", Stub)
    calls = [Call(who, b"") for who in ("a", "a", "b", "c")]
    pool.waiting += calls
    pool._next()
    while len(begun) < 2:
        time.sleep(0.001)
    assert sorted(begun) == ["a", "b"], "the second of a waits, and c for a process"
    assert [call.who for call in pool.waiting] == ["a", "c"]
    go.set()
    for call in calls:
        assert call.done.wait(10)


def test_a_call_for_which_no_process_can_be_had_ends_and_holds_nothing(monkeypatch):
    def none(megabytes):
        raise BlockingIOError("too many processes")

    pool = Pool(processes=1)
    monkeypatch.setattr("rnnviz.numerics.process_pool.Worker", none)
    with pytest.raises(Ended, match="too many processes"):
        pool.run("me", abs, 1, seconds=5)
    assert not pool.running
    assert not pool.waiting
