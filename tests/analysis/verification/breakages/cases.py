"""Runs and losses in which each breakage shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from rnnviz import CrossEntropy, SquaredError, build, run
from tests.oracle import states, varied

T, B, H = 6, 2, 3


def example(cell: str, *, size: int = H, dtype: Any = np.float64, **more: Any) -> Any:
    """A trace with B examples, random weights and random initial states."""
    net = varied(build(cell, 2, size, dtype=dtype, **more), spread=0.5)
    rng = np.random.default_rng(1)
    start = {f"{name}0": one for name, one in states(net, B, rng).items()}
    return run(net, rng.standard_normal((T, B, 2)), **start), rng


def by_array(cell: str, **more: Any) -> Any:
    """Gradients come in as an array."""
    made, rng = example(cell, **more)
    return made, rng.standard_normal(made.outputs.shape).astype(made.model.dtype)


def by_squares(at: Any = "last", cell: str = "lstm", **more: Any) -> Any:
    """A readout of H numbers (so that a matrix the wrong way round still fits), squared error."""
    made, rng = example(cell, output_size=H, **more)
    return made, SquaredError(rng.standard_normal((T, B, H)), at)


def by_classes(cell: str = "gru", **more: Any) -> Any:
    """A softmax readout with a cross entropy on some of the steps."""
    made, rng = example(cell, output_size=H, readout="softmax", **more)
    return made, CrossEntropy(rng.integers(0, H, (T, B)), np.arange(T) % 2 == 0)


def faint() -> Any:
    """Gradients that only a power of two beside the mantissa can hold: down to 1e-600."""
    net = varied(build("rnn", 2, 2), spread=1e-4)
    rng = np.random.default_rng(0)
    made = run(net, rng.standard_normal((160, B, 2)))
    dh = np.zeros(made.outputs.shape)
    dh[-1] = rng.standard_normal(dh[-1].shape)
    return made, dh


def padded() -> Any:
    """Two directions on examples of 6 and 3 steps, some of them without a target."""
    net = varied(build("gru", 2, H, bidirectional=True, output_size=H, readout="softmax"))
    rng = np.random.default_rng(1)
    made = run(net, rng.standard_normal((T, B, 2)), lengths=[6, 3])
    targets = rng.integers(0, H, (T, B))
    targets[1] = -100
    return made, CrossEntropy(targets, "every", -100)


def projected() -> Any:
    """An LSTM whose h is projected to two numbers."""
    rng, net = np.random.default_rng(1), varied(build("lstm", 2, H))
    W = {**net.parameters[0], "W_h": rng.standard_normal((2, 4 * H))}
    net = net.with_parameters({**W, "W_r": rng.standard_normal((H, 2))})
    made = run(net, rng.standard_normal((T, B, 2)), h0=rng.standard_normal((1, B, 2)))
    return made, rng.standard_normal(made.outputs.shape)


CASES: dict[str, Callable[[], Any]] = {
    "padded": padded,
    "padded, from everywhere": lambda: (made := padded()[0], np.ones(made.outputs.shape)),
    "projected": projected,
    "lstm": lambda: by_array("lstm"),
    "gru": lambda: by_array("gru"),
    "peephole": lambda: by_array("peephole_lstm"),
    "stack": lambda: by_array("gru", num_layers=2, bidirectional=True),
    "both ways": lambda: by_array("lstm", bidirectional=True),
    "squares": by_squares,
    "squares, some": lambda: by_squares(np.arange(T) % 2 == 0),
    "classes": by_classes,
    "faint": faint,
}
