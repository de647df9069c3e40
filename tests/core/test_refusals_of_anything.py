"""Any argument is accepted, or refused by a ValueError: no other exception, no warning."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from rnnviz import CELLS, CrossEntropy, Loss, SquaredError, backprop, build, from_torch, run
from tests.references import state_of

SENTENCE = re.compile(r"`.*` .*(\.|did you mean .*\?)", re.DOTALL)
X = np.ones((3, 2, 2))
MODELS = [build(cell, 2, 3, dtype=dtype) for cell in CELLS for dtype in ("float64", "float32")]
SOFT = run(build("rnn", 2, 3, output_size=2, readout="softmax"), X)
TRACES = [run(model, X) for model in MODELS]
FLOW = backprop(TRACES[0], np.ones((3, 2, 3)))
STATE = state_of("GRU:{}")


class Mute:
    """An object that cannot become an array."""

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise KeyError("no numbers")


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 9), st.integers(), st.floats(), st.text(max_size=5),
    st.complex_numbers(), st.binary(max_size=5), st.just(10**400), st.just(-(10**5000)),
    st.just(Mute()), st.just(np.float64(1e300)), st.just(1e-300), st.just(np.datetime64("NaT")),
)  # fmt: skip
kinds = st.sampled_from(["f8", "f4", "f2", "i8", "u1", "c16", "?", "U2", "S3", "M8[D]", "O", "V3"])
shapes = st.sampled_from(
    [(3, 2, 2), (3, 2, 3), (3, 2), (3, 1, 2), (2, 3), (3,), (), (0, 2), (3, 0, 2)]
)
things = st.one_of(
    scalars,
    st.lists(scalars, max_size=3),
    st.lists(st.lists(st.floats(), max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), scalars, max_size=2),
    st.tuples(scalars, scalars),
    kinds.flatmap(lambda kind: shapes.map(lambda shape: np.zeros(shape, kind))),
    arrays.arrays(np.float64, shapes, elements=st.floats()),
    st.just(np.ma.masked_all((3, 2, 2))),
    st.just(np.array([{}, []], object)),
    st.just(X),
)
thorough = settings(max_examples=100)


def answers(call: Callable[[], Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        said = ""
        try:
            call()
        except ValueError as refusal:
            said = str(refusal)
    assert not said or SENTENCE.fullmatch(said), said
    assert len(said) < 600


NAMES = [
    "input_size", "hidden_size", "seed", "num_layers", "bidirectional", "init", "gain",
    "spectral_radius", "forget_bias", "update_bias", "output_size", "readout", "dtype",
    "nonlinearity", "reset_after", "peephole", "cell",
]  # fmt: skip
small = {"input_size", "hidden_size", "num_layers", "output_size"}


@thorough
@given(st.sampled_from(sorted(CELLS)), st.sampled_from(NAMES), things, st.booleans())
def test_build(cell: str, name: str, value: Any, narrow: bool) -> None:
    if name in small and isinstance(value, int) and 50 < value < 10**8:
        value = -value  # allowed, and only slow
    arguments = {"cell": cell, "input_size": 2, "hidden_size": 3, "output_size": 2}
    arguments |= {"dtype": "float32"} if narrow else {}
    answers(lambda: build(**arguments | {name: value}))


@thorough
@given(st.sampled_from(MODELS), st.sampled_from(["x", "h0", "c0", "model"]), things)
def test_run(model: Any, name: str, value: Any) -> None:
    answers(lambda: run(**{"model": model, "x": X} | {name: value}))


@thorough
@given(st.sampled_from(TRACES), st.booleans(), things)
def test_backprop(trace: Any, first: bool, value: Any) -> None:
    answers(lambda: backprop(value, np.ones((3, 2, 3))) if first else backprop(trace, value))


@thorough
@given(st.sampled_from([SquaredError, CrossEntropy]), st.booleans(), things)
def test_losses(kind: type[Loss], targets: bool, value: Any) -> None:
    for trace in (TRACES[0], TRACES[1], SOFT):
        right = np.zeros((3, 2), int) if kind is CrossEntropy else np.ones(trace.outputs.shape)
        answers(lambda t=trace, r=right: backprop(t, kind(value) if targets else kind(r, at=value)))


@thorough
@given(st.sampled_from([None, *STATE, "weight_ih_l1", "weight_hr_l0", "", 3, "b" * 500]), things)
def test_from_torch(key: Any, value: Any) -> None:
    answers(lambda: from_torch(value if key is None else {**STATE, key: value}))
    answers(lambda: from_torch(STATE, nonlinearity=value))


@thorough
@given(things)
def test_reading(value: Any) -> None:
    trace, flow = TRACES[0], FLOW
    asks = (trace.__getitem__, trace.layer, lambda one: trace.layer(0, one), flow.__getitem__,
            flow.log10_norms, flow.log10_weight_norms, flow.layer)  # fmt: skip
    for ask in asks:
        answers(lambda ask=ask: ask(value))
