"""The limits of what is computed while a page is drawn, and what is shown beyond them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from math import ceil, log2

import numpy as np

from rnnviz.analysis.jacobian import MOST_AT_ONCE
from rnnviz.analysis.jacobian_estimate import ProbedMap
from rnnviz.analysis.leading_directions import Leading
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.experiments.settings import Settings
from rnnviz.words import say

MAP = 8 * 10**9
"""The most that T n³ (1 + log₂ T) may be for an exact Jacobian map: about a second."""
PROBED = 35 * 10**9
"""The most that p T² n² should be for a map from p probes: about a second."""
JACOBIANS = 10**8
"""T n² in a second, where all step Jacobians are made on the way forward and back."""
FEWEST, MOST = 4, 16
"""The number of probes: fewer give no usable standard error, more improve it little."""
SPECTRUM = 6 * 10**7
"""The most that T n³ may be for the singular values of products: about a second."""
FOLLOWED = 6 * 10**8
"""The most that T n² may be for leading directions, some 12 ns each: `PATIENCE`."""
JOINT, FACTORS = 5 * 10**8, 3 * 10**10
"""The most that T n² may be for norms of all states as one vector, and T H n² for the factors of
every step's contribution: two seconds."""
DIRECTIONS = 8
"""How many leading directions are followed where all singular values are too expensive."""
MAPS = 5 * 10**8
"""The most that T² H² of all cells together may be for their maps of losses: about a second."""
CHECKS = 2 * 10**5
"""Up to this T n · max(n, inputs) the live checks run when the page is drawn, above it when the
badge is opened."""
TRIALS = 25 * 10**4
"""Up to this T (1000 + H²) ten changes are tried while the page is drawn: 0.1 s."""
FARTHEST, WIDEST = 10**6, 10**4


PATIENCE = 8.0
"""Seconds that one picture of a large net may take; what would take longer is left out."""
FORGETTING = 3 * 10**8
"""T K H² in a second, for ‖∂(last output)/∂x_t‖."""


def left_out(what: str, seconds: float, steps: int) -> str:
    """A sentence: what is not drawn, how long it would take, and the largest T that is drawn."""
    return say(
        "{what} is left out: T and H are so large that it would take about {seconds:.0f} s. With "
        "this H it is shown up to T = {steps}.", what=what, seconds=seconds, steps=steps,
    )  # fmt: skip


def forgetting_left_out(flows: Iterable[GradientFlow]) -> str:
    """Why ‖∂(last output)/∂x_t‖ is left out, "" where it is not."""
    work = steps = 0
    for flow in flows:
        model = flow.trace.model
        readout = model.readout
        outputs = model.hidden_size if readout is None else len(readout.parameters["b_y"])
        steps = len(flow.trace.x)
        work += 2 * steps * outputs * model.hidden_size**2 * len(flow.layers)
    seconds = work / FORGETTING
    if seconds <= PATIENCE:
        return ""
    return left_out(say("What the last output still knows of each input"), seconds,
                    int(steps * PATIENCE / seconds))  # fmt: skip


def map_left_out(flow: LayerFlow) -> str:
    """Why the Jacobian map is left out, "" where it is not."""
    steps, n = sizes(flow)
    seconds = steps * n**2 / JACOBIANS
    if map_probes(flow) is None or seconds <= PATIENCE:
        return ""
    most = int(PATIENCE * JACOBIANS / n**2)
    return left_out(say("The map of all pairs of steps"), seconds, most)


def map_every(flow: LayerFlow, probes: int) -> int:
    """k, where every k-th row of a map from probes is computed: 1 if all rows are quick enough."""
    steps, n = sizes(flow)
    return min(steps, max(1, ceil(probes * (steps * n) ** 2 / (PROBED * PATIENCE / 4))))


def spectrum_left_out(flow: LayerFlow) -> str:
    """Why the stretching is left out, "" where it is not."""
    steps, n = sizes(flow)
    if steps * n**2 <= FOLLOWED:
        return ""
    return say(
        "The singular values are left out: T n² = {T} × {n}² is above {most:,}, n being the "
        "numbers in the state. With this H they are shown up to T = {steps}.",
        T=steps, n=n, most=FOLLOWED, steps=FOLLOWED // n**2,
    )  # fmt: skip


def joint_fits(flow: LayerFlow) -> bool:
    """Whether all states as one vector can be followed while the page is drawn."""
    steps, n = sizes(flow)
    return steps * n**2 <= JOINT


def factors_fit(flow: LayerFlow) -> bool:
    """Whether the factors of every step's contribution are quick enough for a page."""
    (steps, n), hidden = sizes(flow), flow.trace.record["h"].shape[-1]
    return steps * hidden * n**2 <= FACTORS


