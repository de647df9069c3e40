"""A finding for each page, made from the arrays that it shows; each ends in something to do.

Numbers in, one text of Markdown out: nothing here draws, and nothing asks for settings.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.cuts import Clipped, Truncated
from rnnviz.analysis.gradient_paths import Roads
from rnnviz.analysis.memory import Memory, memory
from rnnviz.analysis.spectrum import SingularValues
from rnnviz.cells import CELLS
from rnnviz.core.gradients import LayerFlow
from rnnviz.ui import advice
from rnnviz.ui.pages.compare.findings import left, percent, steps
from rnnviz.ui.shell.navigation import name_of
from rnnviz.words import say
from rnnviz.words.numbers import number, power

Values = NDArray[np.float64]


def step(flow: LayerFlow, unit: int, t: int | None = None) -> str:
    """The unit's memory by its keeping gate, or what φ lets through; at ``t``, 1 … T, or over all.

    Without a ``t`` the mean over all timesteps speaks.
    """
    gate, cell = flow.trace.cell.keeping_gate, say(flow.trace.cell.title)
    at = slice(None) if t is None else slice(t - 1, t)
    if gate is None:
        return _through(flow, unit, at, cell)
    open_ = float(flow.trace[gate][at, 0, unit].mean())
    if not np.isfinite(open_):
        return say(
            "Lower the gain: the values of unit {unit} of the {cell} leave the range of floats.",
            unit=unit,
            cell=cell,
        )
    lasts = number(1 / (1 - open_)) if open_ < 1 else "∞"
    words = {
        "unit": unit,
        "cell": cell,
        "gate": advice.gate_title(flow),
        "mean": number(open_),
        "lasts": lasts,
        "t": t,
    }
    said = say(
        "Unit {unit} of the **{cell}** has its {gate} at {mean} on average: it remembers "
        "about {lasts} steps.",
        **words,
    )
    if t is not None:
        said = say(
            "At t = {t} unit {unit} of the **{cell}** has its {gate} at {mean}: kept there, "
            "it would remember {lasts} steps.",
            **words,
        )
    return f"{said} {advice.raise_bias(flow) or advice.advice(flow, _fine())}"


def _fine() -> Memory:
    return Memory(1, 0.0, 1.0, np.inf, None)


def _through(flow: LayerFlow, unit: int, at: slice, cell: str) -> str:
    before = np.asarray(flow.log10_magnitudes(f"a_{flow.trace.cell.blocks[0]}"))[at, 0, unit]
    after = np.asarray(flow.log10_magnitudes("h"))[-len(flow.trace.record["h"]) :][at, 0, unit]
    felt = np.isfinite(after)
    if not felt.any():
        return say(
            "No gradient reaches unit {unit} of the **{cell}** here. Choose another unit, "
            "or another place for the loss.",
            unit=unit,
            cell=cell,
        )
    slope = float(np.mean(10.0 ** np.nan_to_num(before[felt] - after[felt], neginf=-np.inf)))
    words = {"unit": unit, "cell": cell, "slope": number(slope)}
    if slope < 0.5:
        return say(
            "Unit {unit} of the **{cell}** lets {slope} of its gradient through φ on "
            "average. Lower the gain or the inputs: φ is nearly flat there.",
            **words,
        )
    return say(
        "Unit {unit} of the **{cell}** lets {slope} of its gradient through φ on average. "
        "Raise the gain to see φ become flat.",
        **words,
    )


def gradient_flow(flow: LayerFlow, *, one_loss: bool) -> str:
    """What one cell keeps of its gradient, which steps make the weights' gradient, what to do."""
    merit = memory(flow)
    lines = [left(flow, merit)]
    if (recent := half_of_weights(flow)) is not None:
        lines.append(
            say(
                "Half of what the steps add to ∂L/∂W_h (the sum of norms) comes from the "
                "last {n} of {T} steps.",
                n=recent,
                T=len(flow.trace.record["h"]),
            )
        )
    if one_loss:
        lines.append(advice.advice(flow, merit))
    else:
        lines.append(say("Put the loss on the last step to see how far a single one travels."))
    return " ".join(lines)


