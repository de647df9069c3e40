"""The page «Units»: saturated gates, units in order, the way of the state, patterns of units."""

from rnnviz.ui.shell.navigation import WITH_TRAINED, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Units.py",
    name=word("Units, one by one"),
    question=word("Which units are saturated, which remember longest, and when are the same ones "
                  "on?"),
    group=Group.CELL,
    order=3,
    picture=Picture(
        word("A heatmap of all units over time, those that move alike beside each other."),
        ".st-key-each_in_order",
        query="cell=lstm&units=order&order=clustering",
        width=600,
    ),
    one_cell=True,
    counts=WITH_TRAINED - {"loss"},
)
