"""Two small files to try: speech, and the hours of a heated room."""

from __future__ import annotations

from pathlib import Path

from rnnviz.numerics.validation import one_of
from rnnviz.words import word

SAMPLES = {
    "speech.wav": word("Ten seconds of speech"),
    "room.csv": word("Two weeks of a heated room, hour by hour"),
}
"""File name → what it is; README.md beside the files has the command that made them."""


def sample(name: str) -> bytes:
    """The bytes of one of SAMPLES.

    >>> from rnnviz.formats import sequences
    >>> sequences.read(sample("room.csv"), "room.csv", targets=("indoor_C",))
    OwnSequence(room.csv, table, T=336, D=2)
    """
    one_of("name", name, SAMPLES)
    return (Path(__file__).parent / "samples" / name).read_bytes()
