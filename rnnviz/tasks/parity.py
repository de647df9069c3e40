"""Parity of marked bits: the XOR of two bits that lie far apart, or the parity of more.

One step in each n-th of the sequence is marked and has a bit, −1 or +1, under noise. The others
have noise alone or, which is much harder to learn, bits that do not count. Whether an odd number of
the marked bits are +1 depends on all of them: n − 1 of them tell nothing.
The parity problem of Hochreiter & Schmidhuber 1996, "LSTM Can Solve Hard Long Time Lag Problems",
with the marks of the adding problem.
"""

import numpy as np

from rnnviz.words import sentence, word

from ._base import MAX_LENGTH, Lengths, Option, Task
from ._example import Example, last_step, numbered


def generate(
    length: int, batch: int, rng: np.random.Generator, *, bits: int, noise: float, unmarked: str
) -> Example:
    """x (T, B, 2): bit + noise and mark; classes (T, B): parity of the +1s marked so far.

    The k-th mark stands on one of the steps ⌊(k − 1) T/n⌋ + 1 … ⌊k T/n⌋.
    """
    ones = rng.integers(2, size=(length, batch))
    ends = np.arange(bits + 1) * length // bits
    places = rng.integers(ends[:-1, np.newaxis], ends[1:, np.newaxis], size=(bits, batch))
    marks = np.zeros((length, batch), dtype=np.int64)
    marks[places, np.arange(batch)] = 1
    shown = marks if unmarked == "noise" else 1
    values = (2 * ones - 1) * shown + noise * rng.standard_normal((length, batch))
    return Example(
        task="parity",
        x=np.stack([values, marks], axis=-1),
        targets=np.cumsum(ones * marks, axis=0) % 2,
        mask=last_step(length),
        loss="cross_entropy",
        input_labels=("bit", "mark"),
        step_labels=numbered(length),
        output_labels=("even", "odd"),
        naive=np.full(2, 1 / 2),
    )


def lengths(bits: int, **_: object) -> Lengths:
    """A step for each marked bit."""
    return Lengths(max(2, bits), MAX_LENGTH, sentence("{bits} bits to mark", bits=bits))


PARITY = Task(
    name="parity",
    title="XOR of marked bits",
    description="Say whether an odd number of the marked bits were +1: for two bits, their XOR.",
    generate=generate,
    options=(
        Option("bits", 2, "How many bits are marked: 1 is recall, 2 is XOR.", minimum=1, maximum=9),
        Option("noise", 0.2, "Standard deviation of the added noise.", minimum=0, maximum=10),
        Option(
            "unmarked",
            "noise",
            "What unmarked steps have: noise alone, or bits that do not count.",
            choices=("noise", "bits"),
        ),
    ),
    length_rule=lengths,
    default_length=12,
    naive=word("odd and even equally likely"),
    order=90,
)
