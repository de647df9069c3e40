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
    """The optimiser's rule with this weight's numbers, a line of LaTeX each."""
    g, rate = precise(one.clipped), f"{one.rate:g}"
    u, step = one.update, precise(one.step)
    match plan.optimiser:
        case "sgd":
            yield rf"\Delta w = \eta\, g = {rate} \cdot ({g}) = {step}"
        case "momentum":
            yield (rf"v = \mu\, v_{{old}} + g = {Momentum.decay:g} \cdot ({_old(one, 'velocity')})"
                   rf" + ({g}) = {_new(one, 'velocity')}")  # fmt: skip
            yield rf"\Delta w = \eta\, v = {rate} \cdot ({_new(one, 'velocity')}) = {step}"
        case "rmsprop":
            yield (rf"v = \alpha\, v_{{old}} + (1 - \alpha)\, g^2 = {RMSprop.decay:g} \cdot "
                   rf"{_old(one, 'square')} + {1 - RMSprop.decay:g} \cdot ({g})^2 = "
                   rf"{_new(one, 'square')}")  # fmt: skip
            yield rf"\Delta w = \frac{{\eta\, g}}{{\sqrt{{v}} + \epsilon}} = {step}"
        case _:
            yield from _adam(one, g, rate, u)


def _adam(one: WeightUpdate, g: str, rate: str, u: int) -> Iterator[str]:
    m_hat, v_hat = (precise(one.corrected[name]) for name in ("mean", "square"))
    yield (rf"m = \beta_1 m_{{old}} + (1 - \beta_1)\, g = {Adam.first:g} \cdot "
           rf"({_old(one, 'mean')}) + {1 - Adam.first:.1g} \cdot ({g}) = {_new(one, 'mean')}"
           )  # fmt: skip
    yield (rf"v = \beta_2 v_{{old}} + (1 - \beta_2)\, g^2 = {Adam.second:g} \cdot "
           rf"{_old(one, 'square')} + {1 - Adam.second:.1g} \cdot ({g})^2 = "
           rf"{_new(one, 'square')}")  # fmt: skip
    yield (rf"\hat m = \frac{{m}}{{1 - \beta_1^{{{u}}}}} = {m_hat} \qquad "
           rf"\hat v = \frac{{v}}{{1 - \beta_2^{{{u}}}}} = {v_hat}")  # fmt: skip
    yield (rf"\Delta w = \frac{{\eta\, \hat m}}{{\sqrt{{\hat v}} + \epsilon}} = "
           rf"\frac{{{rate} \cdot ({m_hat})}}{{\sqrt{{{v_hat}}} + 10^{{-8}}}} = "
           rf"{precise(one.step)}")  # fmt: skip


def _old(one: WeightUpdate, name: str) -> str:
    return precise(one.kept[name][0])


def _new(one: WeightUpdate, name: str) -> str:
    return precise(one.kept[name][1])


def moved(one: WeightUpdate) -> str:
    """w ← w − Δw with its numbers, as LaTeX."""
    before, step, after = map(precise, (one.before, one.step, one.after))
    return rf"w \leftarrow w - \Delta w = {before} - ({step}) = {after}"
