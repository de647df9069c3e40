"""Why a state keeps what it keeps, in sentences made from the numbers.

Numbers in, Markdown out: nothing here draws, and nothing asks for settings.
"""

from __future__ import annotations

import numpy as np

from rnnviz.advice.side_by_side import seen, summary
from rnnviz.analysis.gradient_paths import Roads
from rnnviz.words import say
from rnnviz.words.numbers import share

__all__ = ["longer", "seen", "summary", "two_parts"]


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
    """Why a more open gate need not keep more: the two parts of a state's gradient at step 1.

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
