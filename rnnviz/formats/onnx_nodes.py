"""A recurrent node of ONNX as a layer: blocks in our order, its functions, its directions.

ONNX keeps W (D, G·H, I), R (D, G·H, H), B (D, 2·G·H) and peepholes P (D, 3·H), D directions, with
the blocks [i o f c] and [z r h], P's [i o f].
"""

from __future__ import annotations

from functools import partial

import numpy as np

from rnnviz.formats.activations import Kind, cell_of, of_onnx
from rnnviz.formats.float_arrays import weights
from rnnviz.formats.layers import Layer
from rnnviz.formats.onnx_graph import Node, tensor
from rnnviz.formats.onnx_paths import way_down
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.words import Refusal, Sentence, sentence

CELLS = {"RNN": "rnn", "GRU": "gru", "LSTM": "lstm"}
ORDER = {"rnn": (0,), "gru": (1, 0, 2), "lstm": (0, 2, 3, 1)}
"""Cell → where ONNX has each of our blocks."""
COUPLED = 0, 3, 1
"""The same for the blocks i, g, o of coupled gates."""
USUAL = {"rnn": ["Tanh"], "gru": ["Sigmoid", "Tanh"], "lstm": ["Sigmoid", "Tanh", "Tanh"]}
X, W, R, B, LENGTHS, INITIAL_H, INITIAL_C, P = range(8)
GIVEN = sentence(
    "All states begin at zero; in the file they come from outside the node, or differ by example."
)
OWN_LENGTHS = sentence(
    "All sequences have the same length, unless `lengths` says otherwise; in the file the node is "
    "given their lengths."
)


def layer_of(node: Node, name: str) -> Layer:
    """The layer of an RNN, GRU or LSTM node. Raises `Refusal`: node, rule and what is there."""
    cell = CELLS[node.op]
    direction = node.text("direction", "forward")
    sides = {"forward": 1, "reverse": 1, "bidirectional": 2}.get(direction)
    if sides is None:
        raise Refusal("The direction of `{name}` must be forward, reverse or bidirectional, got "
                      "`{direction}`.", name=name, direction=direction[:40])  # fmt: skip
    kinds = _kinds(node, cell, sides, name)
    arrays = _arrays(node, cell, sides, name, kinds[0].coupled)
    other = cell_of(kinds[1]) if kinds[-1] != kinds[0] else None
    cell_of(kinds[0])
    initial, said = _initial(node, cell, sides, arrays[0]["W_h"].shape[0])
    if node.input(LENGTHS):
        said = (*said, OWN_LENGTHS)
    return Layer(
        name, partial(cell_of, kinds[0]), arrays, said=said, other=other,
        reverse=direction == "reverse", initial=initial,
    )  # fmt: skip


def _initial(
    node: Node, cell: str, sides: int, hidden: int
) -> tuple[Arrays | None, tuple[Sentence, ...]]:
    """State → (directions, H) where it is constant and not zero; what is said where it is not."""
    found: dict[str, Array] = {}
    for state, place in (("h", INITIAL_H), ("c", INITIAL_C)):
        if node.input(place) and (state == "h" or cell == "lstm"):
            rows = _begins(node, place, (sides, 1, hidden))
            if rows is None:
                return None, (GIVEN,)
            found[state] = rows
    given = any(np.any(one) for one in found.values())
    return (found if given else None), ()


def _begins(node: Node, place: int, shape: tuple[int, int, int]) -> Array | None:
    """A state that the node begins with, (directions, H), where all examples have the same."""
    name, constant = node.input(place), node.constant(place)
    maker = node.graph.maker(name)
    if constant is None and maker is not None and maker.op == "Expand":
        constant = maker.constant(0)
        constant = None if constant is None else np.atleast_3d(constant.T).T
    if constant is None:
        way = way_down(node.graph, name, ("ConstantOfShape",))
        value = tensor(way[-1].attributes.get("value"), node.graph.arrays) if way else None
        zero = bool(way) and (value is None or not np.any(value))
        return np.zeros(shape[::2], np.float32) if zero else None
    values = weights(f"{name} of {node.name}", constant, 3)
    if values.shape[1:2] and np.all(values == values[:, :1]):
        values = values[:, :1]
    try:
        return np.broadcast_to(values, shape)[:, 0]
    except ValueError:
        return None


