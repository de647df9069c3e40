"""Sequences from people's files: text, tables, sound and arrays, one file a kind.

`read` tells the kind from the content; every reader takes bytes and returns an `OwnSequence`, or
raises a `Refusal` of one sentence: file, place, rule, remedy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rnnviz.formats.sequences import array, sound, table, text
from rnnviz.formats.sequences.found import Kind, OwnSequence, Sound, fits
from rnnviz.formats.sequences.samples import SAMPLES, sample
from rnnviz.formats.sequences.sniffing import kind_of
from rnnviz.formats.sequences.table import look

__all__ = ["SAMPLES", "Kind", "OwnSequence", "Sound", "fits", "kind_of", "look", "read", "sample"]

READERS: dict[Kind, Callable[..., OwnSequence]] = {
    "text": text.read,
    "table": table.read,
    "sound": sound.read,
    "array": array.read,
}


def read(data: bytes, name: str, *, kind: Kind | None = None, **choices: Any) -> OwnSequence:
    """Read a file's bytes as a sequence; ``choices`` are those of its kind's reader.

    >>> read(b"day,price\\n2026-11-02,4.5\\n2026-11-03,4.75\\n", "prices.csv")
    OwnSequence(prices.csv, table, T=2, D=1)

    Raises Refusal.
    """
    return READERS[kind or kind_of(data, name)](data, name, **choices)
