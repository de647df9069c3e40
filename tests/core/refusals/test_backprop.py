"""What `backprop` refuses: gradients, targets and losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnviz import CrossEntropy, SquaredError, backprop
from tests.core.refusals.cases import (
    HEAD_TRACE,
    MODEL,
    NAN,
    NARROW_TRACE,
    SOFT_TRACE,
    TRACE,
    Case,
    X,
    check_sentence,
)

BACK: dict[str, Case] = {
    "no trace": (lambda: backprop(MODEL, X), "`trace` must be a Trace of rnnviz, got"),
    "dh of another shape": (
        lambda: backprop(TRACE, np.ones((4, 2, 4))),
        "`dh` must have the shape (4, 2, 3) of the outputs, got (4, 2, 4).",
    ),
    "dh that would broadcast": (lambda: backprop(TRACE, np.ones((1, 2, 3))), "`dh`|got (1, 2, 3)."),
    "dh of two axes for a batch": (lambda: backprop(TRACE, np.ones((4, 3))), "`dh`|got (4, 3)."),
    "dh a number": (lambda: backprop(TRACE, 1.0), "`dh` must have the shape|got ()."),
    "dh None": (lambda: backprop(TRACE, None), "`dh` must be an array of real numbers"),
    "dh nan": (
        lambda: backprop(TRACE, np.full((4, 2, 3), NAN)),
        "`dh` must be finite, got nan at index (0, 0, 0).",
    ),
    "dh beyond float32": (
        lambda: backprop(NARROW_TRACE, np.full((4, 2, 3), 1e39)),
        "`dh` must fit the model's float32|1e+39",
    ),
    "dh below float32": (
        lambda: backprop(NARROW_TRACE, np.full((4, 2, 3), 1e-50)),
        "`dh` must fit|got 1e-50 at index",
    ),
    "targets of another shape": (
        lambda: backprop(HEAD_TRACE, SquaredError(np.ones((4, 2, 1)))),
        "`targets` must have shape (4, 2, 2), got (4, 2, 1).",
    ),
    "targets ragged": (
        lambda: backprop(HEAD_TRACE, SquaredError([[1], []])),
        "`targets` must be an array",
    ),
    "targets nan": (
        lambda: backprop(HEAD_TRACE, SquaredError(np.full((4, 2, 2), NAN))),
        "`targets` must be finite",
    ),
    "targets beyond float32": (
        lambda: backprop(NARROW_TRACE, SquaredError(np.full((4, 2, 3), 1e60))),
        "`targets` must fit",
    ),
    "squared error on a softmax": (
        lambda: backprop(SOFT_TRACE, SquaredError(np.ones((4, 2, 2)))),
        "`loss` SquaredError needs",
    ),
    "cross-entropy without a softmax": (
        lambda: backprop(HEAD_TRACE, CrossEntropy(np.ones((4, 2), int))),
        "`loss` CrossEntropy needs",
    ),
    "classes that are floats": (
        lambda: backprop(SOFT_TRACE, CrossEntropy(np.ones((4, 2)))),
        "`targets` must be integers|float64",
    ),
    "classes of another shape": (
        lambda: backprop(SOFT_TRACE, CrossEntropy(np.ones((4, 1), int))),
        "`targets` must be integers",
    ),
    "classes ragged": (lambda: backprop(SOFT_TRACE, CrossEntropy([[1], []])), "`targets` must be"),
    "a class too high": (
        lambda: backprop(SOFT_TRACE, CrossEntropy(np.full((4, 2), 2))),
        "`targets` must lie in 0 … 1, got 2.",
    ),
    "a class below 0": (
        lambda: backprop(SOFT_TRACE, CrossEntropy(np.full((4, 2), -1))),
        "must lie in 0 … 1, got -1.",
    ),
    "at an unknown place": (
        lambda: backprop(TRACE, SquaredError(np.ones((4, 2, 3)), at="first")),
        "`at` must be|got 'first'.",
    ),
    "at a mask of another length": (
        lambda: backprop(TRACE, SquaredError(np.ones((4, 2, 3)), at=[True])),
        "`at` must be|4 bools",
    ),
    "at no step": (
        lambda: backprop(TRACE, SquaredError(np.ones((4, 2, 3)), at=[False] * 4)),
        "`at` must be|4 bools",
    ),
    "at numbers": (
        lambda: backprop(TRACE, SquaredError(np.ones((4, 2, 3)), at=[0, 1, 0, 1])),
        "`at` must be|4 bools",
    ),
    "at something ragged": (
        lambda: backprop(TRACE, SquaredError(np.ones((4, 2, 3)), at=[[1], []])),
        "`at` must be",
    ),
}


@pytest.mark.parametrize(("call", "sentence"), BACK.values(), ids=BACK)
def test_the_sentence(call: Callable[[], Any], sentence: str) -> None:
    check_sentence(call, sentence)
