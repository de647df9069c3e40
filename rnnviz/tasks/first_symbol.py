"""First-symbol recall: name at the end the symbol that came first.

All T symbols are drawn alike, so that only its place tells the first one from those that follow.
After the latching problem of Bengio, Simard & Frasconi 1994, "Learning Long-Term Dependencies with
Gradient Descent is Difficult".
"""

import numpy as np

from rnnviz.words import word

from ._base import Option, Task, at_least
from ._example import LETTERS, Example, last_step, numbered, one_hot


def generate(length: int, batch: int, rng: np.random.Generator, *, alphabet_size: int) -> Example:
    """One-hot x (T, B, A); classes (T, B), at every step the sequence's first symbol."""
    symbols = rng.integers(alphabet_size, size=(length, batch))
    letters = LETTERS[:alphabet_size]
    return Example(
        task="first_symbol",
        x=one_hot(symbols, alphabet_size),
        targets=np.broadcast_to(symbols[0], symbols.shape),
        mask=last_step(length),
        loss="cross_entropy",
        input_labels=letters,
        step_labels=numbered(length),
        output_labels=letters,
        naive=np.full(alphabet_size, 1 / alphabet_size),
    )


FIRST_SYMBOL = Task(
    name="first_symbol",
    title="First symbol",
    description="Read random symbols and name the first of them after the last.",
    generate=generate,
    options=(
        Option("alphabet_size", 4, "How many different symbols.", minimum=2, maximum=len(LETTERS)),
    ),
    length_rule=at_least(2),
    naive=word("every symbol equally likely"),
    order=70,
)
