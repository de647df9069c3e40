"""The samples of a .wav file: PCM of 8, 16, 24 or 32 bits, or float of 32 or 64."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.formats import limits
from rnnviz.words import Refusal, Sentence, sentence

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
CODES = {2: "ADPCM", 6: "A-law", 7: "µ-law", 17: "IMA ADPCM", 80: "MPEG", 85: "MP3"}
"""Compressed formats by their number, to name them when they are refused."""
TYPES = {(PCM, 8): "u1", (PCM, 16): "<i2", (PCM, 24): "u1", (PCM, 32): "<i4",
         (FLOAT, 32): "<f4", (FLOAT, 64): "<f8"}  # fmt: skip
"""(format, bits) → how samples are stored; three bytes of 24 bits are put together."""


class Wave(NamedTuple):
    """Samples a second, samples (N, channels) from −1 to 1, and what was odd about the file."""

    rate: int
    samples: NDArray[np.float64]
    notes: tuple[Sentence, ...] = ()


class Layout(NamedTuple):
    """What the chunk «fmt » says: a key of TYPES, channels, and samples a second."""

    stored: tuple[int, int]
    channels: int
    rate: int

    @property
    def frame(self) -> int:
        """Bytes of one sample of every channel."""
        return self.channels * self.stored[1] // 8


def wave(data: bytes, check: Callable[[int, int], None]) -> Wave:
    """The samples of a RIFF file, once ``check`` let their rate and number pass; raises Refusal."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise Refusal("It is no .wav file of the usual kind (RIFF, WAVE): export it as such.")
    layout: Layout | None = None
    place = 12
    while place + 8 <= len(data):
        name, size = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        held = data[place + 8 : place + 8 + size]
        if name == b"fmt ":
            layout = _layout(held)
        if name == b"data":
            if layout is None:
                raise Refusal("Its samples come before the chunk that says what they are.")
            check(layout.rate, len(held) // layout.frame)
            return _samples(held, layout, short=len(held) < size)
        place += 8 + size + size % 2
    raise Refusal("There are no samples in it: it has no chunk called “data”.")


def _layout(held: bytes) -> Layout:
    if len(held) < 16:
        raise Refusal("The chunk that says what its samples are has {count} bytes, not 16.",
                      count=len(held))  # fmt: skip
    code, channels, rate, _, _, bits = np.frombuffer(held[:16], "<u2,<u2,<u4,<u4,<u2,<u2")[0]
    if code == EXTENSIBLE and len(held) >= 26:
        code = int.from_bytes(held[24:26], "little")
    if (int(code), int(bits)) not in TYPES:
        raise Refusal(
            "Its samples are {code} of {bits} bits: PCM of 8, 16, 24 or 32 bits and float of 32 or "
            "64 are read; export it as such.",
            code=CODES.get(int(code), {PCM: "PCM", FLOAT: "float"}.get(int(code), int(code))),
            bits=int(bits),
        )  # fmt: skip
    low, high = limits.RATES
    if not low <= rate <= high:
        raise Refusal(
            "It has {rate:,} samples a second: from {low:,} to {high:,} are read.",
            rate=int(rate), low=low, high=high,
        )  # fmt: skip
    if not channels:
        raise Refusal("It says that it has no channel: export it with one or two.")
    return Layout((int(code), int(bits)), int(channels), int(rate))


def _samples(held: bytes, layout: Layout, *, short: bool) -> Wave:
    code, bits = layout.stored
    count = len(held) // layout.frame
    if not count:
        raise Refusal("There is no sample in it: at least one is needed.")
    raw = np.frombuffer(held[: count * layout.frame], TYPES[layout.stored])
    if bits == 24:
        low, middle, high = raw.reshape(-1, 3).T.astype(np.int32)
        raw = ((high << 24) | (middle << 16) | (low << 8)) >> 8
    if bits == 8:
        raw = raw.astype(np.int16) - 128
    with np.errstate(invalid="ignore"):  # a signalling NaN
        values = raw.astype(np.float64)
    if code == FLOAT:
        _check_float(values, layout.channels)
    if code == PCM:
        values = values / 2.0 ** (bits - 1)
    notes = (sentence("The file ends before the length that it states: what is there is read."),)
    return Wave(layout.rate, values.reshape(count, layout.channels), notes if short else ())


def _check_float(values: NDArray[np.float64], channels: int) -> None:
    """Refuse samples whose energy would be beyond float64, or not be a number."""
    wrong = np.flatnonzero(~(np.abs(values) <= limits.LOUDEST))
    if not wrong.size:
        return
    place, value = int(wrong[0]) // channels + 1, float(values[wrong[0]])
    if not np.isfinite(value):
        raise Refusal("Sample {place:,} is not finite: export it again.", place=place)
    raise Refusal(
        "Sample {place:,} is {value:.3g}: samples of float lie from −1 to 1, and up to {most:,} "
        "are read; export it again.", place=place, value=value, most=limits.LOUDEST,
    )  # fmt: skip
