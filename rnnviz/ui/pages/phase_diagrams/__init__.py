"""The page «Phase diagrams»: where gradients vanish and explode, over two settings at once."""

from rnnviz.ui.shell.navigation import Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Phase_diagrams.py",
    name=word("Phase diagrams"),
    question=word("For which settings does a gradient vanish, and for which does it explode?"),
    group=Group.CHANGES,
    order=1,
    picture=Picture(
        word("A map in two hues over the gain of W_h and the amplitude of the input, with the "
             "line between them."),
        ".st-key-phase_map",
        width=640,
    ),
    counts=frozenset(),
)
