"""What came along the kept state, and what went through the weights, step by step.

Both parts are carried back with one power of two for a portion of timesteps. Where a portion leaves
the range of floats it is halved, and in the end done with a power of two for every step.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rnnviz.cells import Cell
from rnnviz.core.trace import LayerTrace
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.extended_range import Scaled, joined

AT_ONCE, FEWEST = 64, 8
"""Timesteps whose records of single steps are held at once, and so few that are not halved."""
NOTHING = -(2**30)
"""The power of two of a row of zeros."""


class _Steps:
    """A cell's backward step at single timesteps, for rows of gradients [h | c]."""

    def __init__(self, cell: Cell, W: Arrays, record: Arrays) -> None:
        shape, dtype = record["h"].shape, record["h"].dtype
        self.states, self.count, self.size = cell.states, shape[0], shape[2]
        self.d = cell.gradient_records(shape, dtype)
        for name in self.states:
            self.d[f"d{name}"] = np.zeros(shape, dtype)
            self.d[f"d{name}_prev"] = np.zeros(shape, dtype)
        self.step = cell.backward_loop(W, shape[1], shape[2], dtype).bound(record, self.d)

    def __call__(
        self, t: int, gradients: Array, before: Array | float = 0.0
    ) -> tuple[Array, Array]:
        """∂L/∂state at t, all of it, and what goes back from it; both (rows, n).

        ``before`` is what ∂L/∂h_{t−1} holds already. Each t may be asked once.
        """
        for k, name in enumerate(self.states):
            self.d[f"d{name}"][t] = gradients[:, k * self.size : (k + 1) * self.size]
        self.d["dh_prev"][t] = before
        self.step(t)
        return self._rows("", t), self._rows("_prev", t)

    def carried(self, entries: Array, last: Array) -> tuple[Array, Array, Array]:
        """One row carried through all timesteps from the last to the first, each (T, n).

        What enters every step, ∂L/∂state there, all of it, and what goes back from it. ``entries``
        (T, n) come in at every step, ``last`` (n,) at the last one.
        """
        enter, step = np.array(entries), self.step
        ways = [
            (self.d[f"d{name}"][:, 0], self.d[f"d{name}_prev"][:, 0],
             enter[:, k * self.size : (k + 1) * self.size])
            for k, name in enumerate(self.states)
        ]  # fmt: skip
        enter[-1] += last
        for t in range(self.count - 1, -1, -1):
            for here, back, row in ways:
                if t < self.count - 1:
                    row[t] += back[t + 1]
                here[t] = row[t]
            step(t)
        every = slice(None)
        return enter, self._rows("", every)[:, 0], self._rows("_prev", every)[:, 0]

    def _rows(self, end: str, t: int | slice) -> Array:
        return np.concatenate([self.d[f"d{name}{end}"][t] for name in self.states], axis=-1)


class _Portion(NamedTuple):
    """The two parts at some timesteps, rows (t, n), and what of each goes back from the first."""

    main: Scaled
    rest: Scaled
    main_on: Scaled
    rest_on: Scaled


def split(at: LayerTrace, record: Arrays, above: Scaled) -> tuple[Scaled, Scaled]:
    """``main`` and ``rest``, (T + 1, 1, H) as processed, index 0 the initial state."""
    steps, _, size = record["h"].shape
    width = len(at.cell.states) * size
    entry = np.zeros((steps, width), record["h"].dtype)
    entry[:, :size] = above.mantissa[:, 0]
    ways = _Split(at, record, Scaled(entry, above.exponent[:, 0]))
    nothing = Scaled(np.zeros((1, width), entry.dtype))
    found = [_Portion(nothing[:0], nothing[:0], nothing, nothing)]
    for start in reversed(range(0, steps, AT_ONCE)):
        found += ways.portions(slice(start, min(start + AT_ONCE, steps)), found[-1])
    first = found[-1]
    main = joined([first.main_on, *(one.main for one in found[::-1])])
    rest = joined([first.rest_on, *(one.rest for one in found[::-1])])
    path = slice(width - size, None)
    return main.columns(path)[:, None], rest.columns(path)[:, None]


