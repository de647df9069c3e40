"""The page «Glossary»: words and symbols, and what others mean by them."""

from rnnviz.ui.shell.navigation import Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Glossary.py",
    name=word("Glossary"),
    question=word("What do the words and symbols mean, here and elsewhere?"),
    group=Group.REFERENCE,
    order=2,
    picture=Picture(
        word("A page of entries."),
        '[data-testid="stMainBlockContainer"]',
        width=900,
        plots=None,
        at=(0.0, 0.25),
    ),
    counts=frozenset(),
)
