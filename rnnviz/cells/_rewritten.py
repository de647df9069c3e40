"""A cell's equations with other functions: what a net from a file has in place of σ and tanh."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from rnnviz.cells._equations import FUNCTIONS
from rnnviz.cells._function_names import number_of, parsed, parts, spelled
from rnnviz.numerics.validation import one_of, shown


def rewritten(text: str, activations: Mapping[str, str], clip: float | None,
              alone: Collection[str]) -> str:  # fmt: skip
    """The equations with other functions, by symbol.

    ``clip`` limits what the function of a weighted sum is given; ``alone`` are symbols whose line
    stays as it is.
    """
    found = []
    for symbol, right in _lines(text):
        function, inner, numbers, sums = _outermost(right, text)
        if symbol not in alone and (symbol in activations or (function and sums and clip)):
            argument = ast.unparse(inner)
            if clip is not None and sums:
                argument = f"clip({argument}, {clip!r})"
            if symbol in activations:
                function, given, _ = parts(activations[symbol])
                numbers = [repr(one) for one in given]
            right = ast.parse(f"{function}({', '.join([argument, *numbers])})", mode="eval").body
        found.append(f"{symbol} = {ast.unparse(right)}")
    return "\n".join(found)


def activations_of(
    cell: str, text: str, signals: Collection[str], phi: str, given: Any
) -> dict[str, str]:
    """Symbol → function, in the order of the lines, where it is another than the stated one.

    ``given`` is a mapping or a sequence of pairs; ``phi`` is what φ stands for. Raises ValueError.
    """
    if given is None:
        return {}
    stated: dict[str, str] = {}
    for symbol, right in _lines(text):
        function, _, numbers, sums = _outermost(right, text)
        if function:
            name = FUNCTIONS[phi if function == "φ" else function]
            stated[symbol] = spelled(name, [float(one) for one in numbers])
        elif sums and symbol in signals:
            stated[symbol] = "identity"
    chosen = {}
    for symbol, function in _pairs(given):
        one_of(f"a symbol of `activations` of {cell!r}", symbol, tuple(stated) or ("(none)",))
        try:
            chosen[symbol] = parsed(function)
        except ValueError as error:
            raise ValueError(f"`activations[{symbol!r}]` {error}") from None
    return {one: chosen[one] for one in stated if one in chosen and chosen[one] != stated[one]}


def _pairs(given: Any) -> list[tuple[Any, Any]]:
    try:
        found = dict(given)
    except (TypeError, ValueError):
        raise ValueError(
            f"`activations` must map symbols to functions, got {shown(given)}."
        ) from None
    return list(found.items())


def _lines(text: str) -> Iterator[tuple[str, ast.expr]]:
    for line in text.strip().splitlines():
        if line.strip() and not line.strip().startswith("#"):
            symbol, _, right = line.partition("=")
            yield symbol.strip(), ast.parse(right.strip(), mode="eval").body


def _outermost(right: ast.expr, text: str) -> tuple[str, ast.expr, list[str], bool]:
    """A line's outermost function or "", what it is given, its numbers, whether that is a sum."""
    numbers: list[str] = []
    function = ""
    if isinstance(right, ast.Call) and isinstance(right.func, ast.Name) and right.args:
        function, numbers = right.func.id, [repr(number_of(one)) for one in right.args[1:]]
        right = right.args[0]
    sums = _weighted(right)
    if isinstance(right, ast.Name):  # a sum on a line of its own, as the RNN's a
        sums = any(_weighted(one) for symbol, one in _lines(text) if symbol == right.id)
    return function, right, numbers, sums


def _weighted(at: ast.expr) -> bool:
    """Whether an expression has a product with a matrix, outside any function."""
    if isinstance(at, ast.BinOp):
        return isinstance(at.op, ast.MatMult) or _weighted(at.left) or _weighted(at.right)
    return False
