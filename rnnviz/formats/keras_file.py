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

CONFIG, WEIGHTS = "config.json", "model.weights.h5"
EARLY = "_layer_checkpoint_dependencies"
"""Where TensorFlow 2.12 and 2.13 keep the layers in a .keras file."""


def read(data: bytes) -> Contents:
    """The recurrent nets of a file: layers of one kind that carry on one another are one net."""
    config, weights = _members(data) if data.startswith(b"PK") else (None, data)
    arrays, found = decoded("HDF5", weights)
    attributes = found["attributes"]
    early = {path: one for path, one in arrays.items() if path.startswith(EARLY)}
    late = {path: one for path, one in arrays.items() if path not in early}
    arrays = {path.replace(EARLY, "layers", 1): one for path, one in early.items()} | late
    if config is None and "model_config" in attributes.get("", {}):
        config = _parsed("model_config", attributes[""]["model_config"])
    return contents(Keras(
        described(config), groups(arrays, attributes), arrays, attributes, _version(attributes)
    ))  # fmt: skip


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


def _version(attributes: Any) -> int:
    """Keras's first number: an older .h5 says it, a .keras file is of Keras 3."""
    for place in ("", "model_weights"):
        said = attributes.get(place, {}).get("keras_version")
        if isinstance(said, str) and said[:1].isdigit():
            return int(said[0])
    return 3


def _members(data: bytes) -> tuple[Any, bytes]:
    """The configuration and the weights of a .keras file. Raises `Refusal`."""
    held = members(data)
    for name, most in ((CONFIG, limits.CONFIG_BYTES), (WEIGHTS, limits.FILE_BYTES)):
        if name not in held or held[name].file_size > most:
            raise Refusal(
                "A .keras file must hold {name}, of at most {most:,} bytes.", name=name, most=most
            )
    with opened(data) as archive:
        config, weights = (content(archive, held[name], held[name].file_size)
                           for name in (CONFIG, WEIGHTS))  # fmt: skip
    return _parsed(CONFIG, config), weights


def _parsed(name: str, text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal("{name} in it is no JSON that can be read.", name=name) from None
