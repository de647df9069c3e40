"""Forward forgetting: how much the output of one step still depends on the input of every step.

It asks nothing of a loss: it is what the net itself still knows of x_t at step S.
"""

from __future__ import annotations

import numpy as np

from rnnviz.analysis.loss_attribution import NUMBERS, below
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.validation import frozen, instance, whole_number

MOST = 2e10
"""The most that T K H² may be, over all layers and directions, K outputs: about a minute."""


def forgetting(trace: Trace, step: int | None = None, *, batch: int = 0) -> Array:
    """log10 ‖∂y_S/∂x_t‖_F of one example for t = 1 … T, (T,), float64.

    y = h W_y + b_y is the output before any softmax, or the top layer's outputs where the model has
    no readout; S is ``step``, by default T. −inf is an exact zero, as for every t > S of a net that
    runs forward alone. Norms beyond the float format are right.

    Raises ValueError naming argument, rule and what arrived, also where it would take more than
    about a minute (``MOST``).

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4, seed=0, output_size=1), np.ones((6, 1, 2)))
    >>> rnnviz.forgetting(trace).shape
    (6,)
    """
    instance("trace", trace, Trace)
    steps, examples, width = trace.outputs.shape
    start = steps if step is None else whole_number("step", step, 1, steps)
    whole_number("batch", batch, 0, examples - 1)
    readout = trace.model.readout
    W_y = np.eye(width, dtype=trace.outputs.dtype) if readout is None else readout.parameters["W_y"]
    model, count = trace.model, W_y.shape[1]
    work = len(trace.layers) * count * model.hidden_size**2
    if steps * work > MOST:
        raise ValueError(
            f"`trace` must have at most {int(MOST / work):,} timesteps for {count} outputs of "
            f"{model.hidden_size} hidden units, which take a minute, got {steps:,}: "
            "rnnviz.reach follows the loss of one step."
        )
    widest = len(model.cell.blocks) * max(model.hidden_size, width, trace.x.shape[-1])
    rows = np.empty((steps, count))
    with np.errstate(all="ignore"):
        portion = max(1, NUMBERS // (steps * widest))
        for first in range(0, count, portion):
            part = W_y[:, first : first + portion].T
            direct = np.zeros((steps, *part.shape), trace.outputs.dtype)
            direct[start - 1] = part
            found = Scaled(direct)
            for level in reversed(range(model.num_layers)):
                found = below(trace, level, found, batch)
            rows[:, first : first + portion] = found.log10_norms()
        top = np.where(np.isfinite(rows), rows, -np.inf).max(axis=1, keepdims=True)
        size = np.where(np.isfinite(top), top, 0.0)
        return frozen(size[:, 0] + 0.5 * np.log10((10.0 ** (2 * (rows - size))).sum(axis=1)))
