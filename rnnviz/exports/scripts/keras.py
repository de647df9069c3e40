"""An experiment as a Keras script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from rnnviz.cells import Cell
from rnnviz.core.losses import Loss
from rnnviz.core.model import Model
from rnnviz.core.trace import LayerTrace
from rnnviz.exports.scripts.cell_code import KERAS, lines, parameters, symbol_of
from rnnviz.exports.scripts.experiment import Net
from rnnviz.exports.scripts.writing import Library, class_name, comment
from rnnviz.formats.keras_objects import to_keras_weights
from rnnviz.formats.keras_written import KNOWN, LAYERS, options_of
from rnnviz.numerics.arrays import Array


def as_keras(source: Any, *, loss: Loss | None = None) -> str:
    """A Keras script that builds the same nets and reproduces the same gradients.

    As `rnnviz.as_pytorch`, with cells made from the equations in RNN layers; where Keras has the
    cell itself, its SimpleRNN, LSTM or GRU layers get the same weights beside them, and their
    outputs are compared, too, within the same tolerance. Keras takes no gradients itself: the
    script does, by PyTorch or TensorFlow, whichever the environment variable KERAS_BACKEND names.

    With PyTorch, Keras 3.15 multiplies float64 matrices in float32 in SimpleRNN and in
    GRU(reset_after=False); the script undoes this for itself.

    >>> import numpy as np, rnnviz
    >>> made = rnnviz.as_keras(rnnviz.run(rnnviz.build("gru", 2, 4), np.ones((6, 1, 2))))
    >>> "keras.layers.GRU(4, reset_after=False" in made
    True
    """
    return LIBRARY(source, loss)


def _maker(net: Net, classes: dict[str, str]) -> tuple[str, dict[str, Array]]:
    """The function that makes a net, and the arrays that it reads."""
    model = net.trace.model
    own, theirs = Rows(), Rows()
    standard = _standard(model)
    if any(one.any() for one in net.trace.initial.values()):
        standard = None  # Keras's layers begin with zeros
    for index, at in enumerate(net.layers):
        arrays = net.weights(at)
        name = class_name(at.cell, _class(at), classes)
        more = "" if at.projection is None else f", {at.projection.shape[1]}"
        own.add(at, f"RNN({name}({model.hidden_size}{more})", "", arrays)
        if standard is not None:
            kind = f"{LAYERS[model.cell.name][0]}({model.hidden_size}{options_of(model.cell)}"
            theirs.add(at, kind, "keras.", {str(k): one for k, one in enumerate(standard[index])})
    whole = f"    whole = {theirs.text}\n" if standard is not None else ""
    return (
        f'def make_{net.name}(data):\n    """The net, and layers of Keras\'s own or None."""\n'
        f"    layers = {own.text}\n{whole}    net = Net(layers, {model.directions!r}, "
        f"{tuple(model.cell.states)!r}, {model.hidden_size}, readout_of(data))\n"
        f"    return net, {'whole' if whole else 'None'}\n\n\n",
        own.arrays | theirs.arrays,
    )


class Rows:
    """A list of layers, each a list of one recurrent layer a direction, as it is written."""

    def __init__(self) -> None:
        self.rows: dict[int, list[str]] = {}
        self.arrays: dict[str, Array] = {}

    def add(self, at: LayerTrace, made: str, start: str, arrays: Mapping[str, Array]) -> None:
        """One layer and direction with its arrays."""
        back = ", go_backwards=True" if at.direction == "reverse" else ""
        place, inputs = f"{start}{at.layer}.{at.direction}.", len(at.parameters["W_x"])
        self.rows.setdefault(at.layer, []).append(
            f"loaded(keras.layers.{made}, return_sequences=True{back}),\n"
            f'                {inputs}, under(data, "{place}"))'
        )
        self.arrays |= {place + name: one for name, one in arrays.items()}

    @property
    def text(self) -> str:
        """The expression."""
        rows = ("        [" + ",\n         ".join(row) + "],\n" for row in self.rows.values())
        return f"[\n{''.join(rows)}    ]"


def _standard(model: Model) -> list[list[Array]] | None:
    """The arrays of every layer and direction as Keras's own layers take them; None for others."""
    cell = model.cell
    unusual = set(cell.options) - KNOWN
    if cell.name not in LAYERS or unusual or model.projected or model.reverse_cell is not None:
        return None
    held = []
    for W in model.parameters:
        own = dict(cell.as_held(W))
        held.append({**own, "b": own.get("b", np.zeros_like(own["W_x"][0]))})
    plain = type(cell)(**cell.options)
    made = to_keras_weights(replace(model, cell=plain, parameters=tuple(held), initial=None))
    sides = len(model.directions)
    return [layer[k * len(layer) // sides : (k + 1) * len(layer) // sides]
            for layer in made for k in range(sides)]  # fmt: skip


def _class(at: LayerTrace) -> str:
    """A layer of the cell's equations, under the name NAME."""
    cell = at.cell
    past = ", ".join(f"{name}_prev" for name in cell.states)
    new = ", ".join(symbol_of(cell, name) for name in cell.states)
    shapes = "".join(f"            {name!r}: {_shape(cell, *place)},\n"
                     for name, place in parameters(cell).items())  # fmt: skip
    out = "h"
    if at.projection is not None:
        shapes += f"            'W_r': (units, {at.projection.shape[1]}),\n"
        out = "h @ self.W_r"
    step = "".join(f"        {one}\n" for one in lines(cell, KERAS))
    return (
        f"{comment(cell.title, getattr(cell, 'source', ''))}class NAME(Cell):\n"
        f"    carried = {len(cell.states)}\n\n    def shapes(self, inputs, units):\n"
        f"        return {{\n{shapes}        }}\n\n    def call(self, x, states):\n"
        f"        {past}{',' if len(cell.states) == 1 else ''} = states\n{step}"
        f"        return {out}, [{new}]\n"
    )


def _shape(cell: Cell, parameter: str, block: str) -> str:
    """The shape of a block, in terms of inputs and units."""
    size = len(cell.shapes(1, 1)[parameter]) if parameter not in cell.statement.vectors else 1
    if size == 1:
        return "(units,)"
    return "(inputs, units)" if parameter == "W_x" else "(units, units)"


LIBRARY = Library(
    "Keras", "keras", _maker,
    ("one[0]", 'one[0] @ cell.W_r if hasattr(cell, "W_r") else one[0]'),
    {"loss": ("None", "loss_of(scores, data)"),
     "result": ("loss = forward()", "loss, gradients = run_back(forward)")},
)  # fmt: skip
