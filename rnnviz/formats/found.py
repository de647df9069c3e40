"""What a file was found to hold: its nets, and what it does not say of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from rnnviz.core.model import Model
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import Record
from rnnviz.numerics.validation import one_of
from rnnviz.words import Refusal, Sentence, sentence


@dataclass(frozen=True)
class Question(Record):
    """What a file cannot tell of a net.

    name      the argument of `Net.model` that takes the answer
    words     the question, a text for `say`
    choices   the answers
    default   the one that is assumed
    """

    name: str
    words: str
    choices: tuple[Any, ...]
    default: Any


@dataclass(frozen=True, eq=False, repr=False)
class Net(Record):
    """A recurrent net of a file, with what the file says beside its weights.

    name          as the file has it: a prefix, a layer's name, or empty
    about         cell, sizes, layers and directions in words
    make          answers by name → the model
    questions     what the file cannot tell
    input_labels  what every input (or every row of the embedding) stands for
    embedding     (V, D): the vectors that stand for V symbols
    output_labels what every output stands for
    assumptions   what was taken to be so and is not in the file, in words
    """

    name: str
    about: Sentence
    make: Callable[..., Model]
    questions: tuple[Question, ...] = ()
    input_labels: tuple[str, ...] | None = None
    embedding: Array | None = None
    output_labels: tuple[str, ...] | None = None
    assumptions: tuple[Sentence, ...] = ()

    def model(self, **answers: Any) -> Model:
        """The model; questions that are not answered take their default.

        Raises ValueError naming an answer that is none of the choices, or asked by no question.
        """
        questions = {one.name: one for one in self.questions}
        for name, value in answers.items():
            if name not in questions:
                asked = ", ".join(questions) or "nothing"
                raise ValueError(f"`{name}` is not asked of this net, which asks {asked}.")
            one_of(name, value, questions[name].choices)
        defaults = {name: one.default for name, one in questions.items()}
        return self.make(**{**defaults, **answers})


def about(cell: str, inputs: int, hidden: int, layers: int, sides: int) -> Sentence:
    """A net in words: its cell's title and its sizes; ``sides`` is 2 for two directions."""
    if sides == 1:
        return sentence(
            "{cell}: {inputs} inputs, {hidden} hidden units, layers: {layers}",
            cell=cell, inputs=inputs, hidden=hidden, layers=layers,
        )  # fmt: skip
    return sentence(
        "{cell}: {inputs} inputs, {hidden} hidden units, layers: {layers}, in two directions",
        cell=cell, inputs=inputs, hidden=hidden, layers=layers,
    )  # fmt: skip


class Contents(NamedTuple):
    """The nets of a file, and notes on what else is in it."""

    nets: tuple[Net, ...]
    notes: tuple[Sentence, ...] = ()


@dataclass(frozen=True, repr=False)
class NetFile(Record):
    """A file that was read.

    name     of the file, as text that is safe to show as text (not as Markdown)
    kind     a key of `rnnviz.formats.reading.KINDS`
    digest   the first 16 hexadecimal digits of the SHA-256 of its bytes
    nets     at least one
    notes    what else the file holds, in words
    """

    name: str
    kind: str
    digest: str
    nets: tuple[Net, ...]
    notes: tuple[Sentence, ...] = ()

    def net(self, name: str | None = None) -> Net:
        """The net of that name; without a name the only one.

        Raises ValueError listing the names where there is no such net, or more than one.
        """
        if name is None and len(self.nets) == 1:
            return self.nets[0]
        for one in self.nets:
            if one.name == name:
                return one
        names = ", ".join(repr(one.name) for one in self.nets)
        raise Refusal(
            "`net` must be one of {names}: {file} holds {n} recurrent nets.",
            names=names, file=self.name, n=len(self.nets),
        )  # fmt: skip
