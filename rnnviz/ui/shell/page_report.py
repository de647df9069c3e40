"""The page as it is shown, as the parts of a report: its words, figures, drawings and time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from html import escape
from typing import Any, NamedTuple

from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from rnnviz.reports import parts as p
from rnnviz.reports.document import document
from rnnviz.reports.experiment import header
from rnnviz.reports.stage import spoken
from rnnviz.ui.shell.report_updates import (
    COURSE,
    SLIDER,
    course,
    key_of,
    script_of,
    slider,
    updates_of,
)
from rnnviz.ui.shown import Path, Sent, Shown
from rnnviz.words import say

STAGE = "time_control/stage"
APART = {"permalink/permalink", "tour_card/tour", SLIDER, COURSE, "map_probe/probe",
         "sound_cursor/sound_cursor", "growing/growing"}  # fmt: skip
"""Components that ask the program for something, or have nothing to show without it."""
MOST_ROWS = 100
"""Of a longer table only so many rows are in a report."""


class About(NamedTuple):
    """What a page does not say of itself.

    The settings in words, to be said; a link to them, "" without one; theme and language.
    """

    settings: str
    link: str
    theme: str
    language: str


def report_of(shown: Shown, about: About) -> bytes:
    """The page as one HTML file."""
    with spoken(about.language):
        found = list(_Page(shown.sent, about.theme).parts(()))
        titles = [one for one in found if isinstance(one, p.Heading) and one.level == 1]
        title = titles[0].text if titles else "rnnviz"
        rest = [one for one in found if one not in titles[:1]]
        head = header(title, about.link, say(about.settings))
        return document(title, rest, head=head).encode()


class _Page:
    """The tree of what was sent, read from the top."""

    def __init__(self, sent: Mapping[Path, Sent], theme: str) -> None:
        self.sent, self.theme = dict(sent), theme
        self.below: dict[Path, list[Path]] = {}
        for path in sorted(self.sent):
            for k in range(1, len(path)):  # a place can be filled before the block round it
                self.below.setdefault(path[:k], [])
            self.below.setdefault(path[:-1], []).append(path)
        self.updates = updates_of(one.message.bidi_component.bytes for one in self.sent.values()
                                  if one.kind != "add_block" and script_of(one.message) == COURSE)

    def parts(self, path: Path) -> Iterator[p.Part]:
        """All that stands in one place."""
        for one in sorted(self.below.get(path or (0,), [])):
            found = self.sent[one]
            block = found.kind == "add_block"
            inside = self._block(one, found.message) if block else self._element(found.message)
            key = key_of(found.message)
            if self.updates and key in self.updates.keys:
                yield p.Keyed(key, [_at_once(part) for part in inside])
            else:
                yield from inside

    def _block(self, path: Path, block: Any) -> Iterator[p.Part]:
        inside = list(self.parts(path))
        kind = block.WhichOneof("type")
        if not inside or kind in ("popover", "dialog"):
            return
        if kind == "expandable":
            yield p.Fold(block.expandable.label, inside)
        elif kind == "tab":
            yield from (p.Heading(block.tab.label, 3), *inside)
        elif columns := self._columns(path):
            yield p.Row(columns)
        else:
            yield from inside

    def _columns(self, path: Path) -> list[tuple[float, list[p.Part]]]:
        """The columns of a block that is made of nothing else, where more than one has parts."""
        found: list[tuple[float, list[p.Part]]] = []
        for one in sorted(self.below.get(path, [])):
            sent = self.sent[one]
            if sent.kind != "add_block" or sent.message.WhichOneof("type") != "column":
                return []
            if inside := list(self.parts(one)):
                found.append((sent.message.column.weight or 1, inside))
        return found if len(found) > 1 else []

    def _element(self, element: Any) -> Iterator[p.Part]:
        kind = element.WhichOneof("type")
        if kind == "plotly_chart":
            chart = element.plotly_chart
            yield p.Chart(json.loads(chart.spec), chart.alt, look=self.theme)
        elif kind == "bidi_component" and self.updates and script_of(element) in (SLIDER, COURSE):
            yield self._update(element)
        elif kind == "bidi_component":
            yield from _drawing(element)
        elif kind in ELEMENTS:
            yield from ELEMENTS[kind](getattr(element, kind))


    def _update(self, element: Any) -> p.Part:
        assert self.updates is not None
        if script_of(element) == COURSE:
            return course(self.updates)
        return slider(json.loads(element.bidi_component.json), self.updates)


def _at_once(part: p.Part) -> p.Part:
    return replace(part, now=True) if isinstance(part, p.Drawing) else part


def _drawing(element: Any) -> Iterator[p.Part]:
    found, script = element.bidi_component, script_of(element)
    if script is None or script in APART or found.WhichOneof("data") is None:
        return
    height = element.height_config.pixel_height if element.HasField("height_config") else 0
    if found.WhichOneof("data") == "bytes":
        yield p.Drawing(script, found.bytes, height, {"alone": True})
    elif found.json and (data := json.loads(found.json)):
        if script == STAGE:
            yield p.Time(data | {"key": "", "told": True, "left_at": 0})
        else:
            yield p.Drawing(script, data, height)


def _heading(found: Any) -> Iterator[p.Part]:
    yield p.Heading(found.body, int(found.tag[1:]))


def _markdown(found: Any) -> Iterator[p.Part]:
    kinds = type(found).Type
    if found.element_type == kinds.LATEX:
        yield p.Markup(f"<p><code>{escape(found.body.strip('$ '))}</code></p>")
    elif found.element_type != kinds.DIVIDER and found.body.strip():
        yield p.Text(found.body, quiet=found.element_type == kinds.CAPTION)


def _html(found: Any) -> Iterator[p.Part]:
    if "rv-sketch" not in found.body and "<style" not in found.body:
        yield p.Markup(f'<div class="stHtml">{found.body}</div>')


def _text(found: Any) -> Iterator[p.Part]:
    yield p.Markup(f"<p>{escape(found.body)}</p>")


def _code(found: Any) -> Iterator[p.Part]:
    yield p.Markup(f"<pre>{escape(found.code_text)}</pre>")


def _alert(found: Any) -> Iterator[p.Part]:
    yield p.Notice(found.body)


def _table(found: Any) -> Iterator[p.Part]:
    frame = convert_arrow_bytes_to_pandas_df(found.arrow_data.data)
    table = frame.head(MOST_ROWS).to_html(escape=True, border=0)
    yield p.Markup(f'<div class="rp-table-box">{table}</div>')


ELEMENTS: Mapping[str, Callable[[Any], Iterator[p.Part]]] = {
    "heading": _heading, "markdown": _markdown, "html": _html, "text": _text, "code": _code,
    "alert": _alert, "table": _table, "dataframe": _table,
}  # fmt: skip
