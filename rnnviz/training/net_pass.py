"""Forward and back through a net for its weight gradients alone, in arrays that are used again.

`rnnviz.run` and `rnnviz.backprop` record everything and give every example a power of two, so that
a gradient may fall below what floats can hold. Training needs neither: what is below the smallest
float is 0 here, as in every framework.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnviz.cells import Cell
from rnnviz.core.model import Model
from rnnviz.core.weight_gradients import summed
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.training.weights import views

AT_ONCE = 32
"""After so many steps back it is looked whether anything is left to carry."""


class LayerPass:
    """One layer and direction. W and G are the parameters and their gradients, both views.

    ``dh`` (T, B, H) is where ∂L/∂h that arrives from above is to be written, in input time.
    """

    def __init__(
        self, cell: Cell, W: Arrays, G: Arrays, shape: tuple[int, int, int], *, reverse: bool
    ) -> None:
        self.cell, self.W, self.G = cell, W, G
        self.turn = slice(None, None, -1 if reverse else 1)
        dtype = W["W_x"].dtype
        self.forward_pass = cell.forward_pass(W, shape, dtype)
        self.size = self.forward_pass.size
        self.states = {name: self.forward_pass.state() for name in cell.states}
        self.d = cell.gradient_records((*shape[:2], self.size), dtype)
        for name, series in self.states.items():
            self.d |= {f"d{name}": series[1:], f"d{name}_prev": series[:-1]}
        self.dh = self.d["dh"][self.turn]
        self.ones = np.ones(shape[0] * shape[1], dtype)
        self.least = float(np.finfo(dtype).tiny / np.finfo(dtype).eps ** 2)

    def forward(self, x: Array, start: Arrays) -> Array:
        """h (T, B, H) in input time, from x (T, B, D) in input time and states (B, H)."""
        self.record = self.forward_pass(self.W, x[self.turn], start)
        return self.record["h"][self.turn]

    def final(self) -> dict[str, Array]:
        """State name → its value after the last step, (B, H), as a copy."""
        return {name: self.record[name][-1].copy() for name in self.cell.states}

    def backward(self, first: int) -> None:
        """Write the gradients of all parameters; before step ``first`` nothing arrives at ``dh``.

        Steps count in the order of processing, from 0.
        """
        d, record = self.d, self.record
        steps, batch = record["h"].shape[:2]
        back = self.cell.backward_loop(self.W, batch, self.size, record["h"].dtype)
        d["dh_prev"][0] = 0
        for name in self.cell.states[1:]:
            self.states[name][-1] = 0
        for high in range(steps, 0, -AT_ONCE):
            low = max(0, high - AT_ONCE)
            back(*({name: one[low:high] for name, one in of.items()} for of in (record, d)))
            if 0 < low <= first and self._nothing_left(low):
                for one in d.values():
                    one[:low] = 0
                break
        shares = self.cell.contributions(self.W, record, d)
        for name, to in self.G.items():
            self._sum(shares[name], to)

    def _nothing_left(self, low: int) -> bool:
        """Whether every gradient that leaves a step is so small that products of it underflow."""
        return all(np.abs(series[low]).max() < self.least for series in self.states.values())

    def _sum(self, share: Any, to: Array) -> None:
        """One parameter's gradient: the sum of what every step and example adds to it."""
        if not isinstance(share, tuple):
            np.dot(self.ones, share.reshape(len(self.ones), -1), to.reshape(-1))
        elif len(share) == 1:
            ((left, right),) = share
            rows = len(self.ones)
            np.dot(left.reshape(rows, -1).T, right.reshape(rows, -1), to)
        else:
            to[...] = summed(share, slice(None))

    def inputs(self) -> Array:
        """∂L/∂x (T, B, D) in input time."""
        da = self.d["da"]
        dx = np.dot(da.reshape(-1, da.shape[-1]), self.W["W_x"].T)
        return dx.reshape(self.record["x"].shape)[self.turn]


class NetPass:
    """A model's layers and readout on x of one shape (T, B, D).

    ``weights`` and ``gradient`` (P,) are all weights as `rnnviz.training.weights.flat` orders them;
    what is written into ``weights`` is what the next pass runs on.
    """

    def __init__(self, model: Model, weights: Array, gradient: Array, steps: int, batch: int):
        self.W, self.G = views(model, weights), views(model, gradient)
        self.sides, self.size = model.directions, model.hidden_size
        self.layers = []
        for index, layer, direction in model.places():
            width = model.input_size if layer == 0 else len(self.sides) * self.size
            shape = (steps, batch, width)
            self.layers.append(
                LayerPass(model.cell, self.W[index], self.G[index], shape,
                          reverse=direction == "reverse")
            )  # fmt: skip

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
        count = len(self.sides)
        top = self.layers[-count:]
        for k, layer in enumerate(top):
            layer.dh[...] = 0
            layer.dh[steps] = arriving[..., k * self.size : (k + 1) * self.size]
            last = len(layer.dh) - 1
            layer.backward(int(steps[0]) if k == 0 else last - int(steps[-1]))
        for level in range(len(self.layers) // count - 2, -1, -1):
            above = self.layers[(level + 1) * count : (level + 2) * count]
            below = np.add.reduce([layer.inputs() for layer in above])
            for k, layer in enumerate(self.layers[level * count : (level + 1) * count]):
                layer.dh[...] = below[..., k * self.size : (k + 1) * self.size]
                layer.backward(0)

    def final(self) -> dict[str, Array]:
        """State name → (layers·directions, B, H) after the last step, as copies."""
        parts = [layer.final() for layer in self.layers]
        return {name: np.stack([part[name] for part in parts]) for name in parts[0]}
