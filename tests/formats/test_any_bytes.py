"""Whatever bytes arrive, `read` answers with nets or with a sentence, and models can be made."""

from __future__ import annotations

import json
import warnings
from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rnnviz
from rnnviz.formats import gallery, read
from rnnviz.formats.own_form import form_of
from rnnviz.formats.reading import sniffed
from rnnviz.formats.saving import Beside, npz_bytes, safetensors_bytes
from rnnviz.words import Refusal
from tests.formats.made import LSTM, npy, npz, safetensors, tensors, zipped

MODEL = rnnviz.build("lstm", 1, 1, output_size=1)
NAMED = Beside(np.ones((2, 1)), {"input_labels": ["a", "b"], "output_labels": ["y"]})
NET = LSTM | {"fc.weight": np.ones((2, 5)), "emb.weight": np.ones((4, 3))}
FILES = (
    npz(NET), tensors(NET), npz_bytes(MODEL), safetensors_bytes(MODEL, NAMED),
    gallery.THAI_WORDS.read_bytes()[:3_000], zipped({"a.npy": npy("{'descr': '<f8', ")}),
)  # fmt: skip
plain = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 2**70), st.floats(), st.text(max_size=5)
)
trees = st.recursive(
    plain, lambda one: st.lists(one, max_size=4) | st.dictionaries(st.text(max_size=5), one,
                                                                  max_size=4), max_leaves=12,
)  # fmt: skip
keys = st.sampled_from([*LSTM, "__metadata__", "dim", "a"])
fields = st.fixed_dictionaries({
    "dtype": st.sampled_from(["F32", "F64", "BF16", "I8", "F4", "x"]) | trees,
    "shape": st.lists(st.integers(-1, 9), max_size=3) | trees,
    "data_offsets": st.lists(st.integers(0, 99), min_size=2, max_size=2) | trees,
})  # fmt: skip
headers = st.dictionaries(keys, fields | trees, max_size=5)
descriptions = st.fixed_dictionaries({
    "descr": st.sampled_from(["<f8", ">f4", "|O", "<U1", "|u1", "<M8[s]", "|V8"]) | trees,
    "fortran_order": st.booleans() | trees,
    "shape": st.lists(st.integers(-2, 2**40), max_size=4).map(tuple) | trees,
})  # fmt: skip
cells = st.fixed_dictionaries({"name": st.sampled_from(["lstm", "rnn"]) | trees,
                               "options": trees, "hold": trees})  # fmt: skip
FORM = json.loads(form_of(MODEL))
forms = st.dictionaries(st.sampled_from(list(FORM)), trees | cells, max_size=3)


@st.composite
def changed(draw: Any) -> bytes:
    """One of the files with some bytes changed, left out, or put in."""
    data = bytearray(draw(st.sampled_from(FILES)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.sampled_from([0, 1, 1, 2, 4, 50, 10**6])))
        data[at:end] = draw(st.binary(max_size=8))
    return bytes(data)


files = st.one_of(
    changed(),
    st.builds(safetensors, headers, st.binary(max_size=99)),
    st.builds(
        lambda name, one, body: zipped({f"{name}.npy": npy(repr(one), body)}),
        st.sampled_from(["weight_ih_l0", "input_labels", "rnnviz"]), descriptions,
        st.binary(max_size=12),
    ),
    trees.map(lambda one: json.dumps({"dic": one}).encode()),
    forms.map(lambda one: npz_bytes(MODEL, form=json.dumps(FORM | one))),
    st.binary(max_size=60),
)


@settings(max_examples=120)
@given(files)
def test_any_bytes(data: bytes) -> None:
    assume(sniffed(data) not in ("keras", "onnx"))  # these have a test of their own
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            assert [net.model() for net in read(data, "net").nets]
        except Refusal as refusal:
            said = str(refusal)
            assert len(said) < 2_000
