"""What truncation and clipping did to the gradients, and what other windows remove."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rnnviz.advice import percent, steps
from rnnviz.analysis.cuts import Clipped, Truncated, cliff
from rnnviz.words import say, word
from rnnviz.words.numbers import number, power
from rnnviz.words.numbers import share as written_share

TARGET, LIMIT = 0.5, 0.5
"""Of the net with a cliff: what x_T should be, and the norm to which its gradient is clipped."""


def others(k: int, steps: int) -> list[int]:
    """Windows to compare k with: 2, 4 and 8 times as long below T; else a half and a quarter."""
    longer = [k * 2**n for n in (1, 2, 3) if k * 2**n < steps]
    return longer or [one for one in (min(k, steps) // 2, min(k, steps) // 4) if one]


def largest(found: Truncated) -> tuple[str, float] | None:
    """The parameter whose gradient the cuts change most, and by which share of its norm."""
    known = {name: float(one) for name, one in found.weights[0].items() if np.isfinite(one)}
    return max(known.items(), key=lambda one: one[1]) if known else None


def truncation(found: Truncated, k: int, tried: Mapping[int, Truncated]) -> str:
    """What cutting every k steps changes in the weights' gradients, and what other windows do."""
    most, length = largest(found), len(found.full.trace.x)
    if most is None:
        return say("There is no finite gradient to compare with.")
    name, share = most
    words = {"k": k, "share": percent(share), "name": name, "T": length}
    said = (
        say("With k = {k} and T = {T} there is one window only, and nothing is "
            "cut.", **words) if k >= length
        else say("Truncation to windows of {steps} (k = {k}) changes ∂L/∂{name} most: by {share} "
                 "of its norm.", steps=steps(k), **words)
    )  # fmt: skip
    rest = "; ".join(
        say("{share} at k = {k}, with the last cut after step {cut}", share=percent(there[1]),
            k=one, cut=(length - 1) // one * one)
        for one, cut in tried.items() if (there := largest(cut)) is not None
    )  # fmt: skip
    if not rest:
        return said
    said += " " + say("Other windows change some gradient by up to: {list}.", list=rest)
    return f"{said} {cancelled(found, k, tried)}".rstrip()


def cancelled(found: Truncated, k: int, tried: Mapping[int, Truncated]) -> str:
    """Why a longer window changes a gradient more, where one of those tried does so; else "".

    What the longer window keeps beyond k then points against what both leave out: left out
    together, the two partly cancel.
    """
    longer = [(there[1], one, there[0]) for one, cut in tried.items()
              if one > k and (there := largest(cut)) is not None]  # fmt: skip
    if not longer:
        return ""
    share, one, name = max(longer)
    if percent(share) == percent(found.weights[0][name]) or share < found.weights[0][name]:
        return ""
    full, short, long = (flow.parameters[0][name].ravel().astype(np.float64)
                         for flow in (found.full, found.flow, tried[one].flow))  # fmt: skip
    kept, lost = long - short, full - long
    with np.errstate(all="ignore"):
        cosine = float(kept @ lost / (np.linalg.norm(kept) * np.linalg.norm(lost)))
    if not cosine < 0:
        return ""
    return say(
        "With k = {one} the change of ∂L/∂{name} is larger than with k = {k}: what k = {one} keeps "
        "and k = {k} leaves out points against what both leave out (cosine {cosine}). Left out "
        "together, the two partly cancel.",
        one=one, k=k, name=name, cosine=number(cosine),
    )  # fmt: skip


def missing(found: Truncated) -> str:
    """A sentence: the share that the cuts remove of each weight's gradient."""
    full = found.full.parameters[0]
    shares = ", ".join(
        say("∂L/∂{name} by {share} %", share=number(100 * share), name=name) if np.isfinite(share)
        else say("∂L/∂{name} not at all, since it is 0", name=name) if np.isfinite(full[name]).all()
        else say("∂L/∂{name} by an unknown share, since it is beyond the range of "
                 "floats", name=name)
        for name, share in found.weights[0].items()
    )  # fmt: skip
    return say("Truncation changes {shares} (norm of the difference, divided by the norm of the "
               "full gradient).", shares=shares)


def clipping(found: Clipped, kind: str, limit: float) -> str:
    """A sentence: norm before and after clipping, and the cosine between them."""
    before, after = found.whole.log10_before, found.whole.log10_after
    if np.isneginf(before):
        return say("There is no gradient to clip: it is exactly 0.")
    if before == after and found.cosine > 1 - 1e-15:
        return say("At θ = {limit} nothing is clipped: the total norm is {norm}.",
                   limit=number(limit), norm=power(before))  # fmt: skip
    if not np.isfinite(before) or not np.isfinite(found.cosine):
        return say(
            "Some gradients are beyond the range of floats, so clipping cannot be computed."
        )
    words = {"before": power(before), "after": power(after), "cosine": number(found.cosine)}
    if words["before"] == words["after"]:
        return say("Clipping lowers the total norm of {before} by {part}. The cosine between the "
                   "two gradients is {cosine}.", **words,
                   part=written_share(float(np.log10(-np.expm1((after - before) * np.log(10))))),
                   )  # fmt: skip
    template = (
        word("Clipping scales the total norm from {before} to {after}. The cosine between the two "
             "gradients is {cosine}.")
        if kind == "norm"
        else word("Clipping each number changes the total norm from {before} to {after}. The "
                  "cosine between the two gradients is {cosine}.")
    )  # fmt: skip
    return say(template, **words)


def descent(w: float, b: float, steps: int) -> str:
    """The loss of the net with a cliff, and after one step of rate 1, unclipped and clipped."""
    here = cliff(w, b, steps, target=TARGET, norm=LIMIT)
    words = {"loss": number(here.loss), "raw": power(here.log10_norm),
             "clipped": number(float(np.hypot(*here.clipped)))}  # fmt: skip
    if not here.direction.any():
        return say("The loss is {loss} here, and its gradient is 0.", **words)
    words["then"] = number(_loss_after(w, b, here.clipped, steps))
    if here.log10_norm <= np.log10(LIMIT):
        return say("The loss is {loss} here. One step with learning rate 1 has the length {raw}, "
                   "and nothing is clipped; after it the loss is {then}.", **words)  # fmt: skip
    words["far"] = number(_loss_after(w, b, here.gradient, steps))
    return say("The loss is {loss} here. One step with learning rate 1 has the length {raw} "
               "unclipped and {clipped} clipped; after it the loss is {far} unclipped and {then} "
               "clipped.", **words)  # fmt: skip


def _loss_after(w: float, b: float, gradient: NDArray[np.float64], steps: int) -> float:
    """The loss after one step of rate 1 against a gradient (2,); inf where no float holds it."""
    if not np.isfinite(gradient).all():
        return float("inf")
    return cliff(w - float(gradient[0]), b - float(gradient[1]), steps, target=TARGET).loss
