"""A net and a sequence that somebody opened: the objects themselves, told apart by a digest.

They are kept as long as the session that opened them. Settings hold them beside plain values, and
the results that are kept by the settings are found again by the digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.core.model import Model
from rnnviz.numerics.validation import frozen
from rnnviz.words import Sentence
from rnnviz.words.markup import inert


def inert_labels(labels: Iterable[str]) -> tuple[str, ...]:
    """Labels, each as text that nothing reads as markup; single characters stay as they are."""
    return tuple(one if len(one) < 2 else inert(one[:40]) for one in labels)


@dataclass(frozen=True, repr=False)
class OpenedNet:
    """A net out of a file, and the part of it that is looked at.

    digest         of the file's bytes; with ``name`` and ``answers`` it tells the net from others
    file           the file's name; shown as text, never as Markdown
    name           the net's name in the file
    answers        what was answered to what the file does not tell, (question, answer) pairs
    layer          the layer that is looked at, 0 the first, and its ``direction``
    model          float64: the weights of a float32 file are the same numbers
    input_labels   what every input, or every row of ``embedding`` (V, D), stands for
    output_labels  what every output stands for
    assumptions    what is taken to be so and is not in the file
    made           what was computed from it and is kept as long as it is
    """

    digest: str
    file: str
    name: str
    answers: tuple[tuple[str, Any], ...] = ()
    layer: int = 0
    direction: str = "forward"
    model: Model = field(compare=False, kw_only=True)
    input_labels: tuple[str, ...] | None = field(default=None, compare=False)
    embedding: NDArray[np.float64] | None = field(default=None, compare=False)
    output_labels: tuple[str, ...] | None = field(default=None, compare=False)
    assumptions: tuple[Sentence, ...] = field(default=(), compare=False)
    made: dict[str, Any] = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        place = f", layer {self.layer}, {self.direction}" if self.in_parts else ""
        return f"OpenedNet({self.digest}, {self.name!r}, {self.answers!r}{place})"

    @property
    def sides(self) -> int:
        """How many directions there are."""
        return len(self.model.directions)

    @property
    def in_parts(self) -> bool:
        """Whether one layer and direction is looked at apart, in the order in which it reads.

        So it is where there are several, and in a net that reads from the end.
        """
        return self.model.num_layers * self.sides > 1 or self.model.direction == "reverse"

    @property
    def cell(self) -> str:
        """The cell's name in `rnnviz.CELLS`."""
        return self.model.cell.name

    @property
    def title(self) -> str:
        """File and net, as text for a sentence."""
        return inert(f"{self.file}, {self.name}" if self.name else self.file)

    def at(self, layer: int, direction: str) -> OpenedNet:
        """The same net, looked at elsewhere."""
        return replace(self, layer=layer, direction=direction)


@dataclass(frozen=True, repr=False)
class OpenedSequence:
    """A sequence out of a file or a text field.

    digest        of the file's bytes and of all that was chosen in reading it
    name          the file's name; shown as text, never as Markdown
    kind          of file, such as "csv"
    x             (T, D)
    step_labels   T names; ``input_labels`` D names
    targets       (T, K) numbers or (T,) classes; None where there are none
    slopes        (T, K) a recorded ∂L/∂outputs, which stands for a loss; None where there is none
    symbols       (T,) rows of a vocabulary, for a text; then x is one-hot in it
    standardised  whether every column's mean was taken away and its standard deviation made 1
    made          what was computed from it and is kept as long as it is
    """

    digest: str
    name: str
    kind: str
    x: NDArray[np.float64] = field(compare=False)
    step_labels: tuple[str, ...] = field(compare=False)
    input_labels: tuple[str, ...] = field(compare=False)
    targets: NDArray[Any] | None = field(default=None, compare=False)
    symbols: NDArray[np.int64] | None = field(default=None, compare=False)
    slopes: NDArray[np.float64] | None = field(default=None, compare=False)
    notes: tuple[Sentence, ...] = field(default=(), compare=False)
    standardised: bool = field(default=False, compare=False)
    made: dict[str, Any] = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        return f"OpenedSequence({self.digest})"

    @property
    def title(self) -> str:
        """The file's name, as text for a sentence."""
        return inert(self.name)


def in_double(model: Model) -> Model:
    """The model with the same weights as float64."""
    if model.dtype == np.float64:
        return model
    readout = model.readout
    if readout is not None:
        readout = replace(readout, parameters=_double(readout.parameters))
    parameters = tuple(map(_double, model.parameters))
    initial = None if model.initial is None else _double(model.initial)
    return replace(model, parameters=parameters, readout=readout, initial=initial)


def _double(arrays: Any) -> dict[str, NDArray[np.float64]]:
    return {name: frozen(np.asarray(one, np.float64)) for name, one in arrays.items()}
