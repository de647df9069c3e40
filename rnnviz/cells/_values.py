"""Local derivatives as numbers: factors of a graph evaluated on a record, all timesteps at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np

from rnnviz.cells._drawing import Node
from rnnviz.cells._equations import Statement
from rnnviz.cells._functions import function
from rnnviz.cells._local import ONE, Atom, Factor, common
from rnnviz.numerics.arrays import Array

Number = Array | int
RUN = "|"
"""Between the names of gates that share a record: "i|f|o" has three gates side by side."""


class Values:
    """Factors evaluated on one record; what several of them need is computed once.

    ``held`` are the gates whose weights count for nothing: their slope is 0. With ``room`` (shape →
    array to be filled) the calls that were made are in ``calls``: made again, they write what has
    become of the record since into the same arrays.
    """

    def __init__(
        self, statement: Statement, r: Mapping[str, Array], W: Mapping[str, Array],
        held: Collection[str] = (), room: Callable[[tuple[int, ...]], Array] | None = None,
    ) -> None:  # fmt: skip
        self.statement, self.r, self.W, self.held, self.room = statement, r, W, held, room
        self.known: dict[Atom, Array] = {}
        self.calls: list[tuple[Callable[..., Any], tuple[Any, ...]]] = []

    def _call(self, function: Callable[..., Any], *of: Any, out: Array | None = None) -> Array:
        """A NumPy function of arrays and numbers, written into ``out`` if given."""
        if self.room is None:
            found: Array = function(*of) if out is None else function(*of, out)
            return found
        if out is None:
            out = self.room(np.broadcast_shapes(*(np.shape(one) for one in of)))
        self.calls.append((function, (*of, out)))
        function(*of, out)
        return out

    def _new(self, value: Callable[[], Array]) -> Array:
        """What a function without ``out`` gives."""
        if self.room is None:
            return value()
        first = value()
        out = self.room(first.shape)
        self.calls.append((_copied, (value, out)))
        out[...] = first
        return out

    def factor(self, factor: Factor, out: Array | None = None) -> Number:
        """A factor (T, …, H), or 1 or −1 where it is a number; written into ``out`` if given."""
        shared, inner = common(factor)
        known = self.known
        if out is not None and len(shared) == 1 and shared[0] not in known and inner == ONE:
            kind, name = shared[0][:2]
            if kind == "slope" and self._slope_into(name, out):
                return out
        parts = [known[atom] if atom in known else self.atom(atom) for atom in shared]
        if len(inner) > 1 or inner[0].atoms:
            parts.append(self._sum(inner))
        elif inner[0].sign < 0 and parts:
            parts[0] = self._call(np.negative, parts[0])
        if not parts:
            if out is None:
                return inner[0].sign
            return self._call(np.positive, out.dtype.type(inner[0].sign), out=out)
        *ahead, last = parts
        if not ahead:
            return last if out is None else self._call(np.positive, last, out=out)
        product = ahead[0]
        for part in ahead[1:]:
            product = self._call(np.multiply, product, part)
        return self._call(np.multiply, product, last, out=out)

    def _sum(self, factor: Factor) -> Array:
        total: Any = None
        for sign, atoms in sorted(factor, key=lambda term: -term.sign):
            product: Any = 1
            for k, atom in enumerate(atoms):
                one = self.atom(atom)
                product = one if k == 0 else self._call(np.multiply, product, one)
            if total is None:
                total = product if sign > 0 else self._call(np.negative, product)
            else:
                total = self._call(np.add if sign > 0 else np.subtract, total, product)
        return np.asarray(total)

    def atom(self, atom: Atom) -> Array:
        """One of the numbers that make up a factor."""
        if atom not in self.known:
            self.known[atom] = self._computed(atom)
        return self.known[atom]

    def _computed(self, atom: Atom) -> Array:
        kind, name = atom[:2]
        match kind:
            case "value":
                return self._value(name)
            case "rest":
                return self._call(np.subtract, 1, self.atom(("value", name)))
            case "over":
                one, other = (wire.source for wire in self.statement.node(name).of)
                both = self._call(np.add, self.atom(("value", one)), self.atom(("value", other)))
                return self._call(np.divide, 1, both)
            case "weight":
                return np.asarray(self.W[name][self.statement.parameters[name].index(atom[2])])
        return self._slope(name)

    def _value(self, name: str) -> Array:
        """A recorded value, or one that is computed from recorded ones."""
        if name in self.r:
            return self.r[name]
        node = self.statement.node(name)
        of = [self.atom(("value", wire.source)) for wire in node.of]
        match node.op:
            case "rest":
                return self._call(np.subtract, 1, of[0])
            case "times":
                return self._joined(np.multiply, of)
            case "plus":
                return self._joined(np.add, of)
            case "share":
                return self._call(np.divide, of[0], self._call(np.add, of[0], of[1]))
            case "phi":
                return self._new(lambda: _applied(node.phi, of[0]))
        return self._new(lambda: self._affine(node, of))

    def _joined(self, function: Callable[..., Any], of: list[Array]) -> Array:
        found, *others = of
        for one in others:
            found = self._call(function, found, one)
        return found

    def _affine(self, node: Node, of: list[Array]) -> Array:
        of = [*of]
        for k, wire in enumerate(node.of):
            if wire.weight:
                weight = self._part(wire.weight, node.reads)
                of[k] = of[k] @ weight if weight.ndim == 2 else of[k] * weight
        of += [self._part(bias, node.reads) for bias in node.biases if bias in self.W]
        return _applied(node.phi, np.asarray(sum(of)))

    def _part(self, parameter: str, block: str) -> Array:
        blocks, given = self.statement.parameters.get(parameter), self.W[parameter]
        place = (blocks or self.statement.blocks).index(block)
        if parameter in self.statement.vectors:
            return np.asarray(given[place])
        size = given.shape[-1] // len(blocks or self.statement.blocks)
        return np.asarray(given[..., place * size : (place + 1) * size])

    def _unbounded(self, name: str) -> bool:
        """Whether a node is a state that is only ever added to."""
        node = self.statement.node(name)
        return node.op == "plus" and any(wire.source == f"{name}_prev" for wire in node.of)

    def _slope(self, name: str) -> Array:
        """φ′ in terms of φ; gates that share a record are done in one go."""
        node, value = self.statement.node(name), self.r[name]
        phi = node.phi
        if name in self.held:
            return np.zeros_like(value)
        if phi == "tanh" and node.op == "phi" and self._unbounded(node.of[0].source):
            # Of 1 − tanh² nothing would be left: tanh′ = 4 e / (1 + e)², e = exp(−2 |a|).
            a = self.atom(("value", node.of[0].source))
            return self._new(lambda: _slope_of_tanh(a))
        if phi == "tanh":
            slope = self._call(np.multiply, value, value)
            return self._call(np.subtract, 1, slope, out=slope)
        if phi == "relu":
            return self._call(np.heaviside, value, np.zeros((), value.dtype))
        if phi != "sigmoid":
            return self._new(lambda: function(phi).slope(value))
        run = next((key for key in self.r if RUN in key and name in key.split(RUN)), name)
        names, whole = run.split(RUN), self.r[run]
        slopes = self._call(np.subtract, 1, whole)
        self._call(np.multiply, slopes, whole, out=slopes)
        size = value.shape[-1]
        for k, one in enumerate(names):
            if one not in self.held:
                self.known["slope", one] = slopes[..., k * size : (k + 1) * size]
        return self.known["slope", name]

    def _slope_into(self, name: str, out: Array) -> bool:
        """Write the slope of a weighted sum's function where it alone is wanted; False if not."""
        node, value = self.statement.node(name), self.r[name]
        if node.op != "affine" or name in self.held or not out.flags.c_contiguous:
            return False
        match node.phi:
            case "tanh":
                self._call(np.multiply, value, value, out=out)
                self._call(np.subtract, 1, out, out=out)
            case "relu":
                self._call(np.heaviside, value, np.zeros((), value.dtype), out=out)
            case "sigmoid":
                self._call(np.subtract, 1, value, out=out)
                self._call(np.multiply, out, value, out=out)
        return node.phi in ("tanh", "relu", "sigmoid")


def _slope_of_tanh(a: Array) -> Array:
    e = np.exp(-2 * np.abs(a))
    return np.asarray(4 * e / ((1 + e) * (1 + e)))


def _copied(value: Callable[[], Array], out: Array) -> None:
    out[...] = value()


def _applied(phi: str, of: Array) -> Array:
    match phi:
        case "sigmoid":
            return np.asarray(1 / (1 + np.exp(-of)))
        case "tanh":
            return np.asarray(np.tanh(of))
        case "relu":
            return np.asarray(np.maximum(of, 0))
        case "identity":
            return of
    return function(phi).value(of)
