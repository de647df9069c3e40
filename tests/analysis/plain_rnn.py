"""An RNN without biases, whose Jacobians are known."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnviz import run
from tests.oracle import single


def plain(W_h: Any, steps: int, h0: Any = None, x: Any = None, **options: Any) -> Any:
    """The trace of an RNN without biases; without x and h0 it stays at 0, where tanh′ = 1."""
    size = len(W_h)
    model = single("rnn", np.eye(size), W_h, np.zeros(size), **options)
    return run(model, np.zeros((steps, size)) if x is None else x, h0=h0)
