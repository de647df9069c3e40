"""The layers that a Keras model's configuration describes, in order, and what feeds what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rnnviz.formats import limits
from rnnviz.words import Refusal

RECURRENT = {"SimpleRNN": "rnn", "GRU": "gru", "LSTM": "lstm", "CuDNNGRU": "gru",
             "CuDNNLSTM": "lstm", "SimpleRNNCell": "rnn", "GRUCell": "gru",
             "LSTMCell": "lstm"}  # fmt: skip
"""Keras's class → the cell here."""
MODELS = ("Sequential", "Functional", "Model")
THROUGH = ("InputLayer", "Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout",
           "AlphaDropout", "ActivityRegularization", "Masking")  # fmt: skip
"""Layers that change nothing where nothing is trained."""
MOST_READ = 16
"""So many layers may feed another one."""
Config = Mapping[str, Any]


@dataclass(frozen=True)
class Described:
    """One layer: its name, class and configuration, its place in the store, and what it reads."""

    name: str
    kind: str
    config: Config
    store: str
    reads: tuple[str, ...]
    """The places of the layers that feed it."""


def described(model: Any) -> list[Described]:
    """The layers of a model's configuration; those of models in it stand where these stand.

    Raises `Refusal` where there are too many.
    """
    found = [one for layers, _ in _walk(model, "", (), 0) for one in layers]
    if len(found) > limits.ARRAYS:
        raise Refusal("A model must have at most {most:,} layers, got {n:,}.",
                      most=limits.ARRAYS, n=len(found))  # fmt: skip
    return found


def _walk(
    model: Any, place: str, before: tuple[str, ...], depth: int
) -> Iterator[tuple[list[Described], tuple[str, ...]]]:
    """Layer by layer: what it adds, and the places of what feeds the next one."""
    config = _inside(model)
    layers = config.get("layers")
    if not isinstance(layers, list) or depth > 8:
        return
    in_order = text(model, "class_name") == "Sequential"
    used: dict[str, int] = {}
    ends: dict[str, tuple[str, ...]] = {}
    for layer in layers:
        if not isinstance(layer, dict):
            continue
        name = text(layer, "name") or text(_inside(layer), "name")
        kind = text(layer, "class_name")
        if not in_order:
            before = _once(end for one in _inbound(layer) for end in ends.get(one, ()))
        store = f"{place}layers/{_unique(snake_case(kind), used)}"
        if kind in MODELS:
            inner = list(_walk(layer, f"{store}/", before, depth + 1))
            yield [one for added, _ in inner for one in added], inner[-1][1] if inner else before
            before = inner[-1][1] if inner else before
        else:
            yield [Described(name, kind, _inside(layer), store, before)], (store,)
            before = (store,)
        ends[name] = before


def _inside(thing: Any) -> Config:
    config = thing.get("config") if isinstance(thing, dict) else None
    return config if isinstance(config, dict) else {}


def text(thing: Any, key: str) -> str:
    """The text under a key, or an empty one."""
    value = thing.get(key) if isinstance(thing, Mapping) else None
    return value[:256] if isinstance(value, str) else ""


def wrapped(config: Config, key: str = "layer") -> tuple[str, Config]:
    """Class and configuration of a layer inside another one's."""
    inner = config.get(key)
    return text(inner, "class_name"), _inside(inner)


def _inbound(layer: Config) -> list[str]:
    """The names of the layers that feed the first call of a layer, in Keras 3's or 2's form."""
    nodes = layer.get("inbound_nodes")
    if not isinstance(nodes, list) or not nodes:
        return []
    first = nodes[0]
    if isinstance(first, dict):
        return list(_histories(first.get("args"), 0))
    if isinstance(first, list):
        return [
            one[0] for one in first if isinstance(one, list) and one and isinstance(one[0], str)
        ]
    return []


def _histories(thing: Any, depth: int) -> Iterator[str]:
    if depth > 8:
        return
    if isinstance(thing, dict):
        history = thing.get("keras_history")
        if isinstance(history, list) and history and isinstance(history[0], str):
            yield history[0]
        for one in thing.values():
            yield from _histories(one, depth + 1)
    elif isinstance(thing, list):
        for one in thing:
            yield from _histories(one, depth + 1)


def snake_case(name: str) -> str:
    """A class's name as Keras writes it in its files: SimpleRNN → simple_rnn."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def _unique(name: str, used: dict[str, int]) -> str:
    used[name] = used.get(name, -1) + 1
    return f"{name}_{used[name]}" if used[name] else name


def feeds(layers: list[Described]) -> dict[str, tuple[str, ...]]:
    """Place → the places that feed it, past layers that change nothing."""
    found: dict[str, tuple[str, ...]] = {}
    gives: dict[str, tuple[str, ...]] = {}
    for one in layers:  # whatever a layer reads stands before it
        found[one.store] = _once(far for near in one.reads for far in gives.get(near, (near,)))
        gives[one.store] = found[one.store] if one.kind in THROUGH else (one.store,)
    return found


def _once(places: Iterable[str]) -> tuple[str, ...]:
    """The first places, each once: a layer that reads more than MOST_READ is none of ours."""
    return tuple(dict.fromkeys(islice(places, 4 * MOST_READ)))[:MOST_READ]
