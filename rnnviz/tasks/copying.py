"""The copy task: read symbols, wait, then write them down.

After Hochreiter & Schmidhuber 1997; this form is Arjovsky, Shah & Bengio 2016, "Unitary Evolution
Recurrent Neural Networks". Steps, for S symbols and length T:

    input   S symbols   T − 2S − 1 blanks   go      S blanks
    target  blank       blank               blank   the S symbols
"""

import numpy as np

from rnnviz.words import sentence, word

from ._base import MAX_LENGTH, Lengths, Option, Task
from ._example import LETTERS, Example, numbered, one_hot


def generate(
    length: int, batch: int, rng: np.random.Generator, *, symbols: int, alphabet_size: int
) -> Example:
    """One-hot x (T, B, A + 2): letters, blank, go; classes (T, B): letters, then blank."""
    blank, go = alphabet_size, alphabet_size + 1
    remembered = rng.integers(alphabet_size, size=(symbols, batch))
    seen = np.full((length, batch), blank)
    seen[:symbols] = remembered
    seen[length - symbols - 1] = go
    targets = np.full((length, batch), blank)
    targets[length - symbols :] = remembered
    letters = LETTERS[:alphabet_size]
    return Example(
        task="copying",
        x=one_hot(seen, alphabet_size + 2),
        targets=targets,
        mask=np.arange(length) >= length - symbols,
        loss="cross_entropy",
        input_labels=(*letters, "blank", "go"),
        step_labels=numbered(length),
        output_labels=(*letters, "blank"),
        naive=np.append(np.full(alphabet_size, 1 / alphabet_size), 0),
    )


def lengths(symbols: int, **_: object) -> Lengths:
    """Room to read, for the go mark, and to write."""
    why = sentence("{symbols} symbols to read and write, and a go mark", symbols=symbols)
    return Lengths(2 * symbols + 1, MAX_LENGTH, why)


COPYING = Task(
    name="copying",
    title="Copy task",
    description="Remember a few symbols through a blank delay and write them down in order.",
    generate=generate,
    options=(
        Option("symbols", 5, "How many symbols to remember.", minimum=1, maximum=100),
        Option("alphabet_size", 8, "How many different symbols.", minimum=2, maximum=len(LETTERS)),
    ),
    length_rule=lengths,
    default_length=30,
    naive=word("every letter equally likely"),
    order=60,
)
