"""After how many updates trained nets are shown, in words: fewer where training stopped."""

from __future__ import annotations

from collections.abc import Mapping

from rnnviz.cells import CELLS
from rnnviz.experiments.task_sizes import Options
from rnnviz.experiments.trained import Trained
from rnnviz.words import Sentence, sentence, word


def updates_made(count: int) -> Sentence:
    """A number of updates in words."""
    return sentence("1 update") if count == 1 else sentence("{n} updates", n=count)


def made_by_each(
    trained: Trained, update: int, cells: Mapping[str, Options]
) -> Sentence | None:
    """The update of each net that is shown for ``update``, with where its training stopped.

    None where no training stopped so early, as far as it is known.
    """
    stops = {cell: _stopped(trained, update, cell, options) for cell, options in cells.items()}
    if not any(stops.values()):
        return None
    each = [_one(cell, update, stop) for cell, stop in stops.items()]
    found = each[0]
    for one in each[1:]:
        found = sentence("{nets}, {net}", nets=found, net=one)
    return found


def _one(cell: str, update: int, stop: tuple[int, int] | None) -> Sentence:
    name = sentence(CELLS[cell].title)
    if stop is None:
        return sentence("{cell} {u}", cell=name, u=update)
    return sentence(word("{cell} {u} (training stopped in update {n})"), cell=name, u=stop[0],
                    n=stop[1])  # fmt: skip


def _stopped(
    trained: Trained, update: int, cell: str, options: Options
) -> tuple[int, int] | None:
    """The update of the net that is shown, and that in which its training stopped before."""
    run = trained.found(cell, options)
    if run is None or run.stopped is None or run.stopped.update > update:
        return None
    return trained.kept(run, update), run.stopped.update
