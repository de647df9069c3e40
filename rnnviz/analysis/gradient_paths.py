"""The gradient in two parts: along the kept state alone, and through the weights.

The kept state is c in the LSTM family and h in the other cells. Its gradient splits into

    main_t  what came from the losses along the kept state and met no weight on its way through
            time: in the LSTM D_t = f_{t+1} ⊙ D_{t+1} + direct_t ⊙ ∂h_t/∂c_t, in the GRU
            D_t = z_{t+1} ⊙ D_{t+1} + direct_t. In the plain RNN there is only direct_t.
    rest_t  all that went through W_h (or a peephole) at least once: the gates and the candidate.

Both are computed by the cell's own backward step: ``main`` by that step with every weight set to
zero, so a new cell needs no table here. At every step ``rest`` takes up what leaves ``main``. It
keeps its relative precision however small it is (with peepholes, down to one rounding of ``main``).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from rnnviz.cells import Cell
from rnnviz.core.backward_run import arriving_at, backprop
from rnnviz.core.lengths import only_one_length
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.extended_range import Scaled, joined
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import frozen, instance, whole_number

AT_ONCE = 64
"""Timesteps whose records of single steps are held at once."""


class Roads(NamedTuple):
    """One example's two parts, in input time; arrays (T + 1,) with index 0 the initial state.

    state    "c" or "h": the state whose gradient is split
    gate     the gate that keeps it (f, z), or None
    total    log10 ‖∂L/∂s_t‖₂; main + rest = total as vectors
    main     log10 norm of the part that came along the kept state all the way
    rest     log10 norm of the part that went through the weights at least once
    share    ‖main‖ / (‖main‖ + ‖rest‖), 0 … 1; nan where both are exactly zero
    along    ⟨main, total⟩ / ‖total‖²: with ⟨rest, total⟩ / ‖total‖² it makes 1; may be negative or
             above 1 where the two work against each other; nan where the total is exactly zero
    arrived  one step alone: log10 norm of what the losses at t add to ∂L/∂s_t
    kept     log10 norm of gate_{t+1} ⊙ ∂L/∂s_{t+1}, both parts together
    milled   log10 norm of the remainder of ∂L/∂s_t, which came through the affine step of t + 1: a
             difference, so below some 1e-15 of the total (1e-7 in float32) it is rounding

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.gradient_paths(trace, np.ones((6, 1, 4))).state
    'c'
    """

    state: str
    gate: str | None
    total: Array
    main: Array
    rest: Array
    share: Array
    along: Array
    arrived: Array
    kept: Array
    milled: Array

    def __repr__(self) -> str:
        return brief(self)


def roads(
    trace: Trace, dh: Any, *, layer: int = 0, direction: str | None = None, batch: int = 0
) -> Roads:
    """Split ∂L/∂c_t (LSTM family) or ∂L/∂h_t by path; ``dh`` as `backprop` takes it.

    In a lower layer of a stack, what arrives from the layers above takes the place of the losses.
    Raises ValueError naming argument, rule and what arrived.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> found = rnnviz.gradient_paths(trace, np.ones((6, 1, 4)))
    >>> found.gate, found.share.shape
    ('f', (7,))
    """
    at, parts = _parts(trace, dh, layer, direction, batch)
    with np.errstate(all="ignore"):
        total, main, rest, arrived, kept, milled = (one.log10_norms() for one in parts.values())
        share = 1 / (1 + 10.0 ** (rest - main))
        along = _along(parts["main"], parts["total"])
    cell, found = at.cell, (total, main, rest, share, along, arrived, kept, milled)
    return Roads(cell.states[-1], cell.keeping_gate, *map(frozen, found))


def path_vectors(
    trace: Trace, dh: Any, *, layer: int = 0, direction: str | None = None, batch: int = 0
) -> dict[str, Scaled]:
    """The vectors behind `roads`, by its names: mantissas (T + 1, H), powers of two (T + 1,).

    total = main + rest = arrived + kept + milled. Raises ValueError as `roads` does.
    """
    return _parts(trace, dh, layer, direction, batch)[1]


def time_constants(trace: Trace, *, layer: int = 0, direction: str | None = None) -> Array:
    """τ = 1 / (1 − gate) in steps, (T, B, H), of the gate that keeps the state (f, z).

    The memory of a unit whose gate keeps its value, in steps; inf where the gate is 1. Raises
    ValueError for a cell without such a gate, and for what names no layer.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> rnnviz.time_constants(trace).shape
    (6, 1, 4)
    """
    instance("trace", trace, Trace)
    at = trace.layer(layer, direction)
    if at.cell.keeping_gate is None:
        raise ValueError(f"`trace` must be of a cell with a gate that keeps, got {at.cell.name!r}.")
    gate = at[at.cell.keeping_gate]
    with np.errstate(divide="ignore"):
        return frozen(1 / (1 - gate))


class _Steps:
    """A cell's backward step at single timesteps, for rows of gradients [h | c].

    Records of ``AT_ONCE`` timesteps are held, those of the portion in which the last t lay.
    """

    def __init__(self, cell: Cell, W: Arrays, record: Arrays) -> None:
        steps, batch, size = record["h"].shape
        dtype, self.states, self.record = record["h"].dtype, cell.states, record
        shape = min(AT_ONCE, steps), batch, size
        self.d = cell.gradient_records(shape, dtype)
        for name in self.states:
            self.d[f"d{name}"] = np.zeros(shape, dtype)
            self.d[f"d{name}_prev"] = np.zeros(shape, dtype)
        self.loop, self.start = cell.backward_loop(W, batch, size, dtype), -1

    def _at(self, t: int) -> int:
        """Where t is in the records that are held, after they were bound to its portion."""
        start = t // AT_ONCE * AT_ONCE
        if start != self.start:
            part = {name: one[start : start + AT_ONCE] for name, one in self.record.items()}
            count = len(part["h"])
            self.step = self.loop.bound(part, {name: one[:count] for name, one in self.d.items()})
            self.start = start
        return t - start

    def __call__(
        self, t: int, gradients: Array, before: Array | float = 0.0
    ) -> tuple[Array, Array]:
        """∂L/∂state at t, all of it, and what goes back from it; both (rows, n).

        ``before`` is what ∂L/∂h_{t−1} holds already. Each t may be asked once.
        """
        size, t = self.d["dh"].shape[-1], self._at(t)
        for k, name in enumerate(self.states):
            self.d[f"d{name}"][t] = gradients[:, k * size : (k + 1) * size]
        self.d["dh_prev"][t] = before
        self.step(t)
        both = (f"d{name}{end}" for end in ("", "_prev") for name in self.states)
        found = [self.d[name][t] for name in both]
        half = len(self.states)
        return np.concatenate(found[:half], axis=-1), np.concatenate(found[half:], axis=-1)


def _parts(
    trace: Trace, dh: Any, layer: int, direction: str | None, batch: int
) -> tuple[LayerTrace, dict[str, Scaled]]:
    flow = backprop(trace, dh)
    only_one_length(trace.lengths)
    own = flow.layer(layer, direction)
    example = whole_number("batch", batch, 0, trace.x.shape[1] - 1)
    at, one = own.trace, slice(example, example + 1)
    record = {name: array[:, one] for name, array in at.record.items()}
    total = own.scaled_states(at.cell.states[-1])[:, one]
    with np.errstate(all="ignore"):
        above = arriving_at(flow, own)[:, one]
        main, rest = _split(at, record, above)
        arrived, kept = _one_step(at, record, above, total)
        milled = total - arrived - kept
    parts = {"total": total, "main": main, "rest": rest}
    parts |= {"arrived": arrived, "kept": kept, "milled": milled}
    return at, {name: _in_time(at, part) for name, part in parts.items()}


def _split(at: LayerTrace, record: Arrays, above: Scaled) -> tuple[Scaled, Scaled]:
    """``main`` and ``rest``, (T + 1, 1, H) as processed, index 0 the initial state."""
    steps, _, size = record["h"].shape
    path = slice((len(at.cell.states) - 1) * size, None)
    no_weights = {name: np.zeros_like(W) for name, W in at.parameters.items()}
    free = _Steps(at.cell, no_weights, record)
    both = {name: np.concatenate([one, one], axis=1) for name, one in record.items()}
    full = _Steps(at.cell, at.parameters, both)
    zero = np.zeros((1, len(at.cell.states) * size), record["h"].dtype)
    main = rest = Scaled(zero)
    mantissas = np.empty((2, steps + 1, 1, size), zero.dtype)
    powers = np.zeros((2, steps + 1, 1), np.int64)
    for t in reversed(range(steps)):
        entry = zero.copy()
        entry[:, :size] = above.mantissa[t]
        main = (main + Scaled(entry, above.exponent[t])).normalised()
        rest = rest.normalised()
        here, on = free(t, main.mantissa)
        # Start from −(gradient passed on along the path); the remainder is what leaves it.
        start = np.concatenate([-on[:, :size], zero[:, :size]])
        arrived, back = full(t, np.concatenate([main.mantissa, rest.mantissa]), start)
        left = back[:1].copy()
        left[:, size:] -= on[:, size:]
        rest_here = rest.map(arrived[1:]) + main.map(arrived[:1] - here)
        for k, one in enumerate((main.map(here[:, path]), rest_here.columns(path))):
            mantissas[k, t + 1], powers[k, t + 1] = one.mantissa, one.exponent
        main, rest = main.map(on), rest.map(back[1:]) + main.map(left)
    for k, one in enumerate((main.columns(path), rest.columns(path))):
        mantissas[k, 0], powers[k, 0] = one.mantissa, one.exponent
    return Scaled(mantissas[0], powers[0]), Scaled(mantissas[1], powers[1])


def _one_step(
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


def _in_time(at: LayerTrace, one: Scaled) -> Scaled:
    """The one example, from the order of processing to input time; index 0 stays where it is."""
    order = np.arange(len(one.mantissa))
    if at.direction == "reverse":
        order[1:] = order[:0:-1].copy()
    return one[order, 0]


def _along(part: Scaled, total: Scaled) -> Array:
    """⟨part, total⟩ / ‖total‖² for each row."""
    top = total.top()
    mine, all_of_it = part.at(top), total.at(top)
    return np.asarray((mine * all_of_it).sum(axis=-1) / (all_of_it * all_of_it).sum(axis=-1))
