"""The page «Gradient flow»: norms over time, the Jacobian map, weights step by step."""

from rnnviz.ui.shell.navigation import WITH_TRAINED, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Gradient_flow.py",
    name=word("Gradient flow"),
    question=word("How does the gradient come back, and what does each step add?"),
    group=Group.GRADIENT,
    order=1,
    picture=Picture(
        word("A triangle of colours: each step against every earlier one."),
        ".st-key-jacobian",
        query="cell=rnn",
        width=600,
    ),
    tab=word("By signal and by pair of steps"),
    counts=WITH_TRAINED,
)
