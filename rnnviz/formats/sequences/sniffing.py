"""Which kind of sequence a file holds, by its bytes, and which letters its bytes stand for."""

from __future__ import annotations

import codecs

from rnnviz.formats.sequences.fields import delimiter_of
from rnnviz.formats.sequences.found import Kind, check_size, of_file
from rnnviz.words import Refusal, sentence, word

NPY, RIFF = b"\x93NUMPY", (b"RIFF", b"RF64", b"RIFX")
OTHERS = {
    b"\x89PNG": word("a PNG picture"),
    b"\xff\xd8\xff": word("a JPEG picture"),
    b"GIF8": word("a GIF picture"),
    b"%PDF": word("a PDF document"),
    b"PK\x03\x04": word("a zip archive, such as .xlsx or .npz"),
    b"\x1f\x8b": word("compressed by gzip"),
    b"\x89HDF": word("an HDF5 file"),
    b"PAR1": word("a Parquet file"),
    b"\xd0\xcf\x11\xe0": word("an old Office document, such as .xls"),
    b"ID3": word("MP3 sound"),
    b"\xff\xfb": word("MP3 sound"),
    b"fLaC": word("FLAC sound"),
    b"OggS": word("Ogg sound"),
    b"\x80": word("a Python pickle"),
}
"""First bytes → what such a file is, where it is none that is read."""
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip


def kind_of(data: bytes, name: str) -> Kind:
    """The kind of sequence, by the content; the name tells a table from a text where it can.

    Raises Refusal for what is neither text, nor .wav or .npy.
    """
    with of_file(name):
        check_size(data)
        if data.startswith(RIFF):
            return "sound"
        if data.startswith(NPY):
            return "array"
        ending = name.rpartition(".")[2].lower()
        letters = decoded(data)[0]
        if ending in ("csv", "tsv"):
            return "table"
        if ending in ("txt", "md"):
            return "text"
        return "table" if delimiter_of(letters)[1] > 1 else "text"


def decoded(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text that the bytes stand for, and the encoding by which it was read.

    Without ``encoding``: by the byte order mark, else UTF-8, else Korean (cp949), else Western
    (cp1252).
    Raises Refusal for bytes that are no text.
    """
    for start, what in OTHERS.items():
        if data.startswith(start):
            raise Refusal(
                "By its first bytes it is {what}, not a text or a table: export it as CSV, .txt, "
                ".wav or .npy.", what=sentence(what),
            )  # fmt: skip
    marked = next((found for mark, found in MARKS.items() if data.startswith(mark)), None)
    if encoding is None and marked is None and b"\x00" in data:
        raise Refusal(
            "Byte {place:,} is NUL, so it is no text; UTF-16 without a byte order mark must be "
            "chosen as the encoding.", place=data.index(0) + 1,
        )  # fmt: skip
    wishes = (encoding,) if encoding else (marked,) if marked else ("utf-8", "cp949", "cp1252")
    for wish in wishes:
        try:
            text = data.decode(wish)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise Refusal("Character {place:,} is NUL, so it is no text.",
                          place=text.index("\x00") + 1)  # fmt: skip
        return text.removeprefix("\ufeff"), wish.removesuffix("-sig")
    raise Refusal("It is not written in {encoding}: choose another encoding.",
                  encoding=" / ".join(wishes))  # fmt: skip
