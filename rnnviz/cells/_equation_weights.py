"""Which names in a cell's equations are parameters, and how each of them is used."""

from __future__ import annotations

import ast
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import NoReturn

INPUT = "x"
ALWAYS = ("b", "b_h")
"""Biases: b_h is one that a model may have beside b whether the equations name it or not."""


def terms_of(expression: ast.expr, operator: type[ast.operator]) -> list[ast.expr]:
    """The operands of a chain of sums or products."""
    if isinstance(expression, ast.BinOp) and isinstance(expression.op, operator):
        return [*terms_of(expression.left, operator), *terms_of(expression.right, operator)]
    return [expression]


@dataclass
class Weights:
    """The parameters of a cell's equations, as far as they are read.

    blocks   the blocks of the parameters
    symbols  names that are no parameters
    refuse   raises ValueError, given an expression and what is wrong in it
    used     parameter → its blocks that are used
    vectors  the parameters that act unit by unit
    roles    parameter → "matrix", "vector" or "bias"
    """

    blocks: tuple[str, ...]
    symbols: tuple[Container[str], ...]
    refuse: Callable[[ast.expr, str], NoReturn]
    used: dict[str, list[str]] = field(default_factory=dict)
    vectors: set[str] = field(default_factory=set)
    roles: dict[str, str] = field(default_factory=dict)

    def parameters(self) -> list[tuple[str, list[str]]]:
        """Every parameter with the blocks of it that are used, in the order of the records."""
        order = [*dict.fromkeys(["W_x", "W_h", *ALWAYS, *self.used])]
        return [
            (name, [block for block in self.blocks if block in self.used[name]])
            for name in order if name in self.used
        ]  # fmt: skip

    def use(self, part: ast.expr, source: ast.expr | None, parameter: str, block: str) -> None:
        """Note a block of a parameter: each is used once, and all blocks of one in one way."""
        role = "bias" if source is None else "vector" if parameter in self.vectors else "matrix"
        if source is not None and not isinstance(source, ast.Name):
            self.refuse(part, "must give what a parameter multiplies a line of its own")
        if isinstance(source, ast.Name) and source.id == "a":
            self.refuse(part, "must not multiply 'a', the name of the sums in the records, by one")
        if (parameter == "W_x") != (isinstance(source, ast.Name) and source.id == INPUT):
            self.refuse(part, "must multiply the input, and only the input, by W_x")
        if (parameter in ALWAYS) != (role == "bias"):
            self.refuse(part, "must add b and b_h, and multiply by every other parameter")
        matrix = isinstance(part, ast.BinOp) and isinstance(part.op, ast.MatMult)
        if (role != "bias" and matrix != (role == "matrix")) or (parameter == "W_x" and not matrix):
            self.refuse(part, f"must use {parameter!r} as a matrix or unit by unit, not both")
        if self.roles.setdefault(parameter, role) != role:
            self.refuse(part, f"must use {parameter!r} as a matrix or unit by unit, not both")
        if block in self.used.get(parameter, []):
            self.refuse(part, f"must use the block {block!r} of {parameter!r} once")
        self.used.setdefault(parameter, []).append(block)

    def term(self, part: ast.expr) -> tuple[ast.expr | None, tuple[str, str] | None]:
        """A term's operand and its parameter with the block: (None, bias) for a bias alone."""
        if isinstance(part, ast.Name):
            return None, self._parameter(part)
        if isinstance(part, ast.BinOp) and isinstance(part.op, ast.MatMult | ast.Mult):
            weight = self._parameter(part.right)
            if weight and isinstance(part.op, ast.Mult):
                self.vectors.add(weight[0])
            return (part.left, weight) if weight else (None, None)
        return None, None

    def weighted(self, at: ast.expr) -> bool:
        """Whether an expression is a sum with a weighted term or a bias in it."""
        return any(self.term(part)[1] for part in terms_of(at, ast.Add))

    def _parameter(self, at: ast.expr) -> tuple[str, str] | None:
        """W_xf → ("W_x", "f"); None for what is a symbol."""
        if not isinstance(at, ast.Name) or any(at.id in names for names in self.symbols):
            return None
        for stem in ("W_x", "W_h"):
            if at.id.startswith(stem) and at.id[len(stem) :] in self.blocks:
                return stem, at.id[len(stem) :]
        found = [
            (at.id.removesuffix(block).rstrip("_"), block) for block in self.blocks
            if at.id.endswith(block) and at.id != block and "_" in at.id
        ]  # fmt: skip
        found = [one for one in found if one[0]]
        found = [one for one in found if one[0] in ALWAYS] or found
        if len(found) > 1:
            self.refuse(at, "could be " + " or ".join(f"{s} of {b}" for s, b in found))
        return found[0] if found else None
