"""The sources of an experiment as BibTeX.

Cells, sequences, initialisation schemes, optimisers and presets name their papers in words ("Gers,
Schmidhuber and Cummins 2000"); `sources.bib` has the entry of each, in one place.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from rnnviz.cells import CELLS
from rnnviz.cells._typed.names import PREFIX
from rnnviz.core import initialisation
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.model import Model
from rnnviz.core.trace import Trace
from rnnviz.experiments.presets import matching
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.stacked_settings import Stacked
from rnnviz.numerics.validation import shown
from rnnviz.tasks import TASKS
from rnnviz.training.optimisers import OPTIMISERS

ENTRIES = Path(__file__).with_name("sources.bib")
ALWAYS = "Werbos 1990"
"""Backpropagation through time."""
BOTH_WAYS = "Schuster and Paliwal 1997"
CLIPPED = "Pascanu, Mikolov and Bengio 2013"
WINDOWS = "Williams and Peng 1990"


class Entry(NamedTuple):
    """An entry: its key, its text, the authors' family names and the year."""

    key: str
    text: str
    families: tuple[str, ...]
    year: str

    def forms(self) -> set[str]:
        """How a sentence may name it."""
        first, *others = self.families
        if not others:
            names = {first}
        elif len(others) == 1:
            names = {f"{first} and {others[0]}", f"{first}, {others[0]}"}
        else:
            names = {f"{first} et al.", f"{', '.join(self.families[:-1])} and {others[-1]}"}
        return {f"{name} {self.year}" for name in names}


@cache
def entries() -> tuple[Entry, ...]:
    """All entries, by their keys."""
    found = []
    for text in re.split(r"\n(?=@)", ENTRIES.read_text("utf-8").strip()):
        key = text[text.index("{") + 1 : text.index(",")]
        families = [one.partition(",")[0] for one in field_of(text, "author").split(" and ")]
        plain = tuple(re.sub(r"[{}\\]", "", one).strip() for one in families)
        found.append(Entry(key, text, plain, field_of(text, "year")))
    return tuple(sorted(found))


def field_of(text: str, name: str) -> str:
    """A field of an entry, without its outer braces."""
    found = re.search(rf"\n\s*{name}\s*=\s*{{(.*)}},\n", text)
    return "" if found is None else found[1]


def cited(text: str) -> tuple[Entry, ...]:
    """The entries that a text names by authors and year."""
    plain = " ".join(text.replace("&", "and").replace("(", " ").split())
    return tuple(one for one in entries() if any(_alone(form, plain) for form in one.forms()))


def _alone(form: str, text: str) -> bool:
    """Whether a form stands in a text as no part of a longer list of names."""
    return any("et al." in form or not re.search(r"([A-Z][\w'-]*, |\band )$", text[: found.start()])
               for found in re.finditer(re.escape(form) + r"\b", text))  # fmt: skip


def bibtex(source: Settings | Model | Trace | GradientFlow | None = None, also: str = "") -> str:
    """The BibTeX entries of what an experiment, a model or a record is made of, by their keys.

    ``also`` is text that names further sources by authors and year, such as "Pascanu, Mikolov and
    Bengio 2013"; without a ``source`` these alone. Raises ValueError for another ``source``.

    >>> import rnnviz
    >>> print(rnnviz.bibtex(rnnviz.build("gru", 2, 3))[:30])
    @inproceedings{cho2014learning
    """
    if source is None:
        texts = []
    elif isinstance(source, Settings):
        texts = _of_settings(source)
    else:
        trace = source.trace if isinstance(source, GradientFlow) else source
        model = trace.model if isinstance(trace, Trace) else trace
        if not isinstance(model, Model):
            raise ValueError("`source` must be settings, a model, a trace or a gradient flow, got "
                             f"{shown(source)}.")  # fmt: skip
        texts = [*_of_cell(model.cell.name), BOTH_WAYS if model.bidirectional else ""]
    return "\n\n".join(one.text for one in cited(" · ".join([*texts, also]))) + "\n"


def said_in(modules: Iterable[str]) -> str:
    """The docstrings of modules of rnnviz ("analysis.clipping") and of their functions."""
    found = []
    for name in modules:
        module = import_module(f"rnnviz.{name}")
        own = [one for one in vars(module).values()
               if getattr(one, "__module__", "") == module.__name__]  # fmt: skip
        found += [one.__doc__ or "" for one in (module, *own)]
    return " · ".join(found)


def _of_cell(name: str) -> list[str]:
    """What names the papers of a cell; typed equations name none."""
    kind = CELLS[name]
    if name.startswith(PREFIX):
        return []
    return [kind.source, sys.modules[kind.__module__].__doc__ or ""]


def _of_settings(settings: Settings) -> list[str]:
    found = [ALWAYS]
    for cell in settings.cells:
        found += _of_cell(cell)
    if not settings.opened:
        found.append(sys.modules[TASKS[settings.task].generate.__module__].__doc__ or "")
    init, trained = settings.init, settings.trained
    if trained is not None:
        init, plan = trained.init, trained.plan
        found += [OPTIMISERS[plan.optimiser].__doc__ or ""]
        found += [CLIPPED] if plan.clip is not None else []
        found += [WINDOWS] if plan.window is not None else []
    if settings.net is None or set(settings.cells) != {settings.net.cell}:
        found.append(_of_scheme(init))
    both = settings.net is not None and settings.net.model.bidirectional
    if both or (isinstance(settings, Stacked) and settings.bidirectional):
        found.append(BOTH_WAYS)
    preset = matching(settings) if type(settings) is Settings else None
    return [*found, "" if preset is None else preset.source]


def _of_scheme(name: str) -> str:
    """What the docstring of the initialisation says of a scheme."""
    parts = re.split(r"\n(?=- ``|\n)", initialisation.__doc__ or "")
    return next((one for one in parts if one.startswith(f"- ``{name}``")), "")
