"""The step Jacobians against forward steps along a random direction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from rnnviz.analysis import jacobian
from rnnviz.analysis.verification.check import Check, made, skipped, too_many
from rnnviz.analysis.verification.complex_step import LEAST, USUAL, lost_of_share
from rnnviz.analysis.verification.one_step import OneStep
from rnnviz.analysis.verification.rounded import Rounded
from rnnviz.core.trace import Trace
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.relative_error import nan_first
from rnnviz.words import sentence


def jacobian_checks(
    trace: Trace, rounded: Rounded, steps: list[OneStep], past: list[Array], moved: list[Array],
    bound: float,
) -> Iterator[Check]:  # fmt: skip
    """∂s_t/∂s_{t−1} of every layer along a direction ``past`` (T, B, n), of the last example.

    ``moved`` (T, B, n) is what the forward ``steps`` make of it.
    """
    words = sentence("the Jacobian of every step along a random direction, against forward steps")
    batch, n = past[0].shape[1] - 1, past[0].shape[2]
    if (needed := len(trace.x) * n * n) > jacobian.MOST_NUMBERS:
        yield skipped("jacobians", bound, words, too_many(needed, jacobian.MOST_NUMBERS))
        return
    found = list[tuple[float, float]]()
    for index, layer, direction in trace.model.places():
        place: dict[str, Any] = {"layer": layer, "direction": direction, "batch": batch}
        J, v = jacobian.step_jacobians(trace, **place), past[index][:, batch, :, None]
        size = (np.abs(J) @ np.abs(v)).max(axis=(1, 2))
        size, bounds = np.where(size > 0, size, 1), np.full(len(J), bound)
        error = np.abs((J @ v)[..., 0] - moved[index][:, batch]).max(axis=1) / size
        if not (error <= bound).all():
            others = [jacobian.step_jacobians(one, **place) for one in rounded.traces]
            doubts = [np.abs((J - other) @ v).max(axis=(1, 2)) / size for other in others]
            doubt = 30 * np.max(doubts, axis=0) + steps[index].grain / size
            at = steps[index].at
            unheld = n * LEAST / USUAL.long / size + lost_of_share(at)
            bounds = np.fmax(bound, doubt + unheld)
        found += zip(error, bounds, strict=True)
    error, allowed = max(found, key=lambda one: nan_first(one[0] / one[1]))
    yield made("jacobians", error, allowed, words)
