"""The kind of a linear step x ← W x: node, spiral, saddle, shear, rotation …

From the exact trace and determinant of the entries, so that equal eigenvalues compare as equal.
Source: Strogatz 2015, Nonlinear Dynamics and Chaos, section 5.2, put for maps: the unit circle
takes the place of the imaginary axis.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import frozen, real_array
from rnnviz.words import word

NEAR = 1e-12
"""How far from 1 a modulus, or from 0 a relative difference, counts as rounding of the entries."""
TITLES = {
    "node": word("node"),
    "star": word("star"),
    "degenerate": word("degenerate node"),
    "spiral": word("spiral"),
    "rotation": word("rotation"),
    "centre": word("centre"),
    "saddle": word("saddle"),
    "shear": word("shear"),
    "line": word("line of fixed points"),
    "identity": word("every point is fixed"),
    "flip": word("flip"),
}
FATES = {
    "dies": word("shrinks to 0"),
    "holds": word("stays the same"),
    "grows": word("grows steadily"),
    "diverges": word("diverges"),
}


class Kind(NamedTuple):
    """The kind of a square matrix as an iterated map.

    name         a key of TITLES
    fate         of a typical state, a key of FATES: "dies" where the radius is below 1, "diverges"
                 above; at 1 "holds", or "grows" in proportion to t (shear)
    eigenvalues  (n,) complex, largest modulus first
    stretches    (n,) singular values, descending: what a single step stretches
    radius       the largest modulus
    normal       whether W Wᵀ = Wᵀ W: then ‖Wᵗ‖ = radiusᵗ, and nothing grows on its way to 0
    """

    name: str
    fate: str
    eigenvalues: Array
    stretches: Array
    radius: float
    normal: bool

    def __repr__(self) -> str:
        return brief(self)

    @property
    def title(self) -> str:
        """The name in words."""
        return TITLES[self.name]


def classify(W: Any) -> Kind:
    """The kind of a 1 × 1 or 2 × 2 matrix. Raises ValueError."""
    array = np.atleast_2d(real_array("W", W)).astype(np.float64)
    if array.shape not in ((1, 1), (2, 2)):
        raise ValueError(f"`W` must be 1 × 1 or 2 × 2, got shape {array.shape}.")
    values, discriminant = eigenvalues(array)
    radius = float(np.abs(values[0]))
    scale = float(np.abs(array).max()) or 1.0
    gap = array @ array.T - array.T @ array
    normal = bool(np.abs(gap).max() <= NEAR * scale**2)
    name = _scalar(float(array[0, 0])) if len(array) == 1 else _plane(array, values, discriminant)
    stretches = np.linalg.svd(array, compute_uv=False)
    if _is_one(radius):
        fate = "grows" if name == "shear" else "holds"
    else:
        fate = "dies" if radius < 1 else "diverges"
    return Kind(name, fate, frozen(values), frozen(stretches), radius, normal)


def eigenvalues(W: Array) -> tuple[Array, float]:
    """Eigenvalues of a 1 × 1 or 2 × 2 matrix, largest modulus first, and its discriminant.

    ((a − d)/2)² + bc relative to the entries' squares: exactly 0 for two equal eigenvalues.
    """
    if len(W) == 1:
        return W.reshape(1).astype(np.complex128), 0.0
    a, b, c, d = map(Fraction, W.reshape(-1).tolist())
    middle, under = (a + d) / 2, ((a - d) / 2) ** 2 + b * c
    scale = max(map(abs, (a, b, c, d))) ** 2 or Fraction(1)
    relative = float(under / scale)
    root = float(abs(under)) ** 0.5
    if under < 0:
        return np.array([complex(middle, root), complex(middle, -root)]), relative
    first = float(middle) + (root if middle >= 0 else -root)
    second = float((a * d - b * c) / Fraction(first)) if first else 0.0
    return np.array([first, second], np.complex128), relative


def _is_one(value: float) -> bool:
    return abs(value - 1) <= NEAR


def _scalar(w: float) -> str:
    return "identity" if _is_one(w) else "flip" if _is_one(-w) else "node"


def _plane(W: Array, values: Array, discriminant: float) -> str:
    moduli = np.abs(values)
    on_circle = [_is_one(float(one)) for one in moduli]
    if abs(discriminant) <= NEAR:
        if np.abs(W - np.trace(W) / 2 * np.eye(2)).max() <= NEAR * max(1.0, np.abs(W).max()):
            if on_circle[0]:
                return "identity" if values[0].real > 0 else "rotation"
            return "star"
        return "shear" if on_circle[0] else "degenerate"
    if discriminant < 0:
        if not on_circle[0]:
            return "spiral"
        return "rotation" if np.abs(W @ W.T - np.eye(2)).max() <= NEAR else "centre"
    if any(on_circle):
        return "line" if any(_is_one(float(one.real)) for one in values) else "flip"
    return "saddle" if moduli[1] < 1 < moduli[0] else "node"
