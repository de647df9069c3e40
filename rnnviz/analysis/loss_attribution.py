"""The gradient of each timestep's loss alone, ∂L_τ/∂h_t.

L_τ = dh_τ · outputs_τ, or the term at τ of a loss object. A cell's backward step acts on the
examples of a batch independently, so all losses go through one pass as rows; row τ starts at τ.

By the fast method a step is one product of all rows started so far with ∂s_t/∂s_{t−1}. It serves
the top layer, while all numbers stay far from the ends of the float format and the matrices fit
into memory; where they do not fit, it holds a portion of them, and the rows of one timestep. The
general method, the reverse loop with its powers of two, serves all other cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnviz.analysis.jacobian import MOST_NUMBERS, step_matrices
from rnnviz.analysis.streamed import Streamed
from rnnviz.core.backward_loop import Sweep
from rnnviz.core.backward_run import arriving
from rnnviz.core.lengths import only_one_length
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.validation import instance, one_of, whole_number

MOST_PAIRS = 25_000_000
"""The most pairs of a loss and a timestep, T (T + 1), in a map (200 MB)."""
MOST_STREAMED, MOST_SWEPT = 1.5e12, 3e10
"""The most that losses · T n² may be by the fast method, and losses · T H² over all layers and
directions on the way by the general one: about a minute."""
FEW = 2
"""Up to so many losses, times the squared number of states, the Jacobians themselves cost more."""
ROWS, NUMBERS = 64, 4_000_000
"""Losses in one batch of the general method, and the most numbers in one of its records."""


def itemised(
    trace: Trace, dh: Any, *, state: str = "h", layer: int = 0, direction: str | None = None,
    batch: int = 0,
) -> Array:  # fmt: skip
    """log10 ‖∂L_τ/∂h_t‖₂ of one example, (T, T + 1), float64: row τ − 1, column t = 0 … T.

    With ``state="c"`` it is ‖∂L_τ/∂c_t‖₂, by the general method. ``dh`` is ∂L/∂outputs
    (T, B, directions·H) or a loss, as `backprop` takes it. Column 0 is the initial state. −inf is
    an exact zero: every t > τ; in a reverse direction every t from 1 to τ − 1; the lower layers of
    a bidirectional stack may have neither. Norms beyond the float format are right. Source: RNNbow
    (Cashman et al. 2018), without its cut.

    Raises ValueError naming argument, rule and what arrived, also where T (T + 1) exceeds
    ``MOST_PAIRS``, or where it would take more than about a minute.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.loss_attribution(trace, np.ones((6, 1, 4))).shape
    (6, 7)
    """
    instance("trace", trace, Trace)
    if (steps := len(trace.x)) * (steps + 1) > MOST_PAIRS:
        raise ValueError(
            f"`trace` must have at most {int(MOST_PAIRS**0.5) - 1:,} timesteps for a map of all "
            f"losses, got {steps:,}: rnnviz.reach follows the loss of one step."
        )
    at, direct = _asked(trace, dh, layer, direction, batch)
    one_of("state", state, trace.model.cell.states)
    top = state == "h" and at.layer == trace.model.num_layers - 1
    losses = int(direct.any(axis=1).sum())
    large = steps * (size := trace.model.hidden_size * len(at.cell.states)) ** 2 > MOST_NUMBERS
    if top and large and losses > FEW * len(at.cell.states) ** 2:
        _affordable(steps, losses * steps * size**2, MOST_STREAMED)
        return _in_time(at, _streamed(trace, at, direct, batch))
    fast = _Fast(trace, at, direct, batch) if top else None
    logs = np.full((len(direct), len(direct) + 1), -np.inf)
    if fast is not None and fast.in_range:
        table = np.full(fast.under_way.shape, -np.inf)
        table[fast.under_way] = 0.5 * np.log10(fast.squares.astype(np.float64))
        logs[fast.senders] = table[::-1].T
    else:
        layers = (trace.model.num_layers - at.layer) * len(trace.model.directions)
        work = losses * steps * layers * trace.model.hidden_size**2
        _affordable(steps, work, MOST_SWEPT)
        for rows, vectors in _swept(trace, at, direct, batch, state):
            logs[rows] = vectors.log10_norms().T
    return _in_time(at, logs)


def _affordable(steps: int, work: float, most: float) -> None:
    """Refuse a map of more ``work`` than ``most``."""
    if work > most:
        raise ValueError(
            f"`trace` must have at most {int(steps * (most / work) ** 0.5):,} timesteps for a map "
            f"of all its losses, which take a minute, got {steps:,}: rnnviz.reach follows the loss "
            'of one step; `state` "h" of the top layer takes least.'
        )


def itemised_vectors(
    trace: Trace, dh: Any, *, layer: int = 0, direction: str | None = None, batch: int = 0
) -> Scaled:
    """∂L_τ/∂h_t as mantissas (T, T + 1, H) with powers of two (T, T + 1), indexed as `itemised`.

    Over τ they sum to ``flow["h"]`` and, at t = 0, to the initial state's gradient. Raises
    ValueError naming argument, rule and what arrived, also where T (T + 1) H exceeds
    `rnnviz.analysis.jacobian.MOST_NUMBERS`.
    """
    instance("trace", trace, Trace)
    steps = len(trace.x)
    if (needed := steps * (steps + 1) * trace.model.hidden_size) > MOST_NUMBERS:
        raise ValueError(
            f"`trace` must have at most {MOST_NUMBERS:,} numbers T (T + 1) H in the gradients of "
            f"all losses, got {needed:,}: rnnviz.itemised gives their norms."
        )
    at, direct = _asked(trace, dh, layer, direction, batch)
    shape = len(direct), len(direct) + 1
    mantissa = np.zeros((*shape, trace.model.hidden_size), direct.dtype)
    exponent = np.zeros(shape, np.int64)
    fast = _Fast(trace, at, direct, batch)
    if fast.in_range:
        table = np.zeros((*fast.under_way.shape, mantissa.shape[-1]), direct.dtype)
        table[fast.under_way] = fast.vectors
        mantissa[fast.senders] = table[::-1].swapaxes(0, 1)
    else:
        for rows, vectors in _swept(trace, at, direct, batch):
            mantissa[rows] = vectors.mantissa.swapaxes(0, 1)
            exponent[rows] = vectors.exponent.T
    return Scaled(_in_time(at, mantissa), _in_time(at, exponent))


def _asked(
    trace: Trace, dh: Any, layer: int, direction: str | None, batch: int
) -> tuple[LayerTrace, Array]:
    """The layer, and one example's ∂L/∂outputs (T, directions·H) in the layer's own order."""
    outputs = arriving(trace, dh)
    only_one_length(trace.lengths)
    at = trace.layer(layer, direction)
    example = whole_number("batch", batch, 0, outputs.shape[1] - 1)
    return at, at.in_time(outputs[:, example])


def _in_time(at: LayerTrace, found: Array) -> Array:
    """Rows τ and columns t = 1 … T from the order of processing to input time."""
    if at.direction == "forward":
        return found
    return np.concatenate([found[::-1, :1], found[::-1, :0:-1]], axis=1)


class _Fast:
    """The fast method. ``vectors`` (N, H) holds one block of rows for each t = T, T − 1, …, 0.

    ``senders`` are the timesteps with a loss, last first, counted from 0; ``under_way``
    (T + 1, senders) says which of them have a row in the block of T, T − 1, …, 0.
    """

    def __init__(self, trace: Trace, at: LayerTrace, outputs: Array, batch: int) -> None:
        self.in_range = False
        if at.layer < trace.model.num_layers - 1:
            return
        size, width = trace.model.hidden_size, trace.model.width
        side = trace.model.directions.index(at.direction)
        direct = at.arriving(outputs[:, side * width : (side + 1) * width])
        self.senders = np.flatnonzero(direct.any(axis=1))[::-1]
        steps = len(direct)
        count = np.searchsorted(-self.senders, -np.arange(steps - 1, -1, -1), side="right")
        count = np.append(count, len(self.senders))
        self.under_way = np.arange(len(self.senders)) < count[:, None]
        width = size * len(at.cell.states)
        if max(steps * width, int(count.sum())) * width > MOST_NUMBERS:
            return
        with np.errstate(all="ignore"):
            self._run(step_matrices(at, batch, direct.dtype), direct, count)
            parts = self.vectors
            self.squares = np.einsum("ij,ij->i", parts, parts)
        reach = int(np.finfo(direct.dtype).maxexp) * 7 // 16
        least, most = self.squares.min(initial=1), self.squares.max(initial=1)
        self.in_range = bool(least > 4.0**-reach and most < 4.0**reach)

    def _run(self, jacobians: Array, direct: Array, count: Array) -> None:
        """One product a step; ``count`` (T + 1,) is the number of rows at T, T − 1, …, 0."""
        size, steps = direct.shape[1], len(direct)
        rows = np.empty((int(count.sum()), jacobians.shape[1]), jacobians.dtype)
        end = np.cumsum(count)
        sets_off = end[steps - 1 - self.senders] - 1
        rows[sets_off, :size], rows[sets_off, size:] = direct[self.senders], 0
        first, there = end - count, count
        spans = zip(first.tolist(), first[1:].tolist(), there.tolist(), strict=False)
        for J, (start, after, number) in zip(jacobians[::-1], spans, strict=True):
            np.dot(rows[start : start + number], J, rows[after : after + number])
        self.vectors = rows[:, :size]


def _streamed(trace: Trace, at: LayerTrace, outputs: Array, batch: int) -> Array:
    """log10 ‖∂L_τ/∂h_t‖ (T, T + 1) in the order of processing, by a portion of Jacobians at a time.

    Row k of ``now`` is the loss of the k-th sender from the end.
    """
    jacobians, side = Streamed(trace, at.layer, at.direction, batch), at.direction
    size, width = trace.model.hidden_size, trace.model.width
    first = trace.model.directions.index(side) * width
    direct = np.asarray(at.arriving(outputs[:, first : first + width]), np.float64)
    senders = np.flatnonzero(direct.any(axis=1))[::-1]
    now, power = np.zeros((len(senders), jacobians.size)), np.zeros(len(senders), np.int64)
    logs, alive = np.full((len(direct), len(direct) + 1), -np.inf), 0
    back = jacobians.back()
    with np.errstate(all="ignore"):
        for t in range(len(direct), -1, -1):
            if t and alive < len(senders) and senders[alive] == t - 1:
                now[alive, :size] = direct[t - 1]
                alive += 1
            rows = Scaled(now[:alive], power[:alive]).normalised()
            now[:alive], power[:alive] = rows.mantissa, rows.exponent
            logs[senders[:alive], t] = rows.columns(slice(size)).log10_norms()
            if t:
                now[:alive] = now[:alive] @ next(back)
    return logs


def _swept(
    trace: Trace, at: LayerTrace, outputs: Array, batch: int, state: str = "h"
) -> Iterator[tuple[Array, Scaled]]:
    """The general method: (rows, their ∂L_τ/∂state_t (T + 1, rows, H)) in order of processing."""
    steps = len(outputs)
    widest = len(trace.model.cell.blocks) * trace.model.hidden_size
    count = max(1, min(ROWS, NUMBERS // (steps * widest)))
    senders = np.flatnonzero(outputs.any(axis=1))
    for start in range(0, len(senders), count):
        rows = senders[start : start + count]
        direct = np.zeros((steps, len(rows), outputs.shape[1]), outputs.dtype)
        direct[rows, np.arange(len(rows))] = outputs[rows]
        with np.errstate(all="ignore"):
            yield rows, _down_to(trace, at, Scaled(at.in_time(direct)), batch, state)


def _down_to(
    trace: Trace, at: LayerTrace, above: Scaled, batch: int, state: str
) -> Scaled:
    """∂L_τ/∂(the layer's state) (T + 1, rows, H) from ∂L_τ/∂outputs in input time."""
    sides, size = trace.model.directions, trace.model.width
    for level in reversed(range(at.layer + 1, trace.model.num_layers)):
        above = below(trace, level, above, batch)
    side = sides.index(at.direction)
    sweep = _sweep(at, above, slice(side * size, (side + 1) * size), batch)
    return Scaled(sweep.states[state], sweep.exponent)


def below(trace: Trace, level: int, above: Scaled, batch: int) -> Scaled:
    """∂L_τ/∂(a layer's inputs) from ∂L_τ/∂(its outputs), (T, rows, ·) in input time.

    Every row is carried back through the same example.
    """
    sides, size = trace.model.directions, trace.model.width
    found: Scaled | None = None
    for side in range(len(sides)):
        here = trace.layers[level * len(sides) + side]
        sweep = _sweep(here, above, slice(side * size, (side + 1) * size), batch)
        dx = np.dot(sweep.d["da"], here.parameters["W_x"].T)
        part = here.in_time(Scaled(dx, sweep.exponent[1:]))
        found = part if found is None else found + part
    assert found is not None
    return found


def _sweep(at: LayerTrace, above: Scaled, columns: slice, batch: int) -> Sweep:
    """One layer's backward pass, every row of the batch on the same example."""
    steps, rows = above.mantissa.shape[:2]
    record = {
        name: np.broadcast_to(one[:, batch : batch + 1], (steps, rows, one.shape[-1]))
        for name, one in at.record.items()
    }
    direct = at.arriving(at.in_time(above.columns(columns)))
    sweep = Sweep(at.cell, at.parameters, record, direct)
    sweep.run()
    return sweep
