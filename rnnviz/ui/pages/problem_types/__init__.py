"""The page «Problem types»: one to many, many to one, in step, encoder and decoder."""

from rnnviz.ui.shell.navigation import SETTINGS, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Problem_types.py",
    name=word("Problem types"),
    question=word("Where do losses sit, and how long are the gradient's paths?"),
    group=Group.CHANGES,
    order=3,
    picture=Picture(
        word("An unrolled net: inputs, states, outputs and a loss."),
        ".st-key-problem_graph svg",
        width=700,
        plots=None,
        at=(1.0, 0.1),
    ),
    counts=SETTINGS - {"task", "loss", "edit"},
)
