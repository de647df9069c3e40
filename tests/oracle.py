"""An independent second opinion: a cell's equations, run as they stand, and nothing shared.

`step` is one timestep of any cell on rows (N, n): Python evaluates the lines that the cell states,
with complex numbers in mind: the imaginary part of f(x + 1e-30 i) is 1e-30 · f′(x) to machine
precision, so every derivative here comes from the forward equations alone. ``nudge`` adds to any
gate, candidate, state or pre-activation (``a_f`` …) where it is made.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from rnnviz import CELLS, Model, build
from rnnviz.cells import Cell
from rnnviz.numerics.records import sealed

Array = Any
STEP = 1e-30

VARIANTS = [
    (name, options)
    for name, cell in CELLS.items()
    for options in ([{key: one} for key, values in cell.choices.items() for one in values] or [{}])
]
"""(cell name, options) for every cell found and every value of every option."""
NAMES = ["-".join([name, *(str(one) for one in options.values())]) for name, options in VARIANTS]


def sigmoid(a: Array) -> Array:
    return 1 / (1 + np.exp(-a))


PHI: dict[str, Callable[..., Array]] = {
    "σ": sigmoid,
    "tanh": np.tanh,
    "identity": lambda a: a,
    "relu": lambda a: np.where(a.real > 0, a, 0 * a),
    "clip": lambda a, c: np.where(a.real < -c, -c, np.where(a.real > c, c, a)),
    "hard_sigmoid": lambda a, k=0.2, b=0.5: np.where(
        abs(k * a.real + b - 0.5) < 0.5, k * a + b, k * a.real + b > 0.5
    ),
    "hard_sigmoid_6": lambda a: np.where(abs(a.real) < 3, a / 6 + 0.5, a.real > 0),
    "elu": lambda a, k=1.0: np.where(a.real > 0, a, k * (np.exp(a) - 1)),
    "selu": lambda a: 1.0507009873554805 * np.where(
        a.real > 0, a, 1.6732632423543772 * (np.exp(a) - 1)
    ),
    "leaky_relu": lambda a, k=0.01: np.where(a.real > 0, a, k * a),
    "softsign": lambda a: a / (1 + a * np.sign(a.real)),
    "softplus": lambda a: np.log(1 + np.exp(a)),
    "affine": lambda a, k=1.0, b=0.0: k * a + b,
    "exponential": np.exp,
}


def step(
    cell: Cell,
    W: Mapping[str, Array],
    x: Array,
    past: Mapping[str, Array],
    nudge: Mapping[str, Array] | None = None,
) -> dict[str, Array]:
    """Every signal at t from x_t (N, D) and the states at t − 1 (N, H).

    The cell's text is run line by line as Python, with every parameter's block under its own name:
    nothing of what the cell derives from that text is used.
    """
    nudge = nudge or {}
    phi = cell.options.get("nonlinearity", "identity")
    scope: dict[str, Any] = {**PHI, "sigmoid": sigmoid, "x": x, **blocks(cell, W)}
    scope["φ"] = sigmoid if phi == "sigmoid" else PHI[phi]
    scope |= {f"{name}_prev": value for name, value in past.items()}
    signals = {signal.name for signal in cell.signals}
    for line in cell.written.strip().splitlines():
        symbol, _, right = (part.strip() for part in line.partition("="))
        block = next((b for b in cell.blocks if f"W_x{b}" in right), None)
        if block is not None:
            right = moved(right, f"a_{block}")
            scope[f"a_{block}"] = nudge.get(f"a_{block}", 0)
        if symbol in cell.hold:
            value = cell.hold[symbol] + 0 * past["h"]
        else:
            value = eval(right, {"__builtins__": {}}, scope)
        scope[symbol] = value + (nudge.get(symbol, 0) if symbol in signals else 0)
    return {name: scope[name] for name in signals}


@cache
def moved(right: str, name: str) -> str:
    """A weighted sum with one more term, inside its functions."""
    whole = ast.parse(right, mode="eval")
    at: Any = whole
    while isinstance(inner := at.args[0] if isinstance(at, ast.Call) else at.body, ast.Call):
        at = inner
    more = ast.parse(f"({ast.unparse(inner)}) + {name}", mode="eval").body
    if isinstance(at, ast.Call):
        at.args[0] = more
    else:
        at.body = more
    return ast.unparse(whole)


def blocks(cell: Cell, W: Mapping[str, Array]) -> dict[str, Array]:
    """W_xf, b_f, …: every block of every parameter; 0 for a bias that the model does not have.

    A bias b_h that the text does not name goes with b.
    """
    text, found = cell.written, dict[str, Array]()
    for name in {"W_x", "W_h", "W_c", "p", "b", "b_h", *W}:
        for block in cell.blocks:
            symbol = f"{name}_{block}" if name in ("p", "b") else f"{name}{block}"
            if re.search(rf"\b{symbol}\b", text):
                found[symbol] = columns(cell, W, name, block)
    if not any(f"b_h{block}" in text for block in cell.blocks):
        for block in cell.blocks:
            found[f"b_{block}"] = found[f"b_{block}"] + columns(cell, W, "b_h", block)
    return found


def columns(cell: Cell, W: Mapping[str, Array], key: str, block: str) -> Array:
    """One gate's columns of a fused parameter, or its peephole; 0 for one that is not there."""
    if key not in W:
        return 0.0
    if key == "p":
        return W[key][[b for b in "ifo" if f"p_{b}" in cell.written].index(block)]
    order = "ifo" if key == "W_c" else cell.blocks
    size = W[key].shape[-1] // len(order)
    start = order.index(block) * size
    return W[key][..., start : start + size]


