"""A cell's equations as lines of Python of another library, made from the cell's own statement.

The equations are a parsed expression and leave as one: names become names, numbers numbers, and
nothing of a cell's text stands in the script as it was typed.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from rnnviz.cells import Cell
from rnnviz.cells._equation_weights import ALWAYS
from rnnviz.cells._function_names import NUMBERS, number_of

TAKEN = ("self", "torch", "nn", "functional", "np", "keras", "ops", "inputs", "states")
"""Names that scripts use themselves: a symbol of that name gets an underscore."""


@dataclass(frozen=True)
class Dialect:
    """How a library writes functions: name → expression of a and of its numbers {0} and {1}."""

    functions: dict[str, str]


TORCH = Dialect({
    "sigmoid": "torch.sigmoid(a)", "tanh": "torch.tanh(a)", "relu": "torch.relu(a)",
    "identity": "a", "hard_sigmoid": "functional.hardtanh({0} * a + {1}, 0.0, 1.0)",
    "hard_sigmoid_6": "functional.hardtanh(a / 6 + 0.5, 0.0, 1.0)",
    "elu": "functional.elu(a, {0})",
    "selu": "functional.selu(a)", "softsign": "functional.softsign(a)",
    "softplus": "torch.logaddexp(a, torch.zeros(()))",
    "leaky_relu": "functional.leaky_relu(a, {0})",
    "thresholded_relu": "functional.threshold(a, {0}, 0.0)",
    "scaled_tanh": "{0} * torch.tanh({1} * a)", "affine": "{0} * a + {1}",
    "exponential": "torch.exp(a)", "clip": "functional.hardtanh(a, -{0}, {0})",
})  # fmt: skip
KERAS = Dialect({
    "sigmoid": "ops.sigmoid(a)", "tanh": "ops.tanh(a)", "relu": "ops.relu(a)", "identity": "a",
    "hard_sigmoid": "ops.clip({0} * a + {1}, 0.0, 1.0)",
    "hard_sigmoid_6": "ops.clip(a / 6 + 0.5, 0.0, 1.0)",
    "elu": "ops.elu(a, {0})", "selu": "ops.selu(a)", "softsign": "ops.softsign(a)",
    "softplus": "-ops.log_sigmoid(-a)", "leaky_relu": "ops.leaky_relu(a, {0})",
    "thresholded_relu": "ops.threshold(a, {0}, 0.0)",
    "scaled_tanh": "{0} * ops.tanh({1} * a)", "affine": "{0} * a + {1}",
    "exponential": "ops.exp(a)", "clip": "ops.clip(a, -{0}, {0})",
})  # fmt: skip


def lines(cell: Cell, dialect: Dialect) -> list[str]:
    """One assignment a symbol; parameters are attributes of ``self``."""
    own = _Writer(cell, dialect)
    return [f"{own.symbol(name)} = {ast.unparse(ast.fix_missing_locations(own.visit(one)))}"
            for name, one in _copied(cell).items()]  # fmt: skip


def parameters(cell: Cell) -> dict[str, tuple[str, str]]:
    """Name in the equations, W_xf, → parameter and block, ("W_x", "f"), in order of appearance."""
    known = cell.statement.parameters
    found: dict[str, tuple[str, str]] = {}
    for one in cell.statement.lines.values():
        for node in ast.walk(one):
            if isinstance(node, ast.Name) and node.id not in cell.statement.lines:
                for pair in _pairs(node.id, known)[:1]:
                    found[node.id] = pair
    return found


def _pairs(name: str, known: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """The parameters and blocks that a name can stand for; the first is the one it does."""
    pairs = [(stem, block) for stem, blocks in known.items() for block in blocks]
    direct = [(stem, block) for stem, block in pairs if name == stem + block
              and stem in ("W_x", "W_h")]  # fmt: skip
    loose = [(stem, block) for stem, block in pairs if name.endswith(block)
             and name.removesuffix(block).rstrip("_") == stem]  # fmt: skip
    return direct + [one for one in loose if one[0] in ALWAYS] + loose


def symbol_of(cell: Cell, name: str) -> str:
    """The name of a symbol in the script."""
    return _Writer(cell, TORCH).symbol(name)


def _copied(cell: Cell) -> dict[str, ast.expr]:
    """The expressions, made anew: a transformer changes what it is given."""
    return {name: ast.parse(ast.unparse(one), mode="eval").body
            for name, one in cell.statement.lines.items()}  # fmt: skip


def _filled(template: str, operand: ast.expr) -> ast.expr:
    """A template with an expression in the place of its name a."""

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return operand if node.id == "a" else node

    found: ast.expr = Fill().visit(ast.parse(template, mode="eval").body)
    return found


class _Writer(ast.NodeTransformer):
    def __init__(self, cell: Cell, dialect: Dialect) -> None:
        self.dialect = dialect
        self.phi = str(cell.options[cell.phi_option]) if cell.phi_option else ""
        self.names = {f"{state}_prev": f"{state}_prev" for state in cell.states} | {"x": "x"}
        for name in cell.statement.lines:
            self.names[name] = name
            while self.names[name] in TAKEN or (
                self.names[name] != name and self.names[name] in cell.statement.lines
            ):
                self.names[name] += "_"

    def symbol(self, name: str) -> str:
        return self.names[name]

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A symbol, or a parameter of the module."""
        if node.id in self.names:
            return ast.Name(self.names[node.id], ast.Load())
        return ast.Attribute(ast.Name("self", ast.Load()), node.id, ast.Load())

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """A function, with its numbers or the usual ones."""
        assert isinstance(node.func, ast.Name)
        name = {"σ": "sigmoid", "φ": self.phi}.get(node.func.id, node.func.id)
        given = [number_of(one) for one in node.args[1:]] or list(NUMBERS[name])
        template = self.dialect.functions[name].format(*map(repr, given))
        return _filled(template, self.visit(node.args[0]))
