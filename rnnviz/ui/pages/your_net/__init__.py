"""The page «Your own net»: a net and a sequence out of files, for the other pages to show."""

from rnnviz.ui.shell.navigation import Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Your_net.py",
    name=word("Your own net"),
    question=word("How do the gates and gradients of a net and a sequence of your own look?"),
    group=Group.START,
    order=3,
    picture=Picture(
        word("A page on which a net and a sequence are opened."),
        '[data-testid="stMainBlockContainer"]',
        width=900,
        plots=None,
        at=(0.0, 0.25),
    ),
    counts=frozenset(),
)
