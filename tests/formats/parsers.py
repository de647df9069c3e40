"""What is fuzzed: every parser of what arrives from outside, with good files to begin from."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import rnnviz
from rnnviz.cells._typed.misprint import Misprint
from rnnviz.formats import gallery, keras_file, onnx_file, read, sequences
from rnnviz.formats.reading import sniffed
from rnnviz.formats.saving import Beside, npz_bytes, safetensors_bytes
from rnnviz.words import Refusal
from tests.formats.made import LSTM, npz, tensors
from tests.formats.opened import DATA, FILES, here

Read = Callable[[bytes, random.Random], Any]


class Parser(NamedTuple):
    """Good files, what reads them, and words that the format knows."""

    seeds: tuple[bytes, ...]
    read: Read
    texts: tuple[bytes, ...] = ()


def _net(*kinds: str) -> Read:
    """Open every net of a file, with the questions' defaults and one other answer."""

    def opened(data: bytes, chance: random.Random) -> None:
        if sniffed(data) not in kinds:
            raise Refusal("Another format.")
        for net in read(data, "net").nets:
            net.model()
            if net.questions:
                one = chance.choice(net.questions)
                net.model(**{one.name: chance.choice(one.choices)})

    return opened


def _here(module: Any, *kinds: str) -> Read:
    """The same with the C library in this process."""

    def opened(data: bytes, chance: random.Random) -> None:
        module.decoded = here
        _net(*kinds)(data, chance)

    return opened


def _files(ending: str) -> tuple[bytes, ...]:
    return tuple(DATA[key].tobytes() for key in FILES if key.endswith(ending))


def _sequence(kind: Any) -> Read:
    """Read a sequence with choices of its kind drawn by chance."""

    def opened(data: bytes, chance: random.Random) -> None:
        choices: dict[str, Any] = {}
        if kind == "table":
            table = sequences.look(data, "x.csv")
            names = list(table.columns)
            for columns in (None, chance.sample(names, min(2, len(names)))):
                try:
                    table.sequence(columns, targets=chance.sample(names, chance.choice([0, 1])),
                                   standardise=chance.random() < 0.5)  # fmt: skip
                except Refusal:
                    continue
            return
        if kind == "text":
            choices["encoding"] = chance.choice([None, None, "utf-8", "utf-16", "cp949", "cp1252"])
            choices["vocabulary"] = chance.choice([None, tuple("abc\u0e01"), ("", "<unk>", "a")])
        elif chance.random() < 0.5:
            choices["standardise"] = chance.random() < 0.5
        if kind == "sound":
            choices["bands"] = chance.choice([1, 40, 128])
        sequences.kind_of(data, chance.choice(["x", "x.txt", "x.csv"]))
        sequences.read(data, "x", kind=kind, **choices)

    return opened