def half_of_weights(flow: LayerFlow) -> int | None:
    """The fewest last steps that add half of Σ_t ‖∂L/∂W_h at t‖; None if there is no sum."""
    name = "W_h" if flow.trace.cell.sees_past else "W_x"
    logs = np.asarray(flow.log10_weight_norms(name), np.float64)
    if not np.isfinite(logs).any() or np.isnan(logs).any() or np.isposinf(logs).any():
        return None
    sizes = 10.0 ** (logs - logs.max())
    summed = np.cumsum(sizes[::-1])
    return int(np.searchsorted(summed, summed[-1] / 2)) + 1


def whose(logs: Values, cell: str) -> str:
    """How far back a loss is felt: ``logs`` (T, T + 1), log10 ‖∂L_τ/∂h_t‖ as `itemised` has it."""
    reach = reaches(logs)
    name = say(CELLS[cell].title)
    if not reach.size:
        return say(
            "No loss of the **{cell}** sends any gradient. Put the loss on another step, or "
            "take another seed.",
            cell=name,
        )
    far = int(np.median(reach))
    words = {
        "cell": name,
        "far": steps(far),
        "most": steps(int(reach.max())),
        "k": max(far, 1),
        "n": reach.size,
    }
    if reach.size == 1:
        said = say(
            "The one loss of the **{cell}** is felt {far} back, down to 1 % of what reaches "
            "its own step.",
            **words,
        )
    else:
        said = say(
            "A loss of the **{cell}** is felt {far} back (the median of {n}; at most "
            "{most}), down to 1 % of what reaches its own step.",
            **words,
        )
    if far >= 0.9 * (len(logs) - 1):
        return f"{said} " + say("It reaches nearly all there is: raise T to see where it ends.")
    return f"{said} " + say(
        "Cut every {k} steps or more on the page {page}, and compare what that removes.",
        page=name_of("pages/Cuts.py"),
        **words,
    )


def reaches(logs: Values) -> NDArray[np.int64]:
    """For every loss that sends gradient: steps back to the earliest that gets 1 % of its own."""
    own = np.diagonal(logs[:, 1:])
    found = [
        tau - int(np.flatnonzero(logs[tau, 1 : tau + 2] >= own[tau] - 2)[0])
        for tau in np.flatnonzero(np.isfinite(own))
    ]
    return np.array(found, np.int64)


def spectrum(flow: LayerFlow, exponents: Values, singular: SingularValues | None = None) -> str:
    """What the largest exponent does to a gradient, how unlike directions become, what to do.

    Exponents in nats a step, the largest first; without ``singular`` nothing is said of them.
    """
    cell, top = say(flow.trace.cell.title), float(exponents[0])
    length = len(flow.trace.record["h"])
    if np.isnan(top):
        return say(
            "Set W_h by its spectral radius, to 1: some step of the **{cell}** is not finite.",
            cell=cell,
        )
    if np.isneginf(top) and not flow.trace.cell.sees_past:
        return say("The **{cell}** forgets everything: at some step no gate lets anything through.",
                   cell=cell)  # fmt: skip
    if np.isneginf(top):
        return say(
            "The **{cell}** forgets everything: some step lets nothing through in any direction. "
            "Draw W_h orthogonal.",
            cell=cell,
        )
    words = {"cell": cell, "factor": number(float(np.exp(top))), "T": length,
             "more": number(float(np.exp(-top)))}  # fmt: skip
    said = say(
        "Even the direction that the **{cell}** keeps best is multiplied by e^λ₁ = {factor} a "
        "step.",
        **words,
    )
    if singular is not None:
        high, low = (power(float(one)) for one in singular.cumulative[-1][[0, -1]])
        said = say(
            "Even the direction that the **{cell}** keeps best is multiplied by e^λ₁ = {factor} a "
            "step; over all {T} steps the singular values run from {high} to {low}.",
            high=high, low=low, **words,
        )  # fmt: skip
    return f"{said} {_spectrum_to_do(flow, top * length, words)}"


def _spectrum_to_do(flow: LayerFlow, grown: float, words: dict[str, Any]) -> str:
    if grown > np.log(10):
        return say("Multiply the gain by {more}, or clip the norm at θ = 1.", **words)
    if not flow.trace.cell.sees_past:
        if grown < -np.log(100):
            return advice.lifted(flow)
        return say("It neither dies nor explodes: a step multiplies by a gate, which is at most 1.")
    if grown > -np.log(100):
        return say("It neither dies nor explodes: raise the gain to see λ₁ rise above 0.")
    if (gate := advice.raise_bias(flow)) is not None:
        return gate
    if flow.trace.cell.keeping_gate is not None:
        return say("Lower the gain, or shorten the sequence: the bias is high enough.")
    return say("Multiply the gain by {more}, or draw W_h orthogonal.", **words)


