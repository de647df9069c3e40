"""Units of h that do nothing or can do no more, and how far weights moved."""

from __future__ import annotations

import numpy as np

from rnnviz.core.lengths import inside
from rnnviz.core.model import Model
from rnnviz.core.trace import LayerTrace

SATURATED, SILENT = 0.9, 1e-3
"""|h| above the one is saturated where h = tanh(·): the derivative there is below 0.19. A unit
whose |h| stays below the other is silent."""


def units(at: LayerTrace) -> dict[str, float]:
    """Over all steps and examples of a layer: ``h_silent``, the share of units whose |h| stays
    below 0.001, and, where h = tanh(·), ``h_saturated``, the share of all |h| above 0.9."""
    h = np.abs(at["h"])
    if at.lengths is not None:
        h = h[inside(at.lengths, len(h))][:, None]
    found = {"h_silent": float((h < SILENT).all(axis=(0, 1)).mean())}
    if at.cell.options.get(at.cell.phi_option) == "tanh":
        found["h_saturated"] = float((h > SATURATED).mean())
    return found


def moved(before: Model, after: Model) -> float:
    """‖θ_after − θ_before‖ / ‖θ_before‖, θ all weights of a net but those of its output layer."""
    change = whole = 0.0
    with np.errstate(all="ignore"):
        for old, new in zip(before.parameters, after.parameters, strict=True):
            for name, one in old.items():
                start = np.asarray(one, np.float64)
                change += float(np.square(np.asarray(new[name], np.float64) - start).sum())
                whole += float(np.square(start).sum())
        return float(np.sqrt(np.divide(change, whole)))
