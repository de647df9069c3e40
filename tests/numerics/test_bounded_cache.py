"""What is kept is bounded in bytes, computed once, and goes with its owner."""

import threading
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pytest

from rnnviz import backprop, build, run
from rnnviz.numerics import bounded_cache
from rnnviz.numerics.bounded_cache import OVERHEAD, BoundedCache
from rnnviz.numerics.held_bytes import HEADER, buffers
from rnnviz.words import sentence

MILLION = 10**6


def zeros(size=MILLION):
    """An array that counts for so many bytes."""
    return np.zeros(size - HEADER, np.int8)


def about(size):
    """Beside it only small objects around an array."""
    return pytest.approx(size, abs=500)


def test_the_least_recently_used_go_first():
    cache = BoundedCache(3 * MILLION + 4 * OVERHEAD)
    for key in "abc":
        cache.get(key, zeros)
    cache.get("a", pytest.fail)
    cache.get("d", zeros)
    assert cache.bytes == 3 * (MILLION + OVERHEAD)
    cache.get("a", pytest.fail)
    assert cache.get("b", lambda: "again") == "again"


def test_what_several_hold_counts_once_and_as_long_as_one_holds_it():
    cache, shared = BoundedCache(4 * MILLION), zeros()
    cache.get("whole", lambda: (shared,))
    cache.get("view", lambda: {"half": shared[::2]})
    assert cache.bytes == about(MILLION + 2 * OVERHEAD)
    cache.get("large", lambda: zeros(4 * MILLION - 2 * OVERHEAD))
    assert len(cache) == 1, "both went, and the array with them"
    assert cache.bytes == 4 * MILLION - OVERHEAD


@pytest.fixture
def counted_at_every_result(monkeypatch):
    monkeypatch.setattr(bounded_cache, "AGAIN", 1)


def test_what_was_used_is_counted_again_after_some_results_or_near_the_limit():
    class Page:
        held_bytes = 10

    for most, others in ((MILLION, bounded_cache.AGAIN - 1), (2.5 * OVERHEAD, 1)):
        cache, page = BoundedCache(most), Page()
        cache.get("page", lambda page=page: page)
        page.held_bytes = 500
        for k in range(others):
            assert cache.bytes == 10 + (k + 1) * OVERHEAD
            cache.get(k, lambda: 1)
        assert cache.bytes == 500 + (others + 1) * OVERHEAD


@pytest.mark.usefixtures("counted_at_every_result")
def test_a_quarter_goes_while_the_process_holds_too_much(monkeypatch):
    held = [100]
    monkeypatch.setattr(bounded_cache, "resident", lambda: held[0])
    cache = BoundedCache(MILLION, ceiling=100)
    for k in range(8):
        cache.get(k, lambda: 1)
    assert len(cache) == 8
    held[0] = 101
    cache.get("next", lambda: 1)
    assert len(cache) == 6
    held[0] = 0  # a system that does not tell
    cache.get("last", lambda: 1)
    assert len(cache) == 7


@pytest.mark.usefixtures("counted_at_every_result")
def test_what_a_record_computes_on_first_use_is_counted_with_the_next_result():
    @dataclass(frozen=True)
    class Lazy:
        x: np.ndarray

        @cached_property
        def more(self):
            return zeros()

    cache = BoundedCache(2 * MILLION)
    cache.get("lazy", lambda: Lazy(zeros())).more.sum()
    cache.get("small", lambda: 1)
    assert len(cache) == 1, "two million and two overheads are too many"
    assert cache.bytes == OVERHEAD


def test_a_flow_holds_what_its_arrays_take():
    flow = backprop(run(build("lstm", 2, 8, seed=0), np.ones((50, 1, 2))), np.ones((50, 1, 8)))
    arrays = [*flow.layers[0].trace.record.values(), *flow.layers[0].d.values()]
    assert sum(buffers(flow).values()) >= len({id(one) for one in arrays}) * 50 * 8 * 8 / 2
    assert sum(buffers((flow, flow.trace)).values()) == about(sum(buffers(flow).values()))


def test_lists_of_numbers_and_texts_count_with_what_is_in_them():
    numbers = [k / 7 for k in range(1000)]
    texts = {k: f"{k:06d} and more" for k in range(1000)}
    assert 32_000 < sum(buffers([numbers, numbers]).values()) < 34_000
    assert sum(buffers((texts,)).values()) > 60 * 1000
    words = sentence("{n} steps", n=sentence("{few}", few="x" * 5000))
    held = sum(buffers([words]).values())
    assert 3 * 5000 < held < 4 * 5000, "once in each of the sentences, and by itself"
    assert 5000 < sum(buffers("x" * 5000).values()) < 5100


@pytest.mark.usefixtures("counted_at_every_result")
def test_what_has_grown_is_counted_again():
    class Page:
        held_bytes = 10

    cache, page = BoundedCache(MILLION), Page()
    cache.put("page", page)
    cache.get("next", lambda: 1)
    page.held_bytes = 500_000
    cache.find("page")
    cache.get("another", lambda: 1)
    assert cache.bytes == 500_000 + 3 * OVERHEAD
    page.held_bytes = 5
    cache.find("page")
    cache.get("a third", lambda: 1)
    assert cache.bytes == 5 + 4 * OVERHEAD


def test_one_thread_computes_and_errors_are_not_kept():
    cache, calls, start = BoundedCache(MILLION), [], threading.Barrier(4)

    def compute():
        calls.append(1)
        return len(calls)

    def ask():
        start.wait()
        assert cache.get("key", compute) == 1

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert calls == [1]
    with pytest.raises(ZeroDivisionError):
        cache.get("bad", lambda: 1 / 0)
    assert cache.get("bad", lambda: "good") == "good"


def test_an_owner_leaves_with_its_results_even_while_another_call_is_at_work():
    cache = BoundedCache(10 * MILLION)
    cache.get((1, "mine"), zeros)
    cache.get((2, "yours"), zeros)
    with cache._lock:
        cache.leave(1)
        assert len(cache) == 2
    cache.get((2, "yours"), pytest.fail)
    assert len(cache) == 1
    assert cache.bytes == MILLION + OVERHEAD


@pytest.mark.usefixtures("counted_at_every_result")
def test_what_is_put_is_counted_with_the_next_result_closures_too():
    cache, table = BoundedCache(3 * MILLION), zeros()
    cache.put((1, "table"), lambda: table)
    cache.put((1, "table"), lambda: table)
    assert cache.find((1, "table"))() is table
    cache.get("next", zeros)
    assert cache.bytes == about(2 * MILLION + 2 * OVERHEAD)
    cache.get("large", lambda: zeros(2 * MILLION))
    assert cache.find((1, "table")) is None


def test_who_waits_for_another_s_result_can_leave():
    cache, begun, go = BoundedCache(MILLION), threading.Event(), threading.Event()

    def compute():
        begun.set()
        go.wait(10)
        return 1

    def leave():
        raise KeyboardInterrupt

    other = threading.Thread(target=cache.get, args=("key", compute))
    other.start()
    begun.wait(10)
    with pytest.raises(KeyboardInterrupt):
        cache.get("key", pytest.fail, leave)
    go.set()
    other.join()
    assert cache.get("key", pytest.fail) == 1
