"""Models with seeded initial values."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from rnnviz.cells import Cell, known_cell
from rnnviz.core import initialisation
from rnnviz.core.model import DIRECTIONS, Model, unchecked
from rnnviz.core.readout import READOUTS, Readout
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import sealed
from rnnviz.numerics.validation import (
    finite_number,
    flag,
    float_type,
    meant,
    one_of,
    positive_number,
    shown,
    whole_number,
)

MOST_PARAMETERS = 64_000_000
"""How many numbers a model may hold: half a gigabyte in float64."""
VAR = inspect.Parameter.VAR_KEYWORD


def build(
    cell: str,
    input_size: int,
    hidden_size: int,
    *,
    seed: int = 0,
    num_layers: int = 1,
    bidirectional: bool = False,
    direction: str = "forward",
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
    activations: Mapping[str, str] | None = None,
    clip: float | None = None,
    **options: Any,
) -> Model:
    """A seeded model.

    ``cell`` is a name in `rnnviz.CELLS`, or that of typed equations
    (`rnnviz.cell_from_equations`), and ``options`` are that cell's (``nonlinearity``,
    ``reset_after``, ``peephole``). ``init`` names a scheme of `rnnviz.core.initialisation`;
    ``gain`` multiplies W_h; ``spectral_radius`` instead scales every (H, H) block of W_h to that
    radius. ``longest``, from 2 on, is T_max, the number of steps that ``init="chrono"`` is to
    remember. ``forget_bias`` and ``update_bias`` SET the bias of f (LSTM) and z (GRU); None leaves
    it as drawn; with "chrono", which draws these biases itself, both must be None.
    ``output_size`` K adds a readout. The readout is drawn before the cells and does not depend on
    the cell's kind: the same seed gives RNN, LSTM and GRU of one size the same readout. A cell
    without W_h (minGRU, minLSTM) takes no ``gain`` but 1 and no ``spectral_radius``. A net of one
    ``direction``, "reverse", reads the sequence from its end. ``hold`` fixes
    gates at values from 0 to 1, such as {"f": 1.0}, to show what the gate is for. The parameters
    are drawn as without ``hold``, but those of a held gate have no effect and gradients of 0;
    ∂L/∂gate stays the derivative by the held value. ``activations`` and ``clip`` are options of
    every cell, as nets from files have them: other functions by symbol, {"f": "hard_sigmoid"}, and
    a limit of what the functions of weighted sums are given.

    Raises ValueError naming argument, rule and what arrived.

    >>> import rnnviz
    >>> rnnviz.build("lstm", 4, 32, seed=0, forget_bias=3.0)
    Model(lstm, 4 → 32, 1 layer, 4,736 parameters, float64)
    """
    kind_of = known_cell(cell)
    _known(kind_of, options)
    kind = kind_of(hold=hold, activations=activations, clip=clip, **options)
    sizes = whole_number("input_size", input_size), whole_number("hidden_size", hidden_size)
    layers, sides = whole_number("num_layers", num_layers), 1 + flag("bidirectional", bidirectional)
    number_type = float_type("dtype", dtype)
    one_of("direction", direction, DIRECTIONS)
    if sides == 2 and direction != "forward":
        raise ValueError("`direction` must be 'forward' for a model in two directions.")
    one_of("init", init, tuple(initialisation.RECURRENT))
    span = _span(init, longest)
    _bounded(kind, *sizes, layers, sides)
    recurrence = _recurrence(kind, gain, spectral_radius)
    biases = _biases(kind, init, forget_bias=forget_bias, update_bias=update_bias)
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
                if name in drawn and block in kind.statement.parameters.get(name, kind.blocks):
                    kind.part(drawn, name, block)[:] = value if name == "b" else 0.0
        parameters.append(sealed({k: _cast(k, v, number_type) for k, v in drawn.items()}))
    return unchecked(
        Model, cell=kind, input_size=sizes[0], hidden_size=sizes[1], parameters=tuple(parameters),
        num_layers=layers, bidirectional=sides == 2, readout=head, direction=direction,
    )  # fmt: skip


def _known(kind: type[Cell], options: Mapping[str, Any]) -> None:
    """Refuse what is neither an argument of `build` nor an option of the cell."""
    names = [one.name for one in inspect.signature(build).parameters.values() if one.kind != VAR]
    allowed = [*names[3:], *kind.choices, *kind.more]
    for name in options:
        if name in (*kind.choices, *kind.more):
            continue
        hint = meant(name, allowed)
        if hint:
            raise ValueError(f"`build` has no argument {name!r}{hint}")
        raise ValueError(
            f"`build` has no argument {shown(name)} for the cell {kind.name!r}; it takes "
            f"{', '.join(allowed)}."
        )


def _span(init: str, longest: int | None) -> int:
    """T_max, where the initialisation scheme has one."""
    if init == "chrono":
        return whole_number("longest", longest, least=2, most=10**9)
    if longest is not None:
        raise ValueError(f"`longest` must be None for init={init!r}, got {shown(longest)}.")
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
        cast = array.astype(dtype, order="C")
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


def _biases(cell: Cell, init: str, **given: float | None) -> dict[str, float]:
    """Block → the value its bias is set to."""
    values = {}
    for argument, value in given.items():
        if value is None:
            continue
        if init in initialisation.OWN_GATE_BIASES:
            raise ValueError(
                f"`{argument}` must be None for init={init!r}, which draws the gates' biases "
                f"itself, got {shown(value)}."
            )
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
    cast = sealed({name: array.astype(dtype) for name, array in arrays.items()})
    return unchecked(Readout, kind=kind, parameters=cast)
