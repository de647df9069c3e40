"""What `from_torch` refuses: names, shapes and numbers of parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnviz import from_torch
from tests.core.refusals.cases import BI, NAN, STATE, Case, check_sentence, spoilt
from tests.references import state_of


def without(state: dict, *names: str) -> dict:
    return {name: value for name, value in state.items() if name not in names}


WEIGHTS: dict[str, Case] = {
    "no mapping": (
        lambda: from_torch([1]),
        "`source` must be a module or map parameter names to arrays, got [1].",
    ),
    "an empty mapping": (
        lambda: from_torch({}),
        "`source` must be a module or map parameter names to arrays, got {}.",
    ),
    "two nets": (
        lambda: from_torch(STATE | {f"rnn.{name}": value for name, value in STATE.items()}),
        "`prefix` must name one of the recurrent nets, '', 'rnn', got None.",
    ),
    "no net": (
        lambda: from_torch({3: np.ones(2)}),
        "`source` must hold weight_ih_l0 and weight_hh_l0 of a recurrent net, got ['3'].",
    ),
    "a missing recurrent matrix": (
        lambda: from_torch(without(STATE, "weight_hh_l0")),
        "`weight_hh_l0` is missing, but `weight_ih_l0` is there.",
    ),
    "a missing bias": (
        lambda: from_torch(without(STATE, "bias_hh_l0")),
        "`bias_hh_l0` is missing: the other layers have it.",
    ),
    "a missing direction": (
        lambda: from_torch(without(BI, *(name for name in BI if name.endswith("l1_reverse")))),
        "`bias_hh_l1_reverse` is missing",
    ),
    "a bias that the first layer lacks": (
        lambda: from_torch(without(BI, "bias_ih_l0", "bias_hh_l0")),
        "`bias_hh_l0_reverse` is one too many",
    ),
    "a nonlinearity it does not know": (
        lambda: from_torch(state_of("RNN:{}"), nonlinearity="gelu"),
        "`nonlinearity` must be one of 'tanh', 'relu', got 'gelu'",
    ),
    "a nonlinearity that an LSTM does not have": (
        lambda: from_torch(STATE, nonlinearity="relu"),
        "`nonlinearity` must be 'tanh' for the LSTM",
    ),
}
ARRAYS: list[tuple[str, Any, str]] = [
    ("bias_hh_l1234567890", np.ones(20), "`bias_hh_l1234567890` is no name that PyTorch gives"),
    ("weight_ih", STATE["weight_ih_l0"], "`weight_ih` and `weight_ih_l0` are both there"),
    ("weight_ih_l2", np.ones((20, 5)), "`bias_hh_l1` is missing"),
    ("weight_hh_l0", np.ones((10, 5)), "H, 3H or 4H rows|got 10 rows"),
    ("weight_ih_l0", np.ones((15, 3)),
     "`weight_ih_l0` must have shape (20, 3)|LSTM|`weight_hh_l0`|got (15, 3) (H = 5: GRU)."),
    ("bias_ih_l0", np.ones(5), "must have shape (20,)|got (5,) (H = 5: RNN)."),
    ("bias_ih_l0", np.ones((20, 1)),
     "must be a 1-D array of float16, float32, float64, bfloat16, not empty"),
    ("weight_ih_l0", np.ones((20, 0)), "must be a 2-D array of float16, |(20, 0)"),
    ("bias_ih_l0", np.ones(20, int), "must be a 1-D array of float16|int64."),
    ("bias_ih_l0", np.ones(20, object), "must be a 1-D array of float16|object."),
    ("bias_ih_l0", spoilt(np.ones(20), NAN, (7,)),
     "`bias_ih_l0` must be finite, got nan at index (7,)."),
]
"""An array that is put among those of an LSTM."""


@pytest.mark.parametrize(("name", "array", "sentence"), ARRAYS)
def test_the_sentence_of_one_array(name: str, array: Any, sentence: str) -> None:
    check_sentence(lambda: from_torch(STATE | {name: array}), sentence)


@pytest.mark.parametrize(("call", "sentence"), WEIGHTS.values(), ids=WEIGHTS)
def test_the_sentence(call: Callable[[], Any], sentence: str) -> None:
    check_sentence(call, sentence)


def test_extended_precision_is_refused_not_rounded() -> None:
    if np.dtype(np.longdouble).itemsize == 8:
        return  # here it is float64 under another name
    with pytest.raises(ValueError, match="must be a 2-D array of float16"):
        from_torch({name: value.astype(np.longdouble) for name, value in STATE.items()})
