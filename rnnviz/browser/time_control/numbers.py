"""What the time control and the numbers that follow it are given.

Timesteps run from 1 to T.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.browser.packets import pack
from rnnviz.words import say, word

_SLOT = re.compile(r"\{(\d+)(?::(?:log|sign|n|\+))?\}")


@dataclass(frozen=True)
class Words:
    """The words of the time control; `{t}` and `{T}` are filled in the browser."""

    timestep: str = word("Timestep")
    play: str = word("Play")
    rewind: str = word("Play backwards")
    pause: str = word("Pause")
    speed: str = word("Speed")
    position: str = word("t = {t} of {T}")


WORDS = Words()


@dataclass(frozen=True)
class Row:
    """One line of a live table.

    symbol   as in the equation; `f_t` and `c_{t−1}` are set with a subscript
    name     in words
    color    any CSS colour, `light-dark(#1A4268, #2F8BC3)` included
    meaning  what the ends of the range mean, e.g. "1 remembers, 0 erases"
    bar      (slot, low, high); drawn from 0 if low < 0, from low otherwise
    cells    templates: `{k}` three significant digits, `{k:+}` always signed,
             `{k:log}` a log₁₀ value as a power of ten, `{k:n}` a whole number, `{k:sign}` a minus
             sign or nothing
    """

    symbol: str
    name: str
    color: str
    meaning: str = ""
    bar: tuple[int, float, float] | None = None
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Segment:
    """A stretch of a readout in its own colour."""

    text: str
    color: str | None = None


def timeline_data(
    length: int, *, labels: Sequence[str] | None = None, key: str = "t", words: Words = WORDS,
    back: bool = False, told: bool = True, left_at: int = 0,
) -> dict[str, Any]:  # fmt: skip
    """The data of the time control over 1 … length.

    ``key`` is the slider's name in the address, "" where it has none there; ``told`` is whether the
    slider stands where it should, else at the timestep that was last seen, or at ``left_at``.
    """
    said = {name: say(text) for name, text in asdict(words).items()}
    data: dict[str, Any] = {
        "length": length, "key": key, "told": told, "words": said, "back": back,
        "left_at": left_at,
    }  # fmt: skip
    if labels is not None:
        data["labels"] = [str(label) for label in labels]
    return data


def table_packet(
    rows: Sequence[Row], values: NDArray[np.float64], columns: Sequence[str] = ()
) -> bytes:
    """A table whose slots show `values[k, t - 1]`; values (n_slots, T) float64.

    ``columns`` are headings for the signal, the bar (if any row has one) and each cell.
    """
    templates = [cell for row in rows for cell in row.cells]
    bars = [row.bar[0] for row in rows if row.bar is not None]
    head = {"rows": [asdict(row) for row in rows], "columns": list(columns)}
    return _packet(head, values, templates, bars)


def sentence_packet(
    template: str | Sequence[Segment], values: NDArray[np.float64],
    labels: Sequence[str] | None = None,
) -> bytes:  # fmt: skip
    """One sentence: slots as in a table, and `{t}`, `{T}`, `{label}`; values (n_slots, T)."""
    parts = [Segment(template)] if isinstance(template, str) else list(template)
    head = {"sentence": [asdict(part) for part in parts], "labels": list(map(str, labels or ()))}
    return _packet(head, values, [part.text for part in parts], [])


def _packet(
    head: dict[str, Any], values: NDArray[np.float64], templates: Sequence[str], bars: Sequence[int]
) -> bytes:
    """The header and the values, once every slot is known to exist."""
    values = np.ascontiguousarray(values, dtype="<f8")
    if values.ndim != 2 or values.shape[1] < 1:
        raise ValueError(f"`values` must have shape (n_slots, T) with T ≥ 1, got {values.shape}.")
    used = [int(k) for text in templates for k in _SLOT.findall(text)] + list(bars)
    if used and not 0 <= min(used) <= max(used) < len(values):
        raise ValueError(f"slots must be below {len(values)}, got {max(used)}.")
    return pack(head, values)
