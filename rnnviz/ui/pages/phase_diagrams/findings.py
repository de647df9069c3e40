"""What a map shows, in sentences from its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.experiments.settings_words import INITS
from rnnviz.numerics.crossings import first_crossing
from rnnviz.plot.phase import AXES, CRITICAL, medians, sides
from rnnviz.sweeps import Line, Spec, Sweep
from rnnviz.sweeps.beside_theory import forget_biases, near_rows, x_at
from rnnviz.sweeps.theory_lines import KNOWN
from rnnviz.words import say, word
from rnnviz.words.numbers import number, power, share
from rnnviz.words.symbols import lowered

MEANINGS = {
    "lyapunov": word(
        "λ₁ per step in natural logarithms: a small difference of two states grows by "
        "e^λ₁ a step on average, and so does the largest part of a gradient on its way back. "
        "Blue: λ₁ < 0, the gradient vanishes over enough steps; brown: λ₁ > 0, it explodes."
    ),
    "log10_share": word(
        "The share of the last loss's gradient that reaches step 1, by the memory state. Blue: "
        "less than 1 % is left; brown: more."
    ),
}  # fmt: skip
NEAR = 0.1
"""As a share of the gain: so near to the nets a line of theory is said to be."""
Values = NDArray[Any]


def definition(value: str) -> str:
    """What is mapped, and how far the colours go."""
    return say(MEANINGS[value]) + " " + say(
        "The colours fit this map: each hue runs from the line to the smallest, or to the largest "
        "value.")


def axis(name: str) -> str:
    """An axis in words."""
    return lowered(say(AXES[name])) if name in AXES else name


def setting(value: float) -> str:
    """A value of an axis: 0.1, −4, 1.06."""
    return f"{value:.3g}".replace("-", "−")


def critical(found: Sweep, value: str) -> tuple[Values, Values]:
    """For every y the first x at which the critical value is reached, nan where it is not."""
    x, y = sides(found)
    return first_crossing(x, medians(found, value), CRITICAL[value][0]), y


def finding(name: str, found: Sweep, lines: Sequence[Line]) -> str:
    """Where the map changes its kind, and how far from there theory puts it."""
    if not found.complete:
        return say("The map is computed in part: {done:,} of {points:,} nets.",
                   done=int(found.done.sum()), points=len(found))  # fmt: skip
    value, words = FINDINGS[name]
    at, y = critical(found, value)
    there = np.flatnonzero(~np.isnan(at))
    if not there.size:
        return say("No line is on this map: {contour} is passed in none of its rows.",
                   contour=say(CRITICAL[value][1]))  # fmt: skip
    return words(at, y, there[[0, -1]], {one.name: one for one in lines})


def _rnn(at: Values, y: Values, ends: Values, lines: dict[str, Line]) -> str:
    first, last = map(int, ends)
    said = say(
        "With an input of amplitude {low_y}, λ₁ = 0 lies at a gain of **{low}**, and with {high_y} "
        "at **{high}**.", low_y=setting(y[first]), low=number(at[first]), high_y=setting(y[last]),
        high=number(at[last]),
    )  # fmt: skip
    if at[last] > at[first]:
        said += " " + say("The larger input keeps nets stable that are unstable with the smaller "
                          "one.")  # fmt: skip
    if "mean_field" in lines:
        said += " " + _away(at, y, lines["mean_field"])
    return said


def _away(at: Values, y: Values, line: Line) -> str:
    """How far the measured line is from that of mean field, in the gain."""
    theory = x_at(line, y)
    away = np.abs(at - theory)
    both = ~np.isnan(away)
    if not both.any():
        return ""
    most = int(np.nanargmax(away))
    return say(
        "Mean field, χ = 1, puts it at {theory} for the amplitude {y}; over all amplitudes the two "
        "are {middle} apart in the gain (median), and {most} at most.",
        y=setting(y[both][0]), theory=number(theory[both][0]),
        middle=number(float(np.median(away[both]))), most=number(away[most]),
    )  # fmt: skip


def _lstm(at: Values, lengths: Values, ends: Values, lines: dict[str, Line]) -> str:
    short, long = map(int, ends)
    said = say(
        "For 1 % of the gradient to reach step 1, the forget bias must be **{low}** with "
        "T = {short}, and **{high}** with T = {long}.", low=number(at[short]),
        short=int(lengths[short]), high=number(at[long]), long=int(lengths[long]),
    )  # fmt: skip
    return f"{said} {_gate_alone(at, lengths, lines)}".rstrip()


def _gate_alone(at: Values, lengths: Values, lines: dict[str, Line]) -> str:
    """The bias that the forget gate alone would need, at the largest T where both are known."""
    if "forget_gate" not in lines:
        return ""
    alone = forget_biases(lines["forget_gate"], lengths)
    both = np.flatnonzero(~np.isnan(at) & ~np.isnan(alone))
    if not both.size:
        return ""
    k = both[-1]
    template = (
        word("By the forget gate alone, whose line ends at T = {T}, it would take {alone} there, "
             "and the nets need {found}: the gradient through h and the weights adds to what the "
             "gate keeps.") if alone[k] > at[k]
        else word("By the forget gate alone, whose line ends at T = {T}, {alone} would be enough "
                  "there, and the nets need {found}.")
    )  # fmt: skip
    return say(template, alone=number(alone[k]), T=int(lengths[k]), found=number(at[k]))


def _gru(at: Values, biases: Values, ends: Values, lines: dict[str, Line]) -> str:
    first, last = map(int, ends)
    low, high = np.nanmin(at), np.nanmax(at)
    said = say(
        "λ₁ = 0 lies at gains from **{low}** to **{high}** for update biases from {first} to "
        "{last}.", low=number(low), high=number(high), first=setting(biases[first]),
        last=setting(biases[last]),
    )  # fmt: skip
    if "at_rest" in lines:
        gain = float(np.nanmedian(lines["at_rest"].x))
        away = np.abs(at - gain)
        said += " " + say(
            "Mean field at h = 0 puts it at a gain of {gain} for all of them; the nets are "
            "{middle} away from that (median), and {most} at most.", gain=setting(gain),
            middle=number(float(np.nanmedian(away))), most=number(float(np.nanmax(away))),
        )  # fmt: skip
    return f"{said} {_new_weights(at, biases, lines)}".rstrip()


def _new_weights(at: Values, biases: Values, lines: dict[str, Line]) -> str:
    """How far up in the update bias mean field with new weights at every step is near the nets."""
    if "untied" not in lines:
        return ""
    x, y = lines["untied"].x, lines["untied"].y
    known = np.flatnonzero(~np.isnan(x))
    if not known.size:
        return ""
    ends = {"last": number(x[known[-1]]), "high": setting(y[known[-1]])}
    near = near_rows(lines["untied"], at, biases, NEAR)
    if 0 < near < len(biases):
        return say(
            "With new weights at every step mean field is within {near:.0f} % of the nets up to an "
            "update bias of {bias} and then moves away, to {last} at {high}: these nets have one "
            "W_h for all steps.", near=100 * NEAR, bias=setting(biases[near - 1]), **ends,
        )  # fmt: skip
    return say(
        "With new weights at every step it would move from {first} at a bias of {low} to "
        "{last} at {high}; these nets have one W_h for all steps.",
        first=number(x[known[0]]), low=setting(y[known[0]]), **ends,
    )  # fmt: skip


Words = Callable[[Values, Values, Values, dict[str, Line]], str]
FINDINGS: dict[str, tuple[str, Words]] = {
    "rnn_gain_input": ("lyapunov", _rnn), "lstm_forget_length": ("log10_share", _lstm),
    "gru_gain_update": ("lyapunov", _gru),
}  # fmt: skip
"""Map → the figure that changes its kind, and what is said of where it does.