def _kinds(node: Node, cell: str, sides: int, name: str) -> list[Kind]:
    """What each direction is, beside its weights."""
    said = node.every("activations", str) or USUAL[cell] * sides
    each = len(USUAL[cell])
    if len(said) != each * sides:
        raise Refusal(
            "`{name}` must have {n} functions, {each} for each direction, got {got}.",
            name=name, n=each * sides, each=each, got=", ".join(said)[:120],
        )  # fmt: skip
    alphas, betas = (node.every(f"activation_{one}", (int, float)) for one in ("alpha", "beta"))
    functions = [of_onnx(one, alphas, betas) for one in said]
    clip = node.number("clip")
    return [
        Kind(
            cell, tuple(functions[k * each : (k + 1) * each]),
            reset_after=cell == "gru" and node.number("linear_before_reset") == 1,
            peepholes=cell == "lstm" and bool(node.input(P)),
            coupled=cell == "lstm" and node.number("input_forget") == 1,
            clip=float(clip) if clip else None,
        )
        for k in range(sides)
    ]  # fmt: skip


def _arrays(node: Node, cell: str, sides: int, name: str, coupled: bool) -> tuple[Arrays, ...]:
    blocks = len(ORDER[cell])
    kernel, recurrent = _weights(node, W, "W", name), _weights(node, R, "R", name)
    H = recurrent.shape[2]
    said = node.number("hidden_size")
    if said is not None and said != H:
        raise Refusal(
            "The hidden_size of `{name}` is {said}, but R has the shape {shape}, of {H} units: the "
            "export is faulty (PyTorch's with proj_size is).", name=name, said=said,
            shape=str(recurrent.shape), H=H,
        )  # fmt: skip
    shapes: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {
        "W": (kernel.shape, (sides, blocks * H, kernel.shape[2])),
        "R": (recurrent.shape, (sides, blocks * H, H)),
    }
    bias = _weights(node, B, "B", name, 2) if node.input(B) else None
    holes = _weights(node, P, "P", name, 2) if cell == "lstm" and node.input(P) else None
    shapes |= {} if bias is None else {"B": (bias.shape, (sides, 2 * blocks * H))}
    shapes |= {} if holes is None else {"P": (holes.shape, (sides, 3 * H))}
    for letter, (got, rule) in shapes.items():
        if got != rule:
            raise Refusal(
                "{letter} of `{name}` must have the shape {rule} for {sides} directions of {H} "
                "units, got {got}.", letter=letter, name=name, rule=str(rule), sides=sides, H=H,
                got=str(got),
            )  # fmt: skip
    found: list[Arrays] = []
    for side in range(sides):
        one = {"W_x": _ours(kernel[side], cell, coupled).T,
               "W_h": _ours(recurrent[side], cell, coupled).T}  # fmt: skip
        if bias is not None:
            first, second = np.split(bias[side], 2)
            one |= {"b": _ours(first, cell, coupled), "b_h": _ours(second, cell, coupled)}
        if holes is not None:
            one["p"] = holes[side].reshape(3, H)[[0, 1] if coupled else [0, 2, 1]]
        found.append(one)
    return tuple(found)


def _ours(rows: Array, cell: str, coupled: bool) -> Array:
    """Rows (G·H, …) in our order of blocks; coupled gates have none of f, which is 1 − i."""
    parts = np.split(rows, len(ORDER[cell]))
    return np.concatenate([parts[k] for k in (COUPLED if coupled else ORDER[cell])])


def _weights(node: Node, place: int, letter: str, name: str, axes: int = 3) -> Array:
    """A constant input of a node. Raises `Refusal` that says what it is instead."""
    source = node.input(place)
    found = node.constant(place) if source else None
    if found is not None:
        return weights(f"{letter} of {name}", found, axes)
    maker = node.graph.maker(source) if source else None
    if not source:
        raise Refusal("`{name}` has no {letter}.", name=name, letter=letter)
    if maker is None:
        raise Refusal(
            "{letter} of `{name}` is `{source}`, an input of the graph and no constant: export the "
            "model with its weights in it.", letter=letter, name=name, source=source[:80],
        )  # fmt: skip
    raise Refusal(
        "{letter} of `{name}` is computed by {op}, which is not folded; run onnxruntime's or "
        "onnxsim's constant folding first.", letter=letter, name=name, op=maker.op[:60],
    )  # fmt: skip
