"""Sound as a sequence: the logarithm of its energy in mel bands, a frame a timestep.

mel(f) = 2595 log₁₀(1 + f/700 Hz) (O'Shaughnessy 1987). A frame is multiplied by a periodic Hann
window; band k of K is a triangle over the power spectrum |X(f)|², linear in f, that rises from
0 at edge k to 1 at edge k + 1 and falls to 0 at edge k + 2, K + 2 edges being equally far apart in
mel from 0 Hz to half the rate. x is ln(energy + 10⁻¹⁰), natural logarithm.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.formats import limits
from rnnviz.formats.sequences.found import (
    OwnSequence,
    Sound,
    check_size,
    check_steps,
    of_file,
    of_one_step,
    standardised,
)
from rnnviz.formats.sequences.wave import wave
from rnnviz.numerics.validation import positive_number, whole_number
from rnnviz.words import sentence, word

FLOOR = 1e-10
"""Added to every energy, so that silence has a logarithm."""
AT_ONCE = 512
"""Frames whose spectra are held in memory together."""
WINDOW_MS, HOP_MS = 25.0, 10.0
SHORTER = word("take a part of it, or a longer time from frame to frame")


def read(
    data: bytes, name: str, *, bands: int = 40, window_ms: float = WINDOW_MS,
    hop_ms: float = HOP_MS, standardise: bool = True,
) -> OwnSequence:  # fmt: skip
    """Read a .wav file of 8 to 48 kHz as ``bands`` log-mel energies a frame.

    Frames are ``window_ms`` long, one every ``hop_ms``; a sound shorter than a frame is filled up
    with zeros. Several channels are averaged. ``standardise`` takes each band's mean over time away
    and divides by its standard deviation. Raises Refusal.
    """
    bands = whole_number("bands", bands, 1, limits.BANDS)
    window_s, hop_s = _seconds("window_ms", window_ms), _seconds("hop_ms", hop_ms)
    with of_file(name) as shown:
        check_size(data)

        def check(rate: int, count: int) -> None:
            check_steps(frame_count(count, *_lengths(rate, window_s, hop_s)), SHORTER)

        rate, channels, notes = wave(data, check)
        samples = channels.mean(axis=1)
        window, hop = _lengths(rate, window_s, hop_s)
        x = log_mel(samples, rate, bands, window, hop)
        if channels.shape[1] > 1:
            mixed = sentence("{count} channels are averaged to one.", count=channels.shape[1])
            notes = (*notes, mixed)
        edges = mel_edges(bands, rate)
        return OwnSequence(
            name=shown, kind="sound", x=standardised(x) if standardise else x,
            step_labels=tuple(f"{(t * hop + window / 2) / rate:.2f} s" for t in range(len(x))),
            input_labels=tuple(f"{edge:.0f} Hz" for edge in edges[1:-1]),
            notes=(*notes, *of_one_step(x, standardise=standardise)),
            sound=Sound(rate, samples, hop),
        )  # fmt: skip


def _seconds(name: str, milliseconds: float) -> float:
    """A time of up to a second, in seconds."""
    if positive_number(name, milliseconds) > 1000:
        raise ValueError(f"`{name}` must be at most 1000, got {milliseconds}.")
    return milliseconds / 1000


def _lengths(rate: int, window: float, hop: float) -> tuple[int, int]:
    """Both times in samples."""
    return max(2, round(rate * window)), max(1, round(rate * hop))


def frame_count(samples: int, window: int, hop: int) -> int:
    """The number of whole frames, at least one."""
    return 1 + max(0, samples - window) // hop


def log_mel(
    samples: NDArray[np.float64], rate: int, bands: int, window: int, hop: int
) -> NDArray[np.float64]:
    """ln(energy + FLOOR) of every frame and band, (T, bands)."""
    padded = np.append(samples, np.zeros(max(0, window - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop]
    filters = mel_filters(bands, rate, window)
    size = 2 * (filters.shape[1] - 1)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
    energies = [
        np.abs(np.fft.rfft(frames[at : at + AT_ONCE] * hann, size)) ** 2 @ filters.T
        for at in range(0, len(frames), AT_ONCE)
    ]
    return np.asarray(np.log(np.concatenate(energies) + FLOOR))


def mel_edges(bands: int, rate: int) -> NDArray[np.float64]:
    """The (bands + 2) edges of the triangles in Hz, equally far apart in mel."""
    top = 2595 * np.log10(1 + rate / 2 / 700)
    return np.asarray(700 * (10 ** (np.linspace(0, top, bands + 2) / 2595) - 1))


def mel_filters(bands: int, rate: int, window: int) -> NDArray[np.float64]:
    """The triangles' weights (bands, size/2 + 1) on the spectrum of a frame filled up to ``size``.

    ``size`` is the least power of two from ``window`` on that leaves no triangle without a point.
    """
    edges = mel_edges(bands, rate)
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    size = 1 << (window - 1).bit_length()
    while True:
        f = np.arange(size // 2 + 1) * rate / size
        rising, falling = (f - low) / (centre - low), (high - f) / (high - centre)
        weights = np.maximum(0, np.minimum(rising, falling))
        if weights.any(axis=1).all():
            return np.asarray(weights)
        size *= 2
