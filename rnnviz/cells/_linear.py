"""Numbers in equations: 2 · s − 1, a − b and −a as a number times one operand plus a number."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from math import prod
from typing import NamedTuple

from rnnviz.cells._function_names import number_of


class Linear(NamedTuple):
    """scale · of + shift; without ``of`` a number alone."""

    scale: float
    shift: float
    of: ast.expr | None


def linear(at: ast.expr) -> Linear | None:
    """An expression with numbers or minus signs in it; None for any other.

    1 − a is none: it is an operation of its own. a − b is 1 · (a + (−b)) + 0.
    """
    if (number := number_of(at)) is not None:
        return Linear(0.0, number, None)
    match at:
        case ast.UnaryOp(op=ast.USub(), operand=of):
            return Linear(-1.0, 0.0, of)
        case ast.BinOp(op=ast.Mult()):
            return _product(at)
        case ast.BinOp(op=ast.Add() | ast.Sub()) if not is_rest(at):
            return _sum(at)
    return None


def is_rest(at: ast.expr) -> bool:
    """Whether an expression is 1 − a."""
    return (isinstance(at, ast.BinOp) and isinstance(at.op, ast.Sub)
            and isinstance(at.left, ast.Constant) and at.left.value == 1)  # fmt: skip


def _product(at: ast.expr) -> Linear | None:
    """A product with numbers in it."""
    factors = list(_chain(at))
    numbers = [number for one in factors if (number := number_of(one)) is not None]
    if not numbers:
        return None
    others = [one for one in factors if number_of(one) is None]
    return Linear(prod(numbers), 0.0, _joined(others, ast.Mult()) if others else None)


def _sum(at: ast.expr) -> Linear | None:
    terms = list(_signed(at, 1))
    numbers = [sign * number for sign, one in terms if (number := number_of(one)) is not None]
    others = [(sign, one) for sign, one in terms if number_of(one) is None]
    shift = sum(numbers, 0.0)
    if len(others) != 1:
        signed = [one if sign > 0 else _minus(one) for sign, one in others]
        of = _joined(signed, ast.Add()) if signed else None
        plain = not numbers and of is not None and ast.dump(of) == ast.dump(at)
        return None if plain else Linear(1.0, shift, of)
    ((sign, one),) = others
    scaled = _product(one)
    if scaled is None or scaled.of is None:
        return Linear(sign, shift, one)
    return Linear(sign * scaled.scale, shift, scaled.of)


def _minus(at: ast.expr) -> ast.expr:
    """−a; the number in a product takes the sign."""
    scaled = _product(at)
    if scaled is None or scaled.of is None:
        return ast.UnaryOp(ast.USub(), at)
    return ast.BinOp(ast.Constant(-scaled.scale), ast.Mult(), scaled.of)


def _chain(at: ast.expr) -> Iterator[ast.expr]:
    if isinstance(at, ast.BinOp) and isinstance(at.op, ast.Mult):
        yield from _chain(at.left)
        yield from _chain(at.right)
    else:
        yield at


def _signed(at: ast.expr, sign: int) -> Iterator[tuple[int, ast.expr]]:
    """The terms of a sum with their signs."""
    if isinstance(at, ast.BinOp) and isinstance(at.op, ast.Add | ast.Sub) and not is_rest(at):
        yield from _signed(at.left, sign)
        yield from _signed(at.right, -sign if isinstance(at.op, ast.Sub) else sign)
    elif isinstance(at, ast.UnaryOp) and number_of(at) is None:
        yield from _signed(at.operand, -sign)
    else:
        yield sign, at


def _joined(parts: list[ast.expr], op: ast.operator) -> ast.expr:
    found = parts[0]
    for one in parts[1:]:
        found = ast.BinOp(found, op, one)
    return found
