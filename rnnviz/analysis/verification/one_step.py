"""Directional derivatives of one forward step from the recorded states, without backward equations.

Complex steps through the cell's forward equations (Squire and Trapp 1998). Where a complex step is
not finite (a gate some 1000 standard units into saturation) central differences take its place.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from rnnviz.analysis.jacobian import step_matrices
from rnnviz.analysis.verification.complex_step import TINY, lengths
from rnnviz.core.forward_run import recorded
from rnnviz.core.trace import LayerTrace
from rnnviz.numerics.arrays import Array, Arrays

NUDGE = 2.0**-17
"""The step of central differences, in times directions of order 1."""
STILL = np.zeros((1, 1, 1, 1))
"""Directions of length 0."""
FEW = 2_000_000
"""The most numbers in all step Jacobians for them to carry directions."""
SMALL = 2**17
"""The most numbers that a product of matrices may have to stay on one thread."""
TOGETHER = 16


def portions(steps: int, size: int) -> list[slice]:
    """Timesteps in portions so small that no product of matrices is worth a second thread.

    At least ``TOGETHER``: a large net's weights are moved once for all of a portion.
    """
    count = max(TOGETHER, SMALL // size)
    return [slice(start, min(start + count, steps)) for start in range(0, steps, count)]


class OneStep:
    """A layer's forward step at every timestep, from the recorded states and inputs.

    ``exact`` is False once central differences took the place of complex steps. ``grain`` is what
    rounding alone makes of a central difference.
    """

    def __init__(self, at: LayerTrace) -> None:
        self.at, self.exact, self.grain = at, True, 0.0
        self.short, self.long = lengths(at)
        self.names, self.size = at.cell.states, at.record["h"].shape[-1]
        self.widest = max(at.parameters["W_x"].shape)
        self.W = {name: W.astype(complex) for name, W in at.parameters.items()}
        self.past, self.here = (
            np.concatenate([at.record[name + end] for name in self.names], axis=-1).astype(float)
            for end in ("_prev", "")
        )
        self.x = at.record["x"].astype(float)
        self.close = 1e-6 if at.record["h"].dtype == np.float64 else 1e-3
        self.edge = self.close * np.maximum(1, np.abs(self.here))

    def matrices(self) -> Array | None:
        """(∂s_t/∂s_{t−1})ᵀ of every example, (T, B, n, n); None if too many numbers."""
        steps, batch, width = self.past.shape
        if steps * batch * width**2 > FEW:
            return None
        each = [step_matrices(self.at, k) for k in range(batch)]
        return np.stack(each, axis=1).swapaxes(2, 3)

    def along(self, ds: Array) -> Array:
        """δs_t (T, B, n) along directions δs_{t−1} (T, B, n), all steps."""
        found = np.empty(ds.shape)
        for part in portions(len(ds), ds.shape[1] * ds.shape[2] ** 2):
            found[part] = self(part, ds=ds[part, None])[:, 0]
        return found

    def __call__(
        self, part: slice, ds: Array = STILL, dx: Array = STILL, dW: Arrays | None = None
    ) -> Array:
        """δs (t, K, B, n) at the timesteps of ``part``, from directions so shaped (or K = 1)."""
        end = self._end(part, 1j * self.short, ds, dx, dW or {})
        if self._is_fine(end, part):
            found = np.asarray(end.imag / self.short)
            lost = np.abs(found) < TINY
            if (rows := np.flatnonzero(lost.any(axis=(1, 2, 3)))).size:
                ds, dx = (one if len(one) == 1 else one[rows] for one in (ds, dx))
                here = np.arange(len(self.past))[part][rows]
                again = self._end(here, 1j * self.long, ds, dx, dW or {}).imag / self.long
                found[rows] = np.where(lost[rows] & (np.abs(again) < TINY), again, found[rows])
            return found
        self.exact = False
        nudge = NUDGE / self.reach
        self.grain = 4 * float(np.finfo(float).eps * np.abs(self.here).max(initial=1.0)) / nudge
        ends = [self._end(part, by, ds, dx, dW or {}).real for by in (nudge, -nudge)]
        return np.asarray((ends[0] - ends[1]) / (2 * nudge))

    def _is_fine(self, end: Array, part: slice) -> bool:
        """Whether a step is finite and ends at the recorded states."""
        near = np.abs(end.real - self.here[part][:, None]) <= self.edge[part][:, None]
        return bool(near.all() and np.isfinite(end).all())

    @cached_property
    def reach(self) -> float:
        """How far a direction of order 1 may move a pre-activation: a nudge must not leave it."""
        sums = [np.abs(W).sum(axis=0).max() for W in self.W.values()]
        return max(1.0, *sums, *(np.abs(one).sum(axis=-1).max() for one in (self.x, self.past)))

    def _end(
        self, part: slice | Array, by: complex, ds: Array, dx: Array, dW: Arrays
    ) -> Array:
        """The states (t, K, B, n) after the steps, moved ``by`` times the directions."""
        past, x = self.past[part][:, None] + complex(by) * ds, self.x[part][:, None] + by * dx
        shape = (len(past), max(past.shape[1], x.shape[1]), past.shape[2])
        past, x = (
            np.broadcast_to(one, (*shape, one.shape[-1])).reshape(1, -1, one.shape[-1])
            for one in (past, x)
        )
        W = self.W | {name: self.W[name] + by * one for name, one in dW.items()}
        start = {
            name: past[0, :, k * self.size : (k + 1) * self.size]
            for k, name in enumerate(self.names)
        }
        record = recorded(self.at.cell, W, np.ascontiguousarray(x, complex), start)
        end = np.concatenate([record[name] for name in self.names], axis=-1)
        return end.reshape(*shape, -1)
