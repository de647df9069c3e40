"""The format is told by the bytes; what cannot be opened is refused in a sentence."""

from __future__ import annotations

import pickle

import pytest

from rnnviz.formats import read
from rnnviz.formats.reading import refuse_large, shown_name, sniffed
from rnnviz.words import Refusal

STARTS = {
    b"\x88\x00\x00\x00\x00\x00\x00\x00{": "safetensors",
    b"\x00\x00\x00\x00\x00\x00\x00\x80{": "safetensors",
    b"PK\x03\x04\x00\x00lstm.npy": "npz",
    b"PK\x03\x04 net/data.pkl PK": "torch",
    b"PK\x03\x04 metadata.json config.json model.weights.h5": "keras",
    b"\x89HDF\r\n\x1a\n\x00": "keras",
    pickle.dumps({"a": 1}): "torch",
    b'\xef\xbb\xbf {"mat1": 1}': "json",
    b"\x08\x0a\x12\x07pytorch": "onnx",
    b"h": None,
    b"a,b\n1,2\n": None,
    b"\x89PNG\r\n\x1a\n": None,
}


def test_the_content_tells_the_format() -> None:
    assert {start: sniffed(start) for start in STARTS} == STARTS


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", r"net\.npz is empty\."),
        (b"h", r"net\.npz is no file of weights .* not \.npz or \.keras \(a zip\)"),
        (b"\0" * 64_000_001, r"net\.npz must have at most 64 MB"),
        (pickle.dumps(print), r"net\.npz: A pickle.* never opened(?s:.*)torch\.load.*(?s:.*)save"),
    ],
)
def test_what_is_no_net_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read(data, "net.npz")


def test_names_are_shown_without_control_characters() -> None:
    assert shown_name("a\x00\u202eb.npz") == "a��b.npz"
    assert len(shown_name("n" * 10**6)) == 80
    with pytest.raises(Refusal, match=r"^a�b\.npz must have at most"):
        refuse_large("a\u202eb.npz", 10**9)
