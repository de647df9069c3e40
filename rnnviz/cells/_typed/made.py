"""A class from typed equations, and the file that would state the same cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from rnnviz.cells._base import Cell
from rnnviz.cells._equations import Statement, read
from rnnviz.cells._typed.grammar import Equation, parsed
from rnnviz.cells._typed.lines import lines_of
from rnnviz.cells._typed.meaning import path_of, signals_of
from rnnviz.cells._typed.misprint import Misprint, Place
from rnnviz.cells._typed.names import coded, decoded, tidy
from rnnviz.cells._typed.places import places_of
from rnnviz.cells._typed.symbols import named
from rnnviz.cells._typed.weights import written
from rnnviz.words import Name, Refusal, word

TITLE = word("Own cell")
LONGEST_TITLE = 24
MOST_WAYS = 100
"""The most paths to a symbol: derivatives are sums over them."""
KEPT = 128
"""How many classes of typed cells are kept."""


class OwnCell(Cell):
    """A cell whose equations a person typed; its name is these equations."""

    typed: ClassVar[str] = ""
    """The equations as typed."""
    weights: ClassVar[Mapping[str, str]] = {}
    """Weight as typed → block of the cell's parameters."""

    def __reduce__(self) -> tuple[Any, ...]:
        """The class has no place in a module: it is made again from its name."""
        return _again, (self.name, dict(self.options), dict(self.hold))


def _again(name: str, options: Mapping[str, Any], hold: Mapping[str, float]) -> Cell:
    return own_cell(name)(hold=hold, **options)


@dataclass(frozen=True)
class Translated:
    """Typed equations in the cells' own form, their states, and typed weight → block."""

    equations: str
    states: tuple[str, ...]
    weights: Mapping[str, str]
    statement: Statement


def translated(text: str) -> Translated:
    """Typed equations in the cells' own form.

    Raises Misprint, a ValueError that says line, character and what is wrong there.
    """
    found = parsed(text)
    if not found:
        raise Misprint(word("there is no equation yet."), at=Place(1, 1))
    try:
        known = named(found)
        lines = lines_of(known)
        equations, weights = written(lines)
    except RecursionError:
        raise Misprint(word("an equation has too many terms: give some of them a line of their "
                            "own."), at=max(found, key=_size).at) from None  # fmt: skip
    places = {line.symbol: line.at for line in lines}
    try:
        statement = read(equations, known.states)
    except ValueError as refusal:
        raise _refused(str(refusal), places, found[-1].at) from None
    ways = dict[str, int]()
    for node in statement.nodes:
        ways[node.name] = max(1, sum(ways[wire.source] for wire in node.of))
    if max(ways.values()) > MOST_WAYS:
        raise _refused("ways to a symbol", places, found[-1].at)
    return Translated(equations, known.states, weights, statement)


def _size(one: Equation) -> int:
    """How many names, numbers and signs an equation has."""
    left, size = [one.value], 0
    while left:
        tree = left.pop()
        left += tree.of
        size += 1
    return size


def _refused(reason: str, places: Mapping[str, Place], last: Place) -> Misprint:
    """What the reader of all cells refuses, at the line that it is about."""
    if "the new h" in reason:
        return Misprint(word("c must not read the new h: write h_prev, or put the line of h last."),
                        at=places.get("c", last))  # fmt: skip
    if "ways to a symbol" in reason:
        return Misprint(word("the equations multiply into too many products of each other."),
                        at=last)  # fmt: skip
    about = re.search(r"`equations`, '(\w+)'", reason)
    at = places.get(about[1], last) if about else last
    return Misprint(word("this cannot be computed: {reason}"), at=at, reason=reason)


def title_of(text: str) -> str:
    """The name that the first line of the equations gives, `# name`; else "Own cell".

    Raises Refusal of one that is too long, or has signs that mean something in sentences.
    """
    first = text.strip().partition("\n")[0]
    found = " ".join(first.removeprefix("#").split()) if first.startswith("#") else ""
    if len(found) > LONGEST_TITLE or not re.fullmatch(r"[\w +.'()/-]*", found):
        raise Refusal(
            "A cell's name has at most {most} letters, digits, spaces and - + . ' ( ) /, not "
            "“{got}”.", most=LONGEST_TITLE, got=found[:40],
        )  # fmt: skip
    return found or TITLE


@lru_cache(maxsize=KEPT)
def own_cell(name: str) -> type[OwnCell]:
    """The class of a name that `coded` made. Raises ValueError of any other text."""
    text = decoded(name)
    if text is None:
        raise Refusal("“{name}” is no cell: it may have been cut off.", name=name[:40])
    return type("OwnCell", (OwnCell,), {"name": name, "typed": text, **attributes(text)})


def attributes(text: str) -> dict[str, Any]:
    """What a class of a cell states of itself, from typed equations."""
    found = translated(text)
    signals = signals_of(found.statement, found.states)
    return {
        "title": title if (title := title_of(text)) == TITLE else Name(title),
        "source": word("Equations typed on the page “Your cell”"),
        "equations": found.equations,
        "states": found.states,
        "signals": signals,
        "path": path_of(found.statement, found.states, signals),
        "places": places_of(found.statement, found.states),
        "weights": found.weights,
    }


def cell_name(text: str, title: str | None = None) -> str:
    """The name of the cell of typed equations; a ``title`` becomes their first line.

    Raises Misprint with the place in ``text``, or Refusal of a title.
    """
    translated(text)
    lines = tidy(text)
    if title is not None:
        first, _, rest = lines.partition("\n")
        lines = tidy(f"# {title}\n{rest if first.startswith('#') else lines}")
    title_of(lines)
    return coded(lines)
