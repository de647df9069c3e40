"""Parts as one HTML page: scripts, styles, numbers and words in it, and nothing fetched."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from html import escape
from typing import Any

from plotly.offline import get_plotlyjs

from rnnviz.browser import packets
from rnnviz.browser.bundle import together
from rnnviz.browser.figure_menu import menu_words
from rnnviz.figures import palette
from rnnviz.reports import parts as p
from rnnviz.reports.figure_data import as_json
from rnnviz.reports.markdown import as_html, inline
from rnnviz.words import language

STAGE = "time_control/stage"
_PACKED = "rv-plotly"
_COLOR = re.compile(r"(?<![\w,(])\s?#[0-9A-Fa-f]{6}\b")
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:; media-src data:; font-src data:; base-uri 'none'; form-action 'none'"
)
"""What the page may do: run its own scripts and nothing that came in with a text, fetch nothing.
Plotly's three-dimensional charts make functions of text ('unsafe-eval')."""


def document(
    title: str, parts: Sequence[p.Part], *, head: str = "", library: str | None = None
) -> str:
    """One page in the language of this run.

    ``head`` is HTML of our own at its top; ``library`` is a relative address of plotly.min.js, by
    default it is packed in the page. A page without charts does not hold it.
    """
    made = _Page()
    inside = "".join(made.html(one) for one in parts)
    body = f'<main class="rp-page" data-testid="stApp">{head}{inside}</main>'
    data = f'<script type="text/plain" id="rv-data">{made.data()}</script>'
    nonce = sha256(f"{body}{data}".encode()).hexdigest()[:24]
    plotly = ""
    if made.charts:
        plotly = _library(library, nonce)
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(nonce=nonce)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{made.styles()}</style></head>\n"
        f"<body>{body}\n{data}\n{plotly}\n"
        f'<script nonce="{nonce}">{made.script()}</script></body></html>\n'
    )


def _library(address: str | None, nonce: str) -> str:
    if address is not None:
        return f'<script nonce="{nonce}" src="{escape(address)}"></script>'
    return f'<script type="text/plain" id="{_PACKED}" nonce="{nonce}">{_packed_plotly()}</script>'


@cache
def _packed_plotly() -> str:
    """plotly.min.js, deflated, as base64: 2 MB instead of 4.8."""
    return packed(get_plotlyjs())


def packed(text: str) -> str:
    """A text deflated, as base64: nothing in it can be taken for HTML."""
    return b64encode(zlib.compress(text.encode(), 9)).decode()


