"""Equations as they are printed: f_t = σ(x_t W_xf + h_{t−1} W_hf + b_f)."""

from __future__ import annotations

import ast

from rnnviz.cells._equations import INPUT, Statement
from rnnviz.cells._functions import number_of, plain


def displayed(statement: Statement, symbol: str, signals: tuple[str, ...]) -> str:
    """An equation as it is printed: f_t = σ(x_t W_xf + h_{t−1} W_hf + b_f).

    Symbols that are no signals are replaced by what they stand for.
    """

    def text(at: ast.expr, inside: bool = False) -> str:
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
            case ast.BinOp(left=left, op=op, right=right):
                signs = {ast.Add: "+", ast.Sub: "−", ast.Mult: "⊙", ast.MatMult: "", ast.Div: "/"}
                sign = signs[type(op)]
                product = not isinstance(op, ast.Add | ast.Sub)
                tight = not isinstance(op, ast.Add)
                words = [text(left, product), sign, text(right, tight)]
                whole = " ".join(word for word in words if word)
                return f"({whole})" if inside else whole
            case ast.Constant(value=value):
                return str(value)
        return ast.unparse(at)

    return f"{symbol}_t = {text(statement.lines[symbol])}"
