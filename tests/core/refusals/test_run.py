"""What `run` refuses, and names that a record does not have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnviz import run
from tests.core.refusals.cases import (
    DEEP,
    DEEP_TRACE,
    FLOW,
    MODEL,
    NAN,
    NARROW,
    PLAIN,
    TRACE,
    Case,
    X,
    check_sentence,
    spoilt,
)

RUNS: dict[str, Case] = {
    "no model": (lambda: run("lstm", X), "`model` must be a Model of rnnviz, got 'lstm'."),
    "x of another width": (
        lambda: run(MODEL, np.ones((4, 2, 3))),
        "`x` must have shape (T, B, 2) or (T, 2)|(4, 2, 3).",
    ),
    "x of one axis": (lambda: run(MODEL, np.ones(2)), "`x` must have shape|got (2,)."),
    "x of four axes": (
        lambda: run(MODEL, np.ones((1, 4, 2, 2))),
        "`x` must have shape|(1, 4, 2, 2).",
    ),
    "x of no timesteps": (
        lambda: run(MODEL, np.ones((0, 1, 2))),
        "at least one timestep and one example, got (0, 1, 2).",
    ),
    "x of no examples": (
        lambda: run(MODEL, np.ones((4, 0, 2))),
        "`x` must have shape|one example, got (4, 0, 2).",
    ),
    "x a number": (lambda: run(MODEL, 3.0), "`x` must have shape|got ()."),
    "x None": (lambda: run(MODEL, None), "`x` must be an array of real numbers, got"),
    "x text": (lambda: run(MODEL, "abc"), "`x` must be an array of real numbers, got"),
    "x ragged": (
        lambda: run(MODEL, [[1, 2], [3]]),
        "`x` must be an array of numbers, got [[1, 2], [3]].",
    ),
    "x of booleans": (lambda: run(MODEL, X > 0), "`x` must be an array of real numbers|bool."),
    "x complex": (lambda: run(MODEL, X + 0j), "`x` must be an array of real numbers|complex128."),
    "x of objects": (
        lambda: run(MODEL, X.astype(object)),
        "`x` must be an array of real numbers|object",
    ),
    "x of dates": (
        lambda: run(MODEL, np.zeros((4, 2), "M8[D]")),
        "`x` must be an array of real numbers|datetime",
    ),
    "x masked": (lambda: run(MODEL, np.ma.masked_less(X, 5)), "`x` must not be masked"),
    "x nan": (
        lambda: run(MODEL, spoilt(X, NAN, (2, 1, 0))),
        "`x` must be finite, got nan at index (2, 1, 0).",
    ),
    "x −inf": (
        lambda: run(MODEL, spoilt(X, -np.inf, (0, 0, 1))),
        "`x` must be finite, got -inf at index (0, 0, 1).",
    ),
    "x beyond float32": (
        lambda: run(NARROW, spoilt(X, 1e60, (3, 0, 1))),
        "`x` must fit the model's float32|3.4e+38|got 1e+60 at index (3, 0, 1).",
    ),
    "x below float32": (
        lambda: run(NARROW, spoilt(X, -1e-60, (3, 0, 1))),
        "`x` must fit the model's float32|1.4e-45|got -1e-60 at index (3, 0, 1).",
    ),
    "h0 of another batch": (
        lambda: run(MODEL, X, h0=np.ones((3, 3))),
        "`h0` must have shape (1, 2, 3) or (2, 3), got (3, 3).",
    ),
    "h0 without a batch for a batch": (
        lambda: run(MODEL, X, h0=np.ones(3)),
        "`h0` must have shape|got (3,).",
    ),
    "h0 that would broadcast": (
        lambda: run(MODEL, X, h0=np.ones((1, 1, 3))),
        "`h0` must have shape|got (1, 1, 3).",
    ),
    "h0 of too few layers": (
        lambda: run(DEEP, X, h0=np.ones((2, 3))),
        "`h0` must have shape (4, 2, 3), got (2, 3).",
    ),
    "h0 a number": (lambda: run(MODEL, X, h0=0), "`h0` must have shape|got ()."),
    "h0 beyond float32": (
        lambda: run(NARROW, X, h0=np.full((2, 3), 1e39)),
        "`h0` must fit the model's float32|1e+39",
    ),
    "c0 of a cell without one": (
        lambda: run(PLAIN, X, c0=np.ones((2, 3))),
        "`c0` must be None: 'rnn' has no cell state.",
    ),
    "c0 nan": (
        lambda: run(MODEL, X, c0=np.full((2, 3), NAN)),
        "`c0` must be finite, got nan at index (0, 0).",
    ),
}
READS: dict[str, Case] = {
    "an unknown signal": (
        lambda: TRACE["z"],
        "`signal` must be one of 'f', 'i', 'o', 'g', 'c', 'h', got 'z'.",
    ),
    "a signal that is a list": (lambda: TRACE[["h"]], "`signal` must be one of|got ['h']."),
    "a signal that is a number": (lambda: TRACE[0], "`signal` must be one of|got 0."),
    "an internal record": (lambda: TRACE["m"], "`signal` must be one of|got 'm'."),
    "a gradient of an unknown signal": (lambda: FLOW["a_z"], "`signal` must be one of|got 'a_z'"),
    "a gradient named by an array": (lambda: FLOW[np.array(["h", "c"])], "`signal` must be one of"),
    "norms of an unknown signal": (
        lambda: FLOW.log10_norms("z"),
        "`signal` must be one of|got 'z'.",
    ),
    "norms of a dict": (lambda: FLOW.log10_norms({}), "`signal` must be one of|got {}."),
    "weight norms of a signal": (
        lambda: FLOW.log10_weight_norms("h"),
        "`name` must be one of 'W_x', 'W_h', 'b', got 'h'.",
    ),
    "weight norms of a list": (
        lambda: FLOW.log10_weight_norms([]),
        "`name` must be one of|got [].",
    ),
    "a layer too high": (lambda: DEEP_TRACE.layer(2), "`layer` must be|at most 1, got 2."),
    "a layer below 0": (lambda: DEEP_TRACE.layer(-1), "`layer` must be|got -1."),
    "a layer True": (lambda: DEEP_TRACE.layer(True), "`layer` must be|got True."),
    "a direction": (
        lambda: TRACE.layer(0, "reverse"),
        "`direction` must be one of 'forward', got 'reverse'.",
    ),
    "one of several layers": (lambda: DEEP_TRACE["h"], "`trace[signal]` is for|4 of them"),
}


@pytest.mark.parametrize(
    ("call", "sentence"), [*RUNS.values(), *READS.values()], ids=[*RUNS, *READS]
)
def test_the_sentence(call: Callable[[], Any], sentence: str) -> None:
    check_sentence(call, sentence)
