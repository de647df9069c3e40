"""What the figures of pages and reports are, in one place, and the table of their values."""

from __future__ import annotations

from collections.abc import Mapping

from rnnviz.advice.chips import NO_NAMES
from rnnviz.advice.outcome import share, steps, verdict
from rnnviz.analysis.reach import Reach
from rnnviz.core.gradients import GradientFlow
from rnnviz.words import say, word
from rnnviz.words.numbers import number

FOLLOWED = word("followed")
"""Of `FIGURES` the one that says which loss and state are followed."""
FIGURES = {
    FOLLOWED: word("the loss of one step S alone, back from S: its gradient on the "
    "state s that is chosen above the chart. Losses on other steps add gradients "
    "of their own, and their sum says nothing of how far one of them travels."),
    word("left at step 1"): word("the norm of that gradient at step 1, divided by its norm at "
    "step S: the share of the gradient at step S that reaches step 1."),
    word("mean factor"): word("the geometric mean of what the S − 1 steps back multiply the norm "
    "by: taken S − 1 times, it gives the share left exactly."),
    word("1 % horizon"): word("the fewest steps back from S from which on less than 1 % is left, "
    "at every earlier step. Where the norm falls below 1 % and grows again, only the last fall "
    "counts."),
    word("parameters"): word("the weights and biases of all recurrent layers; those of the output "
    "layer are not counted."),
}  # fmt: skip
ROLES = word(
    "Each row has one role: the memory state, the gate that keeps it, the gate that writes "
    "the candidate into it, the gate that reads, and the candidate. Units run downwards, "
    "timesteps to the right."
)
FLOW = word(
    "Top: ‖∂L/∂signal_t‖₂, the length of the gradient over the units. Middle: the "
    "Frobenius norm of what step t adds to each weight's gradient; the matrices themselves "
    "add up to the whole gradient."
)
JACOBIAN = word(
    "‖∂{symbol}_t/∂{symbol}_k‖_F: how much step k still matters at step t, whatever the "
    "loss. It is the Frobenius norm of the product of all step Jacobians between, and "
    "starts on the diagonal, t = k, at √n = {start}, the norm of the identity of n = {n} "
    "numbers. The colours run from {low} to {high}."
)
PATHS = word(
    "The gradient of each cell's memory state (c in an LSTM, else h) and its two parts, as "
    "‖·‖₂, all on one scale. The parts are vectors: they add up, their lengths need not. "
    "A part that is exactly 0 is not drawn."
)
ATTRIBUTIONS = word(
    "‖∂L_τ/∂s_t‖₂ of every cell's memory state s on one colour scale: the wider the "
    "band beside the diagonal, the farther back a loss reaches."
)
SINGULAR_VALUES = word(
    "Singular values, factors without a unit: a step multiplies a small change of the "
    "state, and every gradient that goes back through it, by at most the largest of them "
    "and at least the smallest."
)
SATURATION = word(
    "A mark a unit and gate: to the right the share of steps at which the gate is above "
    "0.9, upwards the share at which it is below 0.1. Units at one place share a mark, "
    "whose area grows with their number. On the dotted line a gate is saturated at every "
    "step: there a sigmoid's derivative is at most 0.36 of that at 0.5. Top left: closed "
    "most of the time; bottom right: open most of the time."
)
PATHS_TO_LOSS = word(
    "Above: the number of steps from t to the nearest and to the farthest loss. A step is "
    "one transition from a state to the state before; an output that is fed back, and the "
    "transition from decoder to encoder, count as one step each. Below: ‖∂L/∂h_t‖₂ of "
    "every cell, with the same seed, H and initialisation, on one scale."
)
FIXED_POINTS = word(
    "All fixed points of x = tanh(w x + b) for this w. Two of them are stable exactly "
    "if |b| < w s − artanh s, with s = √(1 − 1/w): this limit is the fold."
)
DEPTH = word(
    "log₁₀ ‖∂L/∂s_t‖ of every layer's memory state s; beside the arrows the mean factor of a step "
    "through time and of a layer."
)
WINDOWS = word("Mean squared error against updates, a line a length k of the windows.")


def horizon(found: Reach) -> str:
    """The 1 % horizon in words."""
    return say("not reached") if found.horizon is None else steps(found.horizon)


def table(
    flows: Mapping[str, GradientFlow], found: Mapping[str, Reach],
    names: Mapping[str, str] = NO_NAMES,
) -> str:  # fmt: skip
    """The figures of every flow of one loss alone as a table in Markdown."""
    heads = ["state", "left at step 1", "mean factor", "1 % horizon", "parameters"]
    rows = [["", *(say(name) for name in heads)], ["---"] * (1 + len(heads))]
    for name, one in found.items():
        flow = flows[name]
        title = names.get(name) or say(flow.trace.model.cell.title)
        rows.append([f"**{title}**", *_row(flow, one)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(flow: GradientFlow, found: Reach) -> list[str]:
    kind = verdict(flow.layers[0], found)
    known = [share(found), number(found.factor), horizon(found)]
    if kind in ("lost", "none"):
        known = ["–"] * 3
    state = "h, c" if found.signal == "all" else found.signal
    return [state, *known, f"{flow.trace.model.parameter_count:,}"]
