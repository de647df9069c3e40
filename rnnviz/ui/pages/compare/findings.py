"""What the cells' gradients say side by side, in sentences made from the numbers.

Numbers in, Markdown out: nothing here draws, and nothing asks for settings.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.analysis.gradient_paths import Roads
from rnnviz.analysis.reach import Reach
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow
from rnnviz.ui import advice
from rnnviz.ui.pages.compare.chips import NO_NAMES
from rnnviz.words import say
from rnnviz.words.numbers import number, power, share

Flows = Mapping[str, GradientFlow]
"""Cell → the flow of the followed loss alone."""
Names = Mapping[str, str]
"""Cell → its name, where that is not its title."""


def seen(alone: Flows, found: Mapping[str, Reach], names: Names = NO_NAMES) -> str:
    """What reaches step 1 of the followed gradient and why, a few sentences a cell."""
    lines = []
    for cell, flow in alone.items():
        said = advice.left(flow.layers[0], found[cell], names.get(cell, ""))
        lines += [said, *_why(flow, found[cell])]
    return " ".join(lines)


def _why(flow: GradientFlow, found: Reach) -> list[str]:
    """What the mean factor a step is made of, where that is known."""
    top, kind = flow.layers[0], advice.verdict(flow.layers[0], found)
    if kind in ("lost", "none"):
        return []
    if said := advice.why(top, found):
        return [said]
    if (gate := top.trace.cell.keeping_gate) is None:
        return []
    return [say("Its {gate} is at {mean} on average.", gate=advice.gate_title(top),
                mean=number(float(top.trace[gate].mean())))]  # fmt: skip


def summary(alone: Flows, found: Mapping[str, Reach], names: Names = NO_NAMES) -> str:
    """The headline chart in words, for those who do not see it."""
    start = max((one.start for one in found.values()), default=0)
    lines = [say("Gradient norm of the loss of step {start} alone, against time.", start=start)]
    for cell, flow in alone.items():
        one = found[cell]
        words = {
            "cell": names.get(cell, say(CELLS[cell].title)),
            "state": advice.state_title(flow.layers[0], one),
            "high": power(float(one.log10_norms[one.start])),
            "start": one.start,
            "low": power(float(one.log10_norms[1])),
        }
        lines.append(
            say("{cell}, {state}: from {high} at step {start} to {low} at step 1.", **words)
        )
    return " ".join([*lines, seen(alone, found, names).replace("**", "")])


def longer(cell: str, lengths: tuple[int, int], paths: tuple[Roads, Roads]) -> str:
    """Why a longer sequence leaves more of a kept state's gradient at step 1, where it does.

    ``paths`` are those of the loss on the last step, T being the shorter and the longer length.
    """
    if any(one.gate is None for one in paths):
        return ""
    left = [tuple(float(part[1] - one.total[T]) for part in (one.total, one.main, one.rest))
            for T, one in zip(lengths, paths, strict=True)]  # fmt: skip
    if not np.isfinite(left).all() or not left[1][0] > left[0][0]:
        return ""
    before, after = ([share(one).replace(" %", "\N{NO-BREAK SPACE}%") for one in each]
                     for each in left)
    return say(
        "{cell}: {a0} with T = {short}, {b0} with T = {long}. Along {state} alone {a1} and {b1} "
        "reach step 1; through the gates' weights, which need not shrink it, {a2} and {b2}.",
        cell=cell, state=paths[0].state, short=lengths[0], long=lengths[1],
        **{f"a{k}": one for k, one in enumerate(before)},
        **{f"b{k}": one for k, one in enumerate(after)},
    )  # fmt: skip


def two_parts(found: Roads, start: int) -> str:
    """Why an opener gate need not keep more: the two parts of a kept state's gradient at step 1.

    Nothing for a cell without a gate that keeps, without weights from the past, or without a loss.
    """
    if found.gate is None or not start:
        return ""
    left = [float(one[1] - found.total[start]) for one in (found.main, found.rest, found.total)]
    if not np.isfinite(left).all():
        return ""
    main, rest, whole = map(share, left)
    return say(
        "The gradient on {state} comes to step 1 in two parts. Along {state} alone it is "
        "multiplied by {gate} at every step and by nothing else; the rest goes through the gates' "
        "weights at least once. As shares of the gradient at step {start} they are {main} and "
        "{rest}, together {whole}: they add as vectors and can add or cancel, so the share need "
        "not grow with {gate}.",
        state=found.state, gate=found.gate, start=start, main=main, rest=rest, whole=whole,
    )  # fmt: skip
