"""A cell's graph: one node an operation, one wire an operand, and where each is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Op = Literal["past", "input", "affine", "times", "plus", "rest", "share", "phi", "out"]
Place = tuple[float, float]


@dataclass(frozen=True)
class Wire:
    """An operand of a node.

    source  the node it comes from
    weight  the parameter that an affine node multiplies it by; without one it is added as it is
    via     a detour (column, lane) that keeps clear of other nodes
    """

    source: str
    weight: str = ""
    via: Place | None = None


@dataclass(frozen=True)
class Node:
    """One operation of a cell, and where it is drawn: columns run with time, lane 0 is on top.

    op      past and input (what comes in), affine (the sum of its wires and biases, then ``phi``),
            times, plus, rest (1 − its operand), share (the first of two over their sum), phi (a
            function alone), out (the way to the next step)
    name    a signal's where it is one; ``c_prev`` a past, ``c_out`` the way out of the state c
    block   the block of the parameters that an affine node reads, if that is not its name
    biases  the biases it adds, those of them that the model has
    """

    name: str
    op: Op
    of: tuple[Wire, ...] = ()
    at: Place = (0, 0)
    phi: str = "identity"
    block: str = ""
    biases: tuple[str, ...] = ("b", "b_h")

    @property
    def reads(self) -> str:
        """The block of the parameters that an affine node reads."""
        return self.block or self.name


def placed(nodes: tuple[Node, ...], places: Mapping[str, Place]) -> tuple[Node, ...]:
    """The nodes where ``places`` puts them: node → (column, lane), "source → node" → a detour.

    Nodes that are not named there stand in columns by how many operations lie before them.
    """
    found = []
    fallback = _columns(nodes)
    for node in nodes:
        wires = tuple(
            replace(wire, via=places.get(f"{wire.source} → {node.name}")) for wire in node.of
        )
        at = places.get(node.name, fallback[node.name])
        found.append(replace(node, of=wires, at=at))
    return tuple(found)


def _columns(nodes: tuple[Node, ...]) -> dict[str, Place]:
    """Node → (column, lane): columns by depth, the last state on top, inputs at the bottom."""
    depth: dict[str, int] = {}
    for node in nodes:
        depth[node.name] = 1 + max((depth[wire.source] for wire in node.of), default=-1)
    pasts = [node.name for node in nodes if node.op == "past"]
    found: dict[str, Place] = {}
    used: dict[float, list[float]] = {}
    for node in nodes:
        column = 1.3 * depth[node.name]
        lane = 2.0 if node.op == "affine" else 1.0
        if node.op == "past":
            lane = 0.0 if node.name == pasts[0] else 3.0
        elif node.op == "input":
            lane = 4.0
        elif node.op in ("plus", "out"):
            lane = 0.0
        while lane in used.setdefault(column, []) or (node.op == "affine" and lane in (0, 1)):
            column = round(column + 0.65, 2)
        used.setdefault(column, []).append(lane)
        found[node.name] = (column, lane)
    return found
