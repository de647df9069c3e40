"""An independent second opinion: the cells' equations again, one line a symbol, and nothing shared.

`step` is one timestep of any cell on rows (N, n), written from NUMERICS.md with complex numbers in
mind: the imaginary part of f(x + 1e-30 i) is 1e-30 · f′(x) to machine precision, so every
derivative here comes from the forward equations alone. ``nudge`` adds to any gate, candidate, state
or pre-activation (``a_f`` …) where it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


PHI: dict[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "identity": lambda a: a,
    "relu": lambda a: np.where(a.real > 0, a, 0 * a),
}


def columns(W: Mapping[str, Array], blocks: str, key: str, block: str) -> Array:
    """One gate's columns of a fused parameter; zero for one that is not there."""
    if key not in W:
        return 0.0
    size = W[key].shape[-1] // len(blocks)
    start = blocks.index(block) * size
    return W[key][..., start : start + size]


def step(
    cell: Cell,
    W: Mapping[str, Array],
    x: Array,
    past: Mapping[str, Array],
    nudge: Mapping[str, Array] | None = None,
) -> dict[str, Array]:
    """Every signal at t from x_t (N, D) and the states at t − 1 (N, H)."""
    return EQUATIONS[cell.name](cell, W, x, past, nudge or {})


def gate(cell: Cell, name: str, a: Array, nudge: Mapping[str, Array]) -> Array:
    """σ(a), or the value that the gate is held at whatever a is."""
    value = sigmoid(a) if name not in cell.hold else cell.hold[name] + 0 * a
    return value + nudge.get(name, 0)


def rnn(cell: Cell, W: Array, x: Array, past: Array, nudge: Array) -> dict[str, Array]:
    a = x @ W["W_x"] + past["h"] @ W["W_h"] + W.get("b", 0) + W.get("b_h", 0)
    a = a + nudge.get("a_h", 0)
    return {"h": PHI[cell.options["nonlinearity"]](a) + nudge.get("h", 0)}


def lstm(cell: Cell, W: Array, x: Array, past: Array, nudge: Array) -> dict[str, Array]:
    return _lstm(cell, W, x, past, nudge, lambda name, c: 0)


def peephole_lstm(cell: Cell, W: Array, x: Array, past: Array, nudge: Array) -> dict[str, Array]:
    def see(name: str, c: Array) -> Array:
        if cell.options["peephole"] == "full":
            return c @ columns(W, "ifo", "W_c", name)
        return c * W["p"]["ifo".index(name)]

    return _lstm(cell, W, x, past, nudge, see)


def _lstm(
    cell: Cell, W: Array, x: Array, past: Array, nudge: Array, see: Array
) -> dict[str, Array]:
    def a(block: str, seen: Array) -> Array:
        W_x, W_h, b, b_h = (columns(W, "ifgo", key, block) for key in ("W_x", "W_h", "b", "b_h"))
        return x @ W_x + past["h"] @ W_h + b + b_h + seen + nudge.get(f"a_{block}", 0)

    i = gate(cell, "i", a("i", see("i", past["c"])), nudge)
    f = gate(cell, "f", a("f", see("f", past["c"])), nudge)
    g = np.tanh(a("g", 0)) + nudge.get("g", 0)
    c = f * past["c"] + i * g + nudge.get("c", 0)
    o = gate(cell, "o", a("o", see("o", c)), nudge)
    h = o * np.tanh(c) + nudge.get("h", 0)
    return {"i": i, "f": f, "g": g, "o": o, "c": c, "h": h}


def gru(cell: Cell, W: Array, x: Array, past: Array, nudge: Array) -> dict[str, Array]:
    def a(block: str, from_past: Array) -> Array:
        W_x, b = (columns(W, "rzg", key, block) for key in ("W_x", "b"))
        return x @ W_x + b + from_past + nudge.get(f"a_{block}", 0)

    def linear(block: str, h: Array) -> Array:
        W_h, b_h = (columns(W, "rzg", key, block) for key in ("W_h", "b_h"))
        return h @ W_h + b_h

    h_prev = past["h"]
    r = gate(cell, "r", a("r", linear("r", h_prev)), nudge)
    z = gate(cell, "z", a("z", linear("z", h_prev)), nudge)
    after = cell.options["reset_after"]
    g = np.tanh(a("g", r * linear("g", h_prev) if after else linear("g", r * h_prev)))
    g = g + nudge.get("g", 0)
    return {"r": r, "z": z, "g": g, "h": z * h_prev + (1 - z) * g + nudge.get("h", 0)}


