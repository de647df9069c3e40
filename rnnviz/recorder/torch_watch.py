"""`watch`: record a PyTorch module, or a cell in a loop, while it is trained."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rnnviz.recorder.torch_cells import CellWatch
from rnnviz.recorder.torch_modules import ModuleWatch
from rnnviz.recorder.torch_pass import recurrent, single_step


@contextmanager
def watch(
    module: Any,
    folder: str | os.PathLike[str],
    *,
    every: int = 50,
    examples: int = 8,
    net: str | None = None,
    snapshots: int = 20,
    name: str | None = None,
    guessing: float | None = None,
) -> Iterator[ModuleWatch]:
    """Record a PyTorch module while it is trained: the 1st, the (every + 1)th … update.

    ``module`` is an nn.RNN, nn.LSTM or nn.GRU, one of their cells in a loop over time, or a module
    with one of these in it; of several, ``net`` is the path of one ("encoder.lstm"). Of a batch the
    first ``examples`` are recorded. Steps count the updates before, from 0: steps of optimisers
    that hold one of the module's parameters, or backward passes where there are none; of several
    passes in an update the first is recorded. Training is not changed by a bit. Where recording
    fails, a warning and run.json say why, and training goes on without it.
    `ModuleWatch.loss` adds the loss, `ModuleWatch.clipped` that gradients were clipped;
    ``guessing`` is the loss of the best constant answer.

    Raises ValueError naming argument, rule and what arrived, ImportError without pyarrow.

    >>> import rnnviz
    >>> with rnnviz.watch(object(), "runs/adding"):
    ...     pass  # the training loop
    Traceback (most recent call last):
        ...
    ValueError: `module` must be a PyTorch module, got <object object at ...>.
    """
    kind = CellWatch if single_step(recurrent(module, net)) else ModuleWatch
    found = kind(module, folder, every, examples, net, snapshots, name, guessing)
    try:
        yield found
    finally:
        found.close()
