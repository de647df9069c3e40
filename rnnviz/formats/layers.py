"""Recurrent layers of a file, and the nets that they make one after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from rnnviz.cells import Cell
from rnnviz.core.model import Model
from rnnviz.core.readout import Readout
from rnnviz.formats import limits
from rnnviz.formats.float_arrays import common_type
from rnnviz.formats.found import Net, Question, about
from rnnviz.formats.sizes import check_sizes
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.words import Refusal, Sentence, sentence

LAST = sentence("The readout acts on every step; in the file it reads the last one alone.")


@dataclass(frozen=True)
class Layer:
    """One recurrent layer.

    name       as the file has it
    cell       answers by name → its cell
    sides      its parameters as ours, W_x, W_h, b, b_h: forward, or forward and reverse
    questions  what the file cannot tell of it
    said       what was taken to be so, in words
    other      the cell of the reverse direction, where it is another one
    reverse    whether its only direction reads from the end
    initial    state → (directions, H), where it does not begin at zero
    """

    name: str
    cell: Callable[..., Cell]
    sides: tuple[Arrays, ...]
    questions: tuple[Question, ...] = ()
    said: tuple[Sentence, ...] = ()
    other: Cell | None = None
    reverse: bool = False
    initial: Arrays | None = None

    @cached_property
    def usual(self) -> Cell:
        """The cell under the default answers."""
        return self.cell(**{one.name: one.default for one in self.questions})

    @property
    def inputs(self) -> int:
        """D."""
        return len(self.sides[0]["W_x"])

    @property
    def hidden(self) -> int:
        """H."""
        return len(self.sides[0]["W_h"])

    @property
    def outputs(self) -> int:
        """Directions · H."""
        return self.hidden * len(self.sides)

    def carries_on(self, below: Layer) -> bool:
        """Whether it is another layer of the same kind on top of ``below``."""
        pairs = [(self.usual, below.usual), (self.other, below.other)]
        alike = self.reverse == below.reverse and all(
            type(one) is type(two) and (one is two or one.options == two.options)  # type: ignore[union-attr]
            for one, two in pairs
        )
        sizes = self.hidden == below.hidden and len(self.sides) == len(below.sides)
        same = [set(one) for one in (*self.sides, *below.sides)]
        return alike and sizes and self.inputs == below.outputs and same.count(same[0]) == len(same)


@dataclass(frozen=True)
class Around:
    """What stands before and after a stack: an embedding, a readout."""

    embedding: Array | None = None
    readout: tuple[str, Arrays] | None = None
    questions: tuple[Question, ...] = ()
    said: tuple[Sentence, ...] = ()


def stacked(layers: Sequence[Layer], around: Around | None = None) -> Net:
    """The net of layers that carry on one another."""
    around = around or Around()
    for layer in layers:
        check_sizes(layer.inputs, layer.hidden, len(layers))
    asked = {one.name: one for layer in layers for one in (*layer.questions, *around.questions)}
    said = [one for layer in layers for one in layer.said] + list(around.said)
    net = Net(
        " → ".join(layer.name for layer in layers), _about(layers), partial(_made, layers, around),
        tuple(asked.values()), embedding=around.embedding, assumptions=tuple(dict.fromkeys(said)),
    )  # fmt: skip
    net.model()
    return net


def _made(layers: Sequence[Layer], around: Around, **answers: Any) -> Model:
    first = layers[0]
    cell = first.cell(**{one.name: answers[one.name] for one in first.questions})
    arrays = [side for layer in layers for side in layer.sides]
    readout = around.readout
    heads = [] if readout is None else [readout[1]]
    dtype = common_type([one for side in (*arrays, *heads) for one in side.values()])
    head = None
    if readout is not None:
        W = {name: one.astype(dtype, copy=False) for name, one in readout[1].items()}
        head = Readout("softmax" if answers.get("softmax") else readout[0], W)
    return Model(
        cell, first.inputs, first.hidden,
        tuple({n: one.astype(dtype, copy=False) for n, one in side.items()} for side in arrays),
        len(layers), len(first.sides) == 2, head,
        direction="reverse" if first.reverse else "forward", reverse_cell=first.other,
        initial=_initial(layers, cell),
    )  # fmt: skip


def _initial(layers: Sequence[Layer], cell: Cell) -> dict[str, Array] | None:
    """State → (layers · directions, H); None where all begin at zero."""
    if all(layer.initial is None for layer in layers):
        return None
    zero = np.zeros((len(layers[0].sides), layers[0].hidden), np.float32)
    return {
        state: np.concatenate([(layer.initial or {}).get(state, zero) for layer in layers])
        for state in cell.states
    }


def _about(layers: Sequence[Layer]) -> Sentence:
    first = layers[0]
    cell, n = first.usual.title, len(layers)
    if not first.reverse:
        return about(cell, first.inputs, first.hidden, n, len(first.sides))
    return sentence(
        "{cell}: {inputs} inputs, {hidden} hidden units, layers: {layers}, read from the end",
        cell=cell, inputs=first.inputs, hidden=first.hidden, layers=n,
    )  # fmt: skip


def check_count(layers: int) -> None:
    """Refuse more recurrent layers than `limits` allows in a file."""
    if layers > limits.NETS:
        raise Refusal(
            "It must have at most {most} recurrent layers, got {n}; save those to be looked at "
            "alone.", most=limits.NETS, n=layers,
        )  # fmt: skip


def chains(layers: Sequence[Layer], follows: Callable[[Layer, Layer], bool]) -> list[list[Layer]]:
    """The layers in order, each with those that carry it on; ``follows`` (upper, lower)."""
    found: list[list[Layer]] = []
    for layer in layers:
        below = next((c for c in found if follows(layer, c[-1]) and layer.carries_on(c[-1])), None)
        if below is None:
            found.append([layer])
        else:
            below.append(layer)
    return found


def unnamed_twice(names: Sequence[str]) -> list[str]:
    """The names, those that come again with a number."""
    counts: dict[str, int] = {}
    found = []
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        found.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    return found
