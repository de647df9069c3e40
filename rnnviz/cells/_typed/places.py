"""Where the nodes of a typed cell are drawn, as the cells' own files place theirs.

The memory state runs along the top, lane 0, with what keeps it; sums with weights stand side by
side in lane 2, x below them; what is computed between them is in lane 1.
"""

from __future__ import annotations

from rnnviz.cells._drawing import Node, Place
from rnnviz.cells._equations import Statement

APART = 1.15
"""Columns between two nodes of one lane."""
TOP, BETWEEN, SUMS, SHOWN, INPUT = 0.0, 1.0, 2.0, 3.0, 4.0
"""Lanes: memory, products and functions, weighted sums, h beside a memory c, x."""
ROUND = (0.65, SHOWN)
"""The detour of the past's wires into sums, where the past is on top."""


def places_of(own: Statement, states: tuple[str, ...]) -> dict[str, Place]:
    """Node → (column, lane), and "source → node" → a detour."""
    return _Places(own, states).found()


class _Places:
    def __init__(self, own: Statement, states: tuple[str, ...]) -> None:
        self.own, self.states, self.memory = own, states, states[-1]
        self.users = {node.name: [one for one in own.nodes
                                  if any(wire.source == node.name for wire in one.of)]
                      for node in own.nodes}  # fmt: skip
        straight = own.node(self.memory).op in ("plus", "times", "rest")
        self.top = TOP if straight else SUMS  # without a path of its own it is one of the sums
        self.at: dict[str, Place] = {f"{self.memory}_prev": (0, self.top), "x": (0, INPUT)}
        if len(states) > 1:
            self.at["h_prev"] = (0, SHOWN)

    def found(self) -> dict[str, Place]:
        """All places, the ways out last."""
        for node in self.own.nodes:
            if node.op not in ("past", "input", "out"):
                self._put(node)
        end = max(column for column, _ in self.at.values()) + APART
        for state in self.states:
            lane = self.top if state == self.memory else SHOWN
            self.at[f"{state}_out"] = (round(end, 2), lane)
        return self.at | self._detours()

    def _put(self, node: Node) -> None:
        lane = self._lane(node)
        columns = [self.at[wire.source] for wire in node.of]
        column = max((self._after(at, lane, node) for at in columns), default=APART)
        taken = [other for other, own in self.at.values() if own == lane]
        while any(abs(column - other) < APART - 0.01 for other in taken):
            column = min(other for other in taken if other > column - APART + 0.01) + APART
        self.at[node.name] = (round(column, 2), lane)

    def _lane(self, node: Node) -> float:
        if node.name == self.memory or self._keeps(node):
            return self.top
        if node.name in self.states or node.op == "affine":
            return SUMS
        feeds = self.users[node.name]
        if node.op == "times" and feeds and all(one.op == "affine" for one in feeds):
            return SUMS
        return BETWEEN

    def _keeps(self, node: Node) -> bool:
        """Whether a product takes the memory state on its way to the next."""
        past = any(wire.source == f"{self.memory}_prev" for wire in node.of)
        return node.op == "times" and past and any(
            user.name == self.memory for user in self.users[node.name]
        )

    def _after(self, at: Place, lane: float, node: Node) -> float:
        """The column that an operand at that place asks for."""
        column, own = at
        if column == 0:
            return APART
        if own == lane or (node.op == "affine" and own < SUMS):
            return column + APART
        if node.op == "rest" or (node.name in self.states and node.name != self.memory):
            return column + APART / 2
        return column

    def _detours(self) -> dict[str, Place]:
        if len(self.states) > 1 or self.top == SUMS:
            return {}
        past = f"{self.memory}_prev"
        return {
            f"{past} → {node.name}": ROUND for node in self.own.nodes
            if any(wire.source == past for wire in node.of) and self.at[node.name][1] == SUMS
        }  # fmt: skip
