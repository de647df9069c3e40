"""The live checks of the page of systems, on the system's own run."""

from __future__ import annotations

import numpy as np

from rnnviz.analysis.systems import Orbit
from rnnviz.analysis.verification.live_checks import Check, verify


def checks(found: Orbit) -> tuple[Check, ...]:
    """`verify` of the run and its gradients, with the loss y_T on the last step."""
    dh = np.zeros((len(found.u), 1, found.system.size))
    dh[-1, 0] = found.system.C[0]
    return verify(found.trace, dh)
