"""Keras's files: .keras, .weights.h5 and the older .h5, with CuDNN's layouts.

A .keras file is a zip of config.json and model.weights.h5; an older .h5 keeps the configuration in
an attribute; a .weights.h5 has none, and then the kinds of layers are told by their shapes. No
layer is ever built from a configuration: it is read as text.
"""

from __future__ import annotations

import json
from typing import Any

from rnnviz.formats import limits
from rnnviz.formats.archives import content, members, opened
from rnnviz.formats.child import decoded
from rnnviz.formats.found import Contents, Net
from rnnviz.formats.keras_around import around
from rnnviz.formats.keras_config import described
from rnnviz.formats.keras_layers import layers_of
from rnnviz.formats.keras_model import Keras
from rnnviz.formats.keras_weights import groups
from rnnviz.formats.layers import Layer, chains, stacked
from rnnviz.words import Refusal

CONFIG, WEIGHTS, METADATA = "config.json", "model.weights.h5", "metadata.json"
PARTS = {CONFIG: limits.CONFIG_BYTES, WEIGHTS: limits.FILE_BYTES, METADATA: limits.CONFIG_BYTES}
"""The members of a .keras file that are read, and the most bytes that each may have."""
EARLY = "_layer_checkpoint_dependencies"
"""Where TensorFlow 2.12 and 2.13 keep the layers in a .keras file."""


def read(data: bytes) -> Contents:
    """The recurrent nets of a file: layers of one kind that carry on one another are one net."""
    zipped = data.startswith(b"PK")
    config, weights, metadata = _members(data) if zipped else (None, data, None)
    arrays, found = decoded("HDF5", weights)
    attributes = found["attributes"]
    early = {path: one for path, one in arrays.items() if path.startswith(EARLY)}
    late = {path: one for path, one in arrays.items() if path not in early}
    arrays = {path.replace(EARLY, "layers", 1): one for path, one in early.items()} | late
    if config is None and "model_config" in attributes.get("", {}):
        config = _parsed("model_config", attributes[""]["model_config"])
    version = _version(metadata, attributes.get(""), attributes.get("model_weights"))
    return contents(
        Keras(described(config), groups(arrays, attributes), arrays, attributes, version)
    )


def contents(model: Keras) -> Contents:
    """The nets of a model, and what of it makes none. Raises the first `Refusal` if all do."""
    refused: list[Refusal] = []
    layers = layers_of(model, refused)
    nets: list[Net] = []
    for chain in _possible(model, layers):
        try:
            nets.append(stacked(chain, around(model, chain)))
        except Refusal as refusal:
            refused.append(refusal)
    if not nets:
        raise refused[0] if refused else Refusal(
            "It holds no SimpleRNN, GRU or LSTM, in {n} arrays of floating-point numbers.",
            n=len(model.arrays),
        )  # fmt: skip
    return Contents(tuple(nets), tuple(one.words for one in refused))


def _possible(model: Keras, layers: list[Layer]) -> list[list[Layer]]:
    """The chains that the file tells of; where it tells of none, also each layer by itself."""
    told = chains(layers, model.follows)
    unsaid = [layer for layer in layers if model.sources[layer.name].described is None]
    by_shape = [one for one in chains(unsaid, lambda upper, lower: True) if len(one) > 1]
    return [*[one for one in by_shape if one not in told], *told]


def _version(*places: Any) -> int:
    """Keras's first number, from the first place that says it; 3 where none does.

    A .keras file says it in its metadata, which Keras 2.12 to 2.15 write too, an older .h5 in an
    attribute.
    """
    for place in places:
        said = place.get("keras_version") if isinstance(place, dict) else None
        if isinstance(said, str) and said[:1].isdecimal():
            return int(said[0])
    return 3


def _members(data: bytes) -> tuple[Any, bytes, Any]:
    """The configuration, the weights and the metadata of a .keras file. Raises `Refusal`."""
    held = members(data)
    for name, most in PARTS.items():
        if held[name].file_size > most if name in held else name != METADATA:
            raise Refusal(
                "A .keras file must hold {name}, of at most {most:,} bytes.", name=name, most=most
            )
    with opened(data) as archive:
        config, weights, metadata = (
            content(archive, held[name], most) if name in held else b"{}"
            for name, most in PARTS.items()
        )
    return _parsed(CONFIG, config), weights, _parsed(METADATA, metadata)


def _parsed(name: str, text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal("{name} in it is no JSON that can be read.", name=name) from None
