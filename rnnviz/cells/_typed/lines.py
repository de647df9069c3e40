"""Typed equations, line by line, as sums of weighted terms and products unit by unit.

What the cells' own equations want on a line of its own gets one: a weighted sum inside a product,
what a matrix multiplies if it is no symbol, and 1 − z where that keeps the memory state.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from rnnviz.cells._typed.grammar import Tree
from rnnviz.cells._typed.misprint import Misprint, Place
from rnnviz.cells._typed.symbols import Named
from rnnviz.words import word

PRODUCTS = ("@", "*", "⊙")
SPARE = {"sigmoid": "s", "σ": "s", "product": "q", "rest": "k"}
"""What a line that nobody typed is called; other sums are candidates, g."""


@dataclass(frozen=True)
class Term:
    """One weighted term of a sum, or a bias: then ``of`` is empty."""

    of: str
    weight: str
    role: str
    at: Place


@dataclass
class Line:
    """One equation of the cell.

    symbol  its name in the cell's own equations
    phi     the function of a weighted sum, "" for none
    terms   the weighted terms; ``plain`` what is added as it is
    text    the whole of a line without weights
    """

    symbol: str
    at: Place
    phi: str = ""
    terms: list[Term] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    text: str = ""


def lines_of(named: Named) -> list[Line]:
    """The lines of a cell, in an order in which each knows what it reads."""
    writer = _Lines(named)
    for one in named.equations:
        writer.line(named.names[one.symbol], one.value, one.at)
    return writer.found


class _Lines:
    def __init__(self, named: Named) -> None:
        self.named = named
        self.found: list[Line] = []
        self.used = {*named.names.values(), "x", "a", "b"}

    def line(self, symbol: str, tree: Tree, at: Place) -> None:
        """Add the line of a symbol, after those that it needs."""
        phi, inner = (tree.text, tree.of[0]) if tree.op == "call" else ("", tree)
        made = Line(symbol, at)
        if self.weighted(inner):
            made.phi = phi
            for part in self.summed(inner):
                self._add(made, part)
            if not made.plain and not any(term.of for term in made.terms):
                raise Misprint(word("a bias alone is a number that never changes: add a term with "
                                    "x or h to it."), at=made.terms[0].at)  # fmt: skip
        elif phi:
            made.text = f"{phi}({self.text(inner)})"
        else:
            made.text = self.text(inner, kept=f"{self.named.states[-1]}_prev"
                                  if symbol == self.named.states[-1] else "")  # fmt: skip
        self.found.append(made)

    def _add(self, made: Line, part: Tree) -> None:
        weight = self.weight_of(part)
        if weight is None:
            made.plain.append(self._term(part, ""))
            return
        operand, leaf = weight
        made.terms.append(Term(
            "" if operand is None else self._operand(operand), leaf.text, self.named.kind(leaf),
            leaf.at,
        ))  # fmt: skip

    def _operand(self, tree: Tree) -> str:
        """What a weight multiplies, as a name."""
        if tree.op == "name":
            kind = self.named.kind(tree)
            if kind in ("symbol", "input"):
                return self.name(tree)
            raise Misprint(word("two weights stand side by side: one of them is enough."),
                           at=tree.at)  # fmt: skip
        return self._apart(tree, "product")

    def name(self, leaf: Tree) -> str:
        """A symbol or the input, as the cell's own equations have it."""
        if leaf.text not in self.named.names:
            return "x"
        return self.named.names[leaf.text] + "_prev" * leaf.past

    def _apart(self, tree: Tree, kind: str) -> str:
        """The name of a line of its own for an expression."""
        wanted = SPARE.get(tree.text if tree.op == "call" else kind, "g")
        name, k = wanted, 1
        while name in self.used:
            k += 1
            name = f"{wanted}{k}"
        self.used.add(name)
        self.line(name, tree, tree.at)
        return name

    # Weights.

    def weighted(self, tree: Tree) -> bool:
        """Whether an expression is a sum with a weighted term or a bias in it."""
        return any(self.weight_of(part) is not None for part in self.summed(tree, loose=True))

    def summed(self, tree: Tree, *, loose: bool = False) -> list[Tree]:
        """The terms of a sum; one of a weighted sum that is subtracted is refused."""
        if tree.op == "+":
            return [part for one in tree.of for part in self.summed(one, loose=loose)]
        if tree.op == "-" and not loose and not tree.alone:
            raise Misprint(word("in a sum with weights terms are added: the weights take either "
                                "sign."), at=tree.at)  # fmt: skip
        return [tree]

    def weight_of(self, tree: Tree) -> tuple[Tree | None, Tree] | None:
        """A term's operand and its weight; no operand for a bias; None for what has no weight."""
        if self._is(tree, "bias"):
            return None, tree
        if tree.op not in PRODUCTS:
            return None
        weights = [one for one in tree.of if self._is(one, "matrix", "vector", "bias")]
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
        if kind == "vector" and self._is(operand, "input"):
            raise Misprint(word("x has D entries, not H: multiply it by a matrix."), at=operand.at)
        if operand.op in PRODUCTS and not operand.alone:
            self._ambiguous(leaf)
        return operand, leaf

    def _no_matrix_inside(self, tree: Tree) -> None:
        """Refuse r ⊙ h U, which could be (r ⊙ h) U or r ⊙ (h U)."""
        for side in tree.of:
            if side.op in PRODUCTS and not side.alone:
                for leaf in side.of:
                    if self._is(leaf, "matrix"):
                        self._ambiguous(leaf)

    def _ambiguous(self, leaf: Tree) -> NoReturn:
        raise Misprint(word("this can be read in two ways: put brackets round the product with "
                            "{name}, or round the other one."),
                       at=leaf.at, name=leaf.text)  # fmt: skip

    def _is(self, tree: Tree, *kinds: str) -> bool:
        return tree.op == "name" and self.named.kind(tree) in kinds

    # Unit by unit.

    def text(self, tree: Tree, *, kept: str = "") -> str:
        """An expression without weights, with lines of their own for what has some.

        ``kept`` is the memory state one step before where this is that state's own line.
        """
        if tree.op == "name":
            return self._symbol(tree)
        if tree.op == "number":
            raise Misprint(word("the only number is 1, in 1 − z: weights are learnt."), at=tree.at)
        if tree.op == "call":
            if self.weighted(tree.of[0]):
                return self._apart(tree, "sum")
            return f"{tree.text}({self.text(tree.of[0])})"
        if tree.op in ("+", "-"):
            return self._sum(tree, kept)
        if tree.op == "/":
            return self._share(tree)
        if self.weight_of(tree) is not None:
            return self._apart(tree, "sum")
        return " * ".join(self._factor(one, tree, kept) for one in tree.of)

    def _factor(self, one: Tree, product: Tree, kept: str) -> str:
        rest = one.op == "-" and one.of[0].op == "number"
        if rest and kept and any(x.op == "name" and self.name(x) == kept for x in product.of):
            return self._apart(one, "rest")
        text = self.text(one)
        return f"({text})" if " " in text and one.op not in PRODUCTS else text

    def _symbol(self, leaf: Tree) -> str:
        kind = self.named.kind(leaf)
        if kind == "symbol":
            return self.name(leaf)
        if kind == "input":
            raise Misprint(word("x has D entries, not H: multiply it by a matrix."), at=leaf.at)
        raise Misprint(word("the weight {name} must multiply something: a bias begins with b."),
                       at=leaf.at, name=leaf.text)  # fmt: skip

    def _sum(self, tree: Tree, kept: str) -> str:
        first, second = tree.of
        if tree.op == "-":
            if first.op == "number" and first.text.rstrip("0").rstrip(".") == "1":
                inner = self.text(second)
                return f"1 - ({inner})" if " " in inner else f"1 - {inner}"
            raise Misprint(word("the only difference is 1 − z: terms are added otherwise."),
                           at=tree.at)  # fmt: skip
        if self.weighted(tree):
            return self._apart(tree, "sum")
        return " + ".join(self._term(one, kept) for one in self.summed(tree, loose=True))

    def _term(self, one: Tree, kept: str) -> str:
        text = self.text(one, kept=kept)
        return f"({text})" if one.op == "-" else text

    def _share(self, tree: Tree) -> str:
        first, second = tree.of
        one = self.text(first)
        if second.op == "+" and first.op == "name":
            parts = [self.text(part) for part in second.of]
            if one in parts and " " not in "".join(parts):
                parts.remove(one)
                return f"{one} / ({one} + {parts[0]})"
        raise Misprint(word("the only quotient is f / (f + i), the share of one in two."),
                       at=tree.at)  # fmt: skip
