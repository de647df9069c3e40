"""A Keras model's recurrent layers, from its configuration and its arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from rnnviz.cells import Cell
from rnnviz.formats.activations import USUAL, Kind, cell_of, of_keras
from rnnviz.formats.found import Question
from rnnviz.formats.keras_config import RECURRENT, Config, Described, feeds, wrapped
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


@dataclass(frozen=True)
class Source:
    """Where a layer comes from: Keras's layer, and which of its stacked cells it is."""

    place: str
    level: int
    top: bool
    described: Described | None


@dataclass
class Keras:
    """A model as its file has it: layers described, groups of arrays, Keras's first number."""

    layers: list[Described]
    groups: list[Group]
    arrays: Arrays
    attributes: dict[str, Any]
    version: int
    sources: dict[str, Source] = field(default_factory=dict)
    """Name of a layer of ours → where it comes from."""

    @cached_property
    def feeds(self) -> dict[str, tuple[str, ...]]:
        """Place → the places that feed it."""
        return feeds(self.layers)

    def owner(self, group: Group) -> Described | None:
        """The layer of the configuration to which a group of arrays belongs."""
        parts = group.place.split("/")
        for one in self.layers:
            kind = one.kind in RECURRENT or one.kind in ("Bidirectional", "RNN")
            if kind and group.place == one.store:
                return one
            if kind and parts[0] != "layers" and one.name in (parts[-1], *parts[:2]):
                return one
        return None

    def recurrent(self) -> Iterator[tuple[Group, Described | None]]:
        """The groups with their layers, in the order of the configuration."""
        owned = [(group, self.owner(group)) for group in self.groups]
        order = {one.store: k for k, one in enumerate(self.layers)}
        yield from sorted(owned, key=lambda pair: order.get(pair[1].store, -1) if pair[1] else -1)

    def name(self, group: Group, one: Described | None) -> str:
        """What the user calls a layer."""
        said = self.attributes.get(f"{group.place}/vars", {}).get("name")
        place = group.place.removeprefix("layers/").removeprefix("model_weights/")
        name = one.name if one else said if isinstance(said, str) else place
        taken = sum(known == name or known.startswith(f"{name} (") for known in self.sources)
        return f"{name} ({taken + 1})" if taken else name

    def follows(self, upper: Layer, lower: Layer) -> bool:
        """Whether the file says that a layer reads the outputs of another, as they are."""
        high, low = self.sources[upper.name], self.sources[lower.name]
        if high.place == low.place:
            return high.level == low.level + 1
        if high.level or not low.top or not high.described or not low.described:
            return False
        side_by_side = low.described.config.get("merge_mode", "concat") == "concat"
        fed = self.feeds.get(high.described.store) == (low.described.store,)
        return fed and side_by_side and in_sequence(low.described)


def in_sequence(one: Described) -> bool:
    """Whether a layer gives its outputs of all steps, in the order of the inputs."""
    inner = wrapped(one.config)[1] if one.kind == "Bidirectional" else one.config
    backwards = inner.get("go_backwards") is True
    return inner.get("return_sequences") is True and not backwards


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
        made.append(_layer(own, spec, sides, model.version))
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


def _layer(name: str, spec: Spec | None, sides: list[CellWeights], version: int) -> Layer:
    arrays = tuple(one.ours() for one in sides)
    shape = sides[0].kernel.shape, sides[0].recurrent.shape
    for one in sides:
        if (one.kernel.shape, one.recurrent.shape) != shape or set(arrays[0]) != set(arrays[-1]):
            raise Refusal("The directions of `{name}` must have arrays of the same shapes.",
                          name=name)  # fmt: skip
    cell, first = sides[0].cell, sides[0]
    if spec is None:
        return _unsaid(name, cell, first, arrays)
    kind, config = spec
    if RECURRENT[kind] != cell:
        raise Refusal(
            "`{name}` must hold a {kind} as its configuration says; its arrays have the shapes of "
            "a {cell}.", name=name, kind=kind, cell=cell,
        )  # fmt: skip
    backwards = config.get("go_backwards") is True and len(sides) == 1
    said = config.get("activation", "tanh"), config.get("recurrent_activation", "sigmoid")
    functions = _functions(cell, *said, version)
    after = first.two_biases or "CuDNN" in kind or config.get("reset_after") is True
    known = Kind(cell, functions, reset_after=cell == "gru" and after)
    cell_of(known)
    notes = (BACKWARDS,) if backwards else ()
    return Layer(name, partial(cell_of, known), arrays, said=notes, reverse=backwards)


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