class _Page:
    """Collects the data of what is put into a page."""

    def __init__(self) -> None:
        self.charts: list[dict[str, Any]] = []
        self.drawings: list[dict[str, Any]] = []
        self.packets: dict[bytes, int] = {}
        self.time: dict[str, Any] = {"length": 1, "words": {"timestep": ""}}

    def html(self, part: p.Part) -> str:
        """The part's place in the page."""
        match part:
            case p.Text():
                quiet = ' class="rp-quiet"' if part.quiet else ""
                return f"<div{quiet}>{as_html(part.markdown)}</div>"
            case p.Heading():
                return f"<h{part.level}>{inline(part.text)}</h{part.level}>"
            case p.Markup():
                return f"<div>{two_schemes(part.html)}</div>"
            case p.Notice():
                return f'<div class="rp-notice">{as_html(part.markdown)}</div>'
            case p.Chart():
                return self._chart(part)
            case p.Drawing():
                return self._drawing(part, part.now)
            case p.Keyed():
                return f'<div class="st-key-{escape(part.key)}">{self._all(part.parts)}</div>'
            case p.Time():
                return self._time(part)
            case p.Fold():
                return (f'<details class="rp-fold"><summary>{inline(part.label)}</summary>'
                        f"{self._all(part.parts)}</details>")  # fmt: skip
            case p.Row():
                return self._row(part)
            case p.Choice():
                return self._choice(part)

    def _all(self, parts: Sequence[p.Part]) -> str:
        return "".join(map(self.html, parts))

    def _row(self, part: p.Row) -> str:
        least = min(share for share, _ in part.columns)  # a share below 1 would leave room unused
        columns = "".join(f'<div class="rp-column" style="--grow: {share / least:g}">'
                          f"{self._all(inside)}</div>"
                          for share, inside in part.columns)  # fmt: skip
        return f'<div class="rp-row">{columns}</div>'

    def _chart(self, part: p.Chart) -> str:
        found = as_json(part.figure)
        height = int(found["layout"].get("height") or 450)
        place = (f'<div class="rp-chart" role="img" aria-label="{escape(part.words)}" '
                 f'data-chart="{len(self.charts)}" '
                 f'style="min-height: {height}px"></div>')  # fmt: skip
        self.charts.append({"figure": found, "look": part.look})
        said = f'<div class="rp-quiet">{as_html(part.definition)}</div>' if part.definition else ""
        return place + said

    def _drawing(self, part: p.Drawing, now: bool = False) -> str:
        place = f'data-drawing="{len(self.drawings)}"{" data-now" if now else ""}'
        one: dict[str, Any] = {"name": part.script, "head": dict(part.head or {})}
        if isinstance(part.data, bytes):
            one["packet"] = self.packets.setdefault(part.data, len(self.packets))
        else:
            one["plain"] = part.data
        self.drawings.append(one)
        tall = f' style="height: {part.height}px"' if part.height else ""
        return f"<div {place}{tall}></div>"

    def _time(self, part: p.Time) -> str:
        self.time = part.data
        place = self._drawing(p.Drawing(STAGE, part.data), now=True)
        return f'<div data-testid="stLayoutWrapper"><div class="st-key-rv-time">{place}</div></div>'

    def _choice(self, part: p.Choice) -> str:
        buttons, options = [], []
        for k, (name, (label, inside)) in enumerate(part.options.items()):
            buttons.append(f'<button type="button" data-choose="{escape(name)}" '
                           f'aria-pressed="{str(not k).lower()}">'
                           f"{escape(label)}</button>")  # fmt: skip
            options.append(f'<div data-option="{escape(name)}"{" hidden" if k else ""}>'
                           f"{self._all(inside)}</div>")  # fmt: skip
        return (f'<div class="rp-choice"><div class="rp-options" role="group">{"".join(buttons)}'
                f"</div>{''.join(options)}</div>")  # fmt: skip

    def _names(self) -> list[str]:
        return list(dict.fromkeys(one["name"] for one in self.drawings))

    def data(self) -> str:
        """All numbers and words as packed JSON."""
        found = {
            "charts": self.charts, "drawings": self.drawings, "time": self.time,
            "packets": [b64encode(one).decode() for one in self.packets],
            "words": menu_words.words(), "colors": palette.pairs(),
        }  # fmt: skip
        return packed(json.dumps(found, allow_nan=False, separators=(",", ":")))

    def styles(self) -> str:
        """The stylesheets of the page and of all that is drawn on it."""
        common = ("figure_menu/figure_menu", "time_control/cursor", "_chart")
        return packets.styles(*common, *self._names(), "page/page")

    def script(self) -> str:
        """The scripts of the page and of all that is drawn on it."""
        files = {name: f"{name}.js" for name in self._names()}
        return together(packets.ROOT, "page/page.js", files)


def two_schemes(html: str) -> str:
    """HTML whose colours of the palette, made for light or dark, follow the page's scheme."""
    table = {one: pair for pair in palette.pairs() for one in pair}

    def both(hit: re.Match[str]) -> str:
        color = hit[0].strip().upper()
        pair = table.get(color)
        return hit[0] if pair is None else f" light-dark({pair[0]}, {pair[1]})"

    return _COLOR.sub(both, html)
