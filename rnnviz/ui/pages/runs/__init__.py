"""The page «Runs»: training runs that were recorded elsewhere, also while they grow."""

from rnnviz.ui.shell.navigation import Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Runs.py",
    name=word("Runs"),
    question=word("How far back does the gradient reach while a net of your own is trained?"),
    group=Group.CHANGES,
    order=6,
    picture=Picture(
        word("Maps of the gradient by update and timestep, of two recorded training runs."),
        ".st-key-runs_map_1",
    ),
    counts=frozenset(),
)
