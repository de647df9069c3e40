"""The page «Variants»: peepholes, both conventions of the GRU, a gate held, all cells."""

from rnnviz.ui.shell.navigation import SETTINGS, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Variants.py",
    name=word("Variants"),
    question=word("What do peepholes add, and which GRU does a library compute?"),
    group=Group.CELL,
    order=2,
    picture=Picture(
        word("A gate's pre-activation over time, in its parts."),
        ".st-key-peephole_parts",
        query="see=i&form=diagonal",
    ),
    counts=SETTINGS - {"cells"},
    about=("peephole_lstm", "gru"),
)