def weighted(blocks: str, W: Array, x: Array, h: Array, nudge: Array) -> Callable[[str], Array]:
    """Block → x W_x + h W_h + b, without what the cell does not have."""

    def a(block: str) -> Array:
        W_x, W_h, b, b_h = (columns(W, blocks, key, block) for key in ("W_x", "W_h", "b", "b_h"))
        past = h @ W_h if "W_h" in W else 0
        return x @ W_x + past + b + b_h + nudge.get(f"a_{block}", 0)

    return a


def lstm_1997(cell: Cell, W: Array, x: Array, past: Array, nudge: Array) -> dict[str, Array]:
    a = weighted("igo", W, x, past["h"], nudge)
    i, o = gate(cell, "i", a("i"), nudge), gate(cell, "o", a("o"), nudge)
    g = np.tanh(a("g")) + nudge.get("g", 0)
    c = past["c"] + i * g + nudge.get("c", 0)
    return {"i": i, "g": g, "o": o, "c": c, "h": o * np.tanh(c) + nudge.get("h", 0)}


def cifg_lstm(cell: Cell, W: Array, x: Array, past: Array, nudge: Array) -> dict[str, Array]:
    a = weighted("fgo", W, x, past["h"], nudge)
    f, o = gate(cell, "f", a("f"), nudge), gate(cell, "o", a("o"), nudge)
    i, g = 1 - f + nudge.get("i", 0), np.tanh(a("g")) + nudge.get("g", 0)
    c = f * past["c"] + i * g + nudge.get("c", 0)
    return {"f": f, "i": i, "g": g, "o": o, "c": c, "h": o * np.tanh(c) + nudge.get("h", 0)}


def janet(cell: Cell, W: Array, x: Array, past: Array, nudge: Array) -> dict[str, Array]:
    a = weighted("fg", W, x, past["h"], nudge)
    f, g = gate(cell, "f", a("f"), nudge), np.tanh(a("g")) + nudge.get("g", 0)
    return {"f": f, "g": g, "h": f * past["h"] + (1 - f) * g + nudge.get("h", 0)}


def mingru(cell: Cell, W: Array, x: Array, past: Array, nudge: Array) -> dict[str, Array]:
    a = weighted("zg", W, x, past["h"], nudge)
    z, g = gate(cell, "z", a("z"), nudge), a("g") + nudge.get("g", 0)
    return {"z": z, "g": g, "h": z * past["h"] + (1 - z) * g + nudge.get("h", 0)}


def minlstm(cell: Cell, W: Array, x: Array, past: Array, nudge: Array) -> dict[str, Array]:
    a = weighted("fig", W, x, past["h"], nudge)
    f, i, g = gate(cell, "f", a("f"), nudge), gate(cell, "i", a("i"), nudge), a("g")
    g, k = g + nudge.get("g", 0), f / (f + i) + nudge.get("k", 0)
    h = k * past["h"] + (1 - k) * g + nudge.get("h", 0)
    return {"f": f, "i": i, "k": k, "g": g, "h": h}


EQUATIONS = {
    "rnn": rnn, "lstm": lstm, "peephole_lstm": peephole_lstm, "gru": gru, "lstm_1997": lstm_1997,
    "cifg_lstm": cifg_lstm, "janet": janet, "mingru": mingru, "minlstm": minlstm,
}  # fmt: skip


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
    """∂value/∂at, entry by entry, by complex steps."""
    found = np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        moved = at.astype(complex)
        moved[place] += STEP * 1j
        found[place] = value(moved).imag / STEP
    return found


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
