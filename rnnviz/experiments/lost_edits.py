"""Edits of weights that other settings do not have, as after H was lowered."""

from __future__ import annotations

from dataclasses import replace

from rnnviz.core.weight_edits import MOST_EDITS, Edit, too_many
from rnnviz.experiments.settings import Settings
from rnnviz.tasks import Example
from rnnviz.words import Refusal, Sentence


def without_lost(settings: Settings, example: Example) -> tuple[Settings, tuple[Sentence, ...]]:
    """The settings without edits that cannot be made, and a sentence on each of those.

    ``example`` is that of the settings. Edits of cells that are not shown are not judged.
    """
    kept: list[Edit] = []
    said: list[Sentence] = []
    for one in settings.edits:
        try:
            if one.cell in settings.cells:
                one.check(settings.shapes(one.cell, example, *one.place))
        except Refusal as refusal:
            said.append(refusal.words)
        else:
            kept.append(one)
    if len(kept) > MOST_EDITS:
        said.append(too_many(len(kept)).words)
    return replace(settings, edits=tuple(kept[:MOST_EDITS])), tuple(said)
