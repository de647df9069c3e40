"""The value and the gradient on every wire of a cell's drawing.

Evaluated from the drawing that the cell describes (`Cell.graph`), node by node and by the chain
rule alone, independently of the cell's own step: so the picture can be checked against the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import Cell, Node, Wire
from rnnviz.cells._functions import function
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.lengths import only_one_length
from rnnviz.core.trace import LayerTrace, only
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.extended_range import LOG10_2, Scaled
from rnnviz.numerics.records import Record

Edge = tuple[str, str]
"""A wire by its ends: (source, target)."""

PHI: Mapping[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "relu": lambda a: np.maximum(a, 0),
    "identity": lambda a: a,
}
SLOPES: Mapping[str, Callable[[Array], Array]] = {
    "tanh": lambda v: 1 - v * v,
    "sigmoid": lambda v: v * (1 - v),
    "relu": lambda v: np.heaviside(v, 0.0),
    "identity": np.ones_like,
}
"""φ′ in terms of v = φ(a)."""


@dataclass(frozen=True, repr=False)
class Currents(Record):
    """One layer's wires for one example; rows are timesteps, columns units (inputs for x).

    ``values``     node → (T, n)
    ``brings``     wire → (T, H), what the target receives: for a weight, the sum over all units
    ``gradients``  node → ∂L/∂node in total, (T, n)
    ``back``       wire → (T, n), the part of the source's gradient that comes back by this wire
    ``before``     affine node → ∂L/∂(its sum before φ), (T, H)
    ``arriving``   state → the part of ∂L/∂state_t that comes from t + 1, (T, H)
    ``direct``     the part of ∂L/∂h_t that the loss at t itself sends, (T, H)

    Gradients are mantissas with a power of two per timestep: they never leave their range.
    """

    trace: LayerTrace
    values: Mapping[str, Array]
    brings: Mapping[Edge, Array]
    gradients: Mapping[str, Scaled]
    back: Mapping[Edge, Scaled]
    before: Mapping[str, Scaled]
    arriving: Mapping[str, Scaled]
    direct: Scaled

    @property
    def graph(self) -> tuple[Node, ...]:
        """The drawing."""
        return self.trace.cell.graph


@dataclass(frozen=True, repr=False)
class Term(Record):
    """One row of an affine sum: a number of the past times a weight of the chosen unit.

    ``entries`` (n,) are places in the flattened parameter; a bias is a term without ``source``.
    """

    source: str
    parameter: str
    weights: Array
    entries: NDArray[np.int64]


def currents(flow: GradientFlow, example: int = 0) -> Currents:
    """Evaluate the drawing of a model of one layer and one direction, as it processes."""
    layer = only(flow.layers, "flow")
    only_one_length(flow.trace.lengths, "flow")
    trace: LayerTrace = layer.trace
    exponent = layer.exponent[1:, example]
    with np.errstate(all="ignore"):
        values, brings, before_phi = _forward(trace, example)
        given = {name: layer.d[f"d{name}"][:, example] for name in trace.cell.states}
        gradients, back, before = _back(trace, values, before_phi, given)
        scaled_back = {edge: Scaled(part, exponent) for edge, part in back.items()}
        arriving = {
            name: _from_next(trace.cell, name, back, exponent) for name in trace.cell.states
        }
    at_h = trace.arriving(flow.outputs[:, example])
    direct = Scaled(trace.in_time(np.asarray(at_h, np.float64)))
    for name, later in arriving.items():
        scaled_back[name, f"{name}_out"] = later + direct if name == "h" else later
    return Currents(
        trace, values, brings,
        {name: Scaled(one, exponent) for name, one in gradients.items()}, scaled_back,
        {name: Scaled(one, exponent) for name, one in before.items()}, arriving,
        direct,
    )  # fmt: skip


def _forward(
    trace: LayerTrace, example: int
) -> tuple[dict[str, Array], dict[Edge, Array], dict[str, Array]]:
    W, values = trace.cell.as_held(trace.parameters), dict[str, Array]()
    brings, sums = dict[Edge, Array](), dict[str, Array]()
    for node in trace.cell.graph:
        operands = []
        for wire in node.of:
            given = _through(trace.cell, W, node, wire, values[wire.source])
            road = wire.source, node.name  # one road, also for several wires
            brings[road] = brings[road] + given if road in brings else given
            operands.append(given)
        if node.op in ("past", "input"):
            values[node.name] = np.asarray(trace.record[node.name][:, example], np.float64)
            continue
        if node.op == "affine":
            operands += [bias.weights for bias in terms(trace, node) if not bias.source]
            sums[node.name] = np.asarray(sum(operands))
            values[node.name] = _phi(node)(sums[node.name])
        else:
            values[node.name] = _apply(node, operands)
    return values, brings, sums


def _through(cell: Cell, W: Mapping[str, Array], node: Node, wire: Wire, value: Array) -> Array:
    if not wire.weight:
        return value
    weight = cell.part(W, wire.weight, node.block or node.name).astype(np.float64)
    return value @ weight if weight.ndim == 2 else value * weight


def _apply(node: Node, operands: list[Array]) -> Array:
    match node.op:
        case "times":
            return np.prod(operands, axis=0)
        case "plus":
            return np.asarray(sum(operands))
        case "rest":
            return 1 - operands[0]
        case "share":
            return operands[0] / (operands[0] + operands[1])
        case "phi":
            return _phi(node)(operands[0])
    return operands[0]


def _phi(node: Node) -> Callable[[Array], Array]:
    return PHI[node.phi] if node.phi in PHI else function(node.phi).value


def _slope(node: Node) -> Callable[[Array], Array]:
    return SLOPES[node.phi] if node.phi in SLOPES else function(node.phi).slope


def _back(
    trace: LayerTrace, values: dict[str, Array], sums: dict[str, Array], given: dict[str, Array]
) -> tuple[dict[str, Array], dict[Edge, Array], dict[str, Array]]:
    """The chain rule from the states' total gradients; every other node sums what comes back."""
    W, cell = trace.cell.as_held(trace.parameters), trace.cell
    gradients = {name: np.asarray(one, np.float64) for name, one in given.items()}
    back, before = dict[Edge, Array](), dict[str, Array]()
    for node in reversed(cell.graph):
        if node.op == "out":
            continue
        name = node.name
        if name not in gradients:
            parts = [part for (source, _), part in back.items() if source == name]
            gradients[name] = np.asarray(sum(parts, np.zeros_like(values[name])))
        arrives = gradients[name]
        if node.op == "affine":
            slope = 0 if name in cell.hold else _slope(node)(values[name])
            arrives = before[name] = arrives * slope
        for place in range(len(node.of)):
            road = node.of[place].source, name
            part = _part(cell, W, node, place, values, arrives)
            back[road] = back[road] + part if road in back else part
    return gradients, back, before


