"""What to do about a gradient that vanishes or explodes, told from what did it.

With a loss on one step S, going back one step multiplies ‖∂L/∂h‖ by γ. In a cell whose step is one
φ, γ is what φ lets through times what W_h makes of the rest, both as geometric means over the
steps; in a gated cell the gate that keeps the state decides.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.memory import Memory
from rnnviz.core.gradients import LayerFlow
from rnnviz.core.initialisation import spectral_radius
from rnnviz.ui.shell.navigation import name_of
from rnnviz.words import say
from rnnviz.words.numbers import number, power

EXPLODES = 1.0
"""log10 of first / last above which a gradient is called exploding: ten times as much."""
VANISHES = -2.0
"""Below it, vanishing: less than 1 % is left."""
BIAS_NAMES = {"f": "b_f", "z": "b_z"}


class Shares(NamedTuple):
    """What φ and W_h each do to a gradient in one step back: γ = phi · weights; nan if unknown."""

    phi: float
    weights: float


def verdict(flow: LayerFlow, merit: Memory) -> str:
    """Which it is: "none", "lost", "explodes", "vanishes", else "fine"."""
    if flow.trace.first_nonfinite is not None:
        return "lost"
    if merit.start == 0:
        return "none"
    if np.isnan(merit.log10_ratio) or merit.log10_ratio == np.inf:
        return "lost"
    if merit.log10_ratio > EXPLODES:
        return "explodes"
    return "vanishes" if merit.log10_ratio < VANISHES else "fine"


def advice(flow: LayerFlow, merit: Memory) -> str:
    """One sentence that says what to change, for a loss on one step.

    ``merit`` is `rnnviz.memory.memory` of the flow. A gradient that is neither lost nor explodes
    gets a way to break it.
    """
    cell = say(flow.trace.cell.title)
    match verdict(flow, merit):
        case "none":
            return say(
                "Put the loss on another step, or take another seed: no gradient reaches "
                "the {cell}.",
                cell=cell,
            )
        case "lost":
            if not flow.trace.cell.sees_past:
                return say("Make the inputs smaller: the {cell}'s values leave the range of "
                           "floats.", cell=cell)  # fmt: skip
            return say(
                "The {cell}'s values leave the range of floats: set W_h by its spectral "
                "radius, to 1 instead of {radius}.",
                cell=cell,
                radius=_radius(flow),
            )
        case "explodes":
            return _explodes(cell, merit)
        case "vanishes":
            gated = flow.trace.cell.keeping_gate is not None
            if flow.trace.cell.open_road:
                return _hidden(flow, merit)
            return _gate_forgets(flow, merit) if gated else _mill_loses(flow, merit)
    return _break(flow)


def _radius(flow: LayerFlow) -> str:
    W_h = np.asarray(flow.trace.parameters["W_h"], np.float64)
    blocks = [flow.trace.cell.block(name, W_h) for name in flow.trace.cell.blocks]
    return number(max(spectral_radius(one) for one in blocks))


def _explodes(cell: str, merit: Memory) -> str:
    if merit.factor > 1:
        return say(
            "Clip the norm at θ = 1, or multiply the gain by 1/γ = {share}: the {cell}'s "
            "gradient grows by γ = {factor} a step.",
            cell=cell,
            share=number(1 / merit.factor),
            factor=number(merit.factor),
        )
    return say(
        "Clip the norm at θ = 1: the {cell}'s gradient comes back {ratio} times as large.",
        cell=cell,
        ratio=power(merit.log10_ratio),
    )


def wanted_bias(steps: int) -> float:
    """ln(T − 1): the gate's bias at which a unit remembers T steps (Tallec and Ollivier 2018)."""
    return float(np.log(steps - 1)) if steps > 1 else 0.0


def bias(flow: LayerFlow) -> float:
    """The mean bias of the gate that keeps the state."""
    cell, W = flow.trace.cell, flow.trace.parameters
    parts = [cell.block(cell.keeps_by or "", W[name]) for name in ("b", "b_h") if name in W]
    return float(np.sum(parts, axis=0).mean())


