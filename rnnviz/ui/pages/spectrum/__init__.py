"""The page «Stretching»: singular values, exponents and eigenvalues of the step Jacobians."""

from rnnviz.ui.shell.navigation import WITH_TRAINED, Group, Page, Picture
from rnnviz.words import word

PAGE = Page(
    script="pages/Spectrum.py",
    name=word("Stretching"),
    question=word("What does one step stretch, and what do all of them?"),
    group=Group.GRADIENT,
    order=4,
    picture=Picture(
        word("A fan of lines: the singular values of the product, step by step."),
        ".st-key-singular",
        query="cell=gru",
        plots=(1, 2),
    ),
    counts=WITH_TRAINED - {"loss"},
)