class _Split:
    """The two parts of one example's gradient; ``above`` (T, n) is what the losses add."""

    def __init__(self, at: LayerTrace, record: Arrays, above: Scaled) -> None:
        self.cell, self.W, self.record, self.above = at.cell, at.parameters, record, above
        self.no_weights = {name: np.zeros_like(W) for name, W in at.parameters.items()}
        self.size = record["h"].shape[-1]
        self.far = 2.0 ** (int(np.finfo(record["h"].dtype).maxexp) * 7 // 16)

    def portions(self, part: slice, later: _Portion) -> list[_Portion]:
        """The timesteps of ``part`` in portions, the last first; ``later`` comes after them."""
        if (found := self._at_once(part, later)) is not None:
            return [found]
        if (count := part.stop - part.start) <= FEWEST:
            return [self._one_by_one(part, later)]
        middle = part.start + count // 2
        last = self.portions(slice(middle, part.stop), later)
        return [*last, *self.portions(slice(part.start, middle), last[-1])]

    def _at_once(self, part: slice, later: _Portion) -> _Portion | None:
        """With one power of two for ``main`` and one for ``rest``; None if they leave its range."""
        rows = {name: one[part] for name, one in self.record.items()}
        free = _Steps(self.cell, self.no_weights, rows)
        carried = self._carried(free, self.above[part], later.main_on)
        if carried is None:
            return None
        main, _, passed = carried
        main = main.normalised()
        flat = {name: one.reshape(1, len(one), -1) for name, one in rows.items()}
        here, on = _Steps(self.cell, self.no_weights, flat)(0, main.mantissa)
        arrived, left = self._leaving(flat, main.mantissa, on)
        if (on.any(axis=1) != passed.mantissa.any(axis=1)).any():
            return None
        entering = joined([main[1:].map(left[1:]), Scaled(np.zeros_like(left[:1]))])
        carried = self._carried(_Steps(self.cell, self.W, rows), entering, later.rest_on)
        if carried is None:
            return None
        enter, rest, back = carried
        ends = enter.mantissa.any(axis=1) & ~back.mantissa.any(axis=1)
        if ends.any():  # with numbers of order 1, what goes back from there must be 0 as well
            sure = _Steps(self.cell, self.W, flat)(0, enter.normalised().mantissa)[1]
            if sure[ends].any():
                return None
        return _Portion(main.map(here), rest + main.map(arrived - here), passed[:1],
                        back[:1] + main[:1].map(left[:1]))  # fmt: skip

    def _carried(
        self, steps: _Steps, entries: Scaled, last: Scaled
    ) -> tuple[Scaled, Scaled, Scaled] | None:
        """`_Steps.carried` by one power of two; None if a row leaves the safe range."""
        coming = joined([entries, last])
        tops = coming.top()
        power = int(tops.max())
        powers = np.full(len(tops), power if power > NOTHING else 0)
        moved, powers = coming.at(powers), powers[1:]
        if (moved.any(axis=1) != (tops > NOTHING)).any():
            return None
        enter, here, back = steps.carried(moved[:-1], moved[-1])
        for rows in (enter, back):
            sizes = np.abs(rows).max(axis=1)
            if not ((sizes == 0) | ((sizes > 1 / self.far) & (sizes < self.far))).all():
                return None
        return Scaled(enter, powers), Scaled(here, powers), Scaled(back, powers)

    def _leaving(self, flat: Arrays, main: Array, on: Array) -> tuple[Array, Array]:
        """∂L/∂state of ``main`` (t, n) with the weights, and what of it leaves the kept path.

        It starts from −(gradient passed on along the path); the remainder is what leaves it.
        """
        size = self.size
        arrived, left = _Steps(self.cell, self.W, flat)(0, main, -on[:, :size])
        left[:, size:] -= on[:, size:]
        return arrived, left

    def _one_by_one(self, part: slice, later: _Portion) -> _Portion:
        """With a power of two for every step."""
        rows = {name: one[part] for name, one in self.record.items()}
        both = {name: np.concatenate([one, one], axis=1) for name, one in rows.items()}
        free = _Steps(self.cell, self.no_weights, rows)
        full = _Steps(self.cell, self.W, both)
        mains, rests, above = list[Scaled](), list[Scaled](), self.above[part]
        main, rest, size = later.main_on, later.rest_on, self.size
        for t in reversed(range(part.stop - part.start)):
            main, rest = (main + above[t : t + 1]).normalised(), rest.normalised()
            here, on = free(t, main.mantissa)
            start = np.zeros((2, size), on.dtype)
            start[0] = -on[0, :size]
            arrived, back = full(t, np.concatenate([main.mantissa, rest.mantissa]), start)
            left = back[:1].copy()
            left[:, size:] -= on[:, size:]
            mains.append(main.map(here))
            rests.append(rest.map(arrived[1:]) + main.map(arrived[:1] - here))
            main, rest = main.map(on), rest.map(back[1:]) + main.map(left)
        return _Portion(joined(mains[::-1]), joined(rests[::-1]), main, rest)


def one_step(
    at: LayerTrace, record: Arrays, above: Scaled, total: Scaled
) -> tuple[Scaled, Scaled]:
    """The gradient that losses add at t, and that the gate passes on from t + 1: (T + 1, 1, H)."""
    steps, _, size = record["h"].shape
    no_weights = {name: np.zeros_like(W) for name, W in at.parameters.items()}
    here, on = np.empty((2, steps, 1, size), total.mantissa.dtype)
    last = slice(-size, None)
    for start in range(0, steps, AT_ONCE):
        part = slice(start, min(start + AT_ONCE, steps))
        count = part.stop - start
        flat = {name: one[part].reshape(1, count, -1) for name, one in record.items()}
        entering, later = np.zeros((2, count, len(at.cell.states) * size), here.dtype)
        entering[:, :size] = above.mantissa[part, 0]
        later[:, last] = total.mantissa[start + 1 : part.stop + 1, 0]
        here[part, 0] = _Steps(at.cell, no_weights, flat)(0, entering)[0][:, last]
        on[part, 0] = _Steps(at.cell, no_weights, flat)(0, later)[1][:, last]
    nothing_here = Scaled(np.zeros((1, 1, size), here.dtype))
    return joined([nothing_here, above.map(here)]), joined([total[1:].map(on), nothing_here])