def every_loss_left_out(flow: LayerFlow, losses: int) -> str:
    """Why the gradients of that many single losses are left out, "" where they are not."""
    steps, _, hidden = flow.trace.record["h"].shape
    seconds = losses * steps * hidden**2 / MAPS
    if seconds <= PATIENCE:
        return ""
    most = int((PATIENCE * MAPS) ** 0.5 / hidden)
    return left_out(say("The gradient of every loss apart"), seconds, most)


def sizes(flow: LayerFlow) -> tuple[int, int]:
    """T, and n, the length of the state vector of all states together."""
    steps, _, hidden = flow.trace.record["h"].shape
    return steps, hidden * len(flow.trace.cell.states)


def map_probes(flow: LayerFlow) -> int | None:
    """The number of probes for a Jacobian map; None where the exact map is affordable."""
    steps, n = sizes(flow)
    if _map_fits(steps, n):
        return None
    return max(FEWEST, min(MOST, n, PROBED // (steps * n) ** 2))


def map_note(flow: LayerFlow, found: ProbedMap) -> str:
    """The standard error of an estimated map, and the sizes for which the map is exact."""
    later = np.tril(np.ones(found.log10.shape, bool), -1)
    errors = found.standard_error[later]
    errors = 100 * errors[np.isfinite(errors)]
    steps, hidden = _up_to(flow, _map_fits)
    rows = "" if found.every == 1 else " " + say(
        "Of {every} rows t one is computed, from the last step back; the others are drawn as the "
        "next one that is.", every=found.every,
    )  # fmt: skip
    said = say(
        "Estimated from {probes} probes at every t, half of them random: standard error "
        "{typical:.2g} % over all pairs (root mean square), {most:.2g} % at most. "
        "Exact up to T = {steps} or H = {hidden}.",
        probes=found.probes, typical=float(np.sqrt((errors**2).mean())) if errors.size else 0.0,
        most=float(errors.max(initial=0)), steps=steps, hidden=hidden,
    )  # fmt: skip
    return said + rows


def directions(flow: LayerFlow) -> int | None:
    """The number of leading directions to follow; None where all singular values are affordable."""
    steps, n = sizes(flow)
    return None if _spectrum_fits(steps, n) else min(DIRECTIONS, n)


def spectrum_note(flow: LayerFlow, found: Leading) -> str:
    """Which directions are followed, and the sizes for which all singular values are computed."""
    steps, hidden = _up_to(flow, _spectrum_fits)
    if not steps:
        return say(
            "Followed: the {count} directions that all steps together stretch most, each kept "
            "orthogonal to those before it (QR at every step). With this T all singular values are "
            "there up to H = {hidden}.", count=found.step.shape[1], hidden=hidden,
        )  # fmt: skip
    return say(
        "Followed: the {count} directions that all steps together stretch most, each kept "
        "orthogonal to those before it (QR at every step). All {n} singular values are there up to "
        "T = {steps} or H = {hidden}.",
        count=found.step.shape[1], n=sizes(flow)[1], steps=steps, hidden=hidden,
    )  # fmt: skip


def maps_by_cell(flows: Iterable[LayerFlow]) -> bool:
    """Whether every cell's map of losses is quick enough to be drawn beside the others."""
    shapes = [flow.trace.record["h"].shape for flow in flows]
    return sum((steps * size) ** 2 for steps, _, size in shapes) <= MAPS


def spectra_by_cell(flows: Iterable[LayerFlow]) -> bool:
    """Whether every cell's singular values are quick enough to be drawn beside the others."""
    return sum(steps * n**3 for steps, n in map(sizes, flows)) <= SPECTRUM


def too_much_for_all() -> str:
    """A sentence: why the cells are not shown side by side."""
    return say("For this T and H only the chosen cell is computed; with a smaller T or H all cells "
               "stand side by side.")  # fmt: skip


def checks_by_themselves(flow: LayerFlow) -> bool:
    """Whether the live checks are quick enough to run when the page is drawn."""
    (steps, n), inputs = sizes(flow), flow.trace.record["x"].shape[-1]
    return steps * n * max(n, inputs) <= CHECKS


def trials_by_themselves(settings: Settings) -> bool:
    """Whether changes of the settings are quick enough to be tried when the page is drawn."""
    return settings.length * (1000 + settings.hidden_size**2) <= TRIALS


def _map_fits(steps: int, n: int) -> bool:
    fits = max((steps + 1) ** 2, steps * n**2) <= MOST_AT_ONCE
    return fits and steps * n**3 * (1 + log2(steps)) <= MAP


def _spectrum_fits(steps: int, n: int) -> bool:
    return steps * n**3 <= SPECTRUM


def _up_to(flow: LayerFlow, fits: Callable[[int, int], bool]) -> tuple[int, int]:
    """The largest T at this H, and the largest H at this T, that fit; 0 where there is none."""
    steps, n = sizes(flow)
    states = len(flow.trace.cell.states)
    return (
        bisect_left(range(1, FARTHEST), True, key=lambda T: not fits(T, n)),
        bisect_left(range(1, WIDEST), True, key=lambda H: not fits(steps, H * states)),
    )
