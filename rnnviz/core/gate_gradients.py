"""∂L/∂gate and ∂L/∂candidate, also where a factor of them is above all floats of the net's type."""

from __future__ import annotations

import numpy as np

from rnnviz.core.trace import LayerTrace
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.extended_range import Scaled
from rnnviz.numerics.records import sealed


def gate_gradients(at: LayerTrace, d: Arrays, exponent: Array | None) -> dict[str, Scaled]:
    """Gate or candidate → the loss's gradient by it (T, B, H), in the order of processing.

    ``d`` are the mantissas of the other gradients and ``exponent`` (T, B) their powers of two, None
    where all are 0. Where a cell divides by f + i, 1 / (f + i) may overflow although the gates do
    not underflow; what is not finite then is computed in a wider type.
    """
    with np.errstate(all="ignore"):
        found = sealed(at.cell.gate_gradients(at.parameters, at.record, d))
        gates = {name: Scaled(one, exponent) for name, one in found.items()}
        lost = [name for name, one in found.items() if not np.isfinite(one).all()]
        if not lost or all(node.op != "share" for node in at.cell.graph):
            return gates
        wide = np.float64 if at.record["h"].dtype == np.float32 else np.longdouble
        again = at.cell.gate_gradients(*(
            {name: one.astype(wide) for name, one in arrays.items()}
            for arrays in (at.parameters, at.record, d)
        ))  # fmt: skip
        for name in lost:
            if np.isfinite(again[name]).all():
                held = Scaled(again[name], exponent).normalised()
                mantissa = held.mantissa.astype(at.record["h"].dtype)
                gates[name] = Scaled(mantissa, held.exponent)
    return gates