def series(
    cell: Cell,
    W: Mapping[str, Array],
    x: Array,
    start: Mapping[str, Array],
    nudge: Mapping[str, Array] | None = None,
) -> dict[str, Array]:
    """Every signal (T, B, H), in the order of x (T, B, D)."""
    past, found = dict(start), []
    for t in range(len(x)):
        at_t = {name: value[t] for name, value in (nudge or {}).items()}
        found.append(step(cell, W, x[t], past, at_t))
        past = {name: found[-1][name] for name in cell.states}
    return {name: np.stack([one[name] for one in found]) for name in found[0]}


def stack(
    model: Model,
    x: Array,
    start: Mapping[str, Array],
    *,
    parameters: Any = None,
    nudge: Mapping[tuple[int, str], Mapping[str, Array]] | None = None,
) -> tuple[list[dict[str, Array]], Array]:
    """Every layer's and direction's signals in input time, and the outputs."""
    parameters = model.parameters if parameters is None else parameters
    found, below = [], x
    for layer in range(model.num_layers):
        ends = []
        for direction in model.directions:
            index, order = len(found), slice(None, None, -1 if direction == "reverse" else 1)
            nudges = (nudge or {}).get((layer, direction), {})
            signals = series(
                model.cell,
                parameters[index],
                below[order],
                {name: states[index] for name, states in start.items()},
                {name: value[order] for name, value in nudges.items()},
            )
            found.append({name: value[order] for name, value in signals.items()})
            ends.append(found[-1]["h"])
        below = np.concatenate(ends, axis=-1)
    return found, below


def slope(value: Callable[[Array], Array], at: Array) -> Array:
    """∂value/∂at, entry by entry, by complex steps: value's shape, then at's."""
    found = []
    for place in np.ndindex(at.shape):
        moved = at.astype(complex)
        moved[place] += STEP * 1j
        found.append(np.imag(value(moved)) / STEP)
    return np.moveaxis(np.array(found), 0, -1).reshape(found[0].shape + at.shape)


def agree_along(
    what: str, ours: Array, value: Callable[[Array], Array], at: Array, within: float = 1e-10
) -> None:
    """``ours`` is ∂value/∂at: its product with a random direction against one complex step.

    A wrong entry moves the product unless the direction is orthogonal to the error by chance.
    """
    assert ours.shape == at.shape, f"{what}: {ours.shape} against {at.shape}"
    direction = np.random.default_rng(at.size).standard_normal(at.shape)
    told, found = (ours * direction).sum(), value(at + STEP * 1j * direction).imag / STEP
    room = within * np.abs(ours * direction).sum() + 1e-13
    assert abs(told - found) <= room, f"{what}: {told} along a direction, {found} expected"


def varied(model: Model, seed: int = 0, spread: float = 0.7) -> Model:
    """The model with every parameter, biases included, drawn from a normal law."""
    rng = np.random.default_rng(seed)
    layers = tuple(
        {name: (spread * rng.standard_normal(W.shape)).astype(W.dtype) for name, W in one.items()}
        for one in model.parameters
    )
    return replaced(model, layers)


def replaced(model: Model, layers: Any) -> Model:
    """The model with other parameters."""
    layers = tuple(sealed(W) for W in layers)
    sizes = model.input_size, model.hidden_size
    return Model(model.cell, *sizes, layers, model.num_layers, model.bidirectional, model.readout)


def single(
    cell: str, W_x: Array, W_h: Array, b: Array, dtype: Any = np.float64, **options: Any
) -> Model:
    """A one-layer model with the given parameters."""
    W = {"W_x": W_x, "W_h": W_h, "b": b}
    W = {name: np.array(value, dtype) for name, value in W.items()}
    model = build(cell, W["W_x"].shape[0], W["W_h"].shape[0], dtype=dtype, **options)
    return replaced(model, [{**model.parameters[0], **W}])


def states(model: Model, batch: int, rng: np.random.Generator) -> dict[str, Array]:
    """Random initial states (layers·directions, B, H)."""
    shape = (model.num_layers * len(model.directions), batch, model.hidden_size)
    drawn = {name: 0.5 * rng.standard_normal(shape) for name in model.cell.states}
    return {name: value.astype(model.dtype) for name, value in drawn.items()}


def deviation(ours: Array, theirs: Array) -> float:
    """The largest difference, relative to the largest magnitude of ``theirs``."""
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    assert ours.shape == theirs.shape, f"{ours.shape} against {theirs.shape}"
    return float(np.abs(ours - theirs).max() / max(np.abs(theirs).max(), 1e-300))


def agree(what: str, ours: Array, theirs: Array, within: float = 1e-10) -> None:
    """Ours and theirs are the same to a relative tolerance; says what differs and by how much."""
    off = deviation(ours, theirs)
    assert off <= within, f"{what}: relative deviation {off:.3g}, {within:g} allowed"
