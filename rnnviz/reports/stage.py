"""`show`: a net on its sequence as one element for a notebook, or one HTML file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go

from rnnviz.core.gradients import GradientFlow
from rnnviz.core.trace import Trace
from rnnviz.numerics.array_files import write_whole
from rnnviz.numerics.validation import instance, shown, whole_number
from rnnviz.reports import pictures
from rnnviz.reports.document import document
from rnnviz.reports.parts import Chart, Part
from rnnviz.words import language, languages, say, speak

MOST_TALL = 760
"""Pixels: in a notebook what is taller scrolls under its time control."""


@dataclass(frozen=True, repr=False)
class Page:
    """A whole HTML page, which a notebook shows in a frame of its own.

    ``html`` is its text. In a frame no style of the notebook reaches it, and none of its own gets
    out.
    """

    title: str
    html: str
    height: int = MOST_TALL

    def __repr__(self) -> str:
        return f"Page({self.title!r}, {len(self.html) / 1e6:.1f} MB)"

    def _repr_html_(self) -> str:
        """The page in a frame as tall as it is, up to ``height`` pixels."""
        return (
            f'<iframe srcdoc="{escape(self.html)}" title="{escape(self.title)}" '
            f'data-most="{self.height}" style="width: 100%; height: {self.height}px; border: 0; '
            'resize: vertical" allowfullscreen></iframe>'
        )

    def save(self, path: str | Path) -> Path:
        """Write the page to a file, which opens by a double click; returns its path."""
        found = Path(path)
        write_whole(found, self.html.encode())
        return found


def show(
    flow: GradientFlow | Mapping[str, GradientFlow] | Sequence[GradientFlow], *, unit: int = 0,
    labels: Sequence[str] | None = None, figures: Sequence[go.Figure] = (),
    height: int = MOST_TALL, language: str | None = None,
) -> Page:  # fmt: skip
    """The stage of the app: one time control, and pictures that follow it without Python.

    How far the gradient of the last loss reaches, gates and states unit by unit, and the cell as a
    map with the arithmetic of one ``unit``. ``flow`` is one flow, several, or name → flow, of nets
    that read the same number of steps in a batch of 1. ``labels`` are one short text a timestep;
    ``figures`` are further figures, of `rnnviz.plot` or any others of Plotly; a cursor runs on the
    x axes that a figure's ``layout.meta`` names, as all of `rnnviz.plot` do. ``height`` in pixels
    is the most that it takes in a notebook. ``language`` is that of its words, "en" or "ko".

    Raises ValueError for flows of different lengths, and what is no flow.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("gru", 2, 4, seed=0), np.ones((6, 1, 2)))
    >>> stage = rnnviz.show(rnnviz.backprop(trace, np.ones((6, 1, 4))))
    >>> stage.html.startswith("<!doctype html>"), stage.title
    (True, 'GRU, 6 steps')
    """
    flows = named(flow)
    for one in flows.values():
        whole_number("unit", unit, 0, one.trace.model.hidden_size - 1)
    steps = len(next(iter(flows.values())).trace.x)
    if labels is not None and len(labels) != steps:
        raise ValueError(f"`labels` must be one text a timestep ({steps}), got {len(labels)}.")
    with spoken(language):
        names = ", ".join(pictures.name_of(name, one) for name, one in flows.items())
        title = say("{cells}, {T} steps", cells=names, T=steps)
        parts = [*_parts(flows, unit, labels), *(Chart(one) for one in figures)]
        return Page(title, document(title, parts), whole_number("height", height, 100))


def _parts(flows: pictures.Flows, unit: int, labels: pictures.Labels) -> Iterator[Part]:
    yield pictures.time(flows, labels)
    if all(map(pictures.can_follow, flows.values())):
        yield from pictures.gradient(flows, labels)
        yield pictures.findings(flows)
        yield from pictures.units(flows, labels)
        yield from pictures.drawings(flows, unit)
    else:
        yield from pictures.by_layer(flows, labels)


def named(
    flow: GradientFlow | Mapping[str, GradientFlow] | Sequence[GradientFlow],
    argument: str = "flow",
) -> dict[str, GradientFlow]:
    """Name → flow, the cells' names where none are given; ValueError for what cannot be shown."""
    if isinstance(flow, Mapping):
        found = {str(name): one for name, one in flow.items()}
    else:
        found = {}
        one_alone = not isinstance(flow, Iterable) or isinstance(flow, (str, Trace, GradientFlow))
        every: Any = [flow] if one_alone else flow
        for one in every:
            _is_flow(argument, one)
            name = again = one.trace.model.cell.name
            count = 1
            while again in found:
                count += 1
                again = f"{name} {count}"
            found[again] = one
    for one in found.values():
        _is_flow(argument, one)
        if one.trace.x.shape[1] != 1:
            raise ValueError(f"`{argument}` must be of a batch of 1, got {one.trace.x.shape[1]}.")
    if not found:
        raise ValueError(f"`{argument}` must be one gradient flow or more, got none.")
    lengths = sorted({len(one.trace.x) for one in found.values()})
    if len(lengths) != 1:
        raise ValueError(f"`{argument}` must be flows of one length, got {lengths}.")
    return found


def _is_flow(argument: str, one: object) -> None:
    if isinstance(one, Trace):
        raise ValueError(f"`{argument}` must have gradients, as `rnnviz.backprop(trace, dh)` "
                         f"returns them, got {shown(one)}.")  # fmt: skip
    instance(argument, one, GradientFlow)


@contextmanager
def spoken(name: str | None) -> Iterator[None]:
    """Say everything in this language, and after it in the one before; None leaves it."""
    if name is not None and name not in languages():
        raise ValueError(f"`language` must be one of {', '.join(languages())}, got {name!r}.")
    before = language()
    try:
        if name is not None:
            speak(name)
        yield
    finally:
        speak(before)
