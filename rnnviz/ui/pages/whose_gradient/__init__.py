"""The page «Whose gradient?»: the gradient of every loss at every timestep."""

from rnnviz.ui.shell.navigation import WITH_TRAINED, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Whose_gradient.py",
    name=word("Whose gradient?"),
    question=word("Which loss does each timestep learn from?"),
    group=Group.GRADIENT,
    order=2,
    picture=Picture(
        word("A triangle of colours: each loss against each timestep."),
        ".st-key-itemised",
        query="cell=lstm",
        width=600,
    ),
    tab=word("By loss"),
    family="pages/Gradient_flow.py",
    counts=WITH_TRAINED,
)
