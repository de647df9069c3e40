"""What to do about a cell whose state is kept by a gate, when its gradient vanishes."""

from __future__ import annotations

import numpy as np

from rnnviz.analysis.reach import Reach
from rnnviz.core.gradients import LayerFlow
from rnnviz.ui.advice.outcome import gate_title
from rnnviz.words import say
from rnnviz.words.numbers import number

BIAS_NAMES = {"f": "b_f", "z": "b_z"}


def wanted_bias(steps: int) -> float:
    """ln(T − 1): the gate's bias at which a unit remembers T steps (Tallec and Ollivier 2018)."""
    return float(np.log(steps - 1)) if steps > 1 else 0.0


def bias(flow: LayerFlow) -> float:
    """The mean bias of the gate that keeps the state."""
    cell, W = flow.trace.cell, flow.trace.parameters
    parts = [cell.block(cell.keeps_by or "", W[name]) for name in ("b", "b_h") if name in W]
    return float(np.sum(parts, axis=0).mean())


def raise_bias(flow: LayerFlow) -> str | None:
    """The advice to raise the keeping gate's bias to ln(T − 1); None where it is that large."""
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


def lifted(flow: LayerFlow) -> str:
    """The advice for a cell that has no W_h, whose gate sees the input alone."""
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


def vanishes(flow: LayerFlow, merit: Reach) -> str:
    """The advice that opens the gate, or, where it is open, says where the gradient still is."""
    if flow.trace.cell.open_path:
        return say("Lower the gain: along {state} alone a step multiplies by 1, and what comes "
                   "through the weights cancels it.", state=merit.signal)  # fmt: skip
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
    return say(
        "Shorten the sequence, or raise the bias further: with its {gate} at {mean} on "
        "average the {cell} has no more to give.",
        **words,
    )
