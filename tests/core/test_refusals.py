"""Every argument that is not allowed gets a sentence: argument, rule, what arrived."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnviz import CrossEntropy, SquaredError, backprop, build, from_torch, run
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


def without(state: dict, *names: str) -> dict:
    return {name: value for name, value in state.items() if name not in names}


def spoilt(array: Any, value: float, place: tuple[int, ...]) -> Any:
    copy = np.array(array, float)
    copy[place] = value
    return copy


Case = tuple[Callable[[], Any], str]
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
        "`nonlinearity` must be one of 'tanh', 'relu', 'sigmoid', 'identity', got 'gelu'.",
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
        "at least one timestep, got (0, 1, 2).",
    ),
    "x of no examples": (
        lambda: run(MODEL, np.ones((4, 0, 2))),
        "`x` must have shape|got (4, 0, 2).",
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
    "a gradient of an unknown signal": (lambda: FLOW["a_z"], "`signal` must be one of|got 'a_z'."),
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
    "a layer number of ten digits": (
        lambda: from_torch(STATE | {"bias_hh_l1234567890": np.ones(20)}),
        "`bias_hh_l1234567890` is no name that PyTorch gives",
    ),
    "the same place twice": (
        lambda: from_torch(STATE | {"weight_ih": STATE["weight_ih_l0"]}),
        "`weight_ih` and `weight_ih_l0` are both there",
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
    "a missing layer": (
        lambda: from_torch(STATE | {"weight_ih_l2": np.ones((20, 5))}),
        "`bias_hh_l1` is missing",
    ),
    "a bias that the first layer lacks": (
        lambda: from_torch(without(BI, "bias_ih_l0", "bias_hh_l0")),
        "`bias_hh_l0_reverse` is one too many",
    ),
    "rows that fit no kind": (
        lambda: from_torch(STATE | {"weight_hh_l0": np.ones((10, 5))}),
        "H, 3H or 4H rows|got 10 rows",
    ),
    "shapes that do not fit together": (
        lambda: from_torch(STATE | {"weight_ih_l0": np.ones((15, 3))}),
        "`weight_ih_l0` must have shape (20, 3)|LSTM|`weight_hh_l0`|got (15, 3) (H = 5: GRU).",
    ),
    "a bias of another length": (
        lambda: from_torch(STATE | {"bias_ih_l0": np.ones(5)}),
        "must have shape (20,)|got (5,) (H = 5: RNN).",
    ),
    "a bias that is a matrix": (
        lambda: from_torch(STATE | {"bias_ih_l0": np.ones((20, 1))}),
        "must be a 1-D array of float16, float32, float64, bfloat16, not empty",
    ),
    "an empty array": (
        lambda: from_torch(STATE | {"weight_ih_l0": np.ones((20, 0))}),
        "must be a 2-D array of float16, |(20, 0)",
    ),
    "integers": (
        lambda: from_torch(STATE | {"bias_ih_l0": np.ones(20, int)}),
        "must be a 1-D array of float16|int64.",
    ),
    "objects": (
        lambda: from_torch(STATE | {"bias_ih_l0": np.ones(20, object)}),
        "must be a 1-D array of float16|object.",
    ),
    "nan": (
        lambda: from_torch(STATE | {"bias_ih_l0": spoilt(np.ones(20), NAN, (7,))}),
        "`bias_ih_l0` must be finite, got nan at index (7,).",
    ),
    "a nonlinearity it does not know": (
        lambda: from_torch(state_of("RNN:{}"), nonlinearity="gelu"),
        "`nonlinearity` must be one of 'tanh', 'relu', got 'gelu'.",
    ),
    "a nonlinearity that an LSTM does not have": (
        lambda: from_torch(STATE, nonlinearity="relu"),
        "`nonlinearity` must be 'tanh' for the LSTM",
    ),
}
ALL = SIZES | OPTIONS | RUNS | READS | BACK | WEIGHTS


@pytest.mark.parametrize(("call", "sentence"), ALL.values(), ids=ALL)
def test_the_sentence(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        call()
    said = str(refusal.value)
    for part in sentence.split("|"):
        assert part in said
    assert said.startswith("`")
    assert said.endswith((".", "?"))
    assert len(said) < 300


def test_no_two_groups_share_a_name() -> None:
    assert len(ALL) == sum(map(len, (SIZES, OPTIONS, RUNS, READS, BACK, WEIGHTS)))


def test_extended_precision_is_refused_not_rounded() -> None:
    if np.dtype(np.longdouble).itemsize == 8:
        return  # here it is float64 under another name
    with pytest.raises(ValueError, match="must be a 2-D array of float16"):
        from_torch({name: value.astype(np.longdouble) for name, value in STATE.items()})


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
