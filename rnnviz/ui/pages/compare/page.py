"""The compare page's parts."""

from __future__ import annotations

from rnnviz.experiments.settings import Settings
from rnnviz.ui import badge, prose
from rnnviz.ui.pages.compare import ahead, first_screen, helping, prediction, roles
from rnnviz.ui.pages.compare.numbers import numbers
from rnnviz.ui.shell import page_map
from rnnviz.ui.shell.frame import heading
from rnnviz.words import say, word

RANGE_NOTE = word(
    "Nothing is clipped: norms beyond the range of floats are computed with a carried power of two."
)


def show(settings: Settings) -> None:
    """The finding, the overview, the time control; then what needs a chart library."""
    place = heading(say("How far back does the gradient reach?"), slider=False)
    followed = first_screen.draw(settings)
    checked = badge.of_cells(place, settings, settings.cells)
    helping.show(settings, followed)
    roles.draw(settings)
    prediction.draw(settings)
    first_screen.story(settings, followed)
    numbers(settings, followed.alone, followed.found)
    prose.caption(say("{settings}. {note}", settings=say(settings.in_words()),
                      note=say(RANGE_NOTE)))  # fmt: skip
    page_map.show()
    checked()
    ahead.send(settings, followed)
