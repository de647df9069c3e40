"""The page «Systems»: a net of one or two units as a first-order system."""

from rnnviz.ui.shell.navigation import Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Systems.py",
    name=word("Systems playground"),
    question=word("Where does the state settle, and what happens to the gradient there?"),
    group=Group.REFERENCE,
    order=1,
    picture=Picture(
        word("A phase portrait: arrows and a path in the plane of two units."),
        ".st-key-portrait svg",
        width=700,
        plots=None,
    ),
    counts=frozenset(("T",)),
)
