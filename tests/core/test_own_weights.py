"""Weights that a caller gives: what is taken, what it becomes, and what is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz import Model, backprop, build, from_torch, run
from rnnviz.core.readout import Readout
from tests.references import state_of

LSTM = build("lstm", 2, 3, seed=1)
DEEP = build("gru", 2, 3, num_layers=2, bidirectional=True)
NARROW = build("rnn", 2, 3, dtype="float32", output_size=2)
W, TIGHT = LSTM.parameters[0], NARROW.parameters[0]


class Tensor:
    """Like PyTorch's: an array only once it is off its graph and device."""

    def __init__(self, array: Any, ready: int = 0) -> None:
        self.array, self.ready = array, ready

    def detach(self) -> Tensor:
        return Tensor(self.array, self.ready + 1)

    cpu = detach

    def __array__(self, *_: Any, **__: Any) -> Any:
        if self.ready < 2:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return self.array


def of(**changes: Any) -> Model:
    """The LSTM with some weights changed; None leaves one out."""
    weights = {name: one for name, one in {**W, **changes}.items() if one is not None}
    return replace(LSTM, parameters=(weights,))


def deep(index: int, **changes: Any) -> Model:
    """The stack with one layer's weights changed."""
    layers = [dict(one) for one in DEEP.parameters]
    given = (layers[index] | changes).items()
    layers[index] = {name: one for name, one in given if one is not None}
    return DEEP.with_parameters(layers)


@pytest.mark.parametrize(
    "other",
    [
        np.ndarray.tolist,
        lambda one: one.astype(int),
        lambda one: one.astype(">f8"),
        lambda one: one.astype(">f4").astype(">f8"),
        np.asfortranarray,
        lambda one: np.repeat(one, 2, axis=0)[::2],
        Tensor,
    ],
)
def test_lists_integers_layouts_and_tensors_become_plain_arrays(other: Callable) -> None:
    whole = {name: np.round(3 * one) for name, one in W.items()}
    model = LSTM.with_parameters({name: other(one) for name, one in whole.items()})
    for name, one in model.parameters[0].items():
        np.testing.assert_array_equal(one, whole[name])
        assert one.dtype == np.float64
        assert one.dtype.isnative
        assert one.flags.c_contiguous
        assert not one.flags.writeable
    assert list(model.parameters[0]) == ["W_x", "W_h", "b"]


def test_lists_and_integers_take_the_type_of_the_rest() -> None:
    model = replace(NARROW, parameters=[{**TIGHT, "b": [1, 2, 3], "W_h": np.eye(3, dtype=int)}])
    assert {one.dtype.name for one in model.parameters[0].values()} == {"float32"}
    half = {name: one.astype(np.float16) for name, one in W.items()}
    assert LSTM.with_parameters(half).dtype == np.float32
    head = Readout("identity", {"W_y": Tensor(np.ones((3, 2))), "b_y": [0, 1]})
    assert head.parameters["b_y"].dtype == np.float64
    assert run(replace(LSTM, readout=head), np.ones((4, 2))).scores is not None


def test_tensors_are_taken_wherever_arrays_are() -> None:
    state = state_of("LSTM:{}")
    ours = from_torch({name: Tensor(one) for name, one in state.items()})
    x = np.ones((4, ours.input_size))
    np.testing.assert_array_equal(run(ours, Tensor(x)).outputs, run(from_torch(state), x).outputs)


def test_a_later_change_of_an_array_reaches_no_model_trace_or_gradient() -> None:
    given = {name: one.copy() for name, one in W.items()}
    head = {"W_y": np.ones((3, 1)), "b_y": np.ones(1)}
    model = Model(LSTM.cell, 2, 3, (given,), readout=Readout("identity", head))
    trace, dh = run(model, np.ones((4, 2))), np.ones((4, 3))
    before, scores = backprop(trace, dh).parameters[0], trace.scores
    for one in (*given.values(), *head.values()):
        one[:] = 9
    for name, gradient in backprop(trace, dh).parameters[0].items():
        np.testing.assert_array_equal(gradient, before[name])
    np.testing.assert_array_equal(trace.scores, scores)


def test_biases_may_be_left_out_or_doubled_in_all_layers_alike() -> None:
    bare = [{"W_x": one["W_x"], "W_h": one["W_h"]} for one in DEEP.parameters]
    double = [{**one, "b_h": np.zeros(9)} for one in DEEP.parameters]
    for weights in (bare, double):
        assert run(DEEP.with_parameters(weights), np.ones((3, 2))).outputs.shape == (3, 1, 6)


