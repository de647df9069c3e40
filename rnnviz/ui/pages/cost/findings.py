"""What the costliest cell costs more than the cheapest, and what equal counts change."""

from __future__ import annotations

from rnnviz.cells import CELLS
from rnnviz.experiments import cost
from rnnviz.experiments.initialisation_runs import SEEDS, Runs, quantiles
from rnnviz.experiments.settings import Settings
from rnnviz.ui.pages.cost.counts import Timings
from rnnviz.words import say
from rnnviz.words.numbers import number, share


def middle(found: Runs) -> float:
    """The median over the seeds of the log10 share left at step 1."""
    return float(quantiles(found.ratios())[1])


def finding(
    settings: Settings, both: dict[str, dict[str, int]], runs: dict[tuple[str, int], Runs],
    times: Timings | None,
) -> str:  # fmt: skip
    """What the costliest cell costs more than the cheapest, and what equal counts change."""
    inputs, H = settings.example().input_size, settings.hidden_size
    costs = {cell: cost.cost(settings.kind(cell)) for cell in settings.cells}
    counts = {cell: one.parameters.at(inputs, H) for cell, one in costs.items()}
    few, many = (min(counts, key=counts.__getitem__), max(counts, key=counts.__getitem__))
    if counts[few] == counts[many]:
        return say("Choose cells of different cost in the sidebar, such as an RNN and an LSTM, to "
                   "compare them.")  # fmt: skip
    adds = {cell: one.multiply_adds.at(inputs, H) for cell, one in costs.items()}
    order = sorted(counts, key=counts.__getitem__)
    wide = both["count"][few]
    words = {
        "many": say(CELLS[many].title), "few": say(CELLS[few].title), "H": H, "wide": wide,
        "cells": " : ".join(say(CELLS[cell].title) for cell in order),
        "counts": _ratio(counts, order), "adds": _ratio(adds, order),
        "kept": share(middle(runs[many, H])), "narrow": share(middle(runs[few, H])),
        "widened": share(middle(runs[few, wide])), "n": SEEDS,
    }  # fmt: skip
    said = say(
        "At H = {H} the parameters are in the ratio {cells} = {counts}, the multiply-adds {adds}. "
        "The share of the gradient left at step 1 is {kept} in the **{many}** and {narrow} in the "
        "**{few}**; with about as many parameters as the {many} (H = {wide}) it is {widened} in "
        "the **{few}** (medians of {n} seeds).",
        **words,
    )  # fmt: skip
    if times is None:
        return f"{said} " + say("The number of operations is not the time: measure the time "
                                "below.")
    took = [times[cell].forward[1] + times[cell].backward[1] for cell in (many, few)]
    return f"{said} " + say(
        "At the sizes below, one step forward and back takes {time} times as long in the {many} "
        "as in the {few}.",
        time=number(took[0] / took[1]), **words,
    )  # fmt: skip


def _ratio(counts: dict[str, int], order: list[str]) -> str:
    """The ratios to the first of ``order``, such as 1 : 3 : 4, with at most three digits."""
    return " : ".join(f"{counts[cell] / counts[order[0]]:.3g}" for cell in order)
