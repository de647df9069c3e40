"""Results found again by a key, together at most so many bytes."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from rnnviz.numerics.free_memory import give_back, resident
from rnnviz.numerics.held_bytes import buffers

OVERHEAD = 2000
"""Bytes that a result counts for beside what it holds: the key, and what is noted of it."""
TRIM = 5_000_000
"""So many bytes are thrown out before the memory allocator is asked to give back what is free."""
AGAIN, NEARLY = 16, 0.8
"""After so many results those used since are counted again, and after each one above this share of
what is permitted: to count a page's results at every one of them takes a seventh of its run.
"""
LEFT = 0.75
"""What is left of the results, as a share, where the process holds too much."""
TICK = 0.05
"""Seconds from one call of ``tick`` to the next."""


class BoundedCache:
    """Results by key, shared by threads; the least recently used go first.

    Counted are the arrays and lists that the results hold, one that several hold once. The result
    that came last stays, however large. While the process holds more than ``ceiling`` bytes in all,
    if that is given, a quarter of them goes. A key is computed by one thread, and others that ask
    wait for it.

    >>> cache = BoundedCache(10**6)
    >>> cache.get("a", lambda: "computed")
    'computed'
    >>> cache.get("a", lambda: "not computed again")
    'computed'
    """

    def __init__(self, most: int, ceiling: int = 0) -> None:
        self.most, self.ceiling = most, ceiling
        self.bytes = 0
        self._results: OrderedDict[Hashable, tuple[Any, dict[int, int]]] = OrderedDict()
        self._arrays: dict[int, list[int]] = {}
        self._used: set[Hashable] = set()
        self._computing: dict[Hashable, Lock] = {}
        self._lock = Lock()
        self._freed = self._kept = 0
        self._left: deque[Hashable] = deque()

    def __len__(self) -> int:
        return len(self._results)

    def get(
        self, key: Hashable, compute: Callable[[], Any], tick: Callable[[], object] = lambda: None
    ) -> Any:
        """The result of a key; what ``compute`` raises is raised, and nothing is kept.

        ``tick`` is called again and again while another thread computes it; it may raise.
        """
        self._clear()
        with self._lock:
            if key in self._results:
                return self._found(key)
            gate = self._computing.setdefault(key, Lock())
        while not gate.acquire(timeout=TICK):
            tick()
        try:
            with self._lock:
                if key in self._results:
                    return self._found(key)
            try:
                value = compute()
                with self._lock:
                    self._keep(key, value)
            finally:
                with self._lock:
                    self._computing.pop(key, None)
                self._clear()
        finally:
            gate.release()
        return value

    def put(self, key: Hashable, value: Any) -> None:
        """Keep a value under a key, in place of the one that it had; it is counted later."""
        self._clear()
        with self._lock:
            if key in self._results:
                self._out(key)
            self._results[key] = value, {}
            self.bytes += OVERHEAD
            self._used.add(key)

    def find(self, key: Hashable) -> Any:
        """What is kept under a key; None where nothing is, or it has been thrown out."""
        with self._lock:
            return self._found(key) if key in self._results else None

    def leave(self, owner: Hashable) -> None:
        """Throw out all results whose key is a tuple that begins with ``owner``.

        May be called at any moment, also while garbage is collected: where another call is at work,
        that one does it as its last act.
        """
        self._left.append(owner)
        self._clear()

    def _clear(self) -> None:
        """Throw out what was left, unless another call is at work."""
        while self._left and self._lock.acquire(blocking=False):
            try:
                gone = set(self._left)
                self._left.clear()
                for key in [one for one in self._results
                            if isinstance(one, tuple) and one[0] in gone]:  # fmt: skip
                    self._out(key)
                self._give_back()
            finally:
                self._lock.release()

    def _found(self, key: Hashable) -> Any:
        self._results.move_to_end(key)
        self._used.add(key)
        return self._results[key][0]

    def _keep(self, key: Hashable, value: Any) -> None:
        """Keep a result; after some, count those used: records compute arrays on first use."""
        self._count(key, value)
        self._used.add(key)
        self._kept += 1
        if self._kept >= AGAIN or self.bytes > NEARLY * self.most:
            self._kept = 0
            for used in self._used:
                if used in self._results:
                    self._count(used, self._results[used][0])
            self._used = {key}
        most: float = self.most
        if self._kept == 0 and self.ceiling and resident() > self.ceiling:
            most = min(most, LEFT * self.bytes)
        while self.bytes > most and len(self._results) > 1:
            self._out(next(iter(self._results)))
        self._give_back()

    def _count(self, key: Hashable, value: Any) -> None:
        before = self._results.get(key, (None, {}))[1]
        now = buffers(value)
        if key not in self._results:
            self.bytes += OVERHEAD
        self._results[key] = value, now
        for one, size in now.items():
            if one not in before:
                self._hold(one, size)
            self._resize(one, size)
        for one in before.keys() - now.keys():
            self._release(one)

    def _out(self, key: Hashable) -> None:
        _, held = self._results.pop(key)
        self._used.discard(key)
        self.bytes -= OVERHEAD
        for one in held:
            self._release(one)

    def _hold(self, one: int, size: int) -> None:
        holders = self._arrays.setdefault(one, [0, size])
        if not holders[0]:
            self.bytes += size
        holders[0] += 1

    def _resize(self, one: int, size: int) -> None:
        """What is held may have grown since it was counted."""
        holders = self._arrays[one]
        self.bytes += size - holders[1]
        holders[1] = size

    def _release(self, one: int) -> None:
        holders = self._arrays[one]
        holders[0] -= 1
        if not holders[0]:
            self.bytes -= holders[1]
            self._freed += holders[1]
            del self._arrays[one]

    def _give_back(self) -> None:
        if self._freed >= TRIM:
            self._freed = 0
            give_back()
