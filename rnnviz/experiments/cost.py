"""The cost of a cell: parameters and multiply-adds by formula, and time by the clock.

Both formulas are read off the cell's own drawing (`Cell.graph`), block by block: an affine block
that reads x has a weight matrix (D, H) and needs D H multiply-adds a step, one that reads a state
H²; a vector of weights and a product of two signals need H each; a bias is H parameters and no
multiplication. Functions (σ, tanh) are counted apart. One layer, one direction, one example; the
readout is not counted. A step back needs the same matrices twice, once for ∂L/∂(what came in) and
once for ∂L/∂W.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import NamedTuple

import numpy as np

from rnnviz.cells import Cell, Node, Wire
from rnnviz.core.backward_run import backprop
from rnnviz.core.forward_run import run
from rnnviz.experiments.settings import Settings

WIDEST = 4096
"""The largest hidden size that is tried when parameter counts are matched."""


class Count(NamedTuple):
    """A polynomial in D and H: so many times D·H, H², and H."""

    DH: int
    HH: int
    H: int

    def at(self, inputs: int, hidden: int) -> int:
        """Its value."""
        return self.DH * inputs * hidden + self.HH * hidden**2 + self.H * hidden

    def __str__(self) -> str:
        parts = zip(self, ("DH", "H²", "H"), strict=True)
        shown = [f"{'' if n == 1 else n}{unit}" for n, unit in parts if n]
        return " + ".join(shown) or "0"


class Cost(NamedTuple):
    """A cell's formulas: parameters, multiply-adds a step, and functions evaluated a step."""

    parameters: Count
    multiply_adds: Count
    functions: Count


def cost(cell: Cell) -> Cost:
    """The formulas of a cell with its options."""
    graph = cell.graph
    inputs = {node.name for node in graph if node.op == "input"}
    weights: dict[tuple[str, str], Counter[str]] = {}
    products: Counter[str] = Counter()
    for node in graph:
        if node.op == "affine":
            block = node.block or node.name
            for wire in node.of:
                if wire.weight:
                    unit = _unit(cell, wire, block, inputs)
                    products[unit] += 1
                    weights[wire.weight, block] = Counter({unit: 1})
            weights |= {(bias, block): Counter({"H": 1}) for bias in _biases(cell, node)}
        elif node.op == "times":
            products["H"] += len(node.of) - 1
    held = sum(weights.values(), Counter())
    functions = sum(node.op in ("affine", "phi") and node.phi != "identity" for node in graph)
    return Cost(_count(held), _count(products), Count(0, 0, functions))


def _unit(cell: Cell, wire: Wire, block: str, inputs: set[str]) -> str:
    W = {name: np.zeros(shape) for name, shape in cell.shapes(1, 1).items()}
    if cell.part(W, wire.weight, block).ndim == 1:
        return "H"
    return "DH" if wire.source in inputs else "HH"


def _biases(cell: Cell, node: Node) -> list[str]:
    shapes = cell.shapes(1, 1)
    return [name for name in node.biases if name in shapes]


def _count(found: Counter[str]) -> Count:
    return Count(found["DH"], found["HH"], found["H"])


def counted(cell: Cell, inputs: int, hidden: int) -> int:
    """The parameters by counting the numbers in every array that is stored."""
    return sum(int(np.prod(shape)) for shape in cell.shapes(inputs, hidden).values())


def sizes(settings: Settings, cells: tuple[str, ...], *, by_count: bool) -> dict[str, int]:
    """Cell → hidden size: the settings' own, or the one whose parameter count lies nearest.

    Nearest, that is, to the count that the costliest of the settings' cells has at their size.
    """
    if not by_count:
        return dict.fromkeys(cells, settings.hidden_size)
    goal, inputs = target(settings), settings.example().input_size
    return {cell: nearest(settings.kind(cell), inputs, goal) for cell in cells}


def target(settings: Settings) -> int:
    """The most parameters that any of the settings' cells has at their hidden size."""
    inputs, size = settings.example().input_size, settings.hidden_size
    return max(counted(settings.kind(cell), inputs, size) for cell in settings.cells)


def nearest(cell: Cell, inputs: int, target: int) -> int:
    """The hidden size whose parameter count is nearest to the target, the smaller of two."""
    low, high = 1, WIDEST
    while low < high:
        middle = (low + high) // 2
        if counted(cell, inputs, middle) < target:
            low = middle + 1
        else:
            high = middle
    below = max(low - 1, 1)
    off = {size: abs(counted(cell, inputs, size) - target) for size in (below, low)}
    return min(off, key=lambda size: off[size])


def resized(settings: Settings, hidden: int) -> Settings:
    """The settings at another hidden size; single weights set by hand are left out."""
    return replace(settings, hidden_size=hidden, edits=())


class Timing(NamedTuple):
    """Seconds per timestep: 10 %, 50 % and 90 % of the runs, forward and backward."""

    runs: int
    forward: tuple[float, float, float]
    backward: tuple[float, float, float]


def timed(
    settings: Settings, hidden: dict[str, int], *, seconds: float = 2.0, least: int = 5,
    most: int = 25, told: Callable[[float], object] = lambda share: None,
) -> dict[str, Timing]:  # fmt: skip
    """Time a pass forward and one back of every cell, in turns, for about so many seconds.

    The first turn warms up and is not counted. Everything is recorded, as on the pages.
    """
    example = settings.example()
    loss = settings.loss_object(example)
    models = {cell: resized(settings, size).flow(cell).trace.model
              for cell, size in hidden.items()}  # fmt: skip
    clocks: dict[str, list[tuple[float, float]]] = {cell: [] for cell in hidden}
    begun = perf_counter()
    for turn in range(most + 1):
        share = max(turn / (most + 1), (perf_counter() - begun) / seconds)
        if turn > least and share >= 1:
            break
        told(min(share, 1.0))
        for cell, model in models.items():
            start = perf_counter()
            trace = run(model, example.x)
            middle = perf_counter()
            backprop(trace, loss)
            if turn:
                clocks[cell].append((middle - start, perf_counter() - middle))
    return {cell: _timing(np.array(found) / len(example.x)) for cell, found in clocks.items()}


def _timing(found: np.ndarray) -> Timing:
    low, middle, high = np.quantile(found, [0.1, 0.5, 0.9], axis=0)
    forward, backward = ((float(low[k]), float(middle[k]), float(high[k])) for k in range(2))
    return Timing(len(found), forward, backward)
