"""Equations as they are printed: f_t = σ(x_t W_xf + h_{t−1} W_hf + b_f)."""

from __future__ import annotations

import ast

from rnnviz.cells._equation_weights import INPUT
from rnnviz.cells._equations import Statement
from rnnviz.cells._function_names import number_of, plain

NOTHING, SUMS, ALL = range(3)
"""What is put into brackets inside an expression: sums, or also products."""
BRACKETS = {ast.Add: (NOTHING, NOTHING), ast.Sub: (NOTHING, SUMS), ast.Mult: (SUMS, SUMS)}
"""Operation → what of its left and its right operand is; of others, ALL."""
SIGNS = {ast.Add: "+", ast.Sub: "−", ast.Mult: "⊙", ast.MatMult: "", ast.Div: "/"}


def displayed(statement: Statement, symbol: str, signals: tuple[str, ...]) -> str:
    """An equation as it is printed: f_t = σ(x_t W_xf + h_{t−1} W_hf + b_f).

    Symbols that are no signals are replaced by what they stand for.
    """

    def text(at: ast.expr, inside: int = NOTHING) -> str:
        match at:
            case ast.Name(id=name):
                if name in statement.lines and name not in signals:
                    return text(statement.lines[name], inside)
                if name.endswith("_prev"):
                    return f"{name.removesuffix('_prev')}_{{t−1}}"
                return f"{name}_t" if name == INPUT or name in signals else name
            case ast.Call(func=ast.Name(id=called), args=[argument, *numbers]):
                more = "".join(f", {plain(number_of(one) or 0.0)}" for one in numbers)
                return f"{called}({text(argument)}{more})"
            case ast.BinOp(left=left, op=ast.Add(), right=ast.UnaryOp(operand=right)):
                return text(ast.BinOp(left, ast.Sub(), right), inside)
            case ast.UnaryOp(operand=of):
                return f"(−{text(of, SUMS)})" if inside else f"−{text(of, SUMS)}"
            case ast.BinOp(left=left, op=op, right=right):
                sign = "" if _scales(at) else SIGNS[type(op)]
                first, second = BRACKETS.get(type(op), (ALL, ALL))
                whole = " ".join(one for one in (text(left, first), sign, text(right, second))
                                 if one)  # fmt: skip
                sums = isinstance(op, ast.Add | ast.Sub)
                return f"({whole})" if inside == ALL or (inside == SUMS and sums) else whole
            case ast.Constant(value=value):
                return plain(float(value))  # type: ignore[arg-type]
        return ast.unparse(at)

    return f"{symbol}_t = {text(statement.lines[symbol])}"


def _scales(at: ast.BinOp) -> bool:
    """Whether an expression is a number times something."""
    return isinstance(at.op, ast.Mult) and number_of(at.left) is not None
