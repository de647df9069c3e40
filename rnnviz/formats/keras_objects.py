"""Models from Keras's layers and arrays, and back; Keras itself is never imported."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from rnnviz.core.model import Model
from rnnviz.formats.float_arrays import weights
from rnnviz.formats.found import NetFile
from rnnviz.formats.keras_config import described
from rnnviz.formats.keras_file import contents
from rnnviz.formats.keras_model import Keras
from rnnviz.formats.keras_weights import CellWeights, Group, groups, in_our_order
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.validation import instance, shown
from rnnviz.words import Refusal


def from_keras(source: Any, net: str | None = None, **answers: Any) -> Model:
    """A model with the weights of a Keras layer, of a Keras model, or of arrays.

    ``source`` is a SimpleRNN, GRU, LSTM, Bidirectional or RNN layer that is built, a Sequential or
    functional model with such layers, or what a layer's ``get_weights()`` gives: kernel (D, G·H),
    recurrent kernel (H, G·H), and the bias if there is one. ``net`` names one of several nets in a
    model; ``answers`` is what arrays cannot tell: ``nonlinearity`` of a simple RNN, ``reset_after``
    of a GRU without a bias. A dense layer that reads nothing but the net becomes its readout.

    Raises ValueError naming what is wrong.

    >>> import numpy as np, rnnviz
    >>> rnnviz.from_keras([np.ones((2, 12)), np.ones((3, 12)), np.zeros(12)])
    Model(lstm, 2 → 3, 1 layer, 72 parameters, float64)
    """
    if isinstance(source, (list, tuple)):
        model = Keras([], [_group(source)], {}, {}, 3)
    elif hasattr(source, "get_config") and hasattr(source, "weights"):
        if not source.weights:
            raise Refusal("`source` must be built: call it once, or give its shape of inputs.")
        model = _described(source)
    else:
        raise Refusal(
            "`source` must be a layer or model of Keras, or a list of its arrays, got {got}.",
            got=shown(source),
        )  # fmt: skip
    nets = contents(model).nets
    return NetFile("`source`", "keras", "", nets).net(net).model(**answers)


def to_keras_weights(model: Model) -> list[list[Array]]:
    """What ``set_weights`` of Keras's layers takes: a list of arrays for every layer of the model.

    Of a Bidirectional layer the forward arrays come first. Each is kernel, recurrent kernel and,
    where the model has one, the bias: (G·H,), for a GRU with the reset gate after the product
    (2, 3H). The layers must be built with the model's functions; the readout, W_y and b_y, is as a
    Dense layer has it.

    Raises ValueError for cells that Keras has not.

    >>> import rnnviz
    >>> [one.shape for one in rnnviz.to_keras_weights(rnnviz.build("gru", 2, 3))[0]]
    [(2, 9), (3, 9), (9,)]
    """
    instance("model", model, Model)
    if model.cell.name not in ("rnn", "gru", "lstm"):
        raise Refusal(
            "`model` must be of an RNN, a GRU or an LSTM, as Keras has them, got {cell}.",
            cell=model.cell.title,
        )  # fmt: skip
    after = model.cell.options.get("reset_after") is True
    sides = len(model.directions)
    every = [_theirs(model.cell.name, one, after) for one in model.parameters]
    return [
        [array for side in every[layer : layer + sides] for array in side]
        for layer in range(0, len(every), sides)
    ]


def _theirs(cell: str, W: Arrays, after: bool) -> list[Array]:
    found = [W["W_x"], W["W_h"]]
    if "b" in W or "b_h" in W:
        zero = np.zeros_like(W["W_x"][0])
        b, b_h = W.get("b", zero), W.get("b_h", zero)
        found.append(np.stack([b, b_h]) if after else b + b_h)
    return [np.array(in_our_order(one, cell)) for one in found]


def _group(arrays: Sequence[Any]) -> Group:
    if len(arrays) not in (2, 3, 4, 6):
        raise Refusal(
            "`source` must have kernel, recurrent kernel and, where there is one, bias, for one "
            "direction or two, got {n} arrays.", n=len(arrays),
        )  # fmt: skip
    each = len(arrays) if len(arrays) < 4 else len(arrays) // 2
    cells = []
    for first in range(0, len(arrays), each):
        axes = (2, 2, 2 if np.ndim(arrays[first + each - 1]) == 2 else 1)
        own = [weights(f"source[{first + k}]", arrays[first + k], axes[k]) for k in range(each)]
        cells.append(CellWeights("source", *own))
    return Group("source", cells[:1], cells[1:])


def _described(source: Any) -> Keras:
    """A layer or model as an older .h5 file has it: arrays under the paths of their variables."""
    name, kind = str(getattr(source, "name", "")), type(source).__name__
    config = {"class_name": kind, "name": name, "config": dict(source.get_config())}
    layers = getattr(source, "layers", None)
    if not isinstance(layers, list):
        layers, config = [source], {"class_name": "Sequential", "config": {"layers": [config]}}
    arrays: dict[str, Array] = {}
    attributes: dict[str, Any] = {}
    for layer in layers:
        place, order = f"model_weights/{layer.name}", []
        for variable in layer.weights:
            path = str(getattr(variable, "path", None) or variable.name)
            arrays[f"{place}/{path}"] = _numbers(variable)
            order.append(path)
        attributes[place] = {"weight_names": order}
    return Keras(described(config), groups(arrays, attributes), arrays, attributes,
                 _version(type(source)))  # fmt: skip


def _numbers(variable: Any) -> Array:
    return np.asarray(variable.numpy() if hasattr(variable, "numpy") else variable)


def _version(kind: type) -> int:
    """Keras's first number, from the package that a class belongs to."""
    package = sys.modules.get(kind.__module__.partition(".")[0])
    said = str(getattr(package, "__version__", "3"))
    return int(said[0]) if getattr(package, "__name__", "") == "keras" and said[0].isdigit() else 2
