"""The terms of a typed sum: which of them have a weight, and what it multiplies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from rnnviz.cells._typed.grammar import Tree
from rnnviz.cells._typed.misprint import Misprint
from rnnviz.cells._typed.symbols import Named
from rnnviz.words import word

PRODUCTS = ("@", "*", "⊙")


class Terms:
    """Sums and products of a cell whose symbols and weights are named."""

    def __init__(self, named: Named) -> None:
        self.named = named

    def weighted(self, tree: Tree) -> bool:
        """Whether an expression is a sum with a weighted term or a bias in it."""
        return any(self.weight_of(part) is not None for _, part in self.signed(tree))

    def signed(self, tree: Tree, sign: int = 1) -> Iterator[tuple[int, Tree]]:
        """The terms of a sum with their signs; 1 − a is one term."""
        if tree.op == "neg":
            yield from self.signed(tree.of[0], -sign)
        elif tree.op == "+" or (tree.op == "-" and not self.is_rest(tree)):
            yield from self.signed(tree.of[0], sign)
            yield from self.signed(tree.of[1], -sign if tree.op == "-" else sign)
        else:
            yield sign, tree

    def is_rest(self, tree: Tree) -> bool:
        """Whether this is 1 − a, with an a that has no weights of its own."""
        if tree.op != "-":
            return False
        first, second = tree.of
        return value(first) == 1 and value(second) is None and not self.weighted(second)

    def weight_of(self, tree: Tree) -> tuple[Tree | None, Tree] | None:
        """A term's operand and its weight; no operand for a bias; None for what has no weight."""
        if self.has_kind(tree, "bias"):
            return None, tree
        if tree.op not in PRODUCTS:
            return None
        weights = [one for one in tree.of if self.has_kind(one, "matrix", "vector", "bias")]
        if not weights:
            self._no_matrix_inside(tree)
            return None
        leaf = weights[-1]
        operand = tree.of[0] if leaf is tree.of[1] else tree.of[1]
        kind = self.named.kind(leaf)
        if kind == "bias":
            raise Misprint(word("a bias is added, not multiplied: name a vector with u, v, w or "
                                "p."), at=leaf.at)  # fmt: skip
        if kind == "matrix" and tree.op == "⊙":
            raise Misprint(word("{name} is a matrix by its capital letter: write it side by side "
                                "with what it multiplies, or name a vector with u, v, w or p."),
                           at=leaf.at, name=leaf.text)  # fmt: skip
        if kind == "vector" and self.has_kind(operand, "input"):
            raise Misprint(word("x has D entries, not H: multiply it by a matrix."), at=operand.at)
        if operand.op in PRODUCTS and not operand.alone:
            self._ambiguous(leaf)
        return operand, leaf

    def _no_matrix_inside(self, tree: Tree) -> None:
        """Refuse r ⊙ h U, which could be (r ⊙ h) U or r ⊙ (h U)."""
        for side, other in zip(tree.of, reversed(tree.of), strict=True):
            if side.op in PRODUCTS and not side.alone and value(other) is None:
                for leaf in side.of:
                    if self.has_kind(leaf, "matrix"):
                        self._ambiguous(leaf)

    def _ambiguous(self, leaf: Tree) -> NoReturn:
        raise Misprint(word("this can be read in two ways: put brackets round the product with "
                            "{name}, or round the other one."),
                       at=leaf.at, name=leaf.text)  # fmt: skip

    def has_kind(self, tree: Tree, *kinds: str) -> bool:
        """Whether an expression is a name of one of these kinds."""
        return tree.op == "name" and self.named.kind(tree) in kinds


def value(tree: Tree) -> float | None:
    """What an expression of numbers alone is; None for any other."""
    if tree.op == "number":
        return float(tree.text)
    of = [] if tree.op in ("call", "name") else [value(one) for one in tree.of]
    known = [one for one in of if one is not None]
    if not known or len(known) < len(of):
        return None
    first, second = (*known, 0.0)[:2]
    match tree.op:
        case "neg":
            return -first
        case "+" | "-":
            return first + second if tree.op == "+" else first - second
        case "/":
            if second == 0:
                raise Misprint(word("nothing can be divided by this."), at=tree.of[1].at)
            return first / second
    return first * second