def raise_bias(flow: LayerFlow) -> str | None:
    """Raise the keeping gate's bias to ln(T − 1), or None where it is there already."""
    gate = flow.trace.cell.keeping_gate
    steps = len(flow.trace.record["h"])
    if gate is not None and gate in flow.trace.cell.hold:
        return say("Let the {cell}'s {gate} go free: it is held at {value:g}.",
                   cell=say(flow.trace.cell.title), gate=gate_title(flow),
                   value=flow.trace.cell.hold[gate])  # fmt: skip
    if gate not in flow.trace.cell.blocks:
        return None
    if gate is None or bias(flow) > wanted_bias(steps) - 0.05:
        return None
    return say(
        "Raise the {cell}'s bias {name} from {now} to at least ln(T − 1) = {wanted}: with that its "
        "{gate} keeps the state for about T = {T} steps.",
        cell=say(flow.trace.cell.title),
        name=BIAS_NAMES.get(gate, f"b_{gate}"),
        now=number(bias(flow)),
        wanted=number(wanted_bias(steps)),
        gate=gate_title(flow),
        T=steps,
    )


def gate_title(flow: LayerFlow) -> str:
    """The keeping gate's name in words."""
    cell = flow.trace.cell
    return say(next(one.title for one in cell.signals if one.name == cell.keeping_gate))


def lifted(flow: LayerFlow) -> str:
    """What lets a cell that has no W_h keep more."""
    cell = flow.trace.cell
    words = {"cell": say(cell.title), "gate": gate_title(flow),
             "mean": number(float(flow.trace[str(cell.keeping_gate)].mean()))}  # fmt: skip
    if cell.keeping_gate not in cell.blocks:
        return say(
            "Draw the weights by the law chrono, which sets b_i = −b_f: with its {gate} at {mean} "
            "on average the {cell} forgets, and b_f alone lifts it only to f / (f + i) with f = 1.",
            **words,
        )
    return say(
        "Make the inputs smaller, or raise the bias further: they alone set the {cell}'s {gate}, "
        "which is at {mean} on average.",
        **words,
    )


def _gate_forgets(flow: LayerFlow, merit: Memory) -> str:
    if (said := raise_bias(flow)) is not None:
        return said
    cell = flow.trace.cell
    if not cell.sees_past:
        return lifted(flow)
    assert cell.keeping_gate is not None
    mean = float(flow.trace[cell.keeping_gate].mean())
    alone = 1 / (1 + np.exp(-bias(flow)))
    words = {"cell": say(cell.title), "gate": gate_title(flow), "mean": number(mean)}
    if mean < alone - 0.02:
        return say(
            "Lower the gain: the weights pull the {cell}'s {gate} to {mean} on average, and "
            "its bias alone would hold it at {alone}.",
            alone=number(alone),
            **words,
        )
    kept = _kept_road(flow, merit.start)
    if len(cell.states) > 1 and kept > VANISHES:
        return say(
            "Look at c, on the page {page}: there the {cell} still has {left} of its "
            "gradient, and only the way from h into c is narrow.",
            left=power(kept),
            page=name_of("pages/Roads.py"),
            **words,
        )
    return say(
        "Shorten the sequence, or raise the bias further: with its {gate} at {mean} on "
        "average the {cell} has no more to give.",
        **words,
    )


def _hidden(flow: LayerFlow, merit: Memory) -> str:
    """The road along c is open, and h has lost its gradient all the same."""
    return say(
        "Look at {state}, on the page {page}: there the {cell} still has {left} of its gradient, "
        "and only the way from h into {state} is narrow.",
        state=flow.trace.cell.states[-1], page=name_of("pages/Roads.py"),
        cell=say(flow.trace.cell.title), left=power(_kept_road(flow, merit.start)),
    )  # fmt: skip


def _kept_road(flow: LayerFlow, start: int) -> float:
    """log10 of ‖∂L/∂c_1‖ / ‖∂L/∂c_S‖, −inf where it is none."""
    logs = np.asarray(flow.log10_norms(flow.trace.cell.states[-1]))[:, 0]
    with np.errstate(invalid="ignore"):
        ratio = float(logs[1] - logs[start])
    return ratio if np.isfinite(ratio) else -np.inf


def shares(flow: LayerFlow, factor: float) -> Shares:
    """Split γ of a cell whose step is one φ; needs gradients at pre-activations."""
    name = flow.trace.cell.blocks[0]
    logs = np.asarray(flow.log10_norms(f"a_{name}"))[1:, 0] - _logs(flow)[1:]
    logs = logs[np.isfinite(logs)]
    if not logs.size or not factor > 0:
        return Shares(np.nan, np.nan)
    phi = float(10.0 ** logs.mean())
    return Shares(phi, factor / phi)


def _logs(flow: LayerFlow) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):
        logs = np.asarray(flow.log10_norms("h"))[:, 0]
    return np.where(np.isfinite(logs), logs, np.nan)


