"""The weights as a compiled forward step reads them: blocks side by side, negated for σ."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rnnviz.cells._drawing import Node
from rnnviz.cells._equation_weights import INPUT
from rnnviz.cells._equations import KEPT, Statement
from rnnviz.cells._forward import ForwardStep
from rnnviz.numerics.arrays import Array, Arrays


@dataclass(frozen=True)
class Beside:
    """Blocks of one parameter in a step's order.

    runs     (from, to) in blocks, those that lie side by side already as one; (0, 0) is a block
             of zeros
    negated  (from, to) in the result's blocks: those of σ change their sign
    whole    whether this is the parameter as it is
    """

    parameter: str
    runs: tuple[tuple[int, int], ...]
    negated: tuple[tuple[int, int], ...]
    whole: bool
    vector: bool = False

    def of(self, W: Arrays, size: int) -> Array:
        """The blocks side by side, (…, n·H), or (n, H) for a vector a unit."""
        given = W[self.parameter]
        if self.whole:
            return given
        if self.vector:
            found = np.concatenate([given[low:high] for low, high in self.runs])
            for low, high in self.negated:
                found[low:high] *= -1
            return found
        blocks = [
            given[..., low * size : high * size] if high else np.zeros_like(given[..., :size])
            for low, high in self.runs
        ]
        found = np.concatenate(blocks, axis=-1)
        for low, high in self.negated:
            found[..., low * size : high * size] *= -1
        return found


@dataclass(frozen=True)
class Inputs:
    """What a group of sums has before the loop: a product with x, and biases."""

    count: int
    weight: Beside | None
    biases: tuple[Beside, ...]


def side_by_side(
    statement: Statement, parameter: str, nodes: tuple[Node, ...], have: tuple[bool, ...] = ()
) -> Beside:
    """How a parameter's blocks become those of ``nodes``; those that do not ``have`` it are 0."""
    blocks = statement.parameters.get(parameter, statement.blocks)
    runs: list[tuple[int, int]] = []
    for node, own in zip(nodes, have or (True,) * len(nodes), strict=True):
        place = blocks.index(node.reads) if own else -1
        if runs and place > 0 and runs[-1][1] == place:
            runs[-1] = (runs[-1][0], place + 1)
        else:
            runs.append((place, place + 1) if own else (0, 0))
    negated = list[tuple[int, int]]()
    for k, node in enumerate(nodes):
        if node.phi == "sigmoid":
            joined = negated and negated[-1][1] == k
            negated.append((negated.pop()[0] if joined else k, k + 1))
    whole = not negated and runs == [(0, len(blocks))]
    return Beside(parameter, tuple(runs), tuple(negated), whole, parameter in statement.vectors)


@lru_cache(maxsize=KEPT)
def plan(
    step: ForwardStep, statement: Statement, biases: tuple[str, ...]
) -> tuple[dict[str, Beside], dict[str, Inputs]]:
    """The weights of the loop and the inputs of its groups; ``biases`` are those of the model."""
    weights, inputs = dict[str, Beside](), dict[str, Inputs]()
    for group in step.groups:
        if group.source:
            weights[group.key] = side_by_side(statement, group.weight, group.nodes)
        x = tuple(any(wire.source == INPUT for wire in node.of) for node in group.nodes)
        found = []
        for bias in biases:
            have = tuple(bias in node.biases for node in group.nodes)
            if any(have):
                found.append(side_by_side(statement, bias, group.nodes, have))
        W_x = side_by_side(statement, "W_x", group.nodes, x) if any(x) else None
        inputs[group.key] = Inputs(len(group.nodes), W_x, tuple(found))
    for one in step.further:
        weights[one.key] = side_by_side(statement, one.wire.weight, one.nodes)
    return weights, inputs
