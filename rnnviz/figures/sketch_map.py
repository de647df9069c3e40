"""A heatmap as an image for a sketch: a pixel a cell."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from struct import pack
from typing import Any
from zlib import compress, crc32

import numpy as np
from numpy.typing import NDArray
from plotly.colors import get_colorscale, unlabel_rgb

from rnnviz.figures.sketch_axes import share


def image(
    trace: Mapping[str, Any], x: Mapping[str, Any], y: Mapping[str, Any], layout: Mapping[str, Any]
) -> str:
    """A heatmap as an image, a pixel a cell; missing values are transparent."""
    z = np.asarray(trace["z"], np.float64)
    shared = layout.get(trace.get("coloraxis", ""), {})
    low = trace.get("zmin", shared.get("cmin"))
    high = trace.get("zmax", shared.get("cmax"))
    if z.ndim != 2 or not z.size:
        return ""
    finite = z[np.isfinite(z)]
    if low is None or high is None:
        low, high = (finite.min(), finite.max()) if finite.size else (0, 1)
    pixels = _colours(z, (float(low), float(high)),
                      trace.get("colorscale", shared.get("colorscale", "Viridis")))  # fmt: skip
    ends = [share(axis, _edges(trace, name, count))
            for axis, name, count in ((x, "x", z.shape[1]), (y, "y", z.shape[0]))]  # fmt: skip
    (left, right), (foot, head) = (np.sort(1000 * one) for one in ends)
    upright = ends[1][1] > ends[1][0]
    return (
        f'<image x="{left:.1f}" y="{1000 - head:.1f}" width="{right - left:.1f}" '
        f'height="{head - foot:.1f}" preserveAspectRatio="none" '
        'style="image-rendering: pixelated" '
        f'href="data:image/png;base64,{_png(pixels[::-1] if upright else pixels)}"/>'
    )


def _edges(trace: Mapping[str, Any], name: str, count: int) -> tuple[float, float]:
    """The outer edges of a heatmap's first and last column, or row."""
    given = trace.get(name)
    numbers = given is not None and len(given) and not isinstance(given[0], str)
    first, step = float(trace.get(f"{name}0", 0)), float(trace.get(f"d{name}", 1))
    if numbers and given is not None:
        first = float(given[0])
        step = (float(given[-1]) - first) / (count - 1) if count > 1 else 1.0
    return first - step / 2, first + (count - 0.5) * step


def _colours(z: NDArray[np.float64], span: tuple[float, float], scale: Any) -> NDArray[np.uint8]:
    """Red, green, blue and opacity (rows, columns, 4) of values on a colour scale."""
    stops = get_colorscale(scale) if isinstance(scale, str) else scale
    table = np.array([_rgb(colour) for _, colour in stops])
    at = np.clip((z - span[0]) / ((span[1] - span[0]) or 1), 0, 1)
    at = np.nan_to_num(at, nan=0.0)
    places = [float(place) for place, _ in stops]
    channels = [np.interp(at, places, table[:, k]) for k in range(3)]
    return np.stack([*channels, np.where(np.isnan(z), 0, 255)], axis=-1).astype(np.uint8)


def _rgb(colour: str) -> tuple[float, ...]:
    if colour.startswith("#"):
        return tuple(int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return tuple(map(float, unlabel_rgb(colour)[:3]))


def _png(pixels: NDArray[np.uint8]) -> str:
    """A PNG file of (rows, columns, 4) in base64."""
    rows, columns, _ = pixels.shape
    raw = b"".join(b"\0" + row.tobytes() for row in pixels)
    parts = [(b"IHDR", pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)),
             (b"IDAT", compress(raw, 1)), (b"IEND", b"")]  # fmt: skip
    chunks = (pack(">I", len(body)) + kind + body + pack(">I", crc32(kind + body))
              for kind, body in parts)  # fmt: skip
    return b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()
