"""The Jacobians of all steps of one record, from what the states depend on."""

from __future__ import annotations

import numpy as np

from rnnviz.cells._dependence import Chain, Dependence, Recurrence
from rnnviz.cells._stated import Stated
from rnnviz.cells._values import Number, Values
from rnnviz.numerics.arrays import Array, Arrays


def step_jacobians(cell: Stated, recurrence: Recurrence, W: Arrays, r: Arrays) -> Array:
    """∂s_t/∂s_{t−1} (T, n, n) of one example: s is h, or all states side by side; row j is ∂s_t[j].

    W are the parameters, r the record with rows (T, ·) of the type that the result has. The array
    is a view of (n, T, n), in which all timesteps of a unit lie together.
    """
    return _Numbers(cell, recurrence, W, r).jacobians().swapaxes(0, 1)


class _Numbers:
    """Arrays (H, T, H) have the units of the hub first, so that a matrix is one product."""

    def __init__(self, cell: Stated, recurrence: Recurrence, W: Arrays, r: Arrays) -> None:
        self.cell, self.recurrence, self.W = cell, recurrence, W
        self.factors = recurrence.local.factors
        self.values = Values(recurrence.local.statement, r, W, cell.hold)
        self.steps, self.size = r["h"].shape
        self.dtype = r["h"].dtype
        self.products: dict[Chain, Number] = {(): 1}
        self.whole: dict[tuple[str, str], Array] = {}

    def jacobians(self) -> Array:
        """(n, T, n), n all states side by side."""
        states, size = self.cell.states, self.size
        width = len(states) * size
        J = np.empty((width, self.steps, width), self.dtype)
        place = {name: slice(k * size, (k + 1) * size) for k, name in enumerate(states)}
        for (state, past), found in self.recurrence.blocks.items():
            if past in place:
                self.assembled(found, f"{past}_prev", J[place[state], :, place[past]])
        for (state, now), through in self.recurrence.blocks.items():
            if now not in place:
                earlier = now.removesuffix(" now")
                ahead = self.assembled(through, earlier, self._new(1)[0]).swapaxes(0, 1)
                rows, known = J[place[state]], J[place[earlier]].swapaxes(0, 1)
                rows += np.matmul(ahead, known).swapaxes(0, 1)
        return J

    def assembled(self, found: Dependence, state: str, out: Array) -> Array:
        """A dependence on ``state``, (H, T, H), written into ``out``."""
        parts = [part for key, chains in found.products.items()
                 for part in self._product(*key, self._sum(chains), state)]  # fmt: skip
        if found.rows:
            self._rows(found, out)
        elif parts:
            np.copyto(out, parts.pop())
        else:
            out.fill(0)
        for part in parts:
            out += part
        if found.diagonal:
            diagonal = np.einsum("jtj->tj", out)
            diagonal += self._sum(found.diagonal)
        return out

    def _rows(self, found: Dependence, out: Array) -> None:
        """Σ coefficient · matrix.

        A single one gets a zero beside it: NumPy leaves a sum of two products to BLAS, not of one.
        """
        count = max(2, len(found.rows))
        coefficients = np.empty((count, self.steps, self.size), self.dtype)
        matrices = np.empty((count, self.size, self.size), self.dtype)
        coefficients[len(found.rows) :], matrices[len(found.rows) :] = 0, 0
        for k, (key, chains) in enumerate(found.rows.items()):
            matrices[k] = self.cell.part(self.W, *key).T
            self._sum(chains, coefficients[k])
        np.matmul(coefficients.transpose(2, 1, 0), matrices.transpose(1, 0, 2), out=out)

    def _product(
        self, parameter: str, block: str, hub: str, coefficient: Number, state: str
    ) -> list[Array]:
        """Terms of coefficient · matrix · ∂hub/∂state, (H, T, H) each."""
        matrix, of = self.cell.part(self.W, parameter, block).T, self.recurrence.of(hub, state)
        by = np.broadcast_to(coefficient, (self.steps, self.size)).T[..., None]
        if of.products:
            whole = self._hub(hub, state)
            product = np.dot(matrix, whole.reshape(self.size, -1)).reshape(whole.shape)
            product *= by
            return [product]
        ahead, left, *found = self._new(2 + len(of.rows))
        np.multiply(by, matrix[:, None], out=ahead)
        for (name, its), out, chains in zip(of.rows, found, of.rows.values(), strict=True):
            right = self.cell.part(self.W, name, its).T
            np.multiply(ahead, self._sum(chains), out=left, casting="same_kind")
            np.dot(left.reshape(-1, self.size), right, out=out.reshape(-1, self.size))
        if of.diagonal:
            ahead *= self._sum(of.diagonal)
            found.append(ahead)
        return found

    def _hub(self, hub: str, state: str) -> Array:
        """∂hub/∂state, (H, T, H), computed once."""
        if (hub, state) not in self.whole:
            found = self.recurrence.of(hub, state)
            self.whole[hub, state] = self.assembled(found, state, self._new(1)[0])
        return self.whole[hub, state]

    def _new(self, count: int) -> list[Array]:
        """Room for so many, in C order, which the result of an operation need not have."""
        return [np.empty((self.size, self.steps, self.size), self.dtype) for _ in range(count)]

    def _sum(self, chains: list[Chain], out: Array | None = None) -> Number:
        """The sum of products of factors; written into ``out`` if given."""
        total = self._along(chains[0])
        for chain in chains[1:]:
            total = np.add(total, self._along(chain))
        if out is not None:
            out[...] = total
        return total

    def _along(self, chain: Chain) -> Number:
        """The product of a chain's factors."""
        if chain in self.products:
            return self.products[chain]
        found = self.values.factor(self.factors[chain[-1]])
        if len(chain) > 1:
            found = self._along(chain[:-1]) * found
        self.products[chain] = found
        return found
