"""What the inputs and outputs of a net stand for, where a file of arrays says it.

``input_labels`` name the rows of the embedding, or the inputs where there is none;
``output_labels`` name the outputs of the readout. They are arrays of text in .npz (or the bytes of
a JSON list), and JSON lists in the metadata of .safetensors.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.formats import limits
from rnnviz.words import Refusal, Sentence, sentence

NAMES = ("input_labels", "output_labels")
Texts = tuple[str, ...] | None


@dataclass
class Labels:
    """The labels of a file, and which of them a net has taken."""

    inputs: Texts = None
    outputs: Texts = None
    taken: tuple[str, ...] = ()

    def of(self, inputs: int, outputs: Collection[int]) -> tuple[Texts, Texts]:
        """Those for a net with so many inputs, and one of these numbers of outputs."""
        mine = self.inputs if len(self.inputs or ()) == inputs else None
        theirs = self.outputs if len(self.outputs or ()) in outputs else None
        found = zip(NAMES, (mine, theirs), strict=True)
        self.taken += tuple(name for name, one in found if one is not None)
        return mine, theirs

    def left(self) -> tuple[Sentence, ...]:
        """Notes on labels that fitted no net."""
        given = zip(NAMES, (self.inputs, self.outputs), strict=True)
        return tuple(
            sentence(
                "`{name}` are left out: {n} of them fit no net of the file.", name=name, n=len(one)
            )
            for name, one in given
            if one is not None and name not in self.taken
        )


def labels(given: Any) -> Labels:
    """Labels from a mapping that may have them: texts of JSON, or lists and arrays of texts.

    Raises `Refusal` where they are no list of texts, too many, or too long.
    """
    inputs, outputs = (_texts(name, given[name]) if name in given else None for name in NAMES)
    return Labels(inputs, outputs)


def whole(text: str) -> str:
    """The text with what is no character (half of a surrogate pair) as a question mark."""
    return text.encode("utf-8", "replace").decode()


def _listed(given: Any) -> Any:
    if isinstance(given, str):
        return json.loads(given)
    array = np.asarray(given)
    if array.dtype == np.uint8:
        return json.loads(array.tobytes())
    if array.dtype.kind == "U" and array.size:
        codes = np.array(array, array.dtype.newbyteorder("="), order="C", ndmin=1).view(np.uint32)
        if codes.max() > sys.maxunicode:  # NumPy would make a string that Python cannot hold
            return None
    return array.tolist()


def _texts(name: str, given: Any) -> tuple[str, ...]:
    try:
        listed = _listed(given)
    except (ValueError, RecursionError):
        listed = None
    texts = isinstance(listed, list) and all(isinstance(one, str) for one in listed)
    if not texts or not listed or len(listed) > limits.LABELS:
        raise Refusal(
            "`{name}` must be a list of 1 to {most:,} texts.", name=name, most=limits.LABELS
        )
    if max(map(len, listed)) > limits.NAME_CHARACTERS:
        raise Refusal(
            "`{name}` must have at most {most} characters each.",
            name=name, most=limits.NAME_CHARACTERS,
        )  # fmt: skip
    return tuple(map(whole, listed))
