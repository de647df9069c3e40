"""Models to files of weights that Keras 3 loads, and the lines that build the layers for them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnviz.cells import Cell
from rnnviz.core.model import Model
from rnnviz.formats.keras_objects import to_keras_weights
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.optional import needed
from rnnviz.words import Refusal

LAYERS = {"rnn": ("SimpleRNN", "simple_rnn"), "gru": ("GRU", "gru"), "lstm": ("LSTM", "lstm")}
"""Cell → Keras's layer, and how its files call the first of them."""
FUNCTIONS = {"identity": "linear"}
"""Functions that Keras has under another name."""
KNOWN = {"nonlinearity", "reset_after"}
"""Options of cells that Keras's layers have, too."""


def keras_weights(model: Model, embedding: Array | None = None) -> bytes:
    """The content of a .weights.h5 for the layers of `keras_lines`.

    Raises `Refusal` for a model that Keras's layers cannot be, ImportError without h5py.
    """
    arrays = dict(_arrays(model, embedding))
    library = needed("h5py", who="A .weights.h5 file", extra="keras")
    with library.File(body := io.BytesIO(), "w") as file:
        for path, one in arrays.items():
            file.create_dataset(path, data=one)
    return body.getvalue()


def keras_lines(model: Model, file: str, embedding: Array | None = None) -> str:
    """The lines of Python that build the layers in Keras 3 and load the file's weights."""
    refuse_foreign(model)
    shape = f"(None, {model.input_size})" if embedding is None else "(None,), dtype='int32'"
    layers = [f"keras.Input({shape})"]
    if embedding is not None:
        layers.append("keras.layers.Embedding({}, {})".format(*embedding.shape))
    kind, both = LAYERS[model.cell.name][0], model.bidirectional
    bias = "" if {"b", "b_h"} & set(model.parameters[0]) else ", use_bias=False"
    size = f"{model.hidden_size}{options_of(model.cell)}{bias}"
    one = f"keras.layers.{kind}({size}, return_sequences=True)"
    layers += [f"keras.layers.Bidirectional({one})" if both else one] * model.num_layers
    if model.readout is not None:
        soft = ", activation='softmax'" if model.readout.kind == "softmax" else ""
        layers.append(f"keras.layers.Dense({model.readout.parameters['b_y'].size}{soft})")
    rows = "".join(f"    {layer},\n" for layer in layers)
    return (f"import keras\n\nkeras.config.set_floatx({model.dtype.name!r})\n"
            f"model = keras.Sequential([\n{rows}])\nmodel.load_weights({file!r})")  # fmt: skip


def refuse_foreign(model: Model) -> None:
    """Refuse what Keras's own layers do not compute."""
    cell = model.cell
    plain = model.reverse_cell is None and model.initial is None and model.direction == "forward"
    own = cell.name in LAYERS and not set(cell.options) - KNOWN and not model.projected
    if not own or not plain or model.hold:
        raise Refusal(
            "`model` must be one that Keras has, an RNN, an LSTM or a GRU that reads forwards or "
            "in both directions, without held gates, other functions of gates, projections and "
            "initial states, got {got}.", got=repr(model),
        )  # fmt: skip


def options_of(cell: Cell) -> str:
    """What Keras's layer of a cell is told of its options: ", reset_after=True"."""
    if cell.name == "gru":
        return f", reset_after={cell.options['reset_after']}"
    if cell.name == "rnn":
        phi = str(cell.options["nonlinearity"])
        return f", activation={FUNCTIONS.get(phi, phi)!r}"
    return ""


def _arrays(model: Model, embedding: Array | None) -> Iterator[tuple[str, Any]]:
    """Path in the file → array: layers/NAME/…/vars/0, 1, 2."""
    refuse_foreign(model)
    if embedding is not None:
        yield "layers/embedding/vars/0", embedding
    name = "bidirectional" if model.bidirectional else LAYERS[model.cell.name][1]
    sides = ["forward_layer/", "backward_layer/"] if model.bidirectional else [""]
    for layer, arrays in enumerate(to_keras_weights(model)):
        place = f"layers/{name}_{layer}" if layer else f"layers/{name}"
        each = len(arrays) // len(sides)
        for k, one in enumerate(arrays):
            yield f"{place}/{sides[k // each]}cell/vars/{k % each}", one
    if model.readout is not None:
        for k, name in enumerate(("W_y", "b_y")):
            yield f"layers/dense/vars/{k}", np.asarray(model.readout.parameters[name])
