"""What the names in typed equations are: states, symbols, the input, and weights by their letter.

A matrix begins with a capital letter, a bias with b, a vector a unit with u, v, w or p. A symbol is
what an equation defines; before its own line it is the value of the last step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from keyword import iskeyword
from unicodedata import normalize

from rnnviz.cells._equation_weights import INPUT
from rnnviz.cells._equations import FUNCTIONS, RESERVED
from rnnviz.cells._typed.grammar import Equation, Tree
from rnnviz.cells._typed.misprint import Misprint
from rnnviz.words import word

REMEMBERED = ("h", "c", "s", "H", "C", "S")
"""Symbols that are those of the last step wherever they stand before their own equation."""
TAKEN = {*FUNCTIONS, INPUT, "a", "b", "h", "c", "W"}
"""What no other symbol may be called inside."""


@dataclass(frozen=True)
class Named:
    """Typed equations with every name known.

    equations  with the past marked wherever it is meant
    names      typed symbol → its name in the cell's own equations; h and c are the states
    states     h first
    """

    equations: tuple[Equation, ...]
    names: dict[str, str]
    states: tuple[str, ...]

    def kind(self, leaf: Tree) -> str:
        """What a name is: "symbol", "input", "matrix", "bias" or "vector"."""
        if leaf.text in self.names:
            return "symbol"
        if leaf.text == INPUT and not leaf.past:
            return "input"
        first = leaf.text[0]
        if not leaf.past and leaf.text != "X":
            if first in "bBβ":
                return "bias"
            if "A" <= first <= "Z":
                return "matrix"
            if first in "uvwp":
                return "vector"
        raise _unknown(leaf)


def named(equations: Iterable[Equation]) -> Named:
    """The equations with every name known; raises Misprint at the first that is not."""
    equations = list(equations)
    defined: dict[str, Equation] = {}
    for one in equations:
        if one.symbol in defined:
            raise Misprint(word("{name} is defined already, in line {line}."), at=one.at,
                           name=one.symbol, line=defined[one.symbol].at.line)  # fmt: skip
        defined[one.symbol] = one
    remembered: dict[str, Tree] = {}
    found, known = [], set[str]()
    for one in equations:
        found.append(replace(one, value=_dated(one.value, set(defined), known, remembered)))
        known.add(one.symbol)
    names = _states(defined, remembered)
    for one in equations:
        if one.symbol not in names:
            names[one.symbol] = _inside(one.symbol, {*names.values()})
    states = ("h", "c") if "c" in (names[one] for one in remembered) else ("h",)
    return Named(tuple(found), names, states)


def _dated(tree: Tree, defined: set[str], known: set[str], remembered: dict[str, Tree]) -> Tree:
    """The tree with every name of the last step marked; such names are put into ``remembered``."""
    if tree.of:
        of = tuple(_dated(one, defined, known, remembered) for one in tree.of)
        return replace(tree, of=of)
    if tree.op != "name" or tree.text not in defined:
        return tree
    past = tree.past or tree.text not in known
    if past and not tree.past and tree.text not in REMEMBERED:
        raise Misprint(word("{name} is used before its own equation: move that up, or write "
                            "{name}_prev for its value one step before."),
                       at=tree.at, name=tree.text)  # fmt: skip
    if past:
        remembered.setdefault(tree.text, tree)
    return replace(tree, past=past)


def _states(defined: dict[str, Equation], remembered: dict[str, Tree]) -> dict[str, str]:
    """Typed symbol → "h" or "c", for the symbols that are carried to the next step."""
    shown = next((name for name in ("h", "H") if name in defined), None)
    others = [name for name in remembered if name != shown]
    if shown is None and len(remembered) == 1:
        (only,) = remembered
        return {only: "h"}
    if shown is None:
        last = [*defined.values()][-1]
        raise Misprint(word("no equation defines h, what the cell shows and carries on."),
                       at=last.at)  # fmt: skip
    if len(others) > 1:
        raise Misprint(word("at most two symbols can be carried to the next step, h and one more; "
                            "{name} is the third."),
                       at=remembered[others[1]].at, name=others[1])  # fmt: skip
    return {shown: "h"} | dict.fromkeys(others, "c")


def _inside(symbol: str, used: set[str]) -> str:
    """A name for a symbol that the cell's own equations and records can have."""
    plain = "".join(sign for sign in symbol if not 0x300 <= ord(sign) < 0x370)
    wanted = "g" if plain != symbol else "s" if plain == "a" else normalize("NFKC", plain)
    if not wanted.isidentifier() or iskeyword(wanted):
        wanted = "q"
    found, k = wanted, 1
    while found in used | TAKEN - {"c"} or RESERVED.fullmatch(found):
        k += 1
        found = f"{wanted}{k}"
    return found


def _unknown(leaf: Tree) -> Misprint:
    if leaf.text == "X":
        return Misprint(word("the input is x, with a small letter."), at=leaf.at)
    if leaf.text == INPUT:
        return Misprint(word("the input of an earlier step cannot be used."), at=leaf.at)
    return Misprint(word(
        "{name} is not defined: a matrix begins with a capital letter (Wz), a bias with b (bz), a "
        "vector with u, v, w or p."
    ), at=leaf.at, name=leaf.text)  # fmt: skip
