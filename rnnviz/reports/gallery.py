"""`gallery`: a folder of reports of all presets, with an index: web pages without a program."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple

import numpy as np
from plotly.offline import get_plotlyjs

from rnnviz.advice.outcome import share
from rnnviz.analysis.reach import reach
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments import address
from rnnviz.experiments.presets import PRESETS, Preset
from rnnviz.figures import palette
from rnnviz.numerics.array_files import write_whole
from rnnviz.reports import of_presets
from rnnviz.reports.document import document
from rnnviz.reports.experiment import header, report
from rnnviz.reports.markdown import inline
from rnnviz.reports.parts import Markup
from rnnviz.reports.stage import spoken
from rnnviz.words import languages, say

LIBRARY = "plotly.min.js"
WIDTH, HEIGHT = 240, 90
"""Of a thumbnail, in pixels."""
Progress = Callable[[int, int, str], None]


class Entry(NamedTuple):
    """A preset's report: its file from the gallery's folder on, its words, its picture."""

    file: str
    title: str
    see: str
    picture: str


def gallery(
    out: str | Path, *, language: str | None = None, progress: Progress | None = None,
    presets: Iterable[str] | None = None, app: str = address.HERE,
) -> list[Path]:  # fmt: skip
    """Write a report of every preset into the folder ``out``, with an index; return all files.

    The folder is made if it is not there. In it are `index.html`, in English, `index.ko.html`, a
    folder of reports a language, `en/` and `ko/`, and Plotly's script once for all of them. Links
    are relative: the folder can be opened from a disk, or put on any web server. With a
    ``language``, "en" or "ko", there is that one alone, its index being `index.html`.

    ``progress(done, total, title)`` is called before each report and once at the end, with "".
    ``presets`` are the names of some of `rnnviz.experiments.presets.PRESETS`; ``app`` is where the
    reports' links into the app lead.

    The first of the returned paths is that of `index.html`. All presets in both languages take
    some 15 s and 25 MB, 4.8 MB of them Plotly's.

    Raises ValueError for an unknown language or preset, OSError where a file cannot be written.
    """
    folder = Path(out)
    names = list(PRESETS) if presets is None else list(presets)
    for name in names:
        if name not in PRESETS:
            raise ValueError(f"`presets` must be names of presets, got {name!r}.")
    spoken_ones = list(languages()) if language is None else [language]
    total, done = len(names) * len(spoken_ones), 0
    entries: dict[str, list[Entry]] = {one: [] for one in spoken_ones}
    files = [_written(folder / LIBRARY, get_plotlyjs())]
    for name in names:
        found = PRESETS[name]
        flows = {cell: found.settings.flow(cell) for cell in found.settings.cells}
        for one in spoken_ones:
            with spoken(one):
                if progress is not None:
                    progress(done, total, say(found.title))
                file = f"{one}/{name}.html"
                lead = see(found, flows)
                files.append(_written(folder / file, _report(found, flows, lead, app)))
                entries[one].append(Entry(file, say(found.title), lead, thumbnail(flows)))
                done += 1
    index = [_written(folder / _index(one, spoken_ones), _page(found, one, spoken_ones))
             for one, found in entries.items()]  # fmt: skip
    if progress is not None:
        progress(total, total, "")
    return [*index, *files]


def see(preset: Preset, flows: Mapping[str, GradientFlow]) -> str:
    """What the preset shows, with its numbers, and its source; Markdown."""
    claim = preset.claim(preset.settings, lambda _: dict(flows))
    words = say(preset.see, **claim.numbers) if claim.holds else say(
        "What this preset is to show does not hold for these numbers.")  # fmt: skip
    return f"{words} *{preset.source}.*"


def _report(preset: Preset, flows: Mapping[str, GradientFlow], lead: str, app: str) -> str:
    page = "" if preset.page == "app.py" else Path(preset.page).stem
    found = report(
        preset.settings, title=say(preset.title), lead=lead, page=page, controls=preset.controls,
        parts=list(of_presets.figures(preset, flows)), app=app, library=f"../{LIBRARY}",
    )  # fmt: skip
    return found.html


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.encode())
    return path


def _index(language: str, spoken_ones: list[str]) -> str:
    return "index.html" if language == spoken_ones[0] else f"index.{language}.html"


def _page(entries: list[Entry], language: str, spoken_ones: list[str]) -> str:
    """The index: a card a report, and links to the other languages' indexes."""
    with spoken(language):
        names = languages()
        others = " · ".join(f'<a href="{_index(one, spoken_ones)}" lang="{one}">{names[one]}</a>'
                            for one in spoken_ones if one != language)  # fmt: skip
        words = say("How far back gradients reach in recurrent nets: open one, and move its time.")
        top = f"<p>{escape(words)}</p><p>{others}</p>"
        cards = "".join(map(_card, entries))
        title = say("Gallery of recurrent nets")
        return document(title, [Markup(f'{top}<div class="rp-cards">{cards}</div>')],
                        head=header(title, "", ""))  # fmt: skip


def _card(one: Entry) -> str:
    return (f'<a class="rp-card" href="{one.file}"><b>{inline(one.title)}</b>{one.picture}'
            f"<span>{inline(one.see)}</span></a>")  # fmt: skip


def thumbnail(flows: Mapping[str, GradientFlow]) -> str:
    """The norms of all cells' gradients against time, as a small picture."""
    found = {cell: reach(one) for cell, one in flows.items()}
    logs = {cell: one.log10_norms[1:] for cell, one in found.items()}
    finite = np.concatenate([one[np.isfinite(one)] for one in logs.values()])
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 1.0)
    low = min(low, high - 4)
    lines = []
    for cell, one in logs.items():
        at = np.flatnonzero(np.isfinite(one))
        x = 3 + at * (WIDTH - 6) / max(len(one) - 1, 1)
        y = 3 + (high - one[at]) * (HEIGHT - 6) / (high - low)
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
        lines.append(f'<polyline points="{path}" fill="none" stroke-width="2" '
                     f'style="stroke: {palette.cell_css(cell)}"/>')  # fmt: skip
    words = "; ".join(f"{say(one.trace.model.cell.title)}: {share(found[cell])}"
                      for cell, one in flows.items())  # fmt: skip
    names = " ".join(f'<b style="color: {palette.cell_css(cell)}">'
                     f"{escape(say(one.trace.model.cell.title))}</b>"
                     for cell, one in flows.items())  # fmt: skip
    return (f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(words)}">'
            f'{"".join(lines)}</svg><span>{names}</span>')  # fmt: skip
