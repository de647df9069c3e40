"""The page «The cell»: the chosen cells at one timestep, with every number."""

from rnnviz.ui.shell.navigation import WITH_TRAINED, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Step.py",
    name=word("One step"),
    question=word("What does a cell compute at one timestep, number by number?"),
    group=Group.CELL,
    order=1,
    picture=Picture(
        word("A cell as a diagram: its gates act on the path of its state."),
        ".st-key-cell_large svg",
        width=1000,
        plots=None,
    ),
    counts=WITH_TRAINED,
)
