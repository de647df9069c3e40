"""Cells with their parameters, stacked, in one or two directions, with a readout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import CELLS, Cell
from rnnviz.core import _html, initialisation
from rnnviz.numerics.records import Record
from rnnviz.numerics.records import sealed as sealed
from rnnviz.numerics.validation import (
    finite_number,
    flag,
    float_type,
    one_of,
    positive_number,
    shown,
    whole_number,
)

Array = NDArray[Any]
DIRECTIONS = ("forward", "reverse")
READOUTS = ("identity", "softmax")
MOST_PARAMETERS = 64_000_000
"""How many numbers a model may hold: half a gigabyte in float64."""


@dataclass(frozen=True)
class Readout(Record):
    """y_t = h_t W_y + b_y, W_y (directions·H, K), b_y (K,); then identity or softmax."""

    kind: str
    parameters: Mapping[str, Array]

    def __repr__(self) -> str:
        return "Readout({}, {} → {})".format(self.kind, *self.parameters["W_y"].shape)

    def scores(self, outputs: Array) -> Array:
        """y_t (…, K) before the softmax."""
        with np.errstate(all="ignore"):  # outputs that overflowed stay visible in the scores
            return np.asarray(outputs @ self.parameters["W_y"] + self.parameters["b_y"])

    def values(self, outputs: Array) -> Array:
        """What the model answers (…, K): y_t, or its softmax."""
        y = self.scores(outputs)
        if self.kind == "identity":
            return y
        with np.errstate(all="ignore"):
            y = np.exp(y - y.max(axis=-1, keepdims=True))
            return np.asarray(y / y.sum(axis=-1, keepdims=True))


@dataclass(frozen=True)
class Model(Record):
    """A stack of one cell; ``parameters`` has one mapping per layer and direction.

    The order is PyTorch's: layer 0 forward, (layer 0 reverse,) layer 1 forward, …
    """

    cell: Cell
    input_size: int
    hidden_size: int
    parameters: tuple[Mapping[str, Array], ...]
    num_layers: int = 1
    bidirectional: bool = False
    readout: Readout | None = None

    def __repr__(self) -> str:
        layers = "1 layer" if self.num_layers == 1 else f"{self.num_layers} layers"
        parts = [
            f"{self.cell.name}, {self.input_size} → {self.hidden_size}",
            layers + (" in two directions" if self.bidirectional else ""),
            f"{self.parameter_count:,} parameters",
            self.dtype.name,
        ]
        parts += [f"{gate} held at {value:g}" for gate, value in self.hold.items()]
        if self.readout is not None:
            parts.append(f"{self.readout.kind} readout of {self.readout.parameters['b_y'].size}")
        return f"Model({', '.join(parts)})"

    def _repr_html_(self) -> str:
        sizes = [(name, array.size) for name, array in self.parameters[0].items()]
        return _html.captioned(repr(self), _html.bars(sizes, "parameters of the first layer"))

    @property
    def directions(self) -> tuple[str, ...]:
        """("forward",) or ("forward", "reverse")."""
        return DIRECTIONS[: 1 + self.bidirectional]

    @property
    def dtype(self) -> np.dtype[Any]:
        """float64 or float32."""
        return self.parameters[0]["W_x"].dtype

    @property
    def hold(self) -> Mapping[str, float]:
        """Gate → the value that it is held at, in every layer and direction."""
        return self.cell.hold

    @property
    def parameter_count(self) -> int:
        """How many numbers the cells hold; the readout is not counted."""
        return sum(array.size for layer in self.parameters for array in layer.values())

    def places(self) -> Iterator[tuple[int, int, str]]:
        """(index into ``parameters``, layer, direction), in order."""
        for index in range(self.num_layers * len(self.directions)):
            layer, side = divmod(index, len(self.directions))
            yield index, layer, self.directions[side]

    def index(self, layer: int, direction: str = "forward") -> int:
        """Where the parameters of a layer and direction stand."""
        one_of("direction", direction, self.directions)
        level = whole_number("layer", layer, 0, self.num_layers - 1)
        return level * len(self.directions) + self.directions.index(direction)


def build(
    cell: str,
    input_size: int,
    hidden_size: int,
    *,
    seed: int = 0,
    num_layers: int = 1,
    bidirectional: bool = False,
    init: str = "pytorch",
    longest: int | None = None,
    gain: float = 1.0,
    spectral_radius: float | None = None,
    forget_bias: float | None = None,
    update_bias: float | None = None,
    output_size: int | None = None,
    readout: str = "identity",
    dtype: Any = np.float64,
    hold: Mapping[str, float] | None = None,
    **options: Any,
) -> Model:
    """A seeded model.

    ``cell`` is a name in `rnnviz.CELLS` and ``options`` are that cell's (``nonlinearity``,
    ``reset_after``, ``peephole``). ``init`` names a law of `rnnviz.core.initialisation`; ``gain``
    multiplies W_h; ``spectral_radius`` instead scales every (H, H) block of W_h to that radius.
    ``longest``, from 2 on, is how many steps ``init="chrono"`` is to remember, T_max.
    ``forget_bias`` and ``update_bias`` SET the bias of f (LSTM) and z (GRU); None leaves it as
    drawn. ``output_size`` K adds a readout. The readout is drawn before the cells and does not
    depend on the cell's kind: the same seed gives RNN, LSTM and GRU of one size the same readout.
    A cell without W_h (minGRU, minLSTM) takes no ``gain`` but 1 and no ``spectral_radius``.
    ``hold`` fixes gates at values from 0 to 1, such as {"f": 1.0}: the ablation that shows what a
    gate is for. The parameters are drawn and kept as ever, but those of a held gate count for
    nothing, and their gradients are 0; ∂L/∂gate stays what a change of the held value would do.

    Raises ValueError naming argument, rule and what arrived.
    """
    kind = CELLS[one_of("cell", cell, tuple(CELLS))](hold=hold, **options)
    sizes = whole_number("input_size", input_size), whole_number("hidden_size", hidden_size)
    layers, sides = whole_number("num_layers", num_layers), 1 + flag("bidirectional", bidirectional)
    number_type = float_type("dtype", dtype)
    one_of("init", init, tuple(initialisation.RECURRENT))
    span = _span(init, longest)
    _bounded(kind, *sizes, layers, sides)
    recurrence = _recurrence(kind, gain, spectral_radius)
    biases = _biases(kind, forget_bias=forget_bias, update_bias=update_bias)
    rng = np.random.default_rng(whole_number("seed", seed, least=0))
    head = _readout(rng, sides * sizes[1], output_size, readout, number_type)
    parameters = []
    for index in range(layers * sides):
        width = sizes[0] if index < sides else sides * sizes[1]
        drawn = initialisation.draw(rng, kind, width, sizes[1], init, span)
        if kind.sees_past:
            with np.errstate(all="ignore"):
                drawn["W_h"] = recurrence(drawn["W_h"])
        for block, value in biases.items():
            for name in ("b", "b_h"):
                if name in drawn:
                    kind.block(block, drawn[name])[:] = value if name == "b" else 0.0
        parameters.append(sealed({k: _cast(k, v, number_type) for k, v in drawn.items()}))
    return Model(kind, *sizes, tuple(parameters), layers, sides == 2, head)


def _span(init: str, longest: int | None) -> int:
    """T_max, where the law has one."""
    if init == "chrono":
        return whole_number("longest", longest, least=2, most=10**9)
    if longest is not None:
        raise ValueError(f"`longest` must be None for the law {init!r}, got {shown(longest)}.")
    return 2


def _bounded(cell: Cell, inputs: int, size: int, layers: int, sides: int) -> None:
    """Refuse a model that would not fit into memory, before anything is drawn."""
    first, later = (
        sides * sum(prod(shape) for shape in cell.shapes(width, size).values())
        for width in (inputs, sides * size)
    )
    count = first + (layers - 1) * later
    if count > MOST_PARAMETERS:
        raise ValueError(
            f"`hidden_size`, `input_size` and `num_layers` must make at most {MOST_PARAMETERS:,} "
            f"parameters, got {shown(count)}."
        )


def _cast(name: str, array: Array, dtype: np.dtype[Any]) -> Array:
    with np.errstate(all="ignore"):
        cast = array.astype(dtype)
    if not np.isfinite(cast).all():
        cause = "`gain` or `spectral_radius`" if name == "W_h" else "`forget_bias` or `update_bias`"
        raise ValueError(
            f"{cause} must keep {name} within {dtype.name}'s range (up to "
            f"{np.finfo(dtype).max:.2g}), got {array[~np.isfinite(cast)][0]}."
        )
    return cast


def _recurrence(cell: Cell, gain: float, radius: float | None) -> Any:
    factor = finite_number("gain", gain)
    if not cell.sees_past and (factor != 1 or radius is not None):
        name, got = ("gain", gain) if radius is None else ("spectral_radius", radius)
        raise ValueError(
            f"`{name}` must be {1 if radius is None else None} for the cell {cell.name!r}, which "
            f"has no W_h, got {shown(got)}."
        )
    if radius is None:
        return lambda W_h: W_h * factor
    if factor != 1:
        raise ValueError(f"`gain` must be 1 where `spectral_radius` is given, got {shown(gain)}.")
    goal = positive_number("spectral_radius", radius)
    return lambda W_h: initialisation.with_spectral_radius(W_h, goal)


def _biases(cell: Cell, **given: float | None) -> dict[str, float]:
    values = {}
    for argument, value in given.items():
        if value is None:
            continue
        if argument not in cell.bias_blocks:
            raise ValueError(
                f"`{argument}` must be None for the cell {cell.name!r}, which has no such gate, "
                f"got {shown(value)}."
            )
        values[cell.bias_blocks[argument]] = finite_number(argument, value)
    return values


def _readout(
    rng: np.random.Generator, width: int, size: int | None, kind: str, dtype: np.dtype[Any]
) -> Readout | None:
    one_of("readout", kind, READOUTS)
    if size is None:
        if kind != "identity":
            raise ValueError(f"`output_size` must be given for a {kind} readout, got None.")
        return None
    columns = whole_number("output_size", size, most=MOST_PARAMETERS // width)
    bound = width**-0.5
    drawn = {"W_y": (width, columns), "b_y": (columns,)}
    arrays = {name: rng.uniform(-bound, bound, shape) for name, shape in drawn.items()}
    return Readout(kind, sealed({name: array.astype(dtype) for name, array in arrays.items()}))
