"""The page «Depth»: stacks of layers in one or two directions."""

from rnnviz.ui.shell.navigation import WITH_OPENED, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Depth.py",
    name=word("Depth and direction"),
    question=word("How does the gradient change from layer to layer, and what do two directions "
                  "add?"),
    group=Group.CHANGES,
    order=2,
    counts=WITH_OPENED,
    picture=Picture(
        word("Two maps of layers against timesteps, one for each direction."),
        ".st-key-depth_map",
        query="cell=rnn",
        width=640,
        plots=(0, 2),
    ),
)
