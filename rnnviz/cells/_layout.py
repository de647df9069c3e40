"""The order of a forward step: which sums share a product, and what the past reaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from rnnviz.cells._drawing import Node, Wire
from rnnviz.cells._equation_weights import INPUT
from rnnviz.cells._equations import Statement
from rnnviz.cells._local import is_matrix


@dataclass(frozen=True)
class Group:
    """Weighted sums side by side in one array (T, B, n·H), fed first by the same matrix.

    source, weight   what that matrix multiplies, and its name; both empty where there is none
    """

    key: str
    nodes: tuple[Node, ...]
    source: str
    weight: str


@dataclass(frozen=True)
class Further:
    """An operand that is added to some sums of a group: all ``nodes`` have it."""

    key: str
    nodes: tuple[Node, ...]
    wire: Wire


class Layout:
    """The nodes of a statement, prepared for a step that records some of them.

    nodes   name → node; a sum that only one function reads, and nothing else, has that function
    users   name → the nodes that read it, once for every wire
    fixed   name → whether no past reaches it: then it is computed for all timesteps at once
    groups  the weighted sums that one matrix product feeds
    """

    def __init__(self, statement: Statement, recorded: frozenset[str]) -> None:
        self.statement, self.recorded = statement, recorded
        self.nodes = {node.name: node for node in self._merged()}
        self.users: dict[str, list[Node]] = {name: [] for name in self.nodes}
        self.fixed: dict[str, bool] = {}
        for node in self.nodes.values():
            for wire in node.of:
                self.users[wire.source].append(node)
            before = all(self.fixed[wire.source] for wire in node.of)
            self.fixed[node.name] = node.op != "past" and before
        self.groups = tuple(self._grouped())
        self.aliases: set[str] = set()

    def _merged(self) -> list[Node]:
        named = {node.name: node for node in self.statement.nodes}
        uses = Counter(wire.source for node in named.values() for wire in node.of)
        gone = set[str]()
        found = []
        for node in named.values():
            inner = named[node.of[0].source] if node.op == "phi" else node
            if (
                node.op == "phi" and inner.op == "affine" and inner.phi == "identity"
                and uses[inner.name] == 1 and inner.name not in self.recorded
            ):  # fmt: skip
                gone.add(inner.name)
                node = replace(inner, name=node.name, phi=node.phi, block=inner.reads)
            found.append(node)
        return [node for node in found if node.name not in gone]

    def _grouped(self) -> Iterator[Group]:
        found: dict[tuple[Any, ...], list[Node]] = {}
        for node in self.nodes.values():
            if node.op == "affine":
                first = self._first(node)
                apart = node.phi == "identity" or not self.alike(node)
                alone = node.name if apart else node.phi
                key = (first.source, first.weight) if first else (self.further(node), alone)
                found.setdefault((*key, self.fixed[node.name]), []).append(node)
        for k, (key, nodes) in enumerate(found.items()):
            sets = sorted(dict.fromkeys(self.further(node) for node in nodes), key=len)
            order = ["sigmoid", *dict.fromkeys(node.phi for node in nodes)]
            nodes.sort(key=lambda n: (
                sets.index(self.further(n)), order.index(n.phi), self.state(n)
            ))  # fmt: skip
            source, weight = key[:2] if isinstance(key[0], str) else ("", "")
            yield Group(f"base_{k}", tuple(nodes), source, weight)

    def _first(self, node: Node) -> Wire | None:
        """The matrix that feeds a sum first: that of a past if there is one."""
        wires = [w for w in node.of if w.source != INPUT and is_matrix(self.statement, w.weight)]
        return min(wires, key=lambda w: self.nodes[w.source].op != "past", default=None)

    def further(self, node: Node) -> tuple[Wire, ...]:
        """The operands of a sum beside its inputs and that matrix."""
        first = self._first(node)
        return tuple(wire for wire in node.of if wire.source != INPUT and wire != first)

    def state(self, node: Node) -> str:
        """Its name if it is a state: that has a record of its own, which the past shares."""
        return node.name if f"{node.name}_prev" in self.nodes else ""

    def alike(self, node: Node) -> bool:
        """Whether a sum can be one of several: an operand without a weight has one block only."""
        return all(wire.weight for wire in self.further(node))

    def in_place(self, node: Node) -> bool:
        """Whether a value is computed straight into the sum that alone uses it, as its first."""
        (user, *others) = self.users[node.name] or [node]
        return (
            not others and user.op == "plus" and user.of[0].source == node.name
            and node.name not in self.recorded and node.op in ("times", "rest", "share", "phi")
            and self.fixed[node.name] == self.fixed[user.name]
        )  # fmt: skip

    def temporary(self, node: Node) -> bool:
        """Whether a value is computed before the loop, read in it, and not kept."""
        return (
            self.fixed[node.name] and node.name not in self.recorded
            and node.name not in self.aliases
            and any(not self.fixed[user.name] for user in self.users[node.name])
        )  # fmt: skip
