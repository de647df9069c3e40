"""Small pictures of records for notebooks, written without a drawing library."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from struct import pack
from typing import Any
from zlib import compress, crc32

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 320, 64
COLUMNS, ROWS = 48, 8
"""The most cells that a small heatmap shows; a longer record is thinned out."""
LEVELS = 32
GATE = ((0, 34, 78), (124, 123, 120), (254, 232, 56))
STATE = ((22, 66, 91), (247, 247, 245), (122, 43, 11))
NOT_FINITE = (229, 0, 125)
FRAME = 'style="display: block; max-width: 100%; height: auto; overflow: visible"'


def captioned(words: str, *pictures: str) -> str:
    """One line of text above pictures, as an HTML fragment."""
    return f"<div><code>{escape(words)}</code>{''.join(pictures)}</div>"


def labelled(words: str, picture: str) -> str:
    """A picture with a small label in front."""
    return (
        '<div style="display: flex; gap: 0.5rem; align-items: center">'
        f'<span style="min-width: 4.5rem; font-size: 0.8rem">{escape(words)}</span>{picture}</div>'
    )


def sparkline(log10: NDArray[Any], words: str) -> str:
    """Finite log10 values (T,) as a line over time, on a scale of at least four decades."""
    values = np.asarray(log10, np.float64)
    at = np.flatnonzero(np.isfinite(values))
    if not at.size:
        return _svg(words, "", HEIGHT)
    low, high = values[at].min(), values[at].max()
    low, high = min(low, high - 4), high
    x = 2 + at * (WIDTH - 4) / max(len(values) - 1, 1)
    y = 2 + (high - values[at]) * (HEIGHT - 4) / (high - low)
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    line = f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    return _svg(words, line + "".join(_dot(a, b) for a, b in ((x[0], y[0]), (x[-1], y[-1]))),
                HEIGHT)  # fmt: skip


def heatmap(values: NDArray[Any], words: str, *, gate: bool) -> str:
    """Values (T, H) as units × time: 0 … 1 for gates, else symmetric about 0."""
    shown = np.asarray(values, np.float64)[_thin(len(values), COLUMNS)]
    shown = shown[:, _thin(shown.shape[1], ROWS)].T
    finite = np.isfinite(shown)
    bound = 1.0 if gate else max(1.0, float(np.abs(shown[finite]).max(initial=0)))
    share = np.where(finite, shown / bound, 0.0)
    share = np.clip(share if gate else (1 + share) / 2, 0, 1)
    levels = np.where(finite, np.rint(share * (LEVELS - 1)), LEVELS).astype(np.uint8)
    source = b64encode(_png(levels, GATE if gate else STATE)).decode()
    return (
        f'<img alt="{escape(words)}" src="data:image/png;base64,{source}" width="{WIDTH}" '
        f'height="{6 * len(shown)}" style="image-rendering: pixelated">'
    )


def bars(sizes: Sequence[tuple[str, int]], words: str) -> str:
    """One bar a name, as long as the square root of its size."""
    most = max((size for _, size in sizes), default=1) ** 0.5
    rows = "".join(
        f'<rect x="60" y="{16 * row + 3}" width="{(WIDTH - 160) * size**0.5 / most:.1f}" '
        f'height="10" fill="currentColor" opacity="0.5"/>'
        f'<text x="56" y="{16 * row + 12}" text-anchor="end">{escape(name)}</text>'
        f'<text x="{66 + (WIDTH - 160) * size**0.5 / most:.1f}" y="{16 * row + 12}">{size:,}</text>'
        for row, (name, size) in enumerate(sizes)
    )
    look = 'font-size="11" font-family="sans-serif" fill="currentColor"'
    return _svg(words, f"<g {look}>{rows}</g>", 16 * len(sizes) + 4)


def _thin(count: int, most: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.int64))


def _dot(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="currentColor"/>'


def _png(levels: NDArray[np.uint8], stops: Sequence[Sequence[int]]) -> bytes:
    """An indexed PNG: level 0 … LEVELS − 1 between three colours, LEVELS for what is not finite."""
    at = np.linspace(0, 2, LEVELS)
    ramp = [np.interp(at, (0, 1, 2), channel) for channel in zip(*stops, strict=True)]
    palette = np.vstack([np.stack(ramp, axis=1).round(), NOT_FINITE]).astype(np.uint8)
    lines = b"".join(b"\0" + row.tobytes() for row in levels)
    head = pack(">IIBBBBB", levels.shape[1], levels.shape[0], 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", palette.tobytes()), (b"IDAT", compress(lines, 9)),
             (b"IEND", b""))  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(body)) + name + body + pack(">I", crc32(name + body)) for name, body in parts
    )


def _svg(words: str, inside: str, height: float) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}" role="img" '
        f'aria-label="{escape(words)}" {FRAME}>{inside}</svg>'
    )
