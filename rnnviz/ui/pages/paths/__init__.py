"""The page «Where to start»: ordered lists of links, for half an hour and for a lecture."""

from rnnviz.ui.shell.navigation import Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Paths.py",
    name=word("Where to start"),
    question=word("In which order should one look?"),
    group=Group.START,
    order=2,
    picture=Picture(
        word("Two lists of links, in order."),
        '[data-testid="stMainBlockContainer"]',
        width=900,
        plots=None,
        at=(0.0, 0.25),
    ),
    counts=frozenset(),
)
