"""What `build` refuses: sizes and options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnviz import build
from tests.core.refusals.cases import MODEL, NAN, Case, check_sentence

SIZES: dict[str, Case] = {
    "an unknown cell": (lambda: build("elman", 2, 3), "`cell` must be one of 'cifg_lstm', 'gru', "),
    "no cell": (lambda: build(None, 2, 3), "`cell` must be one of|got None."),
    "a cell class": (lambda: build(type(MODEL.cell), 2, 3), "`cell` must be one of|got <class"),
    "hidden_size 0": (
        lambda: build("lstm", 4, 0),
        "`hidden_size` must be a positive integer, got 0.",
    ),
    "hidden_size −1": (
        lambda: build("lstm", 4, -1),
        "`hidden_size` must be a positive integer, got -1.",
    ),
    "hidden_size 3.0": (
        lambda: build("lstm", 4, 3.0),
        "`hidden_size` must be a positive integer, got 3.0.",
    ),
    "hidden_size True": (
        lambda: build("lstm", 4, True),
        "`hidden_size` must be a positive integer, got True.",
    ),
    "hidden_size text": (
        lambda: build("lstm", 4, "8"),
        "`hidden_size` must be a positive integer, got '8'.",
    ),
    "input_size nan": (
        lambda: build("lstm", NAN, 3),
        "`input_size` must be a positive integer, got nan.",
    ),
    "num_layers 0": (
        lambda: build("rnn", 2, 3, num_layers=0),
        "`num_layers` must be a positive integer, got 0.",
    ),
    "too many hidden units": (
        lambda: build("lstm", 4, 10**6),
        "`hidden_size`|at most 64,000,000 parameters, got 40000",
    ),
    "too many inputs": (
        lambda: build("rnn", 10**9, 1),
        "`input_size`|at most 64,000,000 parameters, got 1000000002.",
    ),
    "too many layers": (
        lambda: build("rnn", 1, 1, num_layers=10**12),
        "`num_layers`|at most 64,000,000 parameters",
    ),
    "a number of a thousand digits": (
        lambda: build("rnn", 1, 10**5000),
        "`hidden_size`|at most|got an integer of",
    ),
    "bidirectional 1": (
        lambda: build("rnn", 2, 3, bidirectional=1),
        "`bidirectional` must be True or False, got 1.",
    ),
    "seed −1": (
        lambda: build("rnn", 2, 3, seed=-1),
        "`seed` must be an integer of at least 0, got -1.",
    ),
    "seed None": (
        lambda: build("rnn", 2, 3, seed=None),
        "`seed` must be an integer of at least 0, got None.",
    ),
    "output_size 0": (
        lambda: build("rnn", 2, 3, output_size=0),
        "`output_size` must be a positive integer and at most 21333333, got 0.",
    ),
    "too many outputs": (
        lambda: build("rnn", 2, 3, output_size=10**8),
        "`output_size` must be|got 100000000.",
    ),
    "readout": (
        lambda: build("rnn", 2, 3, output_size=2, readout="relu"),
        "`readout` must be one of 'identity', 'softmax', got 'relu'.",
    ),
    "a softmax of nothing": (
        lambda: build("rnn", 2, 3, readout="softmax"),
        "`output_size` must be given for a softmax readout, got None.",
    ),
}
OPTIONS: dict[str, Case] = {
    "init": (
        lambda: build("rnn", 2, 3, init="he"),
        "`init` must be one of 'pytorch', 'glorot', 'orthogonal', 'identity', |, got 'he'.",
    ),
    "gain nan": (lambda: build("rnn", 2, 3, gain=NAN), "`gain` must be a finite number, got nan."),
    "gain text": (lambda: build("rnn", 2, 3, gain="1"), "`gain` must be a finite number, got '1'."),
    "gain True": (
        lambda: build("rnn", 2, 3, gain=True),
        "`gain` must be a finite number, got True.",
    ),
    "gain beyond a float": (
        lambda: build("rnn", 2, 3, gain=10**400),
        "`gain` must be a finite number, got an integer of",
    ),
    "gain beyond float32": (
        lambda: build("rnn", 2, 3, gain=1e60, dtype="float32"),
        "`gain`|must keep W_h within float32's range",
    ),
    "gain beside a radius": (
        lambda: build("rnn", 2, 3, gain=2, spectral_radius=1.0),
        "`gain` must be 1 where `spectral_radius` is given, got 2.",
    ),
    "spectral_radius 0": (
        lambda: build("rnn", 2, 3, spectral_radius=0),
        "`spectral_radius` must be above zero, got 0.",
    ),
    "spectral_radius inf": (
        lambda: build("rnn", 2, 3, spectral_radius=np.inf),
        "`spectral_radius` must be a finite number, got inf.",
    ),
    "forget_bias of a GRU": (
        lambda: build("gru", 2, 3, forget_bias=1.0),
        "`forget_bias` must be None for the cell 'gru', which has no such gate, got 1.0.",
    ),
    "update_bias of an LSTM": (
        lambda: build("lstm", 2, 3, update_bias=1.0),
        "`update_bias` must be None for the cell 'lstm'",
    ),
    "forget_bias nan": (
        lambda: build("lstm", 2, 3, forget_bias=NAN),
        "`forget_bias` must be a finite number, got nan.",
    ),
    "forget_bias beyond float32": (
        lambda: build("lstm", 2, 3, forget_bias=1e300, dtype="float32"),
        "`forget_bias`|must keep b within float32's range|got 1e+300.",
    ),
    "dtype int": (
        lambda: build("rnn", 2, 3, dtype="int64"),
        "`dtype` must be float64 or float32, got 'int64'.",
    ),
    "dtype half": (
        lambda: build("rnn", 2, 3, dtype=np.float16),
        "`dtype` must be float64 or float32, got <class",
    ),
    "dtype None": (
        lambda: build("rnn", 2, 3, dtype=None),
        "`dtype` must be float64 or float32, got None.",
    ),
    "nonlinearity": (
        lambda: build("rnn", 2, 3, nonlinearity="gelu"),
        "`nonlinearity` must be one of 'tanh', 'relu', 'sigmoid', 'identity', got 'gelu'",
    ),
    "reset_after 1": (
        lambda: build("gru", 2, 3, reset_after=1),
        "`reset_after` must be one of False, True, got 1.",
    ),
    "peephole": (
        lambda: build("peephole_lstm", 2, 3, peephole=None),
        "`peephole` must be one of 'full', 'diagonal', got None.",
    ),
    "an option of another cell": (
        lambda: build("gru", 2, 3, nonlinearity="relu"),
        "`build` has no argument 'nonlinearity' for the cell 'gru'; it takes seed, |, reset_after.",
    ),
    "an option of a cell that has none": (
        lambda: build("lstm", 2, 3, hidden=5),
        "`build` has no argument 'hidden' for the cell 'lstm'; it takes seed, |, clip.",
    ),
    "an argument with a slip": (
        lambda: build("lstm", 1, 1, forget_biass=1),
        "`build` has no argument 'forget_biass'; did you mean 'forget_bias'?",
    ),
    "an option with a slip": (
        lambda: build("gru", 1, 1, resetafter=True),
        "`build` has no argument 'resetafter'; did you mean 'reset_after'?",
    ),
    "chrono with a forget bias": (
        lambda: build("lstm", 1, 4, init="chrono", longest=99, forget_bias=0.0),
        "`forget_bias` must be None for init='chrono', which draws the gates' biases itself, "
        "got 0.0.",
    ),
    "chrono with an update bias": (
        lambda: build("gru", 1, 4, init="chrono", longest=99, update_bias=1.0),
        "`update_bias` must be None for init='chrono'|got 1.0.",
    ),
}


@pytest.mark.parametrize(
    ("call", "sentence"), [*SIZES.values(), *OPTIONS.values()], ids=[*SIZES, *OPTIONS]
)
def test_the_sentence(call: Callable[[], Any], sentence: str) -> None:
    check_sentence(call, sentence)
