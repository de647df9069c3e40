"""What truncation and clipping did to the gradients, and which k or θ to try next."""

from __future__ import annotations

import numpy as np

from rnnviz.analysis.cuts import Clipped, Truncated
from rnnviz.analysis.memory import memory
from rnnviz.ui.advice import percent
from rnnviz.words import say, word
from rnnviz.words.numbers import number, power


def truncation(found: Truncated, k: int) -> str:
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


def missing(found: Truncated) -> str:
    """A sentence: the share that the cuts remove of each weight's gradient."""
    full = found.full.parameters[0]
    shares = ", ".join(
        say("{share:.3g} % of ∂L/∂{name}", share=100 * share, name=name) if np.isfinite(share)
        else say("nothing of ∂L/∂{name}", name=name) if np.isfinite(full[name]).all()
        else say("∂L/∂{name}, which no float can hold, by an unknown share", name=name)
        for name, share in found.weights[0].items()
    )  # fmt: skip
    return say("The cuts change {shares} (by norm of the difference).", shares=shares)


def clipping(found: Clipped, kind: str, limit: float) -> str:
    """A sentence: norm before and after clipping, and the cosine between them."""
    before, after = found.whole.log10_before, found.whole.log10_after
    if np.isneginf(before):
        return say("There is no gradient to clip: it is exactly 0.")
    if before == after and found.cosine > 1 - 1e-15:
        return say("At θ = {limit} nothing is clipped: the norm of all is {norm}.",
                   limit=number(limit), norm=power(before))  # fmt: skip
    if not np.isfinite(before) or not np.isfinite(found.cosine):
        return say(
            "Some gradients are beyond what a float can hold: clipping leaves nothing to go by."
        )
    template = (
        word("The gradient of all parameters, {before} long, is shortened to {after}; "
             "the cosine between the two is {cosine}.")
        if kind == "norm"
        else word("The gradient of all parameters, {before} long, is cut number by number to "
                  "{after}; the cosine between the two is {cosine}.")
    )  # fmt: skip
    return say(template, before=power(before), after=power(after), cosine=number(found.cosine))
