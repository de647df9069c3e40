"""Which format a file has, by its first bytes, and the module that reads it."""

from __future__ import annotations

import hashlib
import unicodedata
from importlib import import_module

from rnnviz.formats import limits
from rnnviz.formats.found import Contents, NetFile
from rnnviz.words import Refusal, Sentence

KINDS = {
    "safetensors": "safetensors_file",
    "npz": "npz_file",
    "json": "json_file",
    "keras": "keras_file",
    "onnx": "onnx_file",
    "torch": "torch_file",
}
"""Format → the module here whose ``read(data)`` returns a tuple of nets, or `Contents`."""
ZIP, EMPTY_ZIP, HDF5 = b"PK\x03\x04", b"PK\x05\x06", b"\x89HDF\r\n\x1a\n"
LONGEST = 300
"""How many characters of what a file holds a sentence cites."""
EDGE = 65_536
"""How many bytes at both ends of an archive are searched for its members' names."""


def read(data: bytes, name: str) -> NetFile:
    """The nets in a file's bytes. The name is only shown: the bytes tell the format.

    Raises `Refusal`, a ValueError of one sentence: file, place, rule, remedy.
    """
    shown = shown_name(name)
    if not data:
        raise Refusal("{file} is empty.", file=shown)
    refuse_large(name, len(data))
    kind = sniffed(data)
    if kind is None:
        raise Refusal(
            "{file} is no file of weights that can be opened: by its first bytes it is not "
            ".safetensors, not .npz or .keras (a zip), not .h5, .onnx or .json.", file=shown,
        )  # fmt: skip
    try:
        found = Contents(*_contents(kind, data))
    except Refusal as refusal:
        raise Refusal("{file}: {what}", file=shown, what=_shown(refusal.words)) from refusal
    except (ValueError, ImportError) as error:
        raise Refusal("{file}: {what}", file=shown, what=shown_name(str(error), LONGEST)) from error
    digest = hashlib.sha256(data).hexdigest()[:16]
    return NetFile(shown, kind, digest, found.nets, found.notes)


def refuse_large(file: str, size: int) -> None:
    """Refuse a file of more bytes than `limits` allows."""
    if size > limits.FILE_BYTES:
        raise Refusal(
            "{file} must have at most {most:.0f} MB, got {size:.0f} MB.",
            file=shown_name(file), most=limits.FILE_BYTES / limits.MEGA, size=size / limits.MEGA,
        )  # fmt: skip


def _contents(kind: str, data: bytes) -> Contents:
    found = import_module(f"rnnviz.formats.{KINDS[kind]}").read(data)
    contents = found if isinstance(found, Contents) else Contents(tuple(found))
    if not contents.nets:
        raise Refusal("It holds no recurrent net.")
    return contents


def sniffed(data: bytes) -> str | None:
    """A key of KINDS, from the content alone; None where no format begins like this."""
    start, text = data[:16], data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start.startswith((ZIP, EMPTY_ZIP)):
        return _archive(data)
    if start.startswith(HDF5):
        return "keras"
    if start[:1] == b"\x80" and start[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        return "torch"  # a pickle
    if text in (b"{", b"[") and 0 not in start:
        return "json"
    if start[8:9] == b"{":
        return "safetensors"
    if start[:1] == b"\x08" and 0 < (start[1:2] or b"\0")[0] < 0x20:
        return "onnx"
    return None


def _archive(data: bytes) -> str:
    edges = data[:EDGE] + data[-EDGE:]
    if b"/data.pkl" in edges:
        return "torch"
    return "keras" if b"config.json" in edges and b".h5" in edges else "npz"


def shown_name(text: str, most: int = 80) -> str:
    """A text without control characters, shortened to ``most`` characters."""
    start = str(text)[: most + 1]
    clean = "".join("�" if unicodedata.category(one)[0] == "C" else one for one in start)
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


def _shown(words: Sentence) -> Sentence:
    """The sentence with what it cites of the file as `shown_name`."""
    values = dict(words.values)
    for name, one in words.values.items():
        if type(one) in (str, tuple) and name != "lines":
            values[name] = shown_name(str(one), LONGEST)
    return Sentence(words.template, values)
