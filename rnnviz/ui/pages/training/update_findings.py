"""One update of one weight, in sentences and formulas from its numbers.

Numbers in, Markdown or LaTeX out: nothing here draws, and nothing asks for settings.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnviz.training.one_update import Passed, Weight, WeightUpdate
from rnnviz.training.optimisers import Adam, Momentum, RMSprop
from rnnviz.training.plan import Plan
from rnnviz.words import say
from rnnviz.words.numbers import number, percent

DIGITS = 5
"""Significant digits of a weight and of its step."""
BREAK = r"\\ &\quad +"
"""A plus sign at the beginning of the next line."""


def precise(value: float) -> str:
    """The value with five significant digits as LaTeX: 0.012346, -1.2346 \\cdot 10^{-5}."""
    if value == 0 or not np.isfinite(value):
        return f"{value:g}"
    mantissa, exponent = f"{value:.{DIGITS - 1}e}".split("e")
    power = int(exponent)
    if -4 < power < DIGITS:
        return f"{value:.{max(0, DIGITS - 1 - power)}f}"
    return rf"{mantissa} \cdot 10^{{{power}}}"


def symbol(weight: Weight) -> str:
    """The weight in prose, rows and columns counted from 1: W_h[3, 7]."""
    place = str(weight.column + 1)
    return f"{weight.name}[{place if weight.name[0] == 'b' else f'{weight.row + 1}, {place}'}]"


def finding(one: WeightUpdate, found: Passed | None, weight: Weight) -> str:
    """How far the weight moved, and which timestep's term of its gradient is largest."""
    said = say(
        "Update {u} changes {name} by **{step}**, from {before} to {after}.", u=one.update,
        name=symbol(weight), step=number(one.after - one.before), before=number(one.before),
        after=number(one.after),
    )  # fmt: skip
    size = 0.0 if found is None else float(np.abs(found.terms).sum())
    if found is None or not size:
        return said
    t = int(np.abs(found.terms).argmax())
    last = int(found.steps[-1])
    if t == last:
        more = say(
            "Of the {T} timesteps' shares of its gradient the last loss's own step, t = {t}, has "
            "the largest: {share} of the sum of their sizes.",
            T=len(found.terms), t=t + 1, share=percent(float(np.abs(found.terms[t])) / size),
        )  # fmt: skip
    else:
        more = say(
            "Of the {T} timesteps' shares of its gradient that of t = {t} is the largest: {share} "
            "of the sum of their sizes. The last loss is at t = {last}.",
            T=len(found.terms), t=t + 1, last=last + 1,
            share=percent(float(np.abs(found.terms[t])) / size),
        )  # fmt: skip
    return f"{said} {more}"


def cost(one: WeightUpdate, found: Passed) -> Iterator[str]:
    """What the net answers to the first sequence, what that costs, and the cost of the batch."""
    t, count = int(found.steps[-1]) + 1, found.targets.size
    words = {"u": one.update, "t": t, "N": count, "loss": number(found.loss)}
    if found.kind == "cross_entropy":
        scores = found.y[-1, 0]
        right = int(found.targets[-1, 0])
        lost = float(np.logaddexp.reduce(scores) - scores[right])
        yield say(
            "The net before update {u} reads the batch. At t = {t} of its first sequence it gives "
            "the right one of {K} classes the probability p = {p}; that costs −ln p = {cost}.",
            K=len(scores), p=number(float(np.exp(-lost))), cost=number(lost), **words,
        )  # fmt: skip
        yield say("The cost of the batch is the mean over its {N} answers: L = **{loss}**.",
                  **words)  # fmt: skip
        return
    y, target = float(found.y[-1, 0, 0]), float(found.targets[-1, 0, 0])
    yield say(
        "The net before update {u} reads the batch. At t = {t} of its first sequence it answers y "
        "= {y}; the target is {target}, the squared error {error}.",
        y=number(y), target=number(target), error=number((y - target) ** 2), **words,
    )  # fmt: skip
    yield say("The cost is the mean of the batch's {N} squared errors: L = **{loss}**.", **words)


def backward(one: WeightUpdate, found: Passed, weight: Weight) -> str:
    """Where the weight acts, and the sum of what it adds to its gradient there."""
    words = {"g": number(one.gradient), "n": len(found.steps), "t": int(found.steps[-1]) + 1}
    if not weight.name.endswith("_y"):
        return say("The weight acts at every timestep; each timestep adds a term, and their sum is "
                   "∂L/∂w = **{g}**.", **words)  # fmt: skip
    if len(found.steps) == 1:
        return say("The weight acts where an answer counts, at t = {t} alone: ∂L/∂w = **{g}**.",
                   **words)  # fmt: skip
    return say("The weight acts at the {n} timesteps whose answer counts; each adds a term, and "
               "their sum is ∂L/∂w = **{g}**.", **words)  # fmt: skip