def roads(flow: LayerFlow, found: Roads) -> str:
    """How much of the gradient at step 1 came along the kept state alone, and what to do."""
    share, cell = float(found.share[1]), say(flow.trace.cell.title)
    if np.isnan(share):
        said = say("No gradient reaches the first step of the **{cell}** by any road.", cell=cell)
    elif found.gate is None and flow.trace.cell.open_road:
        said = say(
            "At the first step of the **{cell}**, {share} of the gradient of {state} (by norm) "
            "came along {state} alone, times 1 at every step; the rest went through the weights "
            "at least once.",
            cell=cell, share=percent(share), state=found.state,
        )  # fmt: skip
    elif found.gate is None:
        said = say(
            "The **{cell}** has no road of its own for {state}: before the loss's own step, "
            "everything comes through W_h and φ, step after step.",
            cell=cell, state=found.state,
        )  # fmt: skip
    else:
        said = say(
            "At the first step of the **{cell}**, {share} of the gradient of {state} (by norm) "
            "came along {state} alone, through {gate} and nothing else; the rest went through the "
            "weights at least once.",
            cell=cell, share=percent(share), state=found.state, gate=found.gate,
        )  # fmt: skip
    return f"{said} {roads_to_do(flow, found)}"


def roads_to_do(flow: LayerFlow, found: Roads) -> str:
    """What makes the kept road wider, or, where it carries most, narrower."""
    share = float(found.share[1])
    if np.isnan(share):
        return say("Put the loss on another step, or take another seed.")
    if found.gate is None and flow.trace.cell.open_road:
        return say("Choose the LSTM as well, whose forget gate is a valve on that road.")
    if found.gate is None:
        return say("Choose an LSTM or a GRU to see one that has a road of its own.")
    if share >= 0.5:
        return advice.advice(flow, _fine())
    return advice.raise_bias(flow) or say(
        "Lower the gain: the road through the weights becomes narrower."
    )


def cuts(found: Truncated, k: int) -> str:
    """What cutting every k steps removes of the weights' gradients, and which k to try next."""
    full = found.full.layers[0]
    known = {name: float(one) for name, one in found.weights[0].items() if np.isfinite(one)}
    length = len(full.trace.record["h"])
    if not known:
        return say(
            "Put the loss on another step, or lower the gain: there is no finite gradient "
            "to compare with."
        )
    name = max(known, key=lambda one: known[one])
    words = {"k": k, "share": percent(known[name]), "name": name, "T": length}
    if k >= length:
        return say(
            "With k = {k} nothing is cut, for T = {T}. Lower k to see what a window costs.", **words
        )
    said = say("Cutting every {k} steps changes ∂L/∂{name} most, by {share} of its norm.", **words)
    horizon = memory(full).horizon
    if known[name] < 0.01:
        return f"{said} " + say("Lower k until the change can be seen.")
    if horizon is not None and horizon > k:
        return f"{said} " + say(
            "Raise k to {horizon}: so many steps back less than 1 % of the gradient is left.",
            horizon=horizon,
        )
    if horizon is None:
        return f"{said} " + say(
            "Raise k to T = {T}: all the way back more than 1 % of the gradient is left.", **words
        )
    return f"{said} " + say(
        "Raise k, or move the loss: windows are counted from the start, and a "
        "cut may fall right before it."
    )


def clipping(found: Clipped, limit: float) -> str:
    """What clipping at θ = ``limit`` did to all gradients together, and which θ to try."""
    before = found.whole.log10_before
    if np.isneginf(before):
        return say("There is no gradient to clip: it is exactly 0. Put the loss on another step.")
    if not np.isfinite(before):
        return say("Lower the gain: some gradients are beyond what a float can hold.")
    words = {
        "before": power(before),
        "limit": number(limit),
        "after": power(found.whole.log10_after),
    }
    if before <= np.log10(limit):
        return say(
            "At θ = {limit} the gradient of all parameters, {before} long, is left as it "
            "is. Lower θ below that to see it work.",
            **words,
        )
    return say(
        "At θ = {limit} the gradient of all parameters, {before} long, becomes {after} long. "
        "Raise θ to {before} to leave it as it is.",
        **words,
    )
