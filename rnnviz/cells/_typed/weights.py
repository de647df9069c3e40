"""Typed weights as blocks of a cell's parameters: W_x for the input, W_h for the past, b, and more.

The cells' own equations have a block of W_x, W_h and b for every sum that reads the input. A sum
that does not read it takes its weights from a block whose own are free.
"""

from __future__ import annotations

from collections.abc import Iterator

from rnnviz.cells._typed.lines import Line, Term
from rnnviz.cells._typed.misprint import Misprint
from rnnviz.words import word

MATRICES = ("W_c", "V", "R", "U", "Q", "K", "L", "M", "N")
"""Matrices beside W_x and W_h; W_c is that of the state c."""
VECTORS = ("p", "w", "u", "v")


def written(lines: list[Line]) -> tuple[str, dict[str, str]]:
    """The cell's own equations, and typed weight → its name there."""
    return _Weights(lines).written()


class _Weights:
    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.blocks = [one.symbol for one in lines if any(t.of == "x" for t in one.terms)]
        self.symbols = {one.symbol for one in lines}
        self.names: dict[str, str] = {}
        self.taken = set[tuple[str, str]]()

    def written(self) -> tuple[str, dict[str, str]]:
        if not self.blocks:
            raise Misprint(word("no equation reads the input: write x with a matrix, such as x W, "
                                "in one of them."), at=self.lines[-1].at)  # fmt: skip
        parts = {}
        owners = [one for one in self.lines if one.symbol in self.blocks]
        for line in owners:
            parts[line.symbol] = [*self._terms(line, line.symbol)]
        for line in self.lines:
            if line.terms and line not in owners:
                parts[line.symbol] = [*self._terms(line, self._lent(line))]
        text = "\n".join(self._line(one, parts.get(one.symbol, [])) for one in self.lines)
        return text, self.names

    def _line(self, line: Line, terms: list[str]) -> str:
        if line.text:
            return f"{line.symbol} = {line.text}"
        whole = " + ".join([*terms, *line.plain])
        return f"{line.symbol} = {line.phi}({whole})" if line.phi else f"{line.symbol} = {whole}"

    def _terms(self, line: Line, block: str) -> Iterator[str]:
        """The weighted terms of a sum, in the order in which they were typed."""
        main = self._main(line)
        for term in line.terms:
            if term.weight in self.names:
                raise Misprint(word("{name} is used twice: give its product a line of its own, or "
                                    "another name to one of the two."),
                               at=term.at, name=term.weight)  # fmt: skip
            stem = self._stem(line, term, term is main, block)
            self.taken.add((stem, block))
            name = stem + ("_" if stem in (*VECTORS, "b") or len(stem) == 1 else "") + block
            self._clear(name, stem, block, term)
            self.names[term.weight] = name
            sign = "*" if term.role == "vector" else "@"
            yield f"{term.of} {sign} {name}" if term.of else name

    def _main(self, line: Line) -> Term | None:
        """The term of a sum whose matrix is W_h."""
        past = [one for one in line.terms if one.role == "matrix" and one.of != "x"]
        order = {"h_prev": 0, "c_prev": 2, "c": 2}
        return min(past, key=lambda one: order.get(one.of, 1), default=None)

    def _stem(self, line: Line, term: Term, main: bool, block: str) -> str:
        free: tuple[str, ...]
        if term.of == "x":
            if ("W_x", block) in self.taken:
                raise Misprint(word("x is multiplied twice in one sum: one matrix is enough."),
                               at=term.at)  # fmt: skip
            return "W_x"
        if term.role == "bias":
            free = ("b", "b_h") if block == line.symbol else ("b_h",)
        elif term.role == "vector":
            free = VECTORS
        else:
            free = ("W_h",) * main + (MATRICES if term.of in ("c", "c_prev") else MATRICES[1:])
        for stem in free:
            if (stem, block) not in self.taken and stem not in self.symbols:
                return stem
        raise Misprint(word("{name} is one weight too many: a sum has at most two biases, and a "
                            "sum without x at most one."),
                       at=term.at, name=term.weight)  # fmt: skip

    def _lent(self, line: Line) -> str:
        """The block from which a sum without x takes its weights."""
        needs = {"b_h"} if any(one.role == "bias" for one in line.terms) else set()
        wants = needs | ({"W_h"} if self._main(line) else set())
        for asked in (wants, needs):
            for block in self.blocks:
                if not any((stem, block) in self.taken for stem in asked):
                    return block
        raise Misprint(word("too many sums without x have a bias: at most as many as there are "
                            "sums with x."), at=line.at)  # fmt: skip

    def _clear(self, name: str, stem: str, block: str, term: Term) -> None:
        """Refuse a weight whose name could be that of another block."""
        if stem in ("W_x", "W_h"):
            return
        for other in self.blocks:
            if other != block and name.endswith(other) and (stem not in ("b", "b_h")):
                raise Misprint(word("the names {one} and {other} end alike: rename one of them."),
                               at=term.at, one=block, other=other)  # fmt: skip
