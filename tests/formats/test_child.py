"""Decoding happens in a child process: what ends it becomes one sentence."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.formats import child, read
from rnnviz.words import Refusal, say, speak
from tests.formats.opened import DATA, here

OWN = """
import sys, types
from rnnviz.formats import child
own = types.ModuleType("own")
own.decode = {decode}
sys.modules["own"] = own
child.MODULES.update(HDF5="own", ONNX="own")
child.main()
"""
ENDS = {
    "a crash": ("import os; os.abort()", "makes the reader of HDF5 stop"),
    "another answer": ("print('hello')", "makes the reader of HDF5 stop"),
    "2 GB": (OWN.format(decode="lambda data: bytearray(2_000_000_000)"), "at most 1000 MB"),
    "much to say": (
        OWN.format(decode="lambda data: child.Decoded({}, 'x' * 40_000_000)"), "at most 1000 MB"
    ),
    "no end": ("import time; time.sleep(60)", "must be decoded within 1.0 s"),
}  # fmt: skip


ENDLESS = OWN.format(decode="lambda data: [0 for _ in iter(int, 1)]")


@pytest.mark.parametrize(("code", "said"), ENDS.values(), ids=ENDS)
def test_an_end_is_one_sentence(code: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "CODE", code)
    monkeypatch.setattr(child, "CHILD_SECONDS", 1 if "within" in said else 20)
    with pytest.raises(Refusal, match=said):
        child.decoded("HDF5", b"")


def test_a_small_file_has_little_of_the_processor_s_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert child.parse_seconds(20_000) < 0.8
    assert child.parse_seconds(10_000_000) == 3.2
    assert child.parse_seconds(10**9) == 20
    monkeypatch.setattr(child, "CODE", ENDLESS)
    monkeypatch.setattr(child, "PARSE_SECONDS", 0.1)
    with pytest.raises(Refusal, match=r"must be decoded within 0.1 s; this one was not"):
        child.decoded("HDF5", b"")


def test_the_child_imports_the_decoder_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    decode = "lambda data: child.Decoded({}, [*sys.modules])"
    monkeypatch.setattr(child, "CODE", child.BARE + OWN.format(decode=decode))
    rooms = {name.split(".")[1] for name in child.decoded("ONNX", b"").description
             if name.startswith("rnnviz.")}  # fmt: skip
    assert rooms == {"formats", "numerics", "words"}


def test_arrays_come_back_as_they_are() -> None:
    for kind, key in (("HDF5", "stack/file.weights.h5"), ("ONNX", "stack/file.onnx")):
        data = DATA[key].tobytes()
        found, own = child.decoded(kind, data), here(kind, data)
        assert found.description == own.description
        assert found.arrays.keys() == own.arrays.keys()
        for name, array in own.arrays.items():
            np.testing.assert_array_equal(found.arrays[name], array)


def test_a_refusal_of_the_child_can_be_said_in_korean() -> None:
    with pytest.raises(Refusal) as refusal:
        read(DATA["stack/file.h5"].tobytes()[:2000], "net.h5")
    speak("ko")
    try:
        assert "HDF5" in say(refusal.value.words)
        assert "download" not in say(refusal.value.words)
    finally:
        speak("en")


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys; sys.modules['h5py'] = None\n" + child.CODE
    monkeypatch.setattr(child, "CODE", code)
    with pytest.raises(Refusal, match=r"needs h5py, .*: pip install 'rnnviz\[keras\]'"):
        read(DATA["stack/file.h5"].tobytes(), "net.h5")
