"""A case of every cell with every value of every option, in one layer or stacked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz import Model, backprop, build, run
from tests.oracle import NAMES, VARIANTS, stack, states, varied

T, B, D, H = 4, 2, 2, 3
SHAPES = {"one layer": {}, "two layers, both directions": {"num_layers": 2, "bidirectional": True}}
every_variant = pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)
every_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


class Case:
    """A model with random weights and biases, an input, initial states, and a projection."""

    def __init__(self, cell: str, options: dict, shape: dict, seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        self.model: Model = varied(build(cell, D, H, **options, **shape), seed)
        self.x = rng.standard_normal((T, B, D))
        self.start = states(self.model, B, rng)
        given = {f"{name}0": value for name, value in self.start.items()}
        self.trace = run(self.model, self.x, **given)
        self.dh = rng.standard_normal(self.trace.outputs.shape)
        self.flow = backprop(self.trace, self.dh)

    def loss(self, **changes: Any) -> Any:
        """The projection of the oracle's outputs, with changed arguments."""
        arguments = {"x": self.x, "start": self.start} | changes
        return (self.dh * stack(self.model, **arguments)[1]).sum()
