"""The 85 bad inputs, one after another: `python -m tests.formats.cases` prints what each gives.

Every case runs in a process of its own: its first sentence, its seconds, and how many MB more than
before it needed. With HDF5 and ONNX these are those of the process that decodes them, which begins
as a copy of this one; links are opened in a fresh AppTest, Streamlit's import included.
"""

from __future__ import annotations

import os
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import rnnviz
from rnnviz.formats import read, sequences
from rnnviz.words import Refusal
from tests.formats.made import LSTM, npz, safetensors, tensors, zipped
from tests.formats.test_bad_files import ARCHIVES, BOMB, LONG, NETS, ONE, TENSORS
from tests.formats.test_bad_hdf5_and_onnx import (
    GRAPHS,
    HDF5,
    attribute,
    keras,
)

Case = Callable[[], Any]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)
NAME = '</script><script>alert(1)</script>'
PICTURE = "![i](http://127.0.0.1:9/x.png)"


def net(data: Any, name: str = "net.bin") -> Case:
    """Open a file of weights; what it says is its refusal, or the nets."""
    return lambda: read(data() if callable(data) else data, name)


def under(names: str) -> bytes:
    """An LSTM's weights behind every prefix, as a state_dict has them."""
    return npz({f"{one}.{name}": array for one in names for name, array in LSTM.items()})


def table(data: bytes, **how: Any) -> Case:
    return lambda: sequences.read(data, "x.csv", **how)


def text(data: bytes | str, **how: Any) -> Case:
    return lambda: sequences.read(data.encode() if isinstance(data, str) else data, "x.txt", **how)


def fitting() -> None:
    sequences.fits(sequences.read(b"a,b\n1,2\n", "x.csv"), 5)


def large() -> Any:
    """An LSTM on inputs of 1e30."""
    trace = rnnviz.run(rnnviz.build("lstm", 1, 4), np.full((20, 1, 1), 1e30))
    return f"first not finite: {trace.first_nonfinite}"


def page(*queries: dict[str, Any], **query: Any) -> Case:
    """What the first page says of one link after another, above its pictures."""

    def opened() -> str:
        from tests.ui.apps import no_exception, open_app, settings_of

        found = []
        for one in queries or (query,):
            app = open_app(**one)
            no_exception(app)
            said = " ".join(one.value for one in (*app.main.info, *app.main.warning))
            found.append(said or f"opens with T = {settings_of(app).length}")
        return " ".join(found)

    return opened


def pickled() -> bytes:
    import pickle

    return pickle.dumps({"a": 1})


def torch() -> bytes:
    return zipped({"archive/data.pkl": pickled(), "archive/data/0": bytes(40)})


def big_endian() -> bytes:
    return npz({name: np.asfortranarray(array.astype(">f4")) for name, array in LSTM.items()})


def halves(kind: str) -> bytes:
    """Weights of two bytes a number."""
    found = {name: array.astype("f2").view("u2") for name, array in LSTM.items()}
    return tensors(found, dict.fromkeys(LSTM, kind))


