"""The page «Compare»: every cell's gradient on one axis, gates and states unit by unit."""

from rnnviz.ui.shell.navigation import WITH_TRAINED, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="app.py",
    name=word("Compare"),
    question=word("Where does the gradient of each cell go, and what keeps it?"),
    group=Group.START,
    order=1,
    picture=Picture(
        word("Falling lines: one a cell, gradient norm against time."),
        ".rv-overview-plot svg",
        width=600,
        plots=None,
    ),
    counts=WITH_TRAINED,
)