def _wav(code: int, bits: int, raw: bytes, channels: int = 1) -> bytes:
    form = np.array([(code, channels, 8000, 0, 0, bits)], "<u2,<u2,<u4,<u4,<u2,<u2").tobytes()
    body = b"WAVEfmt " + len(form).to_bytes(4, "little") + form
    body += b"data" + len(raw).to_bytes(4, "little") + raw
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _npy(array: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def _cell(data: bytes, chance: random.Random) -> None:
    """Typed equations; those that can be read are built and run."""
    text = data.decode("utf-8", "replace")
    try:
        name = rnnviz.cell_from_equations(text)
    except Misprint as misprint:
        if not 1 <= misprint.at.line <= len(text.splitlines()) + 1:
            raise AssertionError(f"points at line {misprint.at.line}") from misprint
        raise
    with np.errstate(all="ignore"):
        trace = rnnviz.run(rnnviz.build(name, 2, 3, seed=0), np.ones((3, 1, 2)))
        rnnviz.backprop(trace, np.ones((3, 1, 3)))


NUMBERS = np.arange(40.0).reshape(20, 2)
TABLES = (
    b"day,open,close,note\n2026-11-02,4,5,up\n2026-11-03,5,3,down\n2026-11-04,6,4,up\n",
    "a;b\n1,5;2\n3,25;4\n".encode("utf-16"), "가격\t값\n1\t2\n3\t4\n".encode("cp949"),
    b'\xef\xbb\xbf"a","b ""c"""\r\n"1","2"\r\n,3\r\n', b"1 2 3\n4 5 6\n" * 30,
)  # fmt: skip
TEXTS = (b"The sun rose.\n", "나는 학교에 간다".encode("cp949"), "שלום é".encode("utf-16"),
         "👩‍👩‍👧 e\u0301 \u202e".encode(), b"caf\xe9")  # fmt: skip
SOUND = np.sin(np.arange(4000) / 5)
SOUNDS = (
    _wav(1, 16, (SOUND * 2**14).astype("<i2").tobytes()),
    _wav(1, 8, (SOUND * 100 + 128).astype("u1").tobytes(), 2),
    _wav(3, 32, SOUND.astype("<f4").tobytes()), _wav(1, 24, bytes(3000)),
    _wav(3, 64, SOUND.tobytes(), 2),
)  # fmt: skip
ARRAYS = tuple(_npy(one) for one in (
    NUMBERS, NUMBERS.astype(">f4"), NUMBERS[:, None], np.asfortranarray(NUMBERS),
    NUMBERS[:, 0].astype("i1"),
))  # fmt: skip
CELLS = tuple(one.encode() for one in (
    "z = σ(x Wz + h Uz + bz)\ng = tanh(x Wg + h Ug + bg)\nh = z ⊙ h + (1 − z) ⊙ g",
    "# Mine\nf = \\sigma(W_f x_t + U_f h_{t-1} + b_f)\nc = f ⊙ c + f/(f + i) * g\nh = tanh(c)",
    "i = sigmoid(x@Wi); o = σ(x Wo + p ⊙ c_prev)\nc = c_{t−1} + i * tanh(x Wg + (i ⊙ h) U)\n"
    "h = o tanh(c)",
    "r = σ(x W); h = relu(x V + r ⊙ (h U) + b)",
    "z = 0.5 * σ(x W) - 1\nh = -z * h + 2 (1 - z) * tanh(x U - h V)",
))  # fmt: skip


def _zipped_keras() -> tuple[bytes, ...]:
    """Keras's zips with members stored, so that their bytes are met."""
    found = []
    for data in _files(".keras")[:4]:
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name))
        found.append(buffer.getvalue())
    return tuple(found)


def _own() -> tuple[bytes, ...]:
    model = rnnviz.build("lstm", 1, 1, output_size=1)
    beside = Beside(np.ones((2, 1)), {"input_labels": ["a", "b"], "output_labels": ["y"]})
    return npz_bytes(model), safetensors_bytes(model, beside)


NET = LSTM | {"fc.weight": np.ones((2, 5)), "emb.weight": np.ones((4, 3))}
_JSON = json.loads(gallery.THAI_WORDS.read_text("utf-8"))
PARSERS = {
    "npz": Parser((npz(NET), npz(LSTM), _own()[0]), _net("npz"), (b"'descr'", b"<f8", b"|O")),
    "safetensors": Parser((tensors(NET), tensors(LSTM), _own()[1]), _net("safetensors"),
                          (b"BF16", b"F8_E4M3", b'"shape"', b"__metadata__")),
    "json": Parser((gallery.THAI_WORDS.read_bytes(), json.dumps(_JSON).encode()[:4000]),
                   _net("json"), (b'"dim"', b"NaN", b"null")),
    "keras": Parser(_zipped_keras(), _here(keras_file, "keras"), (b'"LSTM"', b'"GRU"', b"null")),
    "hdf5": Parser(_files(".h5"), _here(keras_file, "keras"), (b"TREE", b"SNOD", b"HEAP")),
    "onnx": Parser(_files(".onnx"), _here(onnx_file, "onnx"), (b"LSTM", b"GRU", b"Concat")),
    "torch": Parser((b"\x80\x02}q\x00.", npz({"x": NUMBERS}) + b"/data.pkl"), _net("torch")),
    "table": Parser(TABLES, _sequence("table"), (b'""', b";", b"\t", b"1,5", b"NaN")),
    "text": Parser(TEXTS, _sequence("text")),
    "sound": Parser(SOUNDS, _sequence("sound"), (b"data", b"fmt ", b"RIFF")),
    "array": Parser(ARRAYS, _sequence("array"), (b"'descr'", b"<f8", b"|O", b"(1, 1, 9)")),
    "cell": Parser(CELLS, _cell, ("⊙".encode(), b"x W", b"1 - ", b"0.5 *", b"tanh(", b"h_prev",
                                  b"/", b"z", b"c", b" h U ", b"=\n", b"- ")),
}
"""Name → parser."""
IN_CHILD = ("hdf5", "keras", "onnx")
