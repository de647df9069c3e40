"""What the functions of first-order systems refuse."""

import re

import numpy as np
import pytest

from rnnviz.analysis.systems import classify, drive, fold, latch, orbit, system
from tests.analysis.systems.drawn import QUIET

REFUSED = [
    (lambda: system(np.zeros((3, 3))), "`W` must be 1 × 1 or 2 × 2"),
    (lambda: system([[1, 2]]), "`W` must be 1 × 1 or 2 × 2"),
    (lambda: system([[np.nan]]), "`W` must be finite"),
    (lambda: system([[1.0]], U=[[1], [2]]), "`U` must have shape (1, 1)"),
    (lambda: system([[1.0]], b=[1, 2]), "`b` must have shape (1,)"),
    (lambda: system([[1.0]], C=[[1, 2]]), "`C` must have shape (1, 1)"),
    (lambda: system([[1.0]], D=[[1], [2]]), "`D` must have shape (1, 1)"),
    (lambda: system([[1.0]], nonlinearity="relu"), "`nonlinearity` must be one of"),
    (lambda: orbit(system([[1.0]]), [1, 2], QUIET), "`x0` must have shape (1,)"),
    (lambda: orbit(system([[1.0]]), [1], np.zeros((0, 1))), "`u` must have shape (T, 1)"),
    (lambda: drive("ramp", 5), "`kind` must be one of"),
    (lambda: drive("sine", 0), "`steps` must be a positive integer"),
    (lambda: fold(np.inf), "`w` must be a finite number"),
    (lambda: latch(2, 0, steps=0), "`steps` must be a positive integer"),
    (lambda: classify(np.zeros((3, 3))), "`W` must be 1 × 1 or 2 × 2"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_refusals_name_argument_and_rule(call, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        call()
