"""An experiment as a PyTorch script."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rnnviz.cells import Cell
from rnnviz.core.losses import Loss
from rnnviz.core.model import Model
from rnnviz.exports.scripts.cell_code import TORCH, lines, symbol_of
from rnnviz.exports.scripts.experiment import Net
from rnnviz.exports.scripts.writing import Library, class_name, comment
from rnnviz.formats.torch_state import to_torch_state
from rnnviz.numerics.arrays import Array
from rnnviz.words import Refusal

KINDS = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}


def as_pytorch(source: Any, *, loss: Loss | None = None) -> str:
    """A PyTorch script that builds the same nets and reproduces the same gradients.

    ``source`` is settings (all of their cells under their loss), a gradient flow (one net, and
    ``loss`` if it came from one; without it the script is given ∂L/∂outputs), or a trace (the
    forward pass alone). The script needs NumPy and PyTorch: weights, inputs, targets and the
    numbers to be found stand in it. It prints ‖∂L/∂h_t‖ and ‖∂L/∂c_t‖ at every timestep, and ends
    with exit code 1 where its largest relative error is above 1e-10 (1e-4 in float32).

    Cells that PyTorch has are its own nn.RNN, nn.LSTM and nn.GRU; others are a module made from
    their equations. Raises ValueError for several lengths in a batch, or too many numbers.

    >>> import numpy as np, rnnviz
    >>> trace = rnnviz.run(rnnviz.build("lstm", 2, 4), np.ones((6, 1, 2)))
    >>> script = rnnviz.as_pytorch(rnnviz.backprop(trace, np.ones((6, 1, 4))))
    >>> "nn.LSTM(2, 4)" in script
    True
    """
    return LIBRARY(source, loss)


def _maker(net: Net, classes: dict[str, str]) -> tuple[str, dict[str, Array]]:
    """The function that makes a net, and the arrays that it reads."""
    model = net.trace.model
    states, size = tuple(model.cell.states), model.hidden_size
    rest = f"{model.directions!r}, {states!r}, {size}, readout_of(data))"
    start = f'def make_{net.name}(data):\n    """The net, and PyTorch\'s own of it or None."""\n'
    if (state := _standard(model)) is not None:
        begins = any(one.any() for one in net.trace.initial.values())
        options = f", num_layers={model.num_layers}" if model.num_layers > 1 else ""
        options += ", bidirectional=True" if model.bidirectional else ""
        if model.cell.name == "rnn":
            options += f", nonlinearity={model.cell.options['nonlinearity']!r}"
        made = f"nn.{KINDS[model.cell.name]}({model.input_size}, {size}{options})"
        return (
            f"{start}    whole = loaded({made}, under(data, \"whole.\"))\n"
            f"    net = Net(cells_of(whole), {rest}\n"
            f"    return net, {'None' if begins else 'whole'}\n\n\n",
            {f"whole.{name}": one for name, one in state.items()},
        )
    rows: dict[int, list[str]] = {}
    weights: dict[str, Array] = {}
    for at in net.layers:
        name = class_name(at.cell, _class(at.cell), classes)
        place = f"{at.layer}.{at.direction}."
        rows.setdefault(at.layer, []).append(f'{name}(under(data, "{place}"))')
        weights |= {place + one: array for one, array in net.weights(at).items()}
    cells = "".join(f"        [{', '.join(row)}],\n" for row in rows.values())
    made = f"{start}    layers = [\n{cells}    ]\n    return Net(layers, {rest}, None\n\n\n"
    return made, weights


def _standard(model: Model) -> dict[str, Array] | None:
    """The weights under PyTorch's names, with held gates as weights; None for other cells."""
    cell = model.cell
    if cell.name not in KINDS or model.projected or model.reverse_cell is not None:
        return None
    plain = type(cell)(**cell.options)
    held = tuple(cell.as_held(W) for W in model.parameters)
    try:
        return to_torch_state(replace(model, cell=plain, parameters=held, readout=None,
                                      initial=None))  # fmt: skip
    except Refusal:
        return None


def _class(cell: Cell) -> str:
    """A module of the cell's equations, under the name NAME."""
    symbols = {name: symbol_of(cell, name) for name in cell.states}
    past = ", ".join(f"{name}_prev" for name in cell.states)
    step = [f"        {one}\n" for one in lines(cell, TORCH)]
    begin = "states" if len(cell.states) > 1 else past
    unpack = f"        {past} = states\n" if len(cell.states) > 1 else ""
    said = comment(cell.title, getattr(cell, "source", ""))
    return (
        f"{said}class NAME(Cell):\n    def forward(self, x, {begin}):\n{unpack}{''.join(step)}"
        f"        return {', '.join(symbols.values())}\n"
    )


LIBRARY = Library("PyTorch", "torch", _maker,
                  ("h", 'h @ cell.W_r if hasattr(cell, "W_r") else h'))  # fmt: skip
