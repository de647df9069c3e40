"""What `build` refuses: sizes and options."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from rnnviz import build
from tests.core.refusals.cases import MODEL, NAN, check_sentence

SIZES: list[tuple[Any, Any, dict[str, Any], str]] = [
    ("elman", (2, 3), {}, "`cell` must be one of 'cifg_lstm', 'gru', "),
    (None, (2, 3), {}, "`cell` must be one of|got None."),
    (type(MODEL.cell), (2, 3), {}, "`cell` must be one of|got <class"),
    ("lstm", (4, 0), {}, "`hidden_size` must be a positive integer, got 0."),
    ("lstm", (4, -1), {}, "`hidden_size` must be a positive integer, got -1."),
    ("lstm", (4, 3.0), {}, "`hidden_size` must be a positive integer, got 3.0."),
    ("lstm", (4, True), {}, "`hidden_size` must be a positive integer, got True."),
    ("lstm", (4, "8"), {}, "`hidden_size` must be a positive integer, got '8'."),
    ("lstm", (NAN, 3), {}, "`input_size` must be a positive integer, got nan."),
    ("rnn", (2, 3), {"num_layers": 0}, "`num_layers` must be a positive integer, got 0."),
    ("lstm", (4, 10**6), {}, "`hidden_size`|at most 64,000,000 parameters, got 40000"),
    ("rnn", (10**9, 1), {}, "`input_size`|at most 64,000,000 parameters, got 1000000002."),
    ("rnn", (1, 1), {"num_layers": 10**12}, "`num_layers`|at most 64,000,000 parameters"),
    ("rnn", (1, 10**5000), {}, "`hidden_size`|at most|got an integer of"),
    ("rnn", (2, 3), {"bidirectional": 1}, "`bidirectional` must be True or False, got 1."),
    ("rnn", (2, 3), {"seed": -1}, "`seed` must be an integer of at least 0, got -1."),
    ("rnn", (2, 3), {"seed": None}, "`seed` must be an integer of at least 0, got None."),
    ("rnn", (2, 3), {"output_size": 0},
     "`output_size` must be a positive integer and at most 21333333, got 0."),
    ("rnn", (2, 3), {"output_size": 10**8}, "`output_size` must be|got 100000000."),
    ("rnn", (2, 3), {"output_size": 2, "readout": "relu"},
     "`readout` must be one of 'identity', 'softmax', got 'relu'."),
    ("rnn", (2, 3), {"readout": "softmax"},
     "`output_size` must be given for a softmax readout, got None."),
]  # fmt: skip
OPTIONS: list[tuple[Any, Any, dict[str, Any], str]] = [
    ("rnn", (2, 3), {"init": "he"},
     "`init` must be one of 'pytorch', 'glorot', 'orthogonal', 'identity', |, got 'he'."),
    ("rnn", (2, 3), {"gain": NAN}, "`gain` must be a finite number, got nan."),
    ("rnn", (2, 3), {"gain": "1"}, "`gain` must be a finite number, got '1'."),
    ("rnn", (2, 3), {"gain": True}, "`gain` must be a finite number, got True."),
    ("rnn", (2, 3), {"gain": 10**400}, "`gain` must be a finite number, got an integer of"),
    ("rnn", (2, 3), {"gain": 1e60, "dtype": "float32"},
     "`gain`|must keep W_h within float32's range"),
    ("rnn", (2, 3), {"gain": 2, "spectral_radius": 1.0},
     "`gain` must be 1 where `spectral_radius` is given, got 2."),
    ("rnn", (2, 3), {"spectral_radius": 0}, "`spectral_radius` must be above zero, got 0."),
    ("rnn", (2, 3), {"spectral_radius": np.inf},
     "`spectral_radius` must be a finite number, got inf."),
    ("gru", (2, 3), {"forget_bias": 1.0},
     "`forget_bias` must be None for the cell 'gru', which has no such gate, got 1.0."),
    ("lstm", (2, 3), {"update_bias": 1.0}, "`update_bias` must be None for the cell 'lstm'"),
    ("lstm", (2, 3), {"forget_bias": NAN}, "`forget_bias` must be a finite number, got nan."),
    ("lstm", (2, 3), {"forget_bias": 1e300, "dtype": "float32"},
     "`forget_bias`|must keep b within float32's range|got 1e+300."),
    ("rnn", (2, 3), {"dtype": "int64"}, "`dtype` must be float64 or float32, got 'int64'."),
    ("rnn", (2, 3), {"dtype": np.float16}, "`dtype` must be float64 or float32, got <class"),
    ("rnn", (2, 3), {"dtype": None}, "`dtype` must be float64 or float32, got None."),
    ("rnn", (2, 3), {"nonlinearity": "gelu"},
     "`nonlinearity` must be one of 'tanh', 'relu', 'sigmoid', 'identity', got 'gelu'"),
    ("gru", (2, 3), {"reset_after": 1}, "`reset_after` must be one of False, True, got 1."),
    ("peephole_lstm", (2, 3), {"peephole": None},
     "`peephole` must be one of 'full', 'diagonal', got None."),
    ("gru", (2, 3), {"nonlinearity": "relu"},
     "`build` has no argument 'nonlinearity' for the cell 'gru'; it takes seed, |, reset_after."),
    ("lstm", (2, 3), {"hidden": 5},
     "`build` has no argument 'hidden' for the cell 'lstm'; it takes seed, |, clip."),
    ("lstm", (1, 1), {"forget_biass": 1},
     "`build` has no argument 'forget_biass'; did you mean 'forget_bias'?"),
    ("gru", (1, 1), {"resetafter": True},
     "`build` has no argument 'resetafter'; did you mean 'reset_after'?"),
    ("lstm", (1, 4), {"init": "chrono", "longest": 99, "forget_bias": 0.0},
     "`forget_bias` must be None for init='chrono', which draws the gates' biases itself, "
     "got 0.0."),
    ("gru", (1, 4), {"init": "chrono", "longest": 99, "update_bias": 1.0},
     "`update_bias` must be None for init='chrono'|got 1.0."),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "sizes", "options", "sentence"), [*SIZES, *OPTIONS])
def test_the_sentence(cell: Any, sizes: Any, options: dict[str, Any], sentence: str) -> None:
    check_sentence(partial(build, cell, *sizes, **options), sentence)