def _mill_loses(flow: LayerFlow, merit: Memory) -> str:
    """A cell without a kept road: is it φ, or W_h?"""
    cell, found = flow.trace.cell, shares(flow, merit.factor)
    words = {
        "cell": say(cell.title),
        "phi": number(found.phi),
        "weights": number(found.weights),
        "radius": _radius(flow),
    }
    if cell.steepest is not None and cell.steepest < 1:
        return say(
            "Choose tanh instead of σ, whose slope is at most {steepest}: φ lets {phi} of "
            "the {cell}'s gradient through a step.",
            steepest=f"{cell.steepest:g}",
            **words,
        )
    if (off := _off(flow)) > 0.2:
        return say(
            "Draw W_h as the identity, with gain 1: {percent} % of the {cell}'s units are "
            "off, and let nothing through.",
            percent=f"{100 * off:.0f}",
            **words,
        )
    if not np.isfinite(found.weights):
        return say(
            "Draw W_h orthogonal, with gain 1: nothing of the {cell}'s gradient is left to "
            "measure, and ρ(W_h) is {radius}.",
            **words,
        )
    if found.phi < found.weights or _all_alike(flow):
        return _phi_loses(flow, merit, found, words)
    return say(
        "Draw W_h orthogonal or as the identity, with gain 1: a step through W_h multiplies "
        "the {cell}'s gradient by {weights} (ρ is {radius}), φ by {phi}.",
        **words,
    )


def _phi_loses(flow: LayerFlow, merit: Memory, found: Shares, words: dict[str, str]) -> str:
    past, inputs = _drives(flow)
    if found.weights > 1.1 and past >= inputs:
        return say(
            "Lower the gain to 1/{weights} of what it is: φ is saturated and lets {phi} of "
            "the {cell}'s gradient through a step, although W_h multiplies it by {weights}.",
            **words,
        )
    if found.phi < 0.5 and inputs > past:
        return say(
            "Make the inputs smaller: they saturate φ, which lets {phi} of the {cell}'s "
            "gradient through a step.",
            **words,
        )
    return say(
        "Multiply the gain by 1/γ = {more}: a step through W_h multiplies the {cell}'s "
        "gradient by {weights}, φ by {phi}.",
        more=number(1 / merit.factor),
        **words,
    )


def _off(flow: LayerFlow) -> float:
    """The share of units and steps with a gradient at h and exactly none before φ."""
    before = np.asarray(flow.log10_magnitudes(f"a_{flow.trace.cell.blocks[0]}"))
    felt = np.isfinite(flow.log10_magnitudes("h")[-len(before) :])
    return float(np.isneginf(before[felt]).mean()) if felt.any() else 0.0


def _all_alike(flow: LayerFlow) -> bool:
    """Whether W_h is a multiple of an orthogonal matrix."""
    sigma = np.linalg.svd(np.asarray(flow.trace.parameters["W_h"], np.float64), compute_uv=False)
    return bool(sigma[-1] > 0 and sigma[0] / sigma[-1] < 1.01)


def _drives(flow: LayerFlow) -> tuple[float, float]:
    """Mean |h_{t−1} W_h| and mean |x_t W_x|: what pushes φ into its flat part."""
    W, record = flow.trace.parameters, flow.trace.record
    with np.errstate(all="ignore"):
        past = np.abs(record["h_prev"] @ W["W_h"]).mean()
        return float(past), float(np.abs(record["x"] @ W["W_x"]).mean())


def _break(flow: LayerFlow) -> str:
    cell = say(flow.trace.cell.title)
    gate = flow.trace.cell.keeping_gate
    if gate is None and flow.trace.cell.open_road:
        return say(
            "Nothing shuts the {cell}'s road along {state}; to see h forget, look at how the "
            "output gate hides what it shows.",
            cell=cell, state=flow.trace.cell.states[-1],
        )  # fmt: skip
    if gate is not None and gate in flow.trace.cell.hold:
        return say(
            "To see the {cell} forget, let its {gate} go free: it is held at {value:g}.",
            cell=cell, gate=gate_title(flow), value=flow.trace.cell.hold[gate],
        )  # fmt: skip
    if gate is None:
        return say(
            "To see the {cell} forget, halve its gain; to see it explode, take φ = identity "
            "and a spectral radius above 1.",
            cell=cell,
        )
    if bias(flow) < 0.5:
        return say(
            "To see the {cell} forget, raise T: its {gate} is at {mean} on average.",
            cell=cell,
            gate=gate_title(flow),
            mean=number(float(flow.trace[gate].mean())),
        )
    return say(
        "To see the {cell} forget, lower its bias {name} from {now} to 0, where σ is a half.",
        cell=cell,
        name=BIAS_NAMES.get(flow.trace.cell.keeps_by or "", f"b_{gate}"),
        now=number(bias(flow)),
    )
