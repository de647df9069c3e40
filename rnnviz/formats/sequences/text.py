"""Text as a sequence: one character, as a reader sees it, a timestep.

A net's own vocabulary decides which number a character has; without one, the text's own distinct
characters, sorted by code point, each have an input of their own.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from rnnviz.formats import limits
from rnnviz.formats.sequences.found import OwnSequence, check_size, check_steps, listed, of_file
from rnnviz.formats.sequences.sniffing import decoded
from rnnviz.numerics.arrays import Array
from rnnviz.words import Refusal, Sentence, sentence, word
from rnnviz.words.characters import characters, label

UNKNOWN = ("<unk>", "[UNK]", "<UNK>", "UNK", "unk", "<oov>", "<OOV>", "OOV")
"""How vocabularies name the entry of what they do not have."""
CODE_POINTS = 16
"""Above this many code points a character allowed, a text is refused unread."""
SHORTER = word("shorten the text")


def read(
    data: bytes | str, name: str, *, vocabulary: Sequence[str] | None = None,
    embedding: Array | None = None, encoding: str | None = None,
) -> OwnSequence:  # fmt: skip
    """Read a text of up to 5,000 characters, in any script.

    ``vocabulary`` has the net's V symbols by number, ``embedding`` (V, E) a vector for each, with
    an optional last row more for what is not in the vocabulary; x is (T, E) then, else one-hot.
    What the net does not know is its entry for unknown symbols, or zeros, and counted.

    >>> read("abba", "word").x.tolist()
    [[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]]

    Raises Refusal.
    """
    with of_file(name) as shown:
        if isinstance(data, bytes):
            check_size(data)
            data, _ = decoded(data, encoding)
        _not_too_long(data)
        read_as = characters(data) if vocabulary is None else _symbols(data, vocabulary)
        check_steps(len(read_as), SHORTER)
        if len(read_as) > limits.TEXT_CHARACTERS:
            raise _too_long(len(read_as))
        symbols = tuple(sorted(set(read_as)) if vocabulary is None else vocabulary)
        places = _places(symbols)
        rows = np.array([places.get(one, -1) for one in read_as])
        vectors = _vectors(symbols, embedding)
        inputs = _labels(symbols) if embedding is None else tuple(
            f"e{k + 1}" for k in range(vectors.shape[1]))  # fmt: skip
        return OwnSequence(
            name=shown, kind="text", x=vectors[rows], step_labels=tuple(map(label, read_as)),
            input_labels=inputs, symbols=rows, notes=_unknown(read_as, rows, vectors),
        )  # fmt: skip


def _not_too_long(text: str) -> None:
    """Refuse a text that is far too long without taking it apart."""
    if len(text) > CODE_POINTS * limits.TEXT_CHARACTERS:
        raise _too_long(len(text))


def _too_long(count: int) -> Refusal:
    return Refusal(
        "It has {count:,} characters and at most {most:,} are read: take a part of it.",
        count=count, most=limits.TEXT_CHARACTERS,
    )  # fmt: skip


def _symbols(text: str, vocabulary: Sequence[str]) -> list[str]:
    """The characters; one that the vocabulary lacks as its code points, if it has any of these."""
    known = set(_places(vocabulary))
    found: list[str] = []
    for one in characters(text):
        apart = len(one) > 1 and one not in known and not known.isdisjoint(one)
        found += list(one) if apart else [one]
    return found


def _places(symbols: Sequence[str]) -> Mapping[str, int]:
    """Symbol, as it stands and NFC-normalised → its number; the first of equal ones counts."""
    found: dict[str, int] = {}
    for place, one in enumerate(symbols):
        found.setdefault(one, place)
        found.setdefault(unicodedata.normalize("NFC", one), place)
    return found


def _vectors(symbols: Sequence[str], embedding: Array | None) -> Array:
    """A vector (V + 1, D) for every symbol, and last the one for unknown symbols."""
    table = np.eye(len(symbols)) if embedding is None else np.asarray(embedding, np.float64)
    if len(table) == len(symbols) + 1:
        return table
    if len(table) != len(symbols):
        raise Refusal(
            "The net has {rows:,} vectors for {symbols:,} symbols: there must be one for each.",
            rows=len(table), symbols=len(symbols),
        )  # fmt: skip
    own = next((place for place, one in enumerate(symbols) if one in UNKNOWN), None)
    unknown = np.zeros(table.shape[1]) if own is None else table[own]
    return np.concatenate([table, unknown[np.newaxis]])


def _labels(symbols: Sequence[str]) -> tuple[str, ...]:
    """Visible names of a vocabulary's symbols, which may be words, or empty."""
    return tuple("".join(map(label, characters(one))) or "∅" for one in symbols)


def _unknown(read_as: Sequence[str], rows: Array, vectors: Array) -> tuple[Sentence, ...]:
    """How many characters the vocabulary does not have, which, and what was taken for them."""
    missing = Counter(label(one) for one, row in zip(read_as, rows, strict=True) if row < 0)
    if not missing:
        return ()
    named = listed([one for one, _ in missing.most_common()])
    template = (
        word("{count} of {all} characters are not in the net's vocabulary ({names}): they have its "
             "vector for unknown symbols.")
        if vectors[-1].any()
        else word("{count} of {all} characters are not in the net's vocabulary ({names}): all "
                  "their inputs are 0.")
    )  # fmt: skip
    return (sentence(template, count=missing.total(), all=len(rows), names=named),)
