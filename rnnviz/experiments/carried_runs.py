"""Runs of trained nets, sent with a call to another process, which else would train them anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from rnnviz.experiments.settings import Settings
from rnnviz.experiments.task_sizes import Options
from rnnviz.experiments.trained import Trained
from rnnviz.training import Run


class Carried(NamedTuple):
    """A run of a cell with the checkpoint that is shown, and the one before training, alone."""

    trained: Trained
    cell: str
    options: Options
    run: Run


def carried(settings: Settings, cells: Iterable[str]) -> list[Carried]:
    """The runs of these cells as far as they are trained here and reach the update shown.

    What is stored with the package, the other process finds by itself.
    """
    trained, found = settings.trained, list[Carried]()
    if trained is None:
        return found
    for cell in cells:
        options = settings.options_of(cell)
        run = trained.found(cell, options)
        if run is not None and (run.finished or run.done >= settings.update):
            shown = {0, trained.kept(run, settings.update)}
            vectors = {update: run.vectors[update] for update in sorted(shown)}
            found.append(Carried(trained, cell, options, replace(run, vectors=vectors)))
    return found


@contextmanager
def unpacked(runs: Iterable[Carried]) -> Iterator[None]:
    """Have the runs found in this process, in place of others of the same nets, for one call.

    They lack most of their checkpoints, which another call may want.
    """
    for one in runs:
        one.trained.keep(one.cell, one.options, one.run, anyhow=True)
    try:
        yield
    finally:
        for one in runs:
            one.trained.forget(one.cell, one.options)
