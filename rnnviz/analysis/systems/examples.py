"""Example systems, each with its start and its input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rnnviz.words import word

Numbers = tuple[float, ...]


class Example(NamedTuple):
    """A name, and the entries: W (1 or 4, row by row), x0, U, b, C, D, and the input."""

    title: str
    W: Numbers
    x0: Numbers
    tanh: bool = False
    U: Numbers = (1.0, 0.0)
    b: Numbers = (0.0, 0.0)
    C: Numbers = (1.0, 0.0)
    D: float = 0.0
    drive: str = "none"
    amplitude: float = 1.0
    when: int = 10


EXAMPLES: Mapping[str, Example] = {
    "dies": Example(word("Decays"), (0.8,), (1.0,)),
    "holds": Example(word("Holds"), (1.0,), (1.0,)),
    "diverges": Example(word("Diverges"), (1.1,), (0.5,)),
    "flips": Example(word("Flips"), (-0.9,), (1.0,)),
    "node": Example(word("Node"), (0.9, 0.0, 0.0, 0.6), (1.0, 1.0)),
    "spiral": Example(word("Spiral"), (0.75, -0.55, 0.55, 0.75), (1.0, 0.5)),
    "rotation": Example(word("Rotation"), (0.8, -0.6, 0.6, 0.8), (1.0, 0.0)),
    "shear": Example(word("Shear"), (1.0, 0.25, 0.0, 1.0), (-1.0, 0.5)),
    "saddle": Example(word("Saddle"), (1.1, 0.25, 0.25, 0.75), (-0.7, 1.2)),
    "nonnormal": Example(word("Non-normal"), (0.8, 3.0, 0.0, 0.8), (0.0, 1.0)),
    "resonance": Example(
        word("Driven"), (0.75, -0.55, 0.55, 0.75), (0.0, 0.0), drive="sine", amplitude=0.5
    ),
    "latch": Example(word("Latch"), (2.0,), (0.1,), tanh=True),
    "flipped": Example(
        word("Latch, flipped"), (2.0,), (0.1,), tanh=True, drive="impulse", amplitude=-3.0, when=20
    ),
    "cycle": Example(word("Limit cycle"), (1.2, -0.6, 0.6, 1.2), (0.1, 0.1), tanh=True),
    "four": Example(word("Four memories"), (2.0, 0.1, 0.1, 2.0), (0.2, -0.1), tanh=True),
}
"""Short name → example."""
FIRST = "spiral"
"""The example that the page opens with."""
