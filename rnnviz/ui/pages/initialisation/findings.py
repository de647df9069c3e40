"""Which scheme keeps most of the gradient and which least, and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.experiments.initialisation_runs import SEEDS, Runs, quantiles
from rnnviz.experiments.settings import Settings
from rnnviz.figures.bands import Factor
from rnnviz.ui.advice import EXPLODES, VANISHES
from rnnviz.ui.pages.initialisation.schemes import Shown
from rnnviz.words import say
from rnnviz.words.numbers import number, power


def bias_of(cell: str) -> tuple[str, str]:
    """The setting of the keeping gate's bias, and that gate; empty for a cell without one."""
    return next(iter(CELLS[cell].bias_blocks.items()), ("", ""))


def finding(
    settings: Settings, cell: str, found: Sequence[Shown], by_bias: Mapping[float, Runs]
) -> str:
    """The schemes that keep most and least, by their medians, and what to do."""
    middles = [float(quantiles(one.runs.ratios())[1]) for one in found]
    away = [abs(v) if np.isfinite(v) else np.inf for v in middles]
    if not any(one.runs.last().any() for one in found):
        return say("No gradient reaches any step of the **{cell}**. Put the loss on another step, "
                   "or take another seed.", cell=say(CELLS[cell].title))  # fmt: skip
    best, worst = int(np.argmin(away)), int(np.argmax(away))
    losses = int(settings.loss_steps(settings.example()).sum())
    words = {
        "cell": say(CELLS[cell].title), "n": SEEDS,
        "best": found[best].label, "most": power(middles[best]),
        "worst": found[worst].label, "least": power(middles[worst]),
    }  # fmt: skip
    if best == worst:
        said = say("The **{cell}** under «{best}» brings {most} of the gradient back to step 1 "
                   "(median of {n} seeds).", **words)  # fmt: skip
    else:
        said = say(
            "The same **{cell}** brings {most} of the gradient back to step 1 under «{best}» and "
            "{least} under «{worst}» (medians of {n} seeds).", **words,
        )  # fmt: skip
    if losses > 1:
        return f"{said} " + say(
            "Every loss adds its own here: put the loss on the last step to see how far a single "
            "one travels."
        )
    if middles[best] > EXPLODES:
        return f"{said} " + say(
            "Lower the gain, or set W_h by its spectral radius, to 1: even the best of them "
            "explodes."
        )
    return f"{said} {_to_do(settings, cell, found[best], by_bias)}"


def _to_do(settings: Settings, cell: str, best: Shown, by_bias: Mapping[float, Runs]) -> str:
    if not by_bias and "yours" in best.names:
        return say("Raise the gain to see it explode.")
    if not by_bias:
        return say("Choose «{best}» in the sidebar, then raise the gain to see it explode.",
                   best=best.label)  # fmt: skip
    argument, gate = bias_of(cell)
    words: dict[str, Any] = {"gate": gate, "now": getattr(settings, argument)}
    enough = [bias for bias, one in by_bias.items()
              if quantiles(one.ratios())[1] >= VANISHES]  # fmt: skip
    if not enough:
        return say("No b_{gate} up to 6 brings 1 % back: lower T, or raise the gain.", **words)
    words["bias"] = enough[0]
    if words["now"] >= enough[0]:
        return say("From b_{gate} = {bias:g} on more than 1 % comes back: lower the sidebar's "
                   "b_{gate} from {now:g} below that to lose it.", **words)  # fmt: skip
    return say("Raise the sidebar's b_{gate} from {now:g} to {bias:g}: from there on more than "
               "1 % comes back.", **words)  # fmt: skip


def compared(row: Factor) -> str:
    """One scheme's closed form and measurement."""
    words = {"law": row.label, "closed": number(row.closed), "middle": number(row.middle),
             "low": number(row.low), "high": number(row.high)}  # fmt: skip
    if np.isnan(row.closed):
        return say("{law}: measured {middle} ({low} to {high}).", **words)
    return say("{law}: closed form {closed}, measured {middle} ({low} to {high}).", **words)


def sweep(
    cell: str, x: NDArray[np.float64], middle: NDArray[np.float64], closed: NDArray[np.float64]
) -> str:
    """For which biases the closed form is within 5 % of the measurement."""
    _, gate = bias_of(cell)
    near = [float(b) for b, m, c in zip(x, middle, closed, strict=True)
            if np.isfinite(m) and abs(m - c) <= 0.05 * c]  # fmt: skip
    words = {"cell": say(CELLS[cell].title), "gate": gate, "low": f"{x[0]:g}".replace("-", "−"),
             "measured": number(float(middle[0])), "closed": number(float(closed[0]))}  # fmt: skip
    if not near:
        return say(
            "The {cell}: the road alone never comes within 5 % of what is measured; at "
            "b_{gate} = {low} it says {closed}, and {measured} is measured: the rest comes "
            "through the weights. Lower the gain to narrow that way.", **words,
        )  # fmt: skip
    return say(
        "The {cell}: the road alone is within 5 % of what is measured at b_{gate} = {where}. At "
        "b_{gate} = {low} it says {closed}, and {measured} is measured.",
        where=", ".join(f"{b:g}".replace("-", "−") for b in near), **words,
    )  # fmt: skip


def plain(text: str) -> str:
    """Text without Markdown's stars."""
    return text.replace("**", "")


def escaped(text: str) -> str:
    """Text with Markdown's signs escaped."""
    return re.sub(r"([\\`*_\[\]<>#|~$])", r"\\\1", text)
