"""The cells, found by looking in this folder: a file with a `Cell` class in it is a cell."""

from __future__ import annotations

from rnnviz.cells._arithmetic import Line
from rnnviz.cells._base import Cell, Signal
from rnnviz.cells._drawing import Node, Wire
from rnnviz.cells._functions import called, symbol
from rnnviz.cells._gradients import Contribution
from rnnviz.numerics.discovery import modules

CELLS: dict[str, type[Cell]] = {
    thing.name: thing
    for module in modules(__name__, list(__path__))
    for thing in vars(module).values()
    if isinstance(thing, type) and issubclass(thing, Cell) and thing.__module__ == module.__name__
}
"""Name → cell class."""

__all__ = [
    "CELLS",
    "Cell",
    "Contribution",
    "Line",
    "Node",
    "Signal",
    "Wire",
    "called",
    "symbol",
]
