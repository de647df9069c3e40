"""Gradients of gates and weights, once the backward step has gone through: one product each."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from rnnviz.cells._backward import gradient_of, owns_block
from rnnviz.cells._drawing import Node
from rnnviz.cells._equations import KEPT, Statement
from rnnviz.cells._local import Local, before
from rnnviz.cells._stated import Stated
from rnnviz.cells._values import Values
from rnnviz.numerics.arrays import Array, Arrays

Contribution = Array | tuple[tuple[Array, Array], ...]


def gate_gradients(cell: Stated, local: Local, W: Arrays, r: Arrays, d: Arrays) -> dict[str, Array]:
    """∂L/∂(gate or candidate, after its function) (T, B, H) from the gradients of the hubs."""
    values, found = Values(local.statement, r, W), dict[str, Array]()
    for signal in cell.signals:
        name = signal.name
        if name in cell.states or name in local.hubs:
            continue
        parts = [
            _times(values.factor(factor), d[gradient_of(hub, local.statement)], r["h"])
            for (source, hub), factor in local.values.items() if source == name
        ]  # fmt: skip
        found[name] = np.asarray(sum(parts)) if parts else np.zeros_like(r[name])
    return found


def _times(factor: Any, gradient: Array, h: Array) -> Array:
    """factor · gradient: 0 where no gradient arrives, even if 1 / (f + i) is above all floats."""
    found = np.asarray(factor * gradient)
    lost = np.isnan(found) & (gradient == 0)
    return np.where(lost & np.isfinite(h), gradient, found) if lost.any() else found


def contributions(cell: Stated, W: Arrays, r: Arrays, d: Arrays) -> dict[str, Contribution]:
    """What each timestep adds to each parameter's gradient.

    A matrix: pairs (left (T, B, m), right (T, B, n)), one a group of columns, whose outer products
    over B are the columns' gradient at t. A vector or bias: an array (T, B, …).
    """
    found = dict[str, Contribution]()
    for name in W:
        parts = pieces(cell, name, r, d)
        if name in cell.statement.vectors:
            found[name] = np.stack([left * right for left, right in parts], axis=2)
        elif parts[0][0] is not None:
            found[name] = tuple(parts)
        else:
            rights = [right for _, right in parts]
            found[name] = rights[0] if len(rights) == 1 else np.concatenate(rights, axis=-1)
    return found


def pieces(cell: Stated, parameter: str, r: Arrays, d: Arrays) -> list[tuple[Any, Array]]:
    """Groups of a parameter's columns (rows of a vector a unit): what multiplies them, ∂L/∂sum.

    Both are views of the records, (T, B, ·); None multiplies a bias.
    """
    size = r["h"].shape[-1]
    return [
        (r[source] if source else None,
         d[gradient][..., low * size : high * size] if high else d[gradient])
        for source, gradient, low, high in _parts(cell.statement, parameter)
    ]  # fmt: skip


@lru_cache(maxsize=KEPT)
def _parts(statement: Statement, parameter: str) -> tuple[tuple[str, str, int, int], ...]:
    """Groups of a parameter's blocks: what they are multiplied by ("" for a bias) and ∂L/∂sum.

    That is a gradient's record and its blocks from … to; to = 0 means all of it. Blocks that lie
    side by side in ``da`` and are multiplied by the same are one group, but for vectors.
    """
    blocks, found = statement.blocks, list[tuple[str, str, int, int]]()
    for block in statement.parameters.get(parameter, blocks):
        node, source = _use(statement, parameter, block)
        if not owns_block(node) or parameter in statement.vectors:
            found.append((source, gradient_of(before(node.name), statement), 0, 0))
            continue
        low = blocks.index(block)
        if found and found[-1][:2] == (source, "da") and found[-1][3] == low:
            low = found.pop()[2]
        found.append((source, "da", low, blocks.index(block) + 1))
    return tuple((s, g, 0, 0) if (low, high) == (0, len(blocks)) else (s, g, low, high)
                 for s, g, low, high in found)  # fmt: skip


def _use(statement: Statement, parameter: str, block: str) -> tuple[Node, str]:
    """The sum that reads a parameter's block, and what the parameter is multiplied by."""
    for node in statement.nodes:
        if node.op == "affine" and node.reads == block:
            for wire in node.of:
                if wire.weight == parameter:
                    return node, wire.source
            if parameter in node.biases:
                return node, ""
    raise ValueError(f"a parameter must be one that the equations read, got {parameter!r}.")
