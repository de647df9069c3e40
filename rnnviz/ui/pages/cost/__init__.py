"""The page «Cost»: parameters, multiply-adds and measured time of each cell."""

from rnnviz.ui.shell.navigation import SETTINGS, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Cost.py",
    name=word("Cost"),
    question=word("How many parameters, operations and microseconds does each cell need?"),
    group=Group.CELL,
    order=3,
    picture=Picture(word("Bars: parameters and operations of each cell."), ".st-key-cost_bars"),
    counts=SETTINGS - {"edit"},
)
