"""`report`: one experiment as one HTML file, with figures, time control, words and a way back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from html import escape
from importlib import import_module

import plotly.graph_objects as go

from rnnviz.advice import definitions
from rnnviz.analysis.output_layer import OutputLayer, output_layer
from rnnviz.analysis.reach import alone, reach
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments import address
from rnnviz.experiments.settings import Settings
from rnnviz.numerics.validation import whole_number
from rnnviz.reports import details, pictures
from rnnviz.reports.document import document
from rnnviz.reports.parts import Chart, Fold, Notice, Part, Text
from rnnviz.reports.stage import Page, named, spoken
from rnnviz.tasks import TASKS
from rnnviz.words import language as spoken_language
from rnnviz.words import say, word

Flows = GradientFlow | Mapping[str, GradientFlow] | Sequence[GradientFlow]
FOLLOWED = word(
    "the last loss alone, at step S, back from S: its gradient on the memory state s, which is c "
    "in a cell that has one and h in others. Losses on other steps add gradients of their own, and "
    "their sum says nothing of how far one of them travels."
)
"""Where nobody can choose another step or state."""


def report(
    what: Settings | Flows, *, title: str = "", lead: str = "", unit: int = 0,
    labels: Sequence[str] | None = None, figures: Sequence[go.Figure] = (),
    parts: Sequence[Part] = (), page: str = "",
    controls: Sequence[tuple[str, object]] = (), app: str = address.HERE,
    language: str | None = None, library: str | None = None, made: date | None = None,
) -> Page:  # fmt: skip
    """One HTML file of an experiment, which opens by a double click without network or program.

    ``what`` is `Settings`, whose cells are built, run and carried back here, or flows as `show`
    takes them. It has the finding in words, the figures with their definitions, gates and states,
    the gradient of every signal, and the cell with the arithmetic of one ``unit``; one time control
    moves the cursors of all. ``lead`` is Markdown above it, ``figures`` are further ones of
    Plotly, ``parts`` anything of `rnnviz.reports.parts`, after the findings.
    Of settings it also has a link to the same settings in the app, served at ``app``: to its
    ``page`` ("" is the first, else as "Cuts"), whose own ``controls`` are (key, value) pairs.
    ``library`` is a relative address of plotly.min.js, which is otherwise packed in the file;
    ``made`` is the date that it carries, by default today's. ``language`` is "en" or "ko".

    Raises ValueError for settings that cannot be shown and for what `show` refuses.

    >>> import rnnviz
    >>> from rnnviz.experiments.settings import Settings
    >>> found = rnnviz.report(Settings(task="impulse", length=6, hidden_size=4, cells=("gru",)))
    >>> found.title
    'Impulse: GRU, 6 steps'
    >>> len(found.html) < 2_500_000
    True
    """
    with spoken(language):
        link, settings = "", what if isinstance(what, Settings) else None
        if isinstance(what, Settings):
            what.check()
            flows = {cell: what.flow(cell) for cell in what.cells}
            labels = labels or _labels(what)
            asked = address.query(what, controls) | {"lang": spoken_language()}
            link = "" if what.opened else address.link(asked, page, base=app)
        else:
            flows = named(what, "what")
        for one in flows.values():
            whole_number("unit", unit, 0, one.trace.model.hidden_size - 1)
        title = title or _title(flows, settings)
        head = header(title, link, "" if settings is None else say(settings.in_words()), made)
        further = [*parts, *(Chart(one) for one in figures)]
        found = list(_parts(flows, settings, lead, unit, labels, further))
        return Page(title, document(title, found, head=head, library=library))


def _title(flows: pictures.Flows, settings: Settings | None) -> str:
    steps = len(next(iter(flows.values())).trace.x)
    cells = ", ".join(pictures.name_of(name, one) for name, one in flows.items())
    if settings is None or settings.opened:
        return say("{cells}, {T} steps", cells=cells, T=steps)
    return say("{task}: {cells}, {T} steps", task=say(TASKS[settings.task].title), cells=cells,
               T=steps)  # fmt: skip


def _labels(settings: Settings) -> list[str] | None:
    """The sequence's names for its steps; None where they are 1 … T."""
    found = [str(one) for one in settings.example().step_labels]
    return None if found == [str(t) for t in range(1, len(found) + 1)] else found


def header(title: str, link: str, settings: str, made: date | None = None) -> str:
    """The title, what was made, when and with which version, the link back, the switch of colours.

    ``link`` must begin with http.
    """
    version = import_module("rnnviz").__version__
    words = f"rnnviz {version} · {(made or date.today()).isoformat()}"
    if settings:
        words += f" · {settings}"
    back = ""
    if link.startswith(("http://", "https://")):
        words_of_link = escape(say("Open in the app"))
        back = f'<p class="rp-made"><a href="{escape(link)}">{words_of_link}</a></p>'
    return (
        f'<header class="rp-top"><div><h1>{escape(title)}</h1>'
        f'<p class="rp-made rp-quiet">{escape(words)}</p>{back}</div>'
        f'<button type="button" class="rp-theme" id="rp-theme">{escape(say("Dark"))}</button>'
        "</header>"
    )


def _parts(
    flows: pictures.Flows, settings: Settings | None, lead: str, unit: int, labels: pictures.Labels,
    further: Sequence[Part],
) -> Iterator[Part]:  # fmt: skip
    if lead:
        yield Notice(lead)
    if settings is not None and not settings.opened:
        yield Text(say(TASKS[settings.task].description))
    yield pictures.time(flows, labels)
    if not all(map(pictures.can_follow, flows.values())):
        yield from (*pictures.by_layer(flows, labels), *further)
        return
    yield from pictures.gradient(flows, labels)
    yield pictures.findings(flows)
    yield _definitions(flows)
    yield from further
    yield from pictures.units(flows, labels)
    yield from details.gradients(flows, labels)
    layers, outputs = _outputs(flows, settings)
    yield from pictures.drawings(flows, unit, layers, outputs)


def _definitions(flows: pictures.Flows) -> Fold:
    """The table of figures and what each of them means."""
    lone = {name: alone(one)[0] for name, one in flows.items()}
    found = {name: reach(one) for name, one in lone.items()}
    names = {name: pictures.name_of(name, one) for name, one in flows.items()}
    meanings = definitions.FIGURES | {definitions.FOLLOWED: FOLLOWED}
    words = [f"**{say(name)}**: {say(one)}" for name, one in meanings.items()]
    return Fold(say("The figures, and their definitions"),
                [Text(definitions.table(lone, found, names)), *map(Text, words)])  # fmt: skip


def _outputs(
    flows: pictures.Flows, settings: Settings | None
) -> tuple[dict[str, OutputLayer], Sequence[str]]:
    """Cell → its output layer, and the names of the outputs, where settings say what they are."""
    if settings is None or (settings.net is not None and settings.net.model.readout is None):
        return {}, ()
    example = settings.example()
    loss = settings.loss_object(example)
    layers = {cell: output_layer(one.trace, loss) for cell, one in flows.items()}
    return layers, example.output_labels
