"""What the costliest cell costs more than the cheapest, and what equal counts change."""

from __future__ import annotations

from rnnviz.cells import CELLS
from rnnviz.experiments import cost
from rnnviz.experiments.initialisation_runs import Runs, quantiles
from rnnviz.experiments.settings import Settings
from rnnviz.ui.pages.cost.counts import Timings
from rnnviz.words import say
from rnnviz.words.numbers import number, power


def middle(found: Runs) -> float:
    """The median over the seeds of log10 first / last."""
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
                   "compare what they buy.")  # fmt: skip
    adds = {cell: one.multiply_adds.at(inputs, H) for cell, one in costs.items()}
    order = sorted(counts, key=counts.__getitem__)
    wide = both["count"][few]
    words = {
        "many": say(CELLS[many].title), "few": say(CELLS[few].title), "H": H, "wide": wide,
        "cells": " : ".join(say(CELLS[cell].title) for cell in order),
        "counts": _ratio(counts, order), "adds": _ratio(adds, order),
        "kept": power(middle(runs[many, H])), "narrow": power(middle(runs[few, H])),
        "widened": power(middle(runs[few, wide])),
    }  # fmt: skip
    said = say(
        "At H = {H} parameters are {cells} = {counts}, multiply-adds {adds}. The **{many}** "
        "brings {kept} of the gradient back to step 1, the **{few}** {narrow}, and {widened} "
        "where it has as many parameters (H = {wide}).",
        **words,
    )  # fmt: skip
    if int(settings.loss_steps(settings.example()).sum()) > 1:
        return f"{said} " + say(
            "Every loss adds its own here: put the loss on the last step to see how far a single "
            "one travels."
        )
    if times is None:
        return f"{said} " + say("Measure the time below: operations are not yet seconds.")
    took = [times[cell].forward[1] + times[cell].backward[1] for cell in (many, few)]
    return f"{said} " + say(
        "At the sizes below a step there and back takes the {many} {time} times as long as the "
        "{few}.",
        time=number(took[0] / took[1]), **words,
    )  # fmt: skip


def _ratio(counts: dict[str, int], order: list[str]) -> str:
    """The ratios to the first of ``order``, such as 1 : 3 : 4, with at most three digits."""
    return " : ".join(f"{counts[cell] / counts[order[0]]:.3g}" for cell in order)
