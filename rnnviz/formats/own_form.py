"""What `rnnviz.save` writes: arrays by place, and one text that describes the model.

The text is JSON: the form's version, the cell (and the reverse direction's own) with its options
and held gates, the sizes, the direction and the readout's kind. The arrays are
``layer_0.forward.W_x`` and the like, ``readout.W_y``, and ``initial.h`` for learnt initial states.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rnnviz.cells import CELLS, Cell
from rnnviz.core.model import DIRECTIONS, Model
from rnnviz.core.readout import Readout
from rnnviz.formats.float_arrays import weights
from rnnviz.formats.found import Net, about
from rnnviz.formats.labels import Labels
from rnnviz.formats.sizes import check_sizes
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.validation import flag, one_of, shown, whole_number
from rnnviz.words import Refusal

VERSION = 1
KEY = "rnnviz"
"""Where the text stands: in the metadata of .safetensors, as an array of bytes in .npz."""
EMBEDDING = "embedding"
"""The name of an embedding (V, D) beside the model's arrays."""
STARTS = ("layer_", "readout.", "initial.", EMBEDDING)
"""How the names of a net's arrays begin; what `rnnviz.export` writes beside them is no weight."""
LONGEST = 65_536
"""Bytes of the text."""


def arrays_of(model: Model) -> dict[str, Array]:
    """The model's arrays by place and name."""
    found = {
        f"layer_{layer}.{direction}.{name}": array
        for index, layer, direction in model.places()
        for name, array in model.parameters[index].items()
    }
    if model.readout is not None:
        found |= {f"readout.{name}": one for name, one in model.readout.parameters.items()}
    return found | {f"initial.{name}": one for name, one in (model.initial or {}).items()}


def form_of(model: Model) -> str:
    """The text that describes the model beside its arrays."""
    return json.dumps({
        "version": VERSION,
        "cell": _described(model.cell),
        "reverse_cell": None if model.reverse_cell is None else _described(model.reverse_cell),
        "direction": model.direction,
        "batch_first": model.batch_first,
        "input_size": model.input_size,
        "hidden_size": model.hidden_size,
        "num_layers": model.num_layers,
        "bidirectional": model.bidirectional,
        "readout": None if model.readout is None else model.readout.kind,
    })  # fmt: skip


def _described(cell: Cell) -> dict[str, Any]:
    options = dict(cell.options)
    if "activations" in options:
        options["activations"] = dict(options["activations"])
    return {"name": cell.name, "options": options, "hold": dict(cell.hold)}


def _cell(said: Any) -> Cell | None:
    return None if said is None else CELLS[said["name"]](hold=said["hold"], **said["options"])


def net(arrays: Mapping[str, Any], form: str, named: Labels) -> Net:
    """The saved net, with its embedding and labels where it has them.

    Raises `Refusal` where the text is not as `form_of` writes it, ValueError where the arrays do
    not fit it.
    """
    said = _read(form)
    try:
        cell, reverse_cell = _cell(said["cell"]), _cell(said.get("reverse_cell"))
        first = one_of("direction", said.get("direction", "forward"), DIRECTIONS)
        inputs = whole_number("input_size", said["input_size"])
        hidden = whole_number("hidden_size", said["hidden_size"])
        layers = whole_number("num_layers", said["num_layers"])
        both = flag("bidirectional", said["bidirectional"])
        turned = flag("batch_first", said.get("batch_first", False))
    except (KeyError, TypeError, AttributeError):
        cell = None
    if cell is None:
        raise Refusal(
            "Its description must be as rnnviz.save writes it, got {got}.", got=shown(said)
        )
    check_sizes(inputs, hidden, layers)
    found = {name: weights(name, array, len(array.shape)) for name, array in arrays.items()
             if name.startswith(STARTS)}  # fmt: skip
    kind = said.get("readout")
    readout = None if kind is None else Readout(str(kind), _under("readout.", found))
    parameters = tuple(
        _under(f"layer_{layer}.{direction}.", found)
        for layer in range(layers)
        for direction in (DIRECTIONS if both else (first,))
    )
    model = Model(
        cell, inputs, hidden, parameters, layers, both, readout, first, reverse_cell,
        _under("initial.", found) or None, turned,
    )  # fmt: skip
    vectors = found.get(EMBEDDING)
    if vectors is not None and (vectors.ndim != 2 or vectors.shape[1] != inputs):
        raise Refusal(
            "`{name}` must have the shape (V, {inputs}), got {shape}.",
            name=EMBEDDING, inputs=inputs, shape=vectors.shape,
        )  # fmt: skip
    outputs = () if readout is None else (readout.parameters["b_y"].size,)
    ins, outs = named.of(inputs if vectors is None else len(vectors), outputs)
    said_of_it = about(cell.title, inputs, hidden, layers, 1 + both)
    return Net(
        "", said_of_it, lambda: model, input_labels=ins, embedding=vectors, output_labels=outs
    )


def _read(form: str) -> dict[str, Any]:
    try:
        said = json.loads(form) if len(form) <= LONGEST else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or said.get("version") != VERSION:
        raise Refusal(
            "Its description must be JSON of version {version}, as rnnviz.save writes it, got "
            "{got}: it may come from a later rnnviz.", version=VERSION, got=shown(said or form),
        )  # fmt: skip
    return said


def _under(start: str, arrays: Mapping[str, Array]) -> Arrays:
    return {name.removeprefix(start): one for name, one in arrays.items() if name.startswith(start)}
