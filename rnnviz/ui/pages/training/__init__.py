"""The page «Training»: nets trained in windows of k steps."""

from rnnviz.ui.shell.navigation import SETTINGS, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Training.py",
    name=word("Training"),
    question=word("What does a net learn in windows of k steps, and what is out of reach?"),
    group=Group.CHANGES,
    order=5,
    picture=Picture(
        word("Inputs above, answers below, cuts between: which losses reach their cause."),
        ".st-key-training_windows",
        width=640,
    ),
    counts=SETTINGS - {"task", "loss", "edit"},
)
