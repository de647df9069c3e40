"""The page «Cuts»: truncated backpropagation, clipping, and a loss with a cliff."""

from rnnviz.ui.shell.navigation import WITH_TRAINED, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Cuts.py",
    name=word("Truncation and clipping"),
    question=word("What do truncation and clipping take away?"),
    group=Group.CHANGES,
    order=4,
    picture=Picture(
        word("The loss of a one-unit net with a cliff, and one step of gradient descent, clipped "
             "and unclipped."),
        ".st-key-cliff",
        width=700,
    ),
    one_cell=True,
    counts=WITH_TRAINED,
)
