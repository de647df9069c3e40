"""Temporal order: in which order did two symbols come, in a stream of others?

Hochreiter & Schmidhuber 1997, "Long Short-Term Memory", section 5.6, task 6a, for any length T:

    1               start
    p₁, p₂          X or Y: p₁ from ⌊T/10⌋ to ⌊T/5⌋, p₂ from ⌊T/2⌋ to ⌊3T/5⌋
    T               end
    all others      distractors a, b, c …

The classes are XX, XY, YX and YY.
"""

import numpy as np

from rnnviz.words import word

from ._base import Option, Task, at_least
from ._example import LETTERS, Example, last_step, numbered, one_hot

CLASSES = ("XX", "XY", "YX", "YY")


def generate(length: int, batch: int, rng: np.random.Generator, *, distractors: int) -> Example:
    """One-hot x (T, B, A + 4): X, Y, A distractors, start, end; classes (T, B), alike at each step.

    Short sequences have p₁ ≥ 2 and p₂ ≥ 3, so that T = 4 is the shortest.
    """
    seen = rng.integers(2, 2 + distractors, size=(length, batch))
    seen[0], seen[-1] = 2 + distractors, 3 + distractors
    which = rng.integers(2, size=(2, batch))
    sequences = np.arange(batch)
    for (first, last), symbols in zip(places(length), which, strict=True):
        seen[rng.integers(first - 1, last, size=batch), sequences] = symbols
    return Example(
        task="temporal_order",
        x=one_hot(seen, distractors + 4),
        targets=np.broadcast_to(2 * which[0] + which[1], seen.shape),
        mask=last_step(length),
        loss="cross_entropy",
        input_labels=("X", "Y", *map(str.lower, LETTERS[:distractors]), "start", "end"),
        step_labels=numbered(length),
        output_labels=CLASSES,
        naive=np.full(4, 1 / 4),
    )


def places(length: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first and the last timestep, counted from 1, that each of the two symbols can have."""
    return (
        (max(2, length // 10), max(2, length // 5)),
        (max(3, length // 2), max(3, 3 * length // 5)),
    )


TEMPORAL_ORDER = Task(
    name="temporal_order",
    title="Temporal order",
    description="Say at the end in which order two symbols, each X or Y, came among others.",
    generate=generate,
    options=(
        Option(
            "distractors", 4, "How many symbols there are that mean nothing.", minimum=1, maximum=20
        ),
    ),
    length_rule=at_least(4),
    naive=word("all four orders equally likely"),
    order=80,
)
