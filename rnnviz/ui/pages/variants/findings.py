"""What a peephole and the place of the reset change."""

from __future__ import annotations

import numpy as np

from rnnviz.analysis.peephole_and_reset import Conventions, Ways, gate_parts
from rnnviz.core.gradients import GradientFlow
from rnnviz.words import say, word
from rnnviz.words.numbers import number, power

BRIEF = 1e-14
"""The largest difference that is called rounding."""


def peephole_finding(flow: GradientFlow, plain: GradientFlow, ways: Ways, gate: str) -> str:
    """How far c moves the gate, and how much of ∂L/∂c_t comes back that way."""
    if flow.trace.first_nonfinite is not None:
        return say("The peephole LSTM's values leave the range of floats.")
    seen = float(np.abs(gate_parts(flow.trace.layers[0], gate).seen).max())
    moved = float(np.abs(flow.trace[gate] - plain.trace[gate]).max())
    said = say(
        "In the **peephole LSTM** the peephole adds up to ±{seen} to the pre-activation of "
        "{gate}. Compared with a plain LSTM with the same weights, {gate} differs by up to "
        "{moved}.",
        seen=number(seen), gate=gate, moved=number(moved),
    )  # fmt: skip
    total, part = ways.total.log10_norms(), ways.peepholes.log10_norms()
    known = np.isfinite(total) & np.isfinite(part)
    if not known.any():
        return f"{said} " + say("No gradient comes back through the peepholes.")
    return f"{said} " + say(
        "The part of ∂L/∂c_t that came back through the peepholes has {share} of the norm of the "
        "whole (median over the steps).",
        share=power(float(np.median(part[known] - total[known]))),
    )


def conventions_finding(found: tuple[Conventions, Conventions], inner: float) -> str:
    """The largest differences at H = 1 and at the settings' H."""
    one, many = found
    size = many.before.trace.model.hidden_size
    if not np.isfinite(one.most() + many.most()):
        return say("The GRU's values leave the range of floats.")
    words = {"one": number(one.most()), "many": number(many.most()), "H": size, "b": number(inner)}
    if one.most() > BRIEF:
        template = word(
            "The two **GRU** conventions differ by up to {one} at H = 1 and by up to {many} at H "
            "= {H}. At H = 1 the difference comes from the bias b_h = {b} inside the product "
            "alone."
        )
    elif size == 1:
        template = word(
            "The two **GRU** conventions agree at H = 1: the largest difference is {one}, which is "
            "rounding."
        )
    elif many.most() > BRIEF:
        template = word(
            "The two **GRU** conventions agree at H = 1, where the largest difference is {one}, "
            "and differ by up to {many} at H = {H}."
        )
    else:
        template = word(
            "The two **GRU** conventions agree at H = 1 and at H = {H}, to within {many}: either "
            "all entries of r are equal, or W_h is diagonal."
        )
    return say(template, **words)
