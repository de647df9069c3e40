"""What to change about a gradient that vanishes or explodes."""

from __future__ import annotations

from rnnviz.analysis.reach import Reach
from rnnviz.core.gradients import LayerFlow
from rnnviz.ui.advice import affine_step, keeping_gate
from rnnviz.ui.advice.outcome import gate_title, verdict
from rnnviz.words import say
from rnnviz.words.numbers import number, power


def advice(flow: LayerFlow, merit: Reach) -> str:
    """One sentence that says what to change, for a loss on one step.

    ``flow`` is that of one loss alone, ``merit`` its `reach` by the memory state. For a
    gradient that neither vanishes nor explodes it says how to make it do so.
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
                radius=affine_step.radius(flow),
            )
        case "explodes":
            return _explodes(cell, merit)
        case "vanishes":
            gated = flow.trace.cell.keeping_gate is not None
            if gated or flow.trace.cell.open_path:
                return keeping_gate.vanishes(flow, merit)
            return affine_step.vanishes(flow, merit)
    return _break(flow)


def _explodes(cell: str, merit: Reach) -> str:
    if merit.factor > 1:
        return say(
            "Clip the norm at θ = 1, or multiply the gain by 1/{factor} = {share}: the "
            "{cell}'s gradient grows by {factor} a step.",
            cell=cell,
            share=number(1 / merit.factor),
            factor=number(merit.factor),
        )
    return say(
        "Clip the norm at θ = 1: the {cell}'s gradient comes back {ratio} times as large.",
        cell=cell,
        ratio=power(merit.log10_share),
    )


def _break(flow: LayerFlow) -> str:
    """What makes a healthy gradient vanish or explode."""
    cell = say(flow.trace.cell.title)
    gate = flow.trace.cell.keeping_gate
    if gate is None and flow.trace.cell.open_path:
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
    if keeping_gate.bias(flow) < 0.5:
        return say(
            "To see the {cell} forget, raise T: its {gate} is at {mean} on average.",
            cell=cell,
            gate=gate_title(flow),
            mean=number(float(flow.trace[gate].mean())),
        )
    return say(
        "To see the {cell} forget, lower its bias {name} from {now} to 0, where σ is a half.",
        cell=cell,
        name=keeping_gate.BIAS_NAMES.get(flow.trace.cell.keeps_by or "", f"b_{gate}"),
        now=number(keeping_gate.bias(flow)),
    )
