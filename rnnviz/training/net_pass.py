"""Forward and back through a net for its weight gradients alone, in arrays that are used again.

`rnnviz.run` and `rnnviz.backprop` record everything and give every example a power of two, so that
a gradient may fall below what floats can hold. Training needs neither: what is below the smallest
float is 0 here, as in every framework.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rnnviz.cells import Cell
from rnnviz.cells._room import Room, room
from rnnviz.core.model import Model
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.training.weight_sums import WeightSums
from rnnviz.training.weights import views

AT_ONCE = {True: 48 * 1024, False: 192 * 1024}
"""Bytes of (steps, B, H) that go back at once, so that what is made of them stays in the cache,
with the units first in memory and with the examples first.
"""


class Chunk(NamedTuple):
    """Some steps of a layer on their way back.

    back   the backward step for these rows
    add    adds what they give to the gradients of the parameters
    da     (steps, B, G·H), ∂L/∂(weighted sums)
    """

    back: Callable[[], None]
    add: Callable[[], None]
    da: Array


class LayerPass:
    """One layer and direction. W and G are the parameters and their gradients, both views.

    ``dh`` (T, B, H) is ∂L/∂h that arrives from above, in input time, for the caller to write.
    ``inputs`` is ∂L/∂x (T, B, D), in input time, where ``below`` asks for it.
    """

    def __init__(
        self, cell: Cell, W: Arrays, G: Arrays, shape: tuple[int, int, int], *, reverse: bool,
        below: bool,
    ) -> None:  # fmt: skip
        self.cell, self.W, self.below = cell, W, below
        self.turn = slice(None, None, -1 if reverse else 1)
        dtype = W["W_x"].dtype
        # One block lies in one piece either way.
        units_first = shape[1] > 1 < len(cell.blocks)
        first = {"units_first": units_first}
        self.forward_pass = cell.forward_pass(W, shape, dtype, **first)
        steps, batch, size = *shape[:2], self.forward_pass.size
        at_once = AT_ONCE[units_first] // (batch * size * dtype.itemsize)
        self.rows = min(steps, max(1, at_once))
        self.states = {
            name: room((self.rows + 1, batch, size), dtype, **first) for name in cell.states
        }
        self.d = cell.gradient_records((self.rows, batch, size), dtype, **first)
        self.arriving = room((steps, batch, size), dtype, **first)
        self.arriving[...] = 0
        self.inputs_gradient = np.empty(shape if below else (0, 0, 0), dtype)
        self.dh, self.inputs = self.arriving[self.turn], self.inputs_gradient[self.turn]
        self.sums = WeightSums(cell, G, self.rows, **first)
        self.scratch = Room(dtype, **first)
        self.back = cell.backward_loop(W, batch, size, dtype, changing=True, **first)
        self.chunks: dict[tuple[int, int], Chunk] = {}
        self.least = float(np.finfo(dtype).tiny / np.finfo(dtype).eps ** 2)

    def forward(self, x: Array, start: Arrays) -> Array:
        """h (T, B, H) in input time, from x (T, B, D) in input time and states (B, H)."""
        self.record = self.forward_pass(self.W, x[self.turn], start)
        return self.record["h"][self.turn]

    def final(self) -> dict[str, Array]:
        """State name → its value after the last step, (B, H), as a copy."""
        return {name: self.record[name][-1].copy() for name in self.cell.states}

    def backward(self, first: int, last: int) -> None:
        """Write the gradients of all parameters. ``dh`` is 0 but for the steps first … last.

        Steps count in the order of processing, from 0.
        """
        if self.below:
            self.inputs_gradient[...] = 0
        self.sums.clear()
        for one in self.states.values():
            one[0] = 0
        # Steps after the last loss have no gradient; chunks end there.
        for high in range(last + 1, 0, -self.rows):
            low = max(0, high - self.rows)
            chunk = self.chunks.get((low, high)) or self._chunk(low, high)
            self._enter(low, high)
            chunk.back()
            chunk.add()
            if self.below:
                to = self.inputs_gradient[low:high]
                da = chunk.da.reshape(-1, chunk.da.shape[-1])
                np.dot(da, self.W["W_x"].T, to.reshape(len(da), -1))
            if low <= first and self._nothing_left():
                break
        self.sums.finish()

    def _chunk(self, low: int, high: int) -> Chunk:
        """Bind the steps low … high − 1 to the arrays, which stay the same."""
        record = {name: one[low:high] for name, one in self.record.items()}
        d = {name: one[: high - low] for name, one in self.d.items()}
        for name, series in self.states.items():
            d |= {f"d{name}": series[1 : high - low + 1], f"d{name}_prev": series[: high - low]}
        self.scratch.restart()
        back = self.back.again(record, d, self.scratch)
        chunk = Chunk(back, self.sums.bound(record, d), d["da"])
        self.chunks[low, high] = chunk
        return chunk

    def _enter(self, low: int, high: int) -> None:
        """Write what arrives at the steps low … high − 1 from above and from the step after."""
        for name, series in self.states.items():
            if name != "h":
                series[high - low] = series[0]
                continue
            left = series[0].copy()
            series[1 : high - low + 1] = self.arriving[low:high]
            series[high - low] += left
            series[0] = 0

    def _nothing_left(self) -> bool:
        """Whether every gradient that leaves a step is so small that products of it underflow."""
        return all(np.abs(series[0]).max() < self.least for series in self.states.values())


class NetPass:
    """A model's layers and readout on x of one shape (T, B, D).

    ``weights`` and ``gradient`` (P,) are all weights as `rnnviz.training.weights.flat` orders them;
    what is written into ``weights`` is what the next pass runs on.
    """

    def __init__(self, model: Model, weights: Array, gradient: Array, steps: int, batch: int):
        if model.projected:
            raise ValueError("`model` must have no projection W_r to be trained, got one.")
        self.weights, self.gradient = weights, gradient
        self.W, self.G = views(model, weights), views(model, gradient)
        self.sides, self.size = model.directions, model.hidden_size
        self.layers = []
        for index, layer, direction in model.places():
            width = model.input_size if layer == 0 else len(self.sides) * self.size
            self.layers.append(
                LayerPass(model.cell_of(direction), self.W[index], self.G[index],
                          (steps, batch, width), reverse=direction == "reverse", below=layer > 0)
            )  # fmt: skip
        self.lossy = np.empty(0, np.int64)

    def forward(self, x: Array, start: Arrays) -> Array:
        """The top layer's outputs (T, B, directions·H); states are (layers·directions, B, H)."""
        count = len(self.sides)
        for low in range(0, len(self.layers), count):
            ends = [
                self.layers[k].forward(x, {name: one[k] for name, one in start.items()})
                for k in range(low, low + count)
            ]
            x = ends[0] if count == 1 else np.concatenate(ends, axis=-1)
        return x

    def scores(self, outputs: Array) -> Array:
        """The readout y (…, K) before any softmax."""
        return np.asarray(outputs @ self.W[-1]["W_y"] + self.W[-1]["b_y"])

    def backward(self, outputs: Array, steps: Array, dy: Array) -> None:
        """Write ``gradient``: ``dy`` (n, B, K) is ∂L/∂y at the n ``steps`` that have a loss.

        ``outputs`` (n, B, directions·H) are those of these steps.
        """
        rows, flat_dy = outputs.reshape(-1, outputs.shape[-1]), dy.reshape(-1, dy.shape[-1])
        np.dot(rows.T, flat_dy, self.G[-1]["W_y"])
        flat_dy.sum(axis=0, out=self.G[-1]["b_y"])
        arriving = dy @ self.W[-1]["W_y"].T
        count, last = len(self.sides), len(self.layers[0].arriving) - 1
        for k, layer in enumerate(self.layers[-count:]):
            layer.dh[self.lossy] = 0
            layer.dh[steps] = arriving[..., k * self.size : (k + 1) * self.size]
            ends = int(steps[0]), int(steps[-1])
            backwards = self.sides[k] == "reverse"
            layer.backward(*((last - ends[1], last - ends[0]) if backwards else ends))
        self.lossy = steps
        for level in range(len(self.layers) // count - 2, -1, -1):
            above = self.layers[(level + 1) * count : (level + 2) * count]
            below = np.add.reduce([layer.inputs for layer in above])
            for k, layer in enumerate(self.layers[level * count : (level + 1) * count]):
                layer.dh[...] = below[..., k * self.size : (k + 1) * self.size]
                layer.backward(0, last)

    def final(self) -> dict[str, Array]:
        """State name → (layers·directions, B, H) after the last step, as copies."""
        parts = [layer.final() for layer in self.layers]
        return {name: np.stack([part[name] for part in parts]) for name in parts[0]}
