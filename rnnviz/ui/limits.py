"""What is too dear to compute while somebody waits, and the sentence that says so."""

from __future__ import annotations

from rnnviz.gradients import LayerFlow

MAP = 10**10
"""The most that T² n³ may be for a Jacobian map: about a second."""
SPECTRUM = 6 * 10**7
"""The most that T n³ may be for the singular values of products: about a second."""
CHECKS = 2 * 10**5
"""Up to this T n² the checks run by themselves; above it when they are asked for."""


def sizes(flow: LayerFlow) -> tuple[int, int]:
    """T, and n: the numbers in the state."""
    steps, _, hidden = flow.trace.record["h"].shape
    return steps, hidden * len(flow.trace.cell.states)


def map_refusal(flow: LayerFlow) -> str | None:
    """Why there is no Jacobian map, or None."""
    steps, n = sizes(flow)
    if steps**2 * n**3 <= MAP:
        return None
    states = len(flow.trace.cell.states)
    return (
        f"The map is left out: T² n³ = {steps}² × {n}³ is above the limit of {MAP:,} (n is the "
        f"size of the state, {states} H). Lower T to {int((MAP / n**3) ** 0.5)} or H to "
        f"{int((MAP / steps**2) ** (1 / 3)) // states}."
    )


def spectrum_refusal(flow: LayerFlow) -> str | None:
    """Why there are no singular values, or None."""
    steps, n = sizes(flow)
    if steps * n**3 <= SPECTRUM:
        return None
    states = len(flow.trace.cell.states)
    return (
        f"Singular values and exponents are left out: T n³ = {steps} × {n}³ is above the limit of "
        f"{SPECTRUM:,} (n is the size of the state, {states} H). Lower T to {SPECTRUM // n**3} or "
        f"H to {int((SPECTRUM / steps) ** (1 / 3)) // states}."
    )


def checks_by_themselves(flow: LayerFlow) -> bool:
    """Whether the checks are quick enough to run unasked."""
    steps, n = sizes(flow)
    return steps * n**2 <= CHECKS
