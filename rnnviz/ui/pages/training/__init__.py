"""The page «Training»: nets that are trained while the page shows them."""

from rnnviz.ui.shell.navigation import SETTINGS, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Training.py",
    name=word("Training"),
    question=word("What do nets learn, what not, and what does the loss not show?"),
    group=Group.CHANGES,
    order=5,
    picture=Picture(
        word("Loss over updates: two cells learn the task, one does not."),
        ".st-key-train_loss",
        width=640,
    ),
    counts=SETTINGS - {"task", "loss", "edit"},
)
