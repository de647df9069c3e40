"""Predict the next character of a text.

x_t is the t-th character, the target of step t is the character after it, and the last target is
an end mark. A character is what a reader sees as one (`rnnviz.words.characters`), so T counts
👩‍👩‍👧 and é as one each. Source: Karpathy 2015, "The Unreasonable Effectiveness of Recurrent
Neural Networks". Nothing of so short a text can be held out: training on it is learning it by
heart.
"""

import numpy as np
from numpy.typing import NDArray

from rnnviz.words import word
from rnnviz.words.characters import characters, label

from ._base import Lengths, Option, Task
from ._example import Example, repeated

ENGLISH = "The cat sat on the mat."
END = "end"
MAX_CHARACTERS = 2000
# Above this many code points per allowed character a text is refused unread: 10 MB cost nothing.
CODE_POINTS_PER_CHARACTER = 16


def generate(
    length: int,
    batch: int,
    rng: np.random.Generator,
    *,
    text: str,
    encoding: str,
    embedding_size: int,
) -> Example:
    """The text as T ≤ `length` characters; all B sequences are the same text.

    The classes are the text's distinct characters by code point, then the end mark: K = D + 1
    for one-hot inputs, since the end mark is never an input. No use is made of `rng`: a character's
    random vector is the same in every example, or nothing could be learnt about it.
    """
    found = _at_most(length, text)
    vocabulary = sorted(set(found))
    position = {character: index for index, character in enumerate(vocabulary)}
    indices = np.array([position[character] for character in found])
    vectors = _vectors(len(vocabulary), encoding, embedding_size)
    labels = tuple(label(character) for character in vocabulary)
    places = tuple(f"e{k}" for k in range(1, embedding_size + 1))
    return Example(
        task="sentence",
        x=repeated(vectors[indices], batch),
        targets=repeated(np.append(indices[1:], len(vocabulary)), batch),
        mask=np.ones(len(found), dtype=bool),
        loss="cross_entropy",
        input_labels=labels if encoding == "one_hot" else places,
        step_labels=tuple(label(character) for character in found),
        output_labels=(*labels, END),
    )


def _at_most(length: int, text: str) -> list[str]:
    rule = f"`text` must have at most {length} characters (the `length` asked for), got"
    if len(text) > CODE_POINTS_PER_CHARACTER * length:
        raise ValueError(f"{rule} {len(text)} code points.")
    found = characters(text)
    if len(found) > length:
        raise ValueError(f"{rule} {len(found)}.")
    return found


def _vectors(size: int, encoding: str, embedding_size: int) -> NDArray[np.float64]:
    """One row per character of the vocabulary: (V, V) one-hot or (V, E) drawn from N(0, 1)."""
    if encoding == "one_hot":
        return np.eye(size)
    return np.random.default_rng(0).standard_normal((size, embedding_size))


SENTENCE = Task(
    name="sentence",
    title="Sentence",
    description="Read a text character by character and predict the next one.",
    generate=generate,
    options=(
        Option("text", ENGLISH, "What is read; a longer text than `length` is refused, never cut."),
        Option(
            "encoding",
            "one_hot",
            "A unit per character, or a fixed random vector per character.",
            choices=("one_hot", "embedding"),
        ),
        Option(
            "embedding_size",
            8,
            "Numbers per random vector; one-hot inputs ignore it.",
            minimum=1,
            maximum=256,
            only_with=("encoding", "embedding"),
        ),
    ),
    length_rule=lambda **_: Lengths(1, MAX_CHARACTERS),
    length_is="maximum",
    default_length=200,
    held_out="none",
    naive=word("each character as often as in the text"),
    score="bits",
    order=10,
)
