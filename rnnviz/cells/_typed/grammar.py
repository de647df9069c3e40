"""The grammar of typed equations: tokens become trees. Nothing is evaluated.

    equation  name = sum
    sum       −? product (+ product | − product)*
    product   side (⊙ side | * side | / side)*
    side      number side | factor (@? factor)*   side by side: the product with a matrix
    factor    number | name | function factor | ( sum )
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rnnviz.cells._equations import FUNCTIONS
from rnnviz.cells._typed.misprint import Misprint, Place
from rnnviz.cells._typed.tokens import Token, tokens
from rnnviz.words import word

DEEPEST = 12
CALLED = {name.replace("_", ""): name for name in FUNCTIONS if name not in ("clip", "affine")}
"""Function as its name is read, without what sets a subscript off → its name in equations."""
ALIASES = {**dict.fromkeys(("sigma", "sigm", "sigmoid", "logistic"), "σ"), "ReLU": "relu",
           "id": "identity", "linear": "identity", "exp": "exponential"}  # fmt: skip
KNOWN_ELSEWHERE = frozenset(("log", "ln", "sin", "cos", "sqrt", "softmax", "gelu", "silu", "swish",
                             "abs", "max", "min", "sign", "mean", "norm", "φ", "phi"))  # fmt: skip


@dataclass(frozen=True)
class Tree:
    """An expression.

    op     "name", "number", "call", "@" (side by side), "*", "⊙", "/", "+", "-" or "neg" (−a)
    of     its operands
    text   a name, a number, or the function that is called
    past   whether a name is that of one step before
    alone  whether it stands in brackets
    """

    op: str
    at: Place
    of: tuple[Tree, ...] = ()
    text: str = ""
    past: bool = False
    alone: bool = False

    def leaves(self) -> Iterator[Tree]:
        """Names and numbers, from left to right."""
        if not self.of:
            yield self
        for one in self.of:
            yield from one.leaves()


@dataclass(frozen=True)
class Equation:
    """A symbol and what it equals."""

    symbol: str
    at: Place
    value: Tree


def parsed(text: str) -> list[Equation]:
    """The equations of a text. Raises Misprint at the first character that cannot be read."""
    return [_Parser(line).equation() for line in tokens(text)]


def function(name: str) -> str | None:
    """The function that a name stands for, as the equations of cells have it."""
    return CALLED.get(ALIASES.get(name, name))


class _Parser:
    def __init__(self, line: list[Token]) -> None:
        self.line, self.k, self.depth = line, 0, 0

    @property
    def next(self) -> Token:
        return self.line[self.k]

    def take(self) -> Token:
        self.k += 1
        return self.line[self.k - 1]

    def equation(self) -> Equation:
        name = self.take()
        if name.kind != "name" or self.next.kind != "=":
            at = self.next.at if name.kind == "name" else name.at
            raise Misprint(word("an equation begins with one name and “=”, as in “z = σ(x W)”."),
                           at=at)  # fmt: skip
        if function(name.text) or name.text == "x":
            raise Misprint(word("{name} has a meaning of its own and cannot be defined."),
                           at=name.at, name=name.text)  # fmt: skip
        if name.past:
            raise Misprint(word("an equation defines the value of this step, not of the last."),
                           at=name.at)  # fmt: skip
        self.take()
        value = self.sum()
        if self.next.kind == ")":
            raise Misprint(word("this bracket was never opened."), at=self.next.at)
        if self.next.kind != "end":
            raise Misprint(word("“{sign}” cannot stand here."), at=self.next.at,
                           sign=self.next.text)  # fmt: skip
        return Equation(name.text, name.at, value)

    def sum(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Misprint(word("brackets nest at most {most} deep."), at=self.next.at,
                           most=DEEPEST)  # fmt: skip
        if self.next.kind == "-":
            minus = self.take()
            found = Tree("neg", minus.at, (self.product(),))
        else:
            found = self.product()
        while self.next.kind in ("+", "-"):
            sign = self.take()
            found = Tree(sign.kind, sign.at, (found, self.product()))
        self.depth -= 1
        return found

    def product(self) -> Tree:
        found = self.side()
        while self.next.kind in ("*", "⊙", "/"):
            sign = self.take()
            found = Tree(sign.kind, sign.at, (found, self.side()))
        return found

    def side(self) -> Tree:
        found = self.factor()
        if found.op == "number" and self.next.kind in ("name", "number", "("):
            return Tree("*", self.next.at, (found, self.side()))
        while self.next.kind in ("@", "name", "number", "("):
            at = self.take().at if self.next.kind == "@" else self.next.at
            found = Tree("@", at, (found, self.factor()))
        return found

    def factor(self) -> Tree:
        token = self.take()
        if token.kind == "(":
            found = self.sum()
            if self.next.kind != ")":
                raise Misprint(word("the bracket that opens here is not closed."), at=token.at)
            self.take()
            return replace(found, alone=True)
        if token.kind == "number":
            return Tree("number", token.at, text=token.text)
        if token.kind != "name":
            self.k -= 1
            raise Misprint(
                word("the line ends where a name or a bracket is missing.") if token.kind == "end"
                else word("a name or a bracket is missing here."), at=token.at,
            )  # fmt: skip
        called = function(token.text)
        if called is not None:
            return Tree("call", token.at, (self._argument(token),), called)
        if token.text in KNOWN_ELSEWHERE and self.next.kind == "(":
            raise Misprint(word("the function {name} is not known: there are {known}."),
                           at=token.at, name=token.text,
                           known=", ".join(CALLED.values()))  # fmt: skip
        return Tree("name", token.at, text=token.text, past=token.past)

    def _argument(self, called: Token) -> Tree:
        if self.next.kind not in ("(", "name"):
            raise Misprint(word("what {name} is applied to is missing: write {name}(…)."),
                           at=self.next.at, name=called.text)  # fmt: skip
        self.depth += 1
        if self.depth > DEEPEST:
            raise Misprint(word("brackets nest at most {most} deep."), at=called.at, most=DEEPEST)
        found = self.factor()
        self.depth -= 1
        return found
