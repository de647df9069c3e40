"""Predict the next character of twenty sonnets.

Shakespeare 1609, sonnets 2, 12, 15, 18, 19, 29, 30, 33, 55, 60, 64, 65, 71, 73, 87, 97, 104, 106,
116 and 130, the spelling modernised; in the public domain. Read in lower case, it has 36 different
characters. Windows to learn from lie in the first fifteen sonnets, windows to be tested on in the
last five. After Karpathy 2015, "The Unreasonable Effectiveness of Recurrent Neural Networks".
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.words import sentence, word
from rnnviz.words.characters import label

from ._base import MAX_LENGTH, Lengths, Part, Task
from ._example import Example, one_hot
from ._windows import Split, windows

TRAINING_SONNETS = 15


class Sonnets(NamedTuple):
    """The text as classes (N,), the classes' labels, what is to learn from, where lines begin."""

    classes: NDArray[np.int64]
    labels: tuple[str, ...]
    split: Split
    lines: NDArray[np.int64]
    shares: NDArray[np.float64]  # of each class among the training part's characters


@cache
def sonnets() -> Sonnets:
    """The text, read once."""
    text = (Path(__file__).parent / "sonnets.txt").read_text("utf-8").lower()
    vocabulary = sorted(set(text))
    classes = np.array([vocabulary.index(character) for character in text])
    training = len("\n\n".join(text.split("\n\n")[:TRAINING_SONNETS])) + 2
    starts = [0, *(at + 1 for at, one in enumerate(text) if one == "\n")]
    lines = np.array([at for at in starts if text[at : at + 1].strip()])
    shares = np.bincount(classes[:training], minlength=len(vocabulary)) / training
    return Sonnets(
        classes, tuple(map(label, vocabulary)), Split(len(text), training), lines, shares
    )


def generate(length: int, batch: int, rng: np.random.Generator, *, part: Part) -> Example:
    """One-hot x (T, B, 36); classes (T, B): each the character after that of x.

    For training a window may start anywhere in its part, for pages at the beginning of any line.
    Steps are labelled by the first sequence's characters.
    """
    found = sonnets()
    at = windows(found.split, part, length, batch, rng)
    if part == "all":
        room = found.lines[found.lines + length < found.split.values]
        at = rng.choice(room, size=batch) + np.arange(length + 1)[:, np.newaxis]
    read = found.classes[at]
    return Example(
        task="next_character",
        x=one_hot(read[:-1], len(found.labels)),
        targets=read[1:],
        mask=np.ones(length, dtype=bool),
        loss="cross_entropy",
        input_labels=found.labels,
        step_labels=tuple(found.labels[one] for one in read[:-1, 0]),
        output_labels=found.labels,
        naive=found.shares,
    )


def lengths(part: Part) -> Lengths:
    """One character less than there are: the last is a target only."""
    count = sonnets().split.count(part)
    why = sentence("the text has {count} characters, the last a target only", count=count)
    return Lengths(1, min(MAX_LENGTH, count - 1), why)


NEXT_CHARACTER = Task(
    name="next_character",
    title="Next character",
    description="Read lines of Shakespeare's sonnets and predict each next character.",
    generate=generate,
    length_rule=lengths,
    by_part=True,
    held_out="later",
    naive=word("each character as often as in the text"),
    score="bits",
    order=15,
)