def _part(
    cell: Cell, W: Mapping[str, Array], node: Node, place: int, values: dict[str, Array],
    arrives: Array,
) -> Array:  # fmt: skip
    """The part of a node's gradient that goes back to one of its operands."""
    wire = node.of[place]
    match node.op:
        case "affine" if wire.weight:
            weight = cell.part(W, wire.weight, node.block or node.name).astype(np.float64)
            return arrives @ weight.T if weight.ndim == 2 else arrives * weight
        case "times":
            others = [values[one.source] for k, one in enumerate(node.of) if k != place]
            return np.asarray(arrives * np.prod(others, axis=0))
        case "rest":
            return -arrives
        case "share":
            both, mine = sum(values[one.source] for one in node.of), values[node.name]
            return np.asarray(arrives * (-mine if place else 1 - mine) / both)
        case "phi":
            return np.asarray(arrives * _slope(node)(values[node.name]))
    return arrives


def _from_next(cell: Cell, state: str, back: dict[Edge, Array], exponent: Array) -> Scaled:
    """∂L/∂state from step t + 1, summed over all wires out of the past, one timestep earlier."""
    past = f"{state}_prev"
    parts = [part for (source, _), part in back.items() if source == past]
    total = np.asarray(sum(parts, np.zeros((len(exponent), 1))))
    later = np.concatenate([total[1:], np.zeros_like(total[:1])])
    return Scaled(later, np.append(exponent[1:], 0))


def terms(trace: LayerTrace, node: Node, unit: int | None = None) -> tuple[Term, ...]:
    """The terms of an affine node's sum, for one unit (weights (n,)) or all ((n, H), biases (H,)).

    A held gate has one term: the bias that holds it.
    """
    cell, block = trace.cell, node.block or node.name
    W = cell.as_held(trace.parameters)
    places = {name: np.arange(one.size).reshape(one.shape) for name, one in W.items()}
    named = [(wire.source, wire.weight) for wire in node.of if wire.weight]
    named += [("", bias) for bias in node.biases if bias in W]
    found = []
    for source, parameter in named:
        one, place = (cell.part(of, parameter, block) for of in (W, places))
        if unit is not None:
            one, place = np.atleast_1d(one[..., unit]), np.atleast_1d(place[..., unit])
        found.append(Term(source, parameter, one.astype(np.float64), place))
    return tuple(found)


def of_unit(one: Scaled, unit: int | None) -> tuple[Array, Array]:
    """log10 of the magnitude and the sign (T,) of one unit's gradient.

    ``unit=None`` takes all columns: the norm, or the one number where there is only one.
    """
    single = one.mantissa.shape[-1] == 1 or unit is not None
    part = one.mantissa[:, unit or 0] if single else one.mantissa
    sign = np.sign(part) if single else np.where(part.any(axis=-1), np.nan, 0.0)
    if not single:
        return one.log10_norms(), sign
    with np.errstate(all="ignore"):
        logs = np.log10(np.abs(part).astype(np.float64))
    return logs + one.exponent * LOG10_2, sign
