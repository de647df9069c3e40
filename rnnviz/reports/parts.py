"""What a page is made of, from top to bottom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, Union

import plotly.graph_objects as go

Figure: TypeAlias = "go.Figure | dict[str, Any]"
"""A figure of Plotly, or its JSON read again."""


@dataclass(frozen=True)
class Text:
    """Markdown: a paragraph, a list, a table; ``quiet`` is a caption."""

    markdown: str
    quiet: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading of the page, level 2 … 6: level 1 is the title."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Markup:
    """HTML of our own, in which all that came from outside is escaped; scripts in it do not run."""

    html: str


@dataclass(frozen=True)
class Notice:
    """A paragraph of Markdown that stands out."""

    markdown: str


@dataclass(frozen=True)
class Chart:
    """A figure in the colours of ``look``, "light" or "dark", with its words and its definition."""

    figure: Figure
    words: str = ""
    definition: str = ""
    look: str = "light"


@dataclass(frozen=True)
class Drawing:
    """A browser component: its script, as "cell_diagram/diagram", and its packet or plain data.

    ``height`` in pixels is reserved for it; 0 lets it be as tall as it is. ``head`` has entries of
    the packet's header that stand in for its own: two drawings can share one packet. ``now`` has it
    made at once, not when it comes into sight: others tell it what to show.
    """

    script: str
    data: bytes | dict[str, Any]
    height: int = 0
    head: Mapping[str, Any] | None = None
    now: bool = False


@dataclass(frozen=True)
class Time:
    """The time control; one a page. ``data`` is that of `timeline_data` with ``key`` empty."""

    data: dict[str, Any]


@dataclass(frozen=True)
class Fold:
    """Parts under a line that opens them."""

    label: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Row:
    """Columns side by side, one below the other in a narrow place; each with its share."""

    columns: Sequence[tuple[float, Sequence[Part]]]


@dataclass(frozen=True)
class Keyed:
    """Parts in a place that scripts find by its key, as in the app."""

    key: str
    parts: Sequence[Part]


@dataclass(frozen=True)
class Choice:
    """Name → (label, parts): one of them is shown, the first to begin with."""

    options: Mapping[str, tuple[str, Sequence[Part]]]


Part = Union[
    "Text", "Heading", "Markup", "Notice", "Chart", "Drawing", "Time", "Fold", "Row", "Keyed",
    "Choice",
]