NAN = np.where(np.arange(36).reshape(3, 12) == 13, np.nan, 1.0)
REFUSED: Mapping[str, tuple[Callable[[], Any], str]] = {
    "a missing matrix": (
        lambda: of(W_h=None),
        "`W_h of layer 0, forward` must be given, got only W_x, b.",
    ),
    "nothing": (lambda: LSTM.with_parameters({}), "`W_x of layer 0, forward` must be given, got"),
    "a bias missing in one place": (
        lambda: deep(3, b=None),
        "`b of layer 1, reverse` must be given, got only W_x, W_h.",
    ),
    "an unknown name": (
        lambda: of(W_hh=W["W_h"]),
        "`parameters of layer 0, forward` must not hold 'W_hh'; did you mean 'W_h'?",
    ),
    "another unknown name": (
        lambda: of(kernel=W["W_h"]),
        "`parameters of layer 0, forward` must not hold 'kernel': it has W_x, W_h, b, b_h.",
    ),
    "another shape": (
        lambda: deep(2, W_h=np.ones((3, 8))),
        "`W_h of layer 1, forward` must have shape (3, 9), got (3, 8).",
    ),
    "a transposed matrix": (
        lambda: of(W_x=W["W_x"].T),
        "`W_x of layer 0, forward` must have shape (2, 12), got (12, 2): it looks transposed.",
    ),
    "nan": (
        lambda: of(W_h=NAN),
        "`W_h of layer 0, forward` must be finite, got nan at index (1, 1).",
    ),
    "two types": (
        lambda: deep(1, W_h=DEEP.parameters[1]["W_h"].astype("f4")),
        "`W_h of layer 0, reverse` must have the type of `W_x of layer 0, forward`, float64, "
        "got float32.",
    ),
    "text": (lambda: of(b="b"), "`b of layer 0, forward` must be an array of real numbers"),
    "a tensor that cannot be read": (
        lambda: of(b=Tensor([[1], []])),
        "`b of layer 0, forward` must be an array",
    ),
    "what float32 cannot hold": (
        lambda: replace(NARROW, parameters=({**TIGHT, "b": [1e60, 0, 0]},)),
        "`b of layer 0, forward` must fit the model's float32",
    ),
    "too few layers": (
        lambda: replace(DEEP, parameters=DEEP.parameters[:3]),
        "`parameters` must be a sequence of mappings, one for each layer and direction (4), "
        "got 3 of them.",
    ),
    "a mapping for a sequence": (
        lambda: replace(LSTM, parameters=dict(W)),
        "`parameters` must be a sequence of mappings, one for each layer and direction (1), got {",
    ),
    "an array for a mapping": (
        lambda: LSTM.with_parameters([W["W_x"]]),
        "`parameters of layer 0, forward` must map names to arrays, got an array",
    ),
    "a size": (lambda: replace(LSTM, hidden_size=0), "`hidden_size` must be a positive integer"),
    "sizes that do not go with the weights": (
        lambda: replace(LSTM, input_size=3),
        "`W_x of layer 0, forward` must have shape (3, 12), got (2, 12).",
    ),
    "a cell's name": (
        lambda: replace(LSTM, cell="lstm"),
        "`cell` must be a Cell of rnnviz, got 'lstm'.",
    ),
    "a readout of another size": (
        lambda: replace(LSTM, readout=Readout("softmax", {"W_y": [[0] * 3] * 2, "b_y": [0] * 3})),
        "`W_y of the readout` must have 3 rows (directions·H), got the shape (2, 3): it looks "
        "transposed.",
    ),
    "a readout of another type": (
        lambda: replace(NARROW, readout=Readout("identity", {"W_y": np.ones((3, 1)), "b_y": [0]})),
        "`W_y of the readout` must have the cells' type, float32, got float64.",
    ),
    "a readout without a bias": (
        lambda: Readout("identity", {"W_y": np.ones((3, 1))}),
        "`b_y of the readout` must be given, got only W_y.",
    ),
    "a readout of another kind": (
        lambda: Readout("relu", {"W_y": np.ones((3, 1)), "b_y": [0]}),
        "`readout` must be one of 'identity', 'softmax', got 'relu'.",
    ),
    "a readout's bias of another length": (
        lambda: Readout("softmax", {"W_y": np.ones((3, 2)), "b_y": [0]}),
        "`b_y of the readout` must have shape (2,), got (1,).",
    ),
    "a readout of one axis": (
        lambda: Readout("softmax", {"W_y": np.ones(3), "b_y": [0]}),
        "`W_y of the readout` must have shape (directions·H, K), got (3,).",
    ),
}


@pytest.mark.parametrize(("call", "sentence"), REFUSED.values(), ids=REFUSED)
def test_the_sentence(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
