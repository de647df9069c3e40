"""The adding problem: add the two marked values of a long sequence.

Hochreiter & Schmidhuber 1997, "Long Short-Term Memory", section 5.4, in the form of Arjovsky, Shah
& Bengio 2016, "Unitary Evolution Recurrent Neural Networks": values ~ U[0, 1), one mark at a random
step of each half. Always answering 1 gives a mean squared error of 1/6.
"""

import numpy as np

from rnnviz.words import word

from ._base import Task, at_least
from ._example import Example, last_step, numbered


def generate(length: int, batch: int, rng: np.random.Generator) -> Example:
    """x (T, B, 2): value and mark; targets (T, B, 1): the sum of the values marked so far.

    The first half is the first ⌊T/2⌋ steps.
    """
    half = length // 2
    values = rng.random((length, batch))
    marks = np.zeros((length, batch))
    sequences = np.arange(batch)
    marks[rng.integers(0, half, size=batch), sequences] = 1
    marks[rng.integers(half, length, size=batch), sequences] = 1
    return Example(
        task="adding",
        x=np.stack([values, marks], axis=-1),
        targets=np.cumsum(values * marks, axis=0)[:, :, np.newaxis],
        mask=last_step(length),
        loss="squared_error",
        input_labels=("value", "mark"),
        step_labels=numbered(length),
        output_labels=("sum",),
        naive=np.ones(1),
    )


ADDING = Task(
    name="adding",
    title="Adding problem",
    description="Add the two marked values of a sequence of random numbers.",
    generate=generate,
    length_rule=at_least(2),
    naive=word("always 1"),
    order=50,
)
