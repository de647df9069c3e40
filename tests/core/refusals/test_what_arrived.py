"""What arrived is shown short, whatever it is."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz import build, run
from tests.core.refusals.cases import X


def test_what_arrived_is_shown_short() -> None:
    for value in (10**5000, "x" * 10**6, [0] * 10**5, b"\x00" * 10**5):
        with pytest.raises(ValueError, match="`gain` must be") as refusal:
            build("rnn", 2, 3, gain=value)
        assert len(str(refusal.value)) < 140


class Mute:
    """It cannot say what it is."""

    def __repr__(self) -> str:
        raise RuntimeError("no words")


def test_what_cannot_be_shown_is_named_by_its_type() -> None:
    with pytest.raises(ValueError, match=r"`gain` must be a finite number, got a Mute\."):
        build("rnn", 2, 3, gain=Mute())


def test_numbers_of_numpy_are_numbers() -> None:
    plain = build("lstm", 2, 3, seed=4, num_layers=2, gain=0.5, forget_bias=1)
    numpy = build(
        "lstm", np.int64(2), np.uint8(3), seed=np.int32(4), num_layers=np.int64(2),
        gain=np.float32(0.5), forget_bias=np.int64(1), bidirectional=np.False_,
    )  # fmt: skip
    np.testing.assert_array_equal(plain.parameters[1]["W_h"], numpy.parameters[1]["W_h"])
    np.testing.assert_array_equal(run(plain, X).layer(np.int64(1))["h"], run(numpy, X).outputs)
