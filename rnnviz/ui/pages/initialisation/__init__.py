"""The page «Initialisation»: initialisation schemes over twenty seeds, and their theory."""

from rnnviz.ui.shell.navigation import SETTINGS, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Initialisation.py",
    name=word("Initialisation"),
    question=word("With which initialisation does a gradient reach the farthest?"),
    group=Group.CHANGES,
    order=1,
    picture=Picture(
        word("Lines with bands: the gradient norms of twenty seeds."),
        ".st-key-laws_norms",
        width=640,
    ),
    counts=SETTINGS - {"edit"},
    one_cell=True,
)
