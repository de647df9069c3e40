"""Typed equations, line by line, as sums of weighted terms and products unit by unit.

What the cells' own equations want on a line of its own gets one: a weighted sum inside a product
or taken away from another, what a matrix multiplies if it is no symbol, and 1 − z where that keeps
the memory state. Numbers among themselves are computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite

from rnnviz.cells._function_names import plain
from rnnviz.cells._typed.grammar import Tree
from rnnviz.cells._typed.misprint import Misprint, Place
from rnnviz.cells._typed.symbols import Named
from rnnviz.cells._typed.terms import PRODUCTS, Terms, value
from rnnviz.words import word

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
        self.named, self.terms = named, Terms(named)
        self.found: list[Line] = []
        self.used = {*named.names.values(), "x", "a", "b"}

    def line(self, symbol: str, tree: Tree, at: Place) -> None:
        """Add the line of a symbol, after those that it needs."""
        phi, inner = (tree.text, tree.of[0]) if tree.op == "call" else ("", tree)
        if value(inner) is not None:
            raise Misprint(word("a number alone never changes: add a term with x or h to it."),
                           at=inner.at)  # fmt: skip
        made = Line(symbol, at)
        if self.terms.weighted(inner):
            self._sum_of(made, phi, inner)
        elif phi:
            made.text = f"{phi}({self.text(inner)})"
        else:
            made.text = self.text(inner, kept=f"{self.named.states[-1]}_prev"
                                  if symbol == self.named.states[-1] else "")  # fmt: skip
        self.found.append(made)

    def _sum_of(self, made: Line, phi: str, tree: Tree) -> None:
        """A sum with weights; what is taken away from it, and numbers in it, stand apart."""
        parts = [*self.terms.signed(tree)]
        if number := sum(sign * (value(one) or 0.0) for sign, one in parts):
            left = [(sign, one) for sign, one in parts if value(one) is None]
            inner = f"{self._apart(_sum(left), 'sum')} {_added(number)}"
            made.text = f"{phi}({inner})" if phi else inner
            return
        made.phi = phi
        taken = [one for sign, one in parts if sign < 0 and self.terms.weight_of(one) is not None]
        for sign, part in parts:
            if sign > 0:
                self._add(made, part)
            elif part not in taken:
                made.plain.append(_negative(self._term(part, "")))
        if taken:
            if all(self.terms.has_kind(one, "bias") for one in taken):
                raise Misprint(word("a bias takes either sign: add it."), at=taken[0].at)
            made.plain.append(_negative(self._apart(_sum([(1, one) for one in taken]), "sum")))
        if not made.plain and not any(term.of for term in made.terms):
            raise Misprint(word("a bias alone is a number that never changes: add a term with "
                                "x or h to it."), at=made.terms[0].at)  # fmt: skip

    def _add(self, made: Line, part: Tree) -> None:
        weight = self.terms.weight_of(part)
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

    # Unit by unit.

    def text(self, tree: Tree, *, kept: str = "") -> str:
        """An expression without weights, with lines of their own for what has some.

        ``kept`` is the memory state one step before where this is that state's own line.
        """
        if tree.op == "name":
            return self._symbol(tree)
        if (number := value(tree)) is not None:
            return plain(number)
        if tree.op == "call":
            if value(tree.of[0]) is not None:
                raise Misprint(word("a number alone never changes: write the value of the "
                                    "function."), at=tree.at)  # fmt: skip
            if self.terms.weighted(tree.of[0]):
                return self._apart(tree, "sum")
            return f"{tree.text}({self.text(tree.of[0])})"
        if tree.op in ("+", "-", "neg"):
            return self._sum(tree, kept)
        if tree.op == "/":
            return self._share(tree)
        if self.terms.weight_of(tree) is not None:
            return self._apart(tree, "sum")
        return " * ".join(self._factor(one, tree, kept) for one in tree.of)

    def _factor(self, one: Tree, product: Tree, kept: str) -> str:
        if kept and self.terms.is_rest(one) and any(
            x.op == "name" and self.name(x) == kept for x in product.of
        ):  # fmt: skip
            return self._apart(one, "rest")
        return self._bracketed(one)

    def _symbol(self, leaf: Tree) -> str:
        kind = self.named.kind(leaf)
        if kind == "symbol":
            return self.name(leaf)
        if kind == "input":
            raise Misprint(word("x has D entries, not H: multiply it by a matrix."), at=leaf.at)
        raise Misprint(word("the weight {name} must multiply something: a bias begins with b."),
                       at=leaf.at, name=leaf.text)  # fmt: skip

    def _sum(self, tree: Tree, kept: str) -> str:
        if self.terms.weighted(tree):
            return self._apart(tree, "sum")
        if self.terms.is_rest(tree):
            return f"1 - {self._bracketed(tree.of[1])}"
        found = ""
        for sign, one in self.terms.signed(tree):
            if sign < 0:
                found += f" - {self._bracketed(one)}" if found else _negative(self.text(one))
            else:
                text = self._term(one, kept)
                found += f" + {text}" if found else text
        return found

    def _bracketed(self, one: Tree) -> str:
        text = self.text(one)
        loose = " " in text and one.op not in PRODUCTS
        return f"({text})" if loose or text.startswith("-") else text

    def _term(self, one: Tree, kept: str) -> str:
        text = self.text(one, kept=kept)
        return f"({text})" if one.op == "-" else text

    def _share(self, tree: Tree) -> str:
        first, second = tree.of
        if (number := value(second)) is not None:
            if number == 0 or not isfinite(1 / number):
                raise Misprint(word("nothing can be divided by this."), at=second.at)
            return f"{plain(1 / number)} * {self._factor(first, tree, '')}"
        one = self.text(first)
        if second.op == "+" and first.op == "name":
            parts = [self.text(part) for part in second.of]
            if one in parts and " " not in "".join(parts):
                parts.remove(one)
                return f"{one} / ({one} + {parts[0]})"
        raise Misprint(word("there are two quotients: by a number, and f / (f + i), the share of "
                            "one in two."),
                       at=tree.at)  # fmt: skip


def _sum(parts: Sequence[tuple[int, Tree]]) -> Tree:
    """Terms with signs as one expression."""
    sign, found = parts[0]
    found = found if sign > 0 else Tree("neg", found.at, (found,))
    for sign, one in parts[1:]:
        found = Tree("+" if sign > 0 else "-", one.at, (found, one))
    return found


def _negative(text: str) -> str:
    return f"-({text})" if " " in text or text.startswith("-") else f"-{text}"


def _added(number: float) -> str:
    return f"- {plain(-number)}" if number < 0 else f"+ {plain(number)}"
