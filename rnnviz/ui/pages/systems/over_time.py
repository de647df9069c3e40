"""The state, its norm and its gradient over time."""

from __future__ import annotations

import numpy as np

from rnnviz import plot
from rnnviz.analysis.systems import (
    Kind,
    Orbit,
)
from rnnviz.plot.systems import orbit_panels
from rnnviz.ui import chart
from rnnviz.ui.components.time_control import stage
from rnnviz.ui.shell.frame import theme
from rnnviz.words import say
from rnnviz.words.numbers import power


def names(n: int) -> list[str]:
    """The names of the state's components."""
    return ["x"] if n == 1 else ["x₁", "x₂"]


def readout(found: Orbit) -> None:
    """State, output and norms at the current timestep."""
    rows = np.concatenate([
        found.x[1:].T, found.y[:, :1].T, [found.log10_state[1:], found.log10_gradient[1:, 0]]
    ])  # fmt: skip
    if found.system.size == 1:
        words = say("At t = {t}: x = {0}, y = {1}, |x| = {2:log}, |∂xₜ/∂x₀| = {3:log}.")
    else:
        words = say("At t = {t}: x = ({0}, {1}), y = {2}, ‖x‖ = {3:log}, ‖∂xₜ/∂x₀‖ = {4:log}.")
    stage.readout(words, rows, key="system_now")


def state_and_norms(found: Orbit, kind: Kind) -> None:
    """State, input and output over time; under them the norms of state and gradient."""
    n = found.system.size
    end = found.log10_gradient[-1]
    chart.figure(
        plot.orbit(found, theme=theme()), key="system_time",
        definition=say(
            "‖xₜ‖ is the length of the state. σ₁ and σ₂ are the singular values of ∂xₜ/∂x₀, the "
            "product of the Jacobians of all steps: the factors that are left for the best-kept "
            "and the worst-kept direction of x₀. Without tanh σ₁ goes with ρᵗ in the long run."
        ) if n == 2 else say(
            "|xₜ| and |∂xₜ/∂x₀|, the product of the derivatives of all steps so far: the factor "
            "by which a small change of x₀ is multiplied. Without tanh it is exactly |w|ᵗ."
        ),
        summary=say(
            "From |x₀| = {start} to {end} after {T} steps; ∂xₜ/∂x₀ ends between {low} and {high}.",
            start=power(float(found.log10_state[0])), end=power(float(found.log10_state[-1])),
            T=len(found.u), low=power(float(end[-1])), high=power(float(end[0])),
        ),
        data=lambda: chart.frame(orbit_panels(found, kind, theme())),
    )  # fmt: skip
