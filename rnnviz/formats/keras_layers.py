"""A Keras model's recurrent layers: functions from its configuration, weights from its arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from rnnviz.cells import Cell
from rnnviz.formats.activations import USUAL, Kind, cell_of, of_keras
from rnnviz.formats.found import Question
from rnnviz.formats.keras_config import RECURRENT, Config, Described, wrapped
from rnnviz.formats.keras_model import Keras, Source
from rnnviz.formats.keras_weights import CellWeights, Group
from rnnviz.formats.layers import Layer, check_count
from rnnviz.numerics.arrays import Arrays
from rnnviz.words import Refusal, sentence, word

NONLINEARITY = Question(
    "nonlinearity", word("Which function does the RNN apply?"),
    ("tanh", "relu", "sigmoid", "identity"), "tanh",
)  # fmt: skip
RESET_AFTER = Question(
    "reset_after", word("Does the reset gate act after the recurrent product?"), (True, False), True
)
UNSAID = sentence(
    "Gates apply σ, all else tanh, and layers read forwards: a file of weights alone does not say."
)
BACKWARDS = sentence(
    "Outputs stand in the order of time; Keras gives those of a layer with go_backwards from the "
    "last step to the first."
)
Spec = tuple[str, Config]
"""The class of a cell and its configuration."""


def layers_of(model: Keras, refused: list[Refusal]) -> list[Layer]:
    """The recurrent layers of a model; what cannot be one is added to ``refused``.

    Raises `Refusal` where there are too many.
    """
    check_count(sum(len(one.forward) + len(one.backward) for one in model.groups))
    found: list[Layer] = []
    for group, one in model.recurrent():
        try:
            found += _layers(model, group, one)
        except Refusal as refusal:
            refused.append(refusal)
    return found


def _layers(model: Keras, group: Group, one: Described | None) -> list[Layer]:
    name = model.name(group, one)
    forward, backward = group.forward, group.backward
    if backward and (len(forward) != 1 or len(backward) != 1):
        raise Refusal(
            "`{name}` must have one cell in each direction, got {forward} and {backward}.",
            name=name, forward=len(forward), backward=len(backward),
        )  # fmt: skip
    specs = list(_specs(one.kind, one.config)) if one else [None] * len(forward)
    if len(specs) != len(forward):
        raise Refusal(
            "`{name}` must have the arrays of {n} cells, as its configuration says, got {found}.",
            name=name, n=len(specs), found=len(forward),
        )  # fmt: skip
    made = []
    for level, (spec, cell) in enumerate(zip(specs, forward, strict=True)):
        own = name if len(forward) == 1 else f"{name}/{level}"
        sides = [cell, *backward[level : level + 1]]
        made.append(_layer(own, one, spec, sides, model.version))
    for level, layer in enumerate(made):
        model.sources[layer.name] = Source(group.place, level, level == len(made) - 1, one)
    return made


def _specs(kind: str, config: Config) -> Iterator[Spec]:
    """The cells that a layer's configuration describes, from below."""
    if kind in RECURRENT:
        yield kind, config
    elif kind == "Bidirectional":
        yield from _specs(*wrapped(config))
    elif kind == "RNN":
        yield from _specs(*wrapped(config, "cell"))
    elif kind == "StackedRNNCells":
        cells = config.get("cells")
        for cell in cells if isinstance(cells, list) else []:
            yield from _specs(*wrapped({"cell": cell}, "cell"))
    else:
        raise Refusal("`{kind}` is no SimpleRNN, GRU or LSTM.", kind=kind)


def _layer(
    name: str, one: Described | None, spec: Spec | None, sides: list[CellWeights], version: int
) -> Layer:
    arrays = tuple(side.ours() for side in sides)
    shape = sides[0].kernel.shape, sides[0].recurrent.shape
    for side in sides:
        if (side.kernel.shape, side.recurrent.shape) != shape or set(arrays[0]) != set(arrays[-1]):
            raise Refusal("The directions of `{name}` must have arrays of the same shapes.",
                          name=name)  # fmt: skip
    cell, first = sides[0].cell, sides[0]
    if spec is None or one is None:
        return _unsaid(name, cell, first, arrays)
    kind, config = spec
    if RECURRENT[kind] != cell:
        raise Refusal(
            "`{name}` must hold a {kind} as its configuration says; its arrays have the shapes of "
            "a {cell}.", name=name, kind=kind, cell=cell,
        )  # fmt: skip
    known = _kind(kind, config, first, version)
    made = Layer(name, partial(cell_of, known), arrays)
    if len(sides) == 2:
        other = _kind(*_beside(one, spec), sides[1], version)
        return made if other == known else replace(made, other=cell_of(other))
    backwards = one.config.get("go_backwards") is True
    return replace(made, reverse=backwards, said=(BACKWARDS,)) if backwards else made


def _beside(one: Described, forward: Spec) -> Spec:
    """The cell of the reverse direction, which is the forward one's if no other is described."""
    inner = wrapped(one.config)[1]
    kind, config = wrapped(one.config, "backward_layer")
    if inner.get("go_backwards") is True or config.get("go_backwards") is False:
        raise Refusal(
            "`{name}` turns its directions round (go_backwards inside Bidirectional), which no "
            "model here does.", name=one.name,
        )  # fmt: skip
    return next(_specs(kind, config)) if kind else forward


def _kind(kind: str, config: Config, weights: CellWeights, version: int) -> Kind:
    """What a cell's configuration says of it. Raises `Refusal` where no cell here has it."""
    cell = weights.cell
    said = config.get("activation", "tanh"), config.get("recurrent_activation", "sigmoid")
    after = weights.two_biases or "CuDNN" in kind or config.get("reset_after") is True
    found = Kind(cell, _functions(cell, *said, version), reset_after=cell == "gru" and after)
    cell_of(found)
    return found


def _functions(cell: str, activation: Any, recurrent: Any, version: int) -> tuple[str, ...]:
    own = of_keras(activation, version)
    if cell == "rnn":
        return (own,)
    gates = of_keras(recurrent, version)
    return (gates, own, own) if cell == "lstm" else (gates, own)


def _unsaid(name: str, cell: str, first: CellWeights, arrays: tuple[Arrays, ...]) -> Layer:
    """A layer of which the file has the weights alone."""
    questions: tuple[Question, ...] = ()
    if cell == "rnn":
        questions = (NONLINEARITY,)
    elif cell == "gru" and first.bias is None:
        questions = (RESET_AFTER,)

    def make(nonlinearity: str = "tanh", reset_after: bool = first.two_biases) -> Cell:
        functions = (nonlinearity,) if cell == "rnn" else USUAL[cell]
        return cell_of(Kind(cell, functions, reset_after=cell == "gru" and reset_after))

    return Layer(name, make, arrays, questions, (UNSAID,))
