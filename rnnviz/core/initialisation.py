"""Initial values of one layer's parameters, seeded.

Every square or rectangular block (one gate's share of W_x or W_h) is drawn on its own, so that a
gate's distribution does not depend on how many gates its neighbours have.

- ``pytorch``: every entry of W_x, W_h and of each bias from U(−1/√H, 1/√H). PyTorch keeps two
  biases whose sum counts; where we keep one, it is the sum of two such draws.
- ``glorot``: U(−s, s) with s = √(6 / (rows + columns)) of the block (Glorot and Bengio 2010);
  biases 0.
- ``orthogonal``: W_h's blocks Haar-orthogonal by QR with signs (Saxe et al. 2014), W_x glorot,
  biases 0.
- ``identity``: W_h's blocks I (Le, Jaitly and Hinton 2015), W_x glorot, biases 0.
- ``chrono``: the bias of the gate that keeps (f, z) is ln U(1, T_max − 1), unit by unit, and b_i
  its negative where there is an input gate (Tallec and Ollivier 2018, whose z is 1 − ours); the
  rest as in ``glorot``. A gate that sees nothing else then remembers 1 / (1 − σ(b)) = 1 + U steps;
  so does minLSTM's f / (f + i), which with b_i = −b_f is σ(b_f).
- ``keras``: its defaults: W_x glorot and W_h orthogonal as WHOLE matrices over all gates, so that
  the rows of W_h (H, G·H) are orthonormal; biases 0, but 1 for the forget gate. With one block this
  is ``orthogonal``.

A cell without W_h draws none: ``orthogonal`` and ``identity`` are ``glorot`` there.

Peephole matrices are drawn as W_h is; peephole vectors like a block of one row.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from rnnviz.cells import Cell
from rnnviz.numerics.arrays import Array


def _uniform(rng: Generator, rows: int, columns: int, bound: float) -> Array:
    return rng.uniform(-bound, bound, (rows, columns))


def _glorot(rng: Generator, rows: int, columns: int) -> Array:
    return _uniform(rng, rows, columns, float(np.sqrt(6 / (rows + columns))))


def orthogonal(rng: Generator, size: int) -> Array:
    """A Haar-distributed orthogonal matrix (size, size)."""
    q, r = np.linalg.qr(rng.standard_normal((size, size)))
    return np.asarray(q * np.sign(np.diag(r)))


def _with_orthonormal_rows(rng: Generator, shape: tuple[int, ...]) -> Array:
    """The first rows of a Haar-distributed orthogonal matrix, at least as wide as high."""
    q, r = np.linalg.qr(rng.standard_normal(shape[::-1]))
    return np.asarray((q * np.sign(np.diag(r))).T)


RECURRENT: dict[str, Callable[[Generator, int], Array]] = {
    "pytorch": lambda rng, size: _uniform(rng, size, size, size**-0.5),
    "glorot": lambda rng, size: _glorot(rng, size, size),
    "orthogonal": orthogonal,
    "identity": lambda rng, size: np.eye(size),
    "chrono": lambda rng, size: _glorot(rng, size, size),
    "keras": orthogonal,
}
"""Name → draw of one recurrent block (H, H)."""
OWN_GATE_BIASES = ("chrono",)
"""The schemes that draw the gates' biases; setting these biases would undo the scheme."""
WRITES = "i"
"""The block of the gate that lets the candidate in, in cells that have one of its own."""


def draw(
    rng: Generator, cell: Cell, input_size: int, hidden_size: int, init: str, longest: int = 2
) -> dict[str, Array]:
    """All parameters of one layer and direction, in float64; ``longest`` is T_max of ``chrono``."""
    bound = hidden_size**-0.5
    shapes = cell.shapes(input_size, hidden_size)
    drawn: dict[str, Array] = {}
    for name, shape in shapes.items():
        if len(shape) == 1:
            draws = 1 if "b_h" in shapes else 2
            values = sum(rng.uniform(-bound, bound, shape) for _ in range(draws))
            drawn[name] = np.asarray(values) if init == "pytorch" else np.zeros(shape)
        elif name in cell.statement.vectors:
            rows = [_like_input(rng, init, 1, hidden_size) for _ in range(shape[0])]
            drawn[name] = np.concatenate(rows)
        else:
            drawn[name] = _blocks(rng, init, shape, hidden_size, recurrent=name != "W_x")
    if init == "chrono":
        _remember(rng, cell, drawn, longest)
    if init == "keras" and "forget_bias" in cell.bias_blocks:
        cell.part(drawn, "b", cell.bias_blocks["forget_bias"])[:] = 1
    return drawn


def _remember(rng: Generator, cell: Cell, drawn: dict[str, Array], longest: int) -> None:
    """Set, in b, the biases that spread the units' memories over 2 … T_max steps."""
    if cell.keeps_by is None:
        return
    keeps = cell.part(drawn, "b", cell.keeps_by)
    keeps[:] = np.log(rng.uniform(1, longest - 1, keeps.shape))
    if WRITES in cell.statement.parameters["b"]:
        cell.part(drawn, "b", WRITES)[:] = -keeps


def _like_input(rng: Generator, init: str, rows: int, size: int) -> Array:
    return _uniform(rng, rows, size, size**-0.5) if init == "pytorch" else _glorot(rng, rows, size)


def _blocks(
    rng: Generator, init: str, shape: tuple[int, ...], size: int, *, recurrent: bool
) -> Array:
    count = shape[1] // size
    if init == "keras" and count > 1:
        return _with_orthonormal_rows(rng, shape) if recurrent else _glorot(rng, *shape)
    if recurrent:
        return np.concatenate([RECURRENT[init](rng, size) for _ in range(count)], axis=1)
    return np.concatenate([_like_input(rng, init, shape[0], size) for _ in range(count)], axis=1)


def spectral_radius(matrix: Array) -> float:
    """The largest modulus of the eigenvalues of a square matrix."""
    return float(np.abs(np.linalg.eigvals(matrix)).max())


def with_spectral_radius(W_h: Array, radius: float) -> Array:
    """W_h with every (H, H) block scaled to the given spectral radius."""
    size = W_h.shape[0]
    blocks = np.split(W_h, W_h.shape[1] // size, axis=1)
    radii = [spectral_radius(block) for block in blocks]
    if min(radii) == 0:
        raise ValueError(
            f"`spectral_radius` needs a recurrent block whose own radius is not 0, got {radius}."
        )
    scaled = [block * (radius / own) for block, own in zip(blocks, radii, strict=True)]
    return np.concatenate(scaled, axis=1)
