"""Files that are broken or made to do harm: one sentence each, before memory is used."""

from __future__ import annotations

import json
import pickle
import struct
import zipfile
from functools import cache

import numpy as np
import pytest

from rnnviz.formats import gallery, limits, read
from rnnviz.words import Refusal
from tests.formats.made import LSTM, described, npy, npz, safetensors, tensor, tensors, zipped

ONE = tensor("F32", (1,), 0, 4)
WORDS = json.loads(gallery.THAI_WORDS.read_text("utf-8"))
GOOD = npz(LSTM)
ENCRYPTED = bytearray(zipped({"a.npy": b"x"}))
ENCRYPTED[6] |= 1
ENCRYPTED[ENCRYPTED.index(b"PK\x01\x02") + 8] |= 1
BOMB = described((4_000_000,), body=bytes(32_000_000))
LONG = "n" * 10_000


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return npz({"a": np.ones(1)}, **{"a.npy": b""})


@cache
def crowd() -> bytes:
    return zipped({f"{k}.npy": b"" for k in range(20_000)})


ARCHIVES = {
    "a pickle": (pickle.dumps({"weight_ih_l0": 1}), "A pickle"),
    "an array of objects": (npz({"w": np.array([{}])}), "`w.npy` must hold numbers, not objects"),
    "records": (npz({"w": np.zeros(2, "f4,f4")}), "`w.npy` must hold numbers, not objects"),
    "text": (npz({"weight_ih_l0": np.array(["a"]), "weight_hh_l0": np.eye(2)}), "got <U1"),
    "integers": (npz({n: a.astype(int) for n, a in LSTM.items()}), "weight_ih_l0` must|got int64"),
    "a bomb": (zipped({"a.npy": BOMB}), "`a.npy` must have at most 200 bytes per stored byte"),
    "a large claim": (zipped({"a.npy": described((10**12,))}), "8,000,000,000|got 7"),
    "a negative shape": (zipped({"a.npy": described((-1, 2))}), "no negative length"),
    "forty axes": (zipped({"a.npy": described((1,) * 40, body=bytes(8))}), "at most 4 axes"),
    "a long header": (zipped({"a.npy": npy("{" + " " * 20_000)}), "header of at most 4,096 bytes"),
    "brackets": (zipped({"a.npy": npy("(" * 3_000)}), "header that NumPy cannot read"),
    "version 9": (zipped({"a.npy": b"\x93NUMPY\x09\x00" + bytes(20)}), "`a.npy` is no .npy array"),
    "a member twice": (twice, "`a.npy` is in the archive twice"),
    "20,000 members": (crowd, "at most 2,000 arrays"),
    "an archive cut off": (GOOD[:-30], "cut off"),
    "an archive without its middle": (GOOD[:500] + GOOD[-400:], "_l0.npy` cannot be decompressed"),
    "an encrypted member": (bytes(ENCRYPTED), "`a.npy` is encrypted"),
    "another compression": (zipped({"a.npy": b"x"}, zipfile.ZIP_LZMA), "`a.npy` is encrypted, or"),
    "an archive in an archive": (zipped({"a.npz": GOOD}), "`a.npz` is no .npy array"),
    "an empty array": (npz({"w": np.zeros((0, 3))}), "`w` must not be empty, got the shape (0, 3)"),
    "a path": (zipped({"../../x.npy": described((1,), body=bytes(8))}), "arrays, ../../x;"),
    "no characters": (
        zipped({"input_labels.npy": described((1,), "<U1", b"\xff" * 4)}), "list of 1 to 65,536"
    ),
    "no array": (zipped({}), "It holds no recurrent net."),
    "a large array": (zipped({"a.npy": described((5_000, 5_000))}), "200,000,074 bytes|got 74"),
}
TENSORS = {
    "a header of 2⁶³ bytes": (safetensors({}, claim=2**63), "9,223,372,036,854,775,808 bytes of"),
    "a header of 200 MB": (safetensors({}, claim=200_000_000), "it claims 200,000,000 bytes of 10"),
    "no JSON": (safetensors(b"{" * 50_000), "Its header must be JSON"),
    "overlapping arrays": (safetensors({"a": ONE, "b": ONE}, bytes(4)), "no whole .safetensors"),
    "trailing bytes": (safetensors({"a": ONE}, bytes(9)), "not fully covered"),
    "a name twice": (safetensors(b'{"a":1,"a":1}'), "Its header must name every array once"),
    "8-bit floats": (
        tensors({n: a.astype(np.uint8) for n, a in LSTM.items()}, dict.fromkeys(LSTM, "F8_E4M3")),
        "`weight_ih_l0` must be an array of float16, float32, float64, bfloat16, got F8_E4M3",
    ),
    "integers": (
        tensors({n: a.astype(np.int64) for n, a in LSTM.items()}), "weight_ih_l0` must|got I64"
    ),
    "an empty array": (safetensors({"a": tensor("F32", (0, 3), 0, 0)}), "`a` must not be empty"),
    "a long name": (safetensors({LONG: ONE}, bytes(4)), "at most 256 characters, got 10,000"),
    "long metadata": (safetensors({"__metadata__": {"x": "y" * 2**20}}), "at most 1,000,000 bytes"),
    "a large array": (
        safetensors({"a": tensor("F32", (2**40, 2**40), 0, 4)}, bytes(4)), "overflow"
    ),
}  # fmt: skip
JSON = {
    "half a text": (b'{"dic": {', "no whole JSON"),
    "brackets": (b"[" * 100_000, "no whole JSON"),
    "NaN": (b'{"mat4": {"dim": [1], "data": [NaN]}}', "NaN is no number"),
    "10⁴⁰⁰": (
        json.dumps(WORDS).replace("0.6935936808586121", "1e400").encode(), "`mat9` must be finite"
    ),
    "another shape": (
        json.dumps(WORDS | {"mat4": {"dim": [61], "data": [0.5] * 60}}).encode(), "`mat4` must have"
    ),
    "text for a number": (
        json.dumps(WORDS | {"mat9": {"dim": [1], "data": ["1"]}}).encode(), "`mat9` must have"
    ),
    "two characters in one row": (
        json.dumps(WORDS | {"dic": WORDS["dic"] | {"x": 0}}).encode(), "`dic` must number"
    ),
    "another JSON": (b'{"layers": []}', "JSON must hold `dic` and `mat1`"),
}  # fmt: skip
NETS = {
    "no net": ({"conv.weight": np.ones((2, 2))}, "no recurrent net|its 1 arrays, conv.weight;"),
    "NaN": (
        LSTM | {"bias_ih_l0": np.full(20, np.nan)}, "`bias_ih_l0` must be finite, got nan at index"
    ),
    "no second bias": (
        {n: a for n, a in LSTM.items() if n != "bias_hh_l0"}, "`bias_hh_l0` is missing"
    ),
    "half a direction": (
        LSTM | {"weight_ih_l0_reverse": LSTM["weight_ih_l0"]}, "`bias_hh_l0_reverse` is missing"
    ),
    "a GRU's rows": (
        LSTM | {"weight_ih_l0": np.ones((15, 3))},
        "`weight_ih_l0` must have shape (20, 3)|got (15, 3) (H = 5: GRU)",
    ),
    "a projection of a GRU": (
        LSTM | {"weight_hr_l0": np.ones((5, 7))}, "`weight_hh_l0` must have 4H rows|H = 7|got 20"
    ),
    "weight_norm": (
        {"lstm.parametrizations.weight_hh_l0.original0": np.ones((20, 1))},
        "remove_parametrizations(module, 'weight_hh_l0')",
    ),
    "old weight_norm": ({"weight_hh_l0_g": np.ones((20, 1))}, "remove_weight_norm"),
    "many units": (
        {"weight_ih_l0": np.ones((2_049, 1), "f4"), "weight_hh_l0": np.zeros((2_049, 2_049), "f4")},
        "at most 2,048 hidden units|got 2,049",
    ),
}  # fmt: skip
ALL = {
    **{f"npz: {name}": case for name, case in ARCHIVES.items()},
    **{f"safetensors: {name}": case for name, case in TENSORS.items()},
    **{f"json: {name}": case for name, case in JSON.items()},
    **{f"net: {name}": (npz(arrays), said) for name, (arrays, said) in NETS.items()},
}


@pytest.mark.parametrize(("data", "said"), ALL.values(), ids=ALL)
def test_one_sentence_names_file_place_and_rule(data: object, said: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read(data() if callable(data) else data, "net.bin")
    text = str(refusal.value)
    assert text.startswith("net.bin: ")
    assert all(part in text for part in said.split("|")), text
    assert len(text) < 500


def test_the_limits_come_before_the_memory() -> None:
    """An archive that claims a terabyte is refused by its index, whatever its numbers are."""
    import tracemalloc

    huge = bytearray(zipped({"a.npy": described((10**9,))}, zipfile.ZIP_STORED))
    at = huge.index(b"PK\x01\x02")
    huge[at + 20 : at + 28] = struct.pack("<II", 2**31, 2**31)
    tracemalloc.start()
    with pytest.raises(Refusal, match="must have at most 256,000,000 bytes decompressed"):
        read(bytes(huge), "net.npz")
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()
    assert limits.DECODED_BYTES == 256_000_000
