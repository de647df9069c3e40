"""Models and runs that are given what is not allowed, and what every refusal's sentence has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnviz import backprop, build, run
from tests.references import state_of

X, NAN = np.ones((4, 2, 2)), float("nan")
MODEL = build("lstm", 2, 3)
PLAIN, NARROW = build("rnn", 2, 3), build("rnn", 2, 3, dtype="float32")
DEEP = build("gru", 2, 3, num_layers=2, bidirectional=True)
HEAD = build("rnn", 2, 3, output_size=2)
SOFT = build("rnn", 2, 3, output_size=2, readout="softmax")
TRACE, DEEP_TRACE, HEAD_TRACE = run(MODEL, X), run(DEEP, X), run(HEAD, X)
SOFT_TRACE, NARROW_TRACE = run(SOFT, X), run(NARROW, X)
FLOW = backprop(TRACE, np.ones((4, 2, 3)))
STATE = state_of("LSTM:{}")
BI = state_of('GRU:{"num_layers": 2, "bidirectional": true}')


def spoilt(array: Any, value: float, place: tuple[int, ...]) -> Any:
    copy = np.array(array, float)
    copy[place] = value
    return copy


Case = tuple[Callable[[], Any], str]


def check_sentence(call: Callable[[], Any], sentence: str) -> None:
    """The call is refused in a sentence that has all parts of ``sentence``, parted by |."""
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        call()
    said = str(refusal.value)
    for part in sentence.split("|"):
        assert part in said
    assert said.startswith("`")
    assert said.endswith((".", "?"))
    assert len(said) < 300
