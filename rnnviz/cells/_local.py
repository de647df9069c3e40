"""Local derivatives of a cell, read off its graph.

Between two hubs everything acts unit by unit, so the derivative of one by the other is one number
a unit and timestep: a product along every path, added over parallel paths. Hubs are the states,
what is multiplied by a matrix, and the sums that weights feed (named ``a:`` and their node).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rnnviz.cells._drawing import Node
from rnnviz.cells._equations import KEPT, Statement

Atom = tuple[str, ...]
"""A part of a factor: ("value", node), ("slope", node), ("rest", node), ("over", node) or
("weight", parameter, block).

``rest`` is 1 − value, ``over`` 1 / (the sum of a share node's operands).
"""


class Term(NamedTuple):
    """One path: a sign and what is multiplied along it."""

    sign: int
    atoms: tuple[Atom, ...]


Factor = tuple[Term, ...]
"""The sum over parallel paths."""
ONE: Factor = (Term(1, ()),)


def before(node: str) -> str:
    """The hub that is a node's sum before its function."""
    return f"a:{node}"


@dataclass(frozen=True)
class Local:
    """The hubs of a statement and the local derivatives between them.

    factors  (hub, later hub) → ∂later/∂hub without any other hub between
    values   (node, hub) → ∂hub/∂(the node's value), for every node that is no hub
    hubs     in the order of evaluation, pasts left out
    """

    statement: Statement
    states: tuple[str, ...]
    factors: Mapping[tuple[str, str], Factor]
    values: Mapping[tuple[str, str], Factor]
    hubs: tuple[str, ...]

    def into(self, hub: str) -> dict[str, Factor]:
        """Later hubs that a hub reaches directly."""
        return {later: factor for (source, later), factor in self.factors.items() if source == hub}

    def out_of(self, hub: str) -> dict[str, Factor]:
        """Earlier hubs that a hub is made of directly."""
        return {source: factor for (source, later), factor in self.factors.items() if later == hub}

    def products(self, source: str) -> Iterator[tuple[Node, str]]:
        """The affine nodes that a matrix takes from this node's value, with the matrix."""
        for node in self.statement.nodes:
            for wire in node.of:
                if wire.source == source and is_matrix(self.statement, wire.weight):
                    yield node, wire.weight


def is_matrix(statement: Statement, weight: str) -> bool:
    """Whether a wire's weight is a matrix."""
    return bool(weight) and weight not in statement.vectors


def differentiate(statement: Statement, states: tuple[str, ...]) -> Local:
    """All local derivatives of a statement."""
    return _Differentiation(statement, states).local()


class _Differentiation:
    def __init__(self, statement: Statement, states: tuple[str, ...]) -> None:
        self.statement, self.states = statement, states
        self.nodes = {node.name: node for node in statement.nodes}
        self.multiplied = {
            wire.source for node in statement.nodes for wire in node.of
            if is_matrix(statement, wire.weight) and self.nodes[wire.source].op != "input"
        }  # fmt: skip
        self.factors: dict[tuple[str, str], Factor] = {}
        self.values: dict[tuple[str, str], Factor] = {}

    def local(self) -> Local:
        hubs = []
        for node in self.statement.nodes:
            if node.op in ("past", "input", "out"):
                continue
            if self._is_sum(node):
                hubs.append(before(node.name))
                self._through_sum(node)
            if self._is_hub(node.name):
                hubs.append(node.name)
                self._through(node, node.name, ONE)
        return Local(self.statement, self.states, self.factors, self.values, tuple(hubs))

    def _is_sum(self, node: Node) -> bool:
        return node.op == "affine"

    def _is_hub(self, name: str) -> bool:
        return name in self.states or name in self.multiplied

    def _through_sum(self, node: Node) -> None:
        """The operands of a weighted sum that act unit by unit."""
        for wire in node.of:
            if is_matrix(self.statement, wire.weight):
                continue
            atoms = (("weight", wire.weight, node.reads),) if wire.weight else ()
            self._arrive(wire.source, before(node.name), (Term(1, atoms),))

    def _arrive(self, name: str, hub: str, factor: Factor) -> None:
        """``factor`` is a part of ∂hub/∂(the value of this node)."""
        node = self.nodes[name]
        if node.op == "input":
            return
        if node.op == "past" or self._is_hub(name):
            self._add(self.factors, name, hub, factor)
            return
        self._add(self.values, name, hub, factor)
        self._through(node, hub, factor)

    def _through(self, node: Node, hub: str, factor: Factor) -> None:
        """From a node's value to its operands."""
        names = [wire.source for wire in node.of]
        match node.op:
            case "affine":
                atoms = () if node.phi == "identity" else (("slope", node.name),)
                self._add(self.factors, before(node.name), hub, _times(factor, *atoms))
            case "times":
                for k, name in enumerate(names):
                    others = [("value", other) for j, other in enumerate(names) if j != k]
                    self._arrive(name, hub, _times(factor, *others))
            case "plus":
                for name in names:
                    self._arrive(name, hub, factor)
            case "rest":
                self._arrive(names[0], hub, _negative(factor))
            case "share":
                rest, over = ("rest", node.name), ("over", node.name)
                self._arrive(names[0], hub, _times(factor, rest, over))
                mine = _negative(_times(factor, ("value", node.name), over))
                self._arrive(names[1], hub, mine)
            case "phi":
                atoms = () if node.phi == "identity" else (("slope", node.name),)
                self._arrive(names[0], hub, _times(factor, *atoms))

    def _add(
        self, table: dict[tuple[str, str], Factor], name: str, hub: str, factor: Factor
    ) -> None:
        table[name, hub] = table.get((name, hub), ()) + factor


def _times(factor: Factor, *atoms: Atom) -> Factor:
    return tuple(Term(term.sign, (*term.atoms, *atoms)) for term in factor)


def _negative(factor: Factor) -> Factor:
    return tuple(Term(-term.sign, term.atoms) for term in factor)


@lru_cache(maxsize=16 * KEPT)
def common(factor: Factor) -> tuple[tuple[Atom, ...], Factor]:
    """What all paths of a factor have in common, and the paths without it."""
    shared = Counter(factor[0].atoms)
    for term in factor[1:]:
        shared &= Counter(term.atoms)
    inner = []
    for sign, atoms in factor:
        left = Counter(atoms) - shared
        inner.append(Term(sign, tuple(left.elements())))
    return tuple(shared.elements()), tuple(inner)
