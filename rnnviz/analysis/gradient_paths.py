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

from rnnviz.analysis.path_split import one_step, split
from rnnviz.core.backward_run import arriving, arriving_at, backward
from rnnviz.core.lengths import only_one_length
from rnnviz.core.trace import LayerTrace, Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import frozen, instance, whole_number


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


def _parts(
    trace: Trace, dh: Any, layer: int, direction: str | None, batch: int
) -> tuple[LayerTrace, dict[str, Scaled]]:
    flow = backward(trace, arriving(trace, dh), weights=False)
    only_one_length(trace.lengths)
    own = flow.layer(layer, direction)
    example = whole_number("batch", batch, 0, trace.x.shape[1] - 1)
    at, one = own.trace, slice(example, example + 1)
    record = {name: array[:, one] for name, array in at.record.items()}
    total = own.scaled_states(at.cell.states[-1])[:, one]
    with np.errstate(all="ignore"):
        above = arriving_at(flow, own)[:, one]
        main, rest = split(at, record, above)
        arrived, kept = one_step(at, record, above, total)
        milled = total - arrived - kept
    parts = {"total": total, "main": main, "rest": rest}
    parts |= {"arrived": arrived, "kept": kept, "milled": milled}
    return at, {name: _in_time(at, part) for name, part in parts.items()}


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
