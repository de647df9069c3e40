"""The page «Your own cell»: equations that a person types, and the cell that they make."""

from rnnviz.ui.shell.navigation import SETTINGS, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Your_cell.py",
    name=word("Your own cell"),
    question=word("What does a cell of your own equations do, beside RNN, LSTM and GRU?"),
    group=Group.CELL,
    order=4,
    picture=Picture(
        word("A cell drawn from equations that were typed."),
        ".st-key-own_map svg",
        width=1000,
        plots=None,
    ),
    counts=SETTINGS - {"cells", "cell_options"},
    about=("rnn", "lstm", "gru"),
)