def clipping(one: WeightUpdate, norm: float, plan: Plan) -> str:
    """What clipping did to the gradient in this update."""
    if plan.clip is None:
        return say("Gradients are not clipped.")
    if plan.clip_by == "value":
        return say("Each entry is clipped to ±{limit:g}: g = {g}.", limit=plan.clip,
                   g=number(one.clipped))  # fmt: skip
    if norm <= plan.clip:
        return say(
            "The norm of all gradients is {norm}, not above the limit of {limit:g}: nothing is "
            "clipped.", norm=number(norm), limit=plan.clip,
        )  # fmt: skip
    return say(
        "The norm of all gradients is {norm}, above the limit of {limit:g}: each is multiplied by "
        "{factor}.", norm=number(norm), limit=plan.clip, factor=number(plan.clip / norm),
    )  # fmt: skip


def formulas(one: WeightUpdate, plan: Plan) -> Iterator[str]:
    """The optimiser's rule with this weight's numbers, as LaTeX."""
    g, rate, step = precise(one.clipped), f"{one.rate:g}", precise(one.step)
    match plan.optimiser:
        case "sgd":
            yield _lines(r"\Delta w", r"\eta\, g", rf"{rate} \cdot ({g})", step)
        case "momentum":
            v = _new(one, "velocity")
            yield _lines("v", r"\mu\, v_{old} + g",
                         rf"{Momentum.decay:g} \cdot ({_old(one, 'velocity')}) + ({g})", v)
            yield _lines(r"\Delta w", r"\eta\, v", rf"{rate} \cdot ({v})", step)
        case "rmsprop":
            v = _new(one, "square")
            yield _lines(
                "v", r"\alpha\, v_{old} + (1 - \alpha)\, g^2",
                rf"{RMSprop.decay:g} \cdot {_old(one, 'square')} {BREAK} "
                rf"{1 - RMSprop.decay:.1g} \cdot ({g})^2", v,
            )  # fmt: skip
            yield _lines(r"\Delta w", r"\frac{\eta\, g}{\sqrt{v} + \epsilon}",
                         rf"\frac{{{rate} \cdot ({g})}}{{\sqrt{{{v}}} + 10^{{-8}}}}", step)
        case _:
            yield from _adam(one, g, rate)


def _adam(one: WeightUpdate, g: str, rate: str) -> Iterator[str]:
    m_hat, v_hat = (precise(one.corrected[name]) for name in ("mean", "square"))
    yield _lines(
        "m", r"\beta_1 m_{old} + (1 - \beta_1)\, g",
        rf"{Adam.first:g} \cdot ({_old(one, 'mean')}) {BREAK} {1 - Adam.first:.1g} \cdot ({g})",
        _new(one, "mean"),
    )  # fmt: skip
    yield _lines(
        "v", r"\beta_2 v_{old} + (1 - \beta_2)\, g^2",
        rf"{Adam.second:g} \cdot {_old(one, 'square')} {BREAK} {1 - Adam.second:.1g} \cdot "
        rf"({g})^2",
        _new(one, "square"),
    )  # fmt: skip
    yield _lines(r"\hat m", rf"\frac{{m}}{{1 - \beta_1^{{{one.update}}}}}", m_hat)
    yield _lines(r"\hat v", rf"\frac{{v}}{{1 - \beta_2^{{{one.update}}}}}", v_hat)
    yield _lines(
        r"\Delta w", r"\frac{\eta\, \hat m}{\sqrt{\hat v} + \epsilon}",
        rf"\frac{{{rate} \cdot ({m_hat})}}{{\sqrt{{{v_hat}}} + 10^{{-8}}}}", precise(one.step),
    )  # fmt: skip


def _lines(left: str, *sides: str) -> str:
    """An equation with each further side on a line of its own: narrow enough for a phone."""
    return rf"\begin{{aligned}} {left} &= " + r" \\ &= ".join(sides) + r" \end{aligned}"


def _old(one: WeightUpdate, name: str) -> str:
    return precise(one.kept[name][0])


def _new(one: WeightUpdate, name: str) -> str:
    return precise(one.kept[name][1])


def moved(one: WeightUpdate) -> str:
    """w ← w − Δw with its numbers, as LaTeX."""
    before, step, after = map(precise, (one.before, one.step, one.after))
    return (rf"\begin{{aligned}} w &\leftarrow w - \Delta w \\ &= {before} - ({step}) \\ "
            rf"&= {after} \end{{aligned}}")  # fmt: skip
