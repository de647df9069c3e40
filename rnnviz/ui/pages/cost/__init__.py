"""The page «Cost»: parameters, multiply-adds and measured time of each cell."""

from rnnviz.ui.shell.navigation import SETTINGS, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Cost.py",
    name=word("Cost"),
    question=word("What does each cell cost in parameters, work and time?"),
    group=Group.CELL,
    order=3,
    picture=Picture(word("Bars: what the cells cost."), ".st-key-cost_bars"),
    counts=SETTINGS - {"edit"},
)
