"""The page «Two paths»: the gradient along the memory state and through the weights."""

from rnnviz.ui.shell.navigation import WITH_TRAINED, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Roads.py",
    name=word("Two paths"),
    question=word("How much gradient comes along the memory state, how much through the weights?"),
    group=Group.GRADIENT,
    order=3,
    picture=Picture(
        word("Lines over time: the whole gradient and what came by each path."),
        ".st-key-roads",
        query="cell=lstm",
        width=520,
        plots=(1, 2),
    ),
    counts=WITH_TRAINED,
)