CASES: dict[int, tuple[str, Case]] = {
    1: ("empty file", net(b"")), 2: ("one byte", net(b"x")),
    3: ("text named .npz", net(b"just text", "net.npz")),
    4: ("pickle named .safetensors", net(pickled, "net.safetensors")),
    5: ("pickle named .npz", net(pickled, "net.npz")),
    6: ("array of objects", net(ARCHIVES["an array of objects"][0])),
    7: ("npz bomb", net(zipped({"a.npy": BOMB}))),
    8: ("npy claiming 10¹² numbers", net(ARCHIVES["a large claim"][0])),
    9: ("negative shape", net(ARCHIVES["a negative shape"][0])),
    10: ("header of 20 kB", net(ARCHIVES["a long header"][0])),
    11: ("((((… as header", net(ARCHIVES["brackets"][0])),
    12: ("a member twice", net(ARCHIVES["a member twice"][0])),
    13: ("../../x.npy", net(ARCHIVES["a path"][0])),
    14: ("20,000 members", net(ARCHIVES["20,000 members"][0])),
    15: ("structured dtype", net(ARCHIVES["records"][0])),
    16: ("text as weights", net(ARCHIVES["text"][0])),
    17: ("big-endian, Fortran order", net(big_endian)),
    18: ("zip cut off", net(ARCHIVES["an archive cut off"][0])),
    19: ("encrypted zip", net(ARCHIVES["an encrypted member"][0])),
    20: ("zip in a zip", net(ARCHIVES["an archive in an archive"][0])),
    21: ("safetensors header of 2⁶³ bytes", net(TENSORS["a header of 2⁶³ bytes"][0])),
    22: ("safetensors header of 200 MB", net(TENSORS["a header of 200 MB"][0])),
    23: ("overlapping arrays", net(TENSORS["overlapping arrays"][0])),
    24: ("trailing bytes", net(TENSORS["trailing bytes"][0])),
    25: ("a name twice", net(TENSORS["a name twice"][0])),
    26: ("BF16", net(lambda: halves("BF16"))), 27: ("F8", net(TENSORS["8-bit floats"][0])),
    28: ("array of size zero", net(TENSORS["an empty array"][0])),
    29: ("</script> as a name", net(npz({NAME: np.ones(2)} | LSTM))),
    30: ("Markdown picture as a name", net(npz({PICTURE: np.ones(2)} | LSTM), PICTURE)),
    31: ("name of 10 MB", net(lambda: safetensors({LONG * 1000: ONE}, bytes(4)))),
    32: ("h5 external link", net(HDF5["external link"][0])),
    33: ("h5 external storage", net(HDF5["external storage"][0])),
    34: ("h5 virtual dataset", net(HDF5["virtual"][0])),
    35: ("h5 soft-link loop", net(HDF5["soft link loop"][0])),
    36: ("h5 hard-link cycle", net(HDF5["hard link cycle"][0])),
    37: ("h5 sparse 4 TB", net(HDF5["sparse 4 TB"][0])),
    38: ("h5 gzip bomb", net(HDF5["gzip bomb"][0])),
    39: ("Lambda in a .keras", net(keras(b'{"class_name": "Sequential", "config": {"layers": '
                                         b'[{"class_name": "Lambda", "config": {"function": '
                                         b'"__import__(os)"}}]}}'))),
    40: ("h5 cut off", net(HDF5["half a file"][0])),
    41: ("ONNX external data", net(GRAPHS["external data"][0])),
    42: ("ONNX dims 10⁶ × 10⁶ of 4 bytes", net(GRAPHS["dimensions"][0])),
    43: ("ONNX hidden_size −2", net(GRAPHS["hidden_size"][0])),
    44: ("ONNX W is an input", net(GRAPHS["W as an input"][0])),
    45: ("ONNX without recurrent node", net(GRAPHS["no recurrent node"][0])),
    46: ("ONNX empty model", net(GRAPHS["an empty model"][0])),
    47: ("ONNX 5 M empty nodes", net(GRAPHS["5 M empty nodes"][0])),
    48: ("ONNX unknown function", net(GRAPHS["unknown function"][0])),
    49: ("ONNX opset 1 output_sequence", net(lambda: attribute("output_sequence", 0))),
    50: ("torch .pt", net(torch, "net.pt")), 51: ("NaN in weights", net(npz(NETS["NaN"][0]))),
    52: ("float16", net(lambda: halves("F16"))),
    53: ("no bias_hh_l0", net(npz(NETS["no second bias"][0]))),
    54: ("3H rows for 4H", net(npz(NETS["a GRU's rows"][0]))),
    55: ("three LSTMs with prefixes", net(lambda: under("abc"))),
    56: ("weight_norm", net(npz(NETS["weight_norm"][0]))),
    57: ("empty CSV", table(b"")), 58: ("header alone", table(b"a,b\n")),
    59: ("UTF-16", table("a,b\n1,2\n".encode("utf-16"))),
    60: ("Latin-1", table("été,b\n1,2\n".encode("latin-1"))),
    61: ("byte order mark", table("\ufeffa,b\n1,2\n".encode())),
    62: ("NUL", table(b"a,b\n1,\x002\n")), 63: ("ragged rows", table(b"a,b\n1,2\n3,4,5\n")),
    64: ("decimal comma", table(b'a,b\n"1,5","2,5"\n')),
    65: ("1e400", table(b"a\n1\n1e400\n")), 66: ("text in a column", table(b"a,b\n1,2\nx,3\n")),
    67: ("dates", table(b"day,a\n2026-01-01,1\n")), 68: ("a name twice", table(b"a,a\n1,2\n")),
    69: ("200,000 columns", table(b",".join([b"a"] * 200_000))),
    70: ("a field of 10 MB", table(b"a\n" + b"7" * 10_000_000)),
    71: ("open quote", table(b'a,b\n1,"2\n')), 72: ("PNG named .csv", table(PNG)),
    73: ("HTML as a header", table(b"<script>x</script>,b\n1,2\n")),
    74: ("formula as a name", table(b"=1+2,b\n1,2\n")), 75: ("2 features for 5 inputs", fitting),
    76: ("unknown characters", text("abX", vocabulary=("a", "b"))),
    77: ("T = 10,001", table(b"1\n" * 10_001)), 78: ("emoji, combining, right to left",
                                                     text("e\u0301👩‍👩‍👧שלום\u202e")),
    79: ("inputs of 1e30", large), 80: ("link of 9 kB", page(p="A" * 9000)),
    81: ("unknown key", page(nonsense="1")),
    82: ("T = −5, 1e9, nan", page({"T": "-5"}, {"T": "1e9"}, {"T": "nan"})),
    83: ("link of an old version", page(v="0", gate="lstm.f", layers="7", cell="LSTM")),
    84: ("file of another machine", page(net="0123456789abcdef")),
    85: ("a key twice", page(T=["5", "9"])),
}  # fmt: skip


def answered(case: Case) -> str:
    """What a case says, in one line."""
    try:
        found = f"✓ {case()}"
    except Refusal as refusal:
        found = str(refusal)
    except BaseException as error:
        found = f"!! {type(error).__name__}: {error}"
    return re.sub(r"\s+", " ", found)


def measured(case: Case) -> tuple[str, float, float]:
    """What a case says in a process of its own, its seconds and MB."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.monotonic()
        said = answered(case)
        took = time.monotonic() - start
        more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        more += resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        os.write(writing, f"{took} {more / 1024} {said}".encode()[:60_000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode("utf-8", "replace")
    os.waitpid(child, 0)
    took, more, said = (told or "0 0 !! the process ended").split(" ", 2)
    return said, float(took), float(more)


def rows(numbers: list[int]) -> Iterator[str]:
    """The table's rows in Markdown."""
    yield "| | input | what is said | s | MB |"
    yield "| --- | --- | --- | --- | --- |"
    for number in numbers:
        name, case = CASES[number]
        said, took, more = measured(case)
        shown = (said if len(said) < 240 else said[:239] + "…").replace("|", "\\|")
        shown = shown.replace("<", "\\<").replace("[", "\\[")
        yield f"| {number} | {name} | {shown} | {took:.2f} | {more:.0f} |"


if __name__ == "__main__":
    wanted = [int(one) for one in sys.argv[1:]] or sorted(CASES)
    for row in rows(wanted):
        print(row, flush=True)
