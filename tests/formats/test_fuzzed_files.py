"""Changed bytes and odd configurations end in a net or in a refusal, never in another error.

HDF5's own library is left out here: what it does with changed bytes happens in the child process.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz.formats import onnx_file
from rnnviz.formats.keras_config import described
from rnnviz.formats.keras_file import contents
from rnnviz.formats.keras_model import Keras
from rnnviz.formats.keras_weights import groups
from rnnviz.words import Refusal
from tests.formats.opened import DATA, FILES, here

GRAPHS = [DATA[key].tobytes() for key in FILES if key.endswith(".onnx")]
SOME = here("HDF5", DATA["two_gru/file.h5"].tobytes())
CHANGES = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=6)
ODD = st.none() | st.booleans() | st.integers(-3, 99) | st.sampled_from(
    ["LSTM", "GRU", "Dense", "Embedding", "Sequential", "Functional", "bidirectional", "relu",
     "dense", "lstm", "", "layers"]
)  # fmt: skip
KEYS = st.sampled_from(
    ["class_name", "config", "layers", "name", "layer", "cell", "cells", "inbound_nodes", "args",
     "activation", "recurrent_activation", "keras_history", "return_sequences", "merge_mode",
     "go_backwards", "reset_after"]
)  # fmt: skip
CONFIGS = st.recursive(
    ODD, lambda x: st.lists(x, max_size=4) | st.dictionaries(KEYS, x, max_size=6)
)
SHAPES = st.lists(st.integers(0, 13), max_size=3).map(tuple)
PLACES = st.sampled_from([
    f"{place}/{name}"
    for place in ("layers/lstm/cell", "layers/gru", "model_weights/bidirectional/forward_a/cell")
    for name in ("vars/0", "vars/1", "vars/2", "kernel:0", "recurrent_kernel:0", "bias")
])  # fmt: skip


def settled(call: Any, *arguments: Any) -> None:
    said = "a sentence or a net"
    with suppress(Refusal):
        said = str(call(*arguments))
    assert said


@settings(max_examples=60)
@given(st.sampled_from(GRAPHS), CHANGES, st.integers(0, 10**6))
def test_onnx(data: bytes, changes: list[tuple[int, int]], end: int) -> None:
    changed = bytearray(data)
    for place, byte in changes:
        changed[place % len(changed)] = byte
    cut = bytes(changed[: max(1, end % (4 * len(changed)))])
    settled(lambda: onnx_file.contents(*here("ONNX", cut)))


@settings(max_examples=60)
@given(CONFIGS)
def test_configurations_of_keras(config: Any) -> None:
    attributes = SOME.description["attributes"]
    model = {"class_name": "Functional", "config": {"layers": [config, config]}}
    for one in (config, model):
        own = Keras(described(one), groups(SOME.arrays, attributes), SOME.arrays, attributes, 2)
        settled(contents, own)


@settings(max_examples=60)
@given(st.dictionaries(PLACES, SHAPES, max_size=8), st.integers(0, 4))
def test_shapes_of_keras(shapes: dict[str, tuple[int, ...]], fill: int) -> None:
    arrays = {
        place: np.full(shape, [0, 1, 2, np.nan, 1e30][fill]) for place, shape in shapes.items()
    }
    settled(lambda: contents(Keras([], groups(arrays, {}), arrays, {}, 3)))
