"""A Keras model as its file has it: which arrays belong to which layer, and what follows what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rnnviz.formats.keras_config import RECURRENT, Described, feeds, wrapped
from rnnviz.formats.keras_weights import Group
from rnnviz.formats.layers import Layer
from rnnviz.numerics.arrays import Arrays


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
