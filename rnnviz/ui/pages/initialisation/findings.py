"""Which scheme keeps most of the gradient and which least, and which bias is enough."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.core.initialisation import OWN_GATE_BIASES
from rnnviz.experiments.initialisation_runs import SEEDS, Runs, quantiles
from rnnviz.experiments.remedies import EXPLODES, VANISHES
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.settings_words import INITS
from rnnviz.figures.bands import Factor
from rnnviz.ui.pages.initialisation.schemes import Shown
from rnnviz.words import say
from rnnviz.words.numbers import number, share


def bias_of(cell: str) -> tuple[str, str]:
    """The setting of the keeping gate's bias, and that gate; empty for a cell without one."""
    return next(iter(CELLS[cell].bias_blocks.items()), ("", ""))


def about_sidebar(settings: Settings, cell: str) -> str:
    """What the sidebar's nets have that those of its scheme do not: the bias set there; else ""."""
    argument, gate = bias_of(cell)
    drawn = settings.init in OWN_GATE_BIASES or settings.net is not None
    bias = getattr(settings, argument) if argument and not drawn else None
    if bias is None or settings.trained is not None:
        return ""
    return say(
        "“sidebar” has the sidebar's scheme, {scheme}, but with b_{gate} = {bias} set there; the "
        "other schemes keep the b_{gate} of their own.",
        scheme=say(INITS[settings.init]), gate=gate, bias=f"{bias:g}".replace("-", "−"),
    )  # fmt: skip


def finding(cell: str, found: Sequence[Shown], by_bias: Mapping[float, Runs]) -> str:
    """The schemes that keep most and least, by their medians, and the least bias that is enough.

    All runs follow the last loss alone, wherever else there are losses.
    """
    middles = [float(quantiles(one.runs.ratios())[1]) for one in found]
    away = [abs(v) if np.isfinite(v) else np.inf for v in middles]
    if not any(one.runs.last().any() for one in found):
        return say("No gradient reaches any step of the **{cell}**.",
                   cell=say(CELLS[cell].title))  # fmt: skip
    best, worst = int(np.argmin(away)), int(np.argmax(away))
    words = {
        "cell": say(CELLS[cell].title), "n": SEEDS,
        "best": found[best].label, "most": share(middles[best]),
        "worst": found[worst].label, "least": share(middles[worst]),
    }  # fmt: skip
    if best == worst:
        said = say("With the initialisation “{best}”, the share of the **{cell}**'s gradient left "
                   "at step 1 is {most} (median of {n} seeds; a single net can be far from "
                   "it).", **words)  # fmt: skip
    else:
        said = say(
            "The share of the **{cell}**'s gradient left at step 1 is {most} with “{best}” and "
            "{least} with “{worst}” (medians of {n} seeds; a single net can be far from them).",
            **words,
        )  # fmt: skip
    if middles[best] > EXPLODES:
        return f"{said} " + say("The gradient explodes even with the one whose share is nearest "
                                "to 1.")
    return f"{said} {_enough(cell, by_bias)}".rstrip()


def _enough(cell: str, by_bias: Mapping[float, Runs]) -> str:
    """The least bias with which 1 % comes back, and what it and the next lower one bring."""
    if not by_bias:
        return ""
    middles = {bias: float(quantiles(one.ratios())[1]) for bias, one in sorted(by_bias.items())}
    biases = list(middles)
    enough = next((bias for bias in biases if middles[bias] >= VANISHES), None)
    words: dict[str, Any] = {"gate": bias_of(cell)[1], "low": _signed(biases[0]), "n": SEEDS,
                             "high": _signed(biases[-1])}  # fmt: skip
    if enough is None:
        top = max(biases, key=lambda bias: middles[bias])
        return say(
            "With no bias of {gate} from {low} to {high} is 1 % left at step 1: the largest share "
            "is {most}, with a bias of {bias}.", most=share(middles[top]), bias=_signed(top),
            **words,
        )  # fmt: skip
    words |= {"bias": _signed(enough), "most": share(middles[enough])}
    if enough == biases[0]:
        return say("With every bias of {gate} from {low} to {high} at least 1 % is left at step 1; "
                   "with {low} the share is {most}.",
                   **words)  # fmt: skip
    less = biases[biases.index(enough) - 1]
    return say("Of the biases of {gate} from {low} to {high}, {bias} is the smallest with which at "
               "least 1 % is left at step 1: the share is {most}, and {before} with a bias of "
               "{less}.", less=_signed(less),
               before=share(middles[less]), **words)  # fmt: skip


def _signed(bias: float) -> str:
    return f"{bias:g}".replace("-", "−")


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
    words = {"cell": say(CELLS[cell].title), "gate": gate, "low": _signed(x[0]),
             "measured": number(float(middle[0])), "closed": number(float(closed[0]))}  # fmt: skip
    if not near:
        return say(
            "{cell}: the closed form of the path along the memory state is at no bias within 5 % "
            "of the measured factor. With a bias of {low} it gives {closed}, and {measured} is "
            "measured: the weights carry gradient too.", **words,
        )  # fmt: skip
    return say(
        "{cell}: the closed form of the path along the memory state is within 5 % of the measured "
        "factor with a bias of {gate} of {where}. With a bias of {low} it gives {closed}, and "
        "{measured} is measured.",
        where=", ".join(_signed(b) for b in near), **words,
    )  # fmt: skip


def plain(text: str) -> str:
    """Text without Markdown's stars."""
    return text.replace("**", "")


def escaped(text: str) -> str:
    """Text with Markdown's signs escaped."""
    return re.sub(r"([\\`*_\[\]<>#|~$])", r"\\\1", text)