The words are made of the crossings ``at`` for every y, the first and the last row that have one,
and the lines of theory.
"""


def at_point(found: Sweep, points: Sequence[dict[str, Any]]) -> str:
    """The chosen settings, and the medians of their nets."""
    first, (x, y) = points[0], list(found.spec.axes)[:2]
    words = {"x": axis(x), "a": setting(first[x]), "y": axis(y), "b": setting(first[y])}
    said = [say("{x} = {a}, {y} = {b}; medians of {n} seeds:", n=len(points), **words)
            if len(points) > 1 else
            say("{x} = {a}, {y} = {b}; seed {seed}:", seed=first["seed"], **words)]  # fmt: skip
    if "lyapunov" in first:
        middle = float(np.median([one["lyapunov"] for one in points]))
        said.append(say("λ₁ = **{middle}**.", middle=number(middle)))
    left = float(np.median([one["log10_share"] for one in points]))
    said.append(
        say("The gradient at step 1 is **{times} times** that at the last step.", times=power(left))
        if left > 0 else
        say("Of the gradient at the last step **{left}** reaches step 1.", left=share(left))
    )  # fmt: skip
    return " ".join(said)


def about(name: str, spec: Spec, *, shipped: bool) -> str:
    """Sizes, task, initialisation and seeds; what made the numbers; what theory assumes."""
    first, seeds = spec.point(0), spec.values("seed")
    settings = say(
        "Noisy sine, noise {noise} times the amplitude, initialisation “{init}”, H = {H}, {steps}; "
        "seeds {low} to {high}; the loss is on the last step.",
        noise=setting(float(first.get("options.noise", 0.1))),
        init=say(INITS[first.get("init", "pytorch")]),
        H=first["hidden_size"], low=seeds[0], high=seeds[-1],
        steps=(f"T = {spec.values('length')[0]} … {spec.values('length')[-1]}"
               if "length" in spec.axes else f"T = {first['length']}"),
    )  # fmt: skip
    if not shipped:
        return settings
    made = say("Computed once with: {command}", command=f"`rnnviz sweep {name}`")
    theory = [f"{say(words[1])} {words[2]}." for key, words in KNOWN.items() if key[0] == name]
    return f"{settings} {made}. " + say("Theory:") + " " + " ".join(theory)


def plain(text: str) -> str:
    """Text without Markdown's stars."""
    return text.replace("**", "")
