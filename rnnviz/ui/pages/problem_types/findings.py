"""What a problem type does to the gradient, in sentences made from the numbers, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.experiments.problem_types import distances
from rnnviz.experiments.unrolling import Unrolled
from rnnviz.numerics.arrays import Array
from rnnviz.words import say, word
from rnnviz.words.numbers import number, power

WHY = {
    "one_to_one": word("The letter and the loss are on the same step. No gradient goes back "
                       "through time, so none is lost there."),
    "one_to_many": word("All {losses} losses lead back to one letter, 0 to {most} steps away. "
                        "Each step back has two paths: through the state, and through the answer "
                        "that is read as the next input."),
    "many_to_one": word("There is one loss for {given} letters. Its right answer is the first "
                        "letter, which is also the farthest: {most} steps away."),
    "many_to_many": word("Every step has a letter and a loss. The loss whose right answer is a "
                         "letter comes 1 step after it; the farthest loss is {most} steps away."),
    "seq_to_seq": word("Every path from a loss to a letter has {least} to {most} steps and goes "
                       "through the encoder's last state, which is all that the decoder receives "
                       "of the {given} letters. From a letter to the loss of its own answer there "
                       "are {given} steps."),
}  # fmt: skip
ALONE = word("There is one loss and one letter, and one path between them; its length in steps is "
             "{most}.")  # fmt: skip
TO_DO = {
    "one_to_one": word("Choose “Many to one” to put steps between the loss and the letter."),
    "one_to_many": word("Choose “Many to many, in step”: as many losses, but letters are given and "
                        "nothing is fed back."),
    "many_to_one": word("Choose “Many to many, in step” to put a loss on every step."),
    "many_to_many": word("Choose “Many to one” to take away all losses but the last, and see what "
                         "is left at step 1."),
    "seq_to_seq": word("Halve T, and the longest path is about half as long."),
}
LONGER = word("Make the sequence longer to see a difference.")


def finding(found: dict[str, Unrolled]) -> str:
    """How long the paths are, what is left of the gradient at their ends, and what to do."""
    one = next(iter(found.values()))
    paths = distances(one.problem, one.steps)
    alone = paths.size == 1 and not one.problem.only_one
    lines = [say(
        ALONE if alone else WHY[one.problem.name], losses=len(paths), given=paths.shape[1],
        least=int(np.nanmin(paths)), most=int(np.nanmax(paths)),
    )]  # fmt: skip
    if one.steps > 1:
        lines.append(_measured(found))
    if one.fed:
        lines += [words for words in [_fed(found)] if words]
    return " ".join([*lines, say(LONGER if alone else TO_DO[one.problem.name])])


def _measured(found: dict[str, Unrolled]) -> str:
    """‖∂L/∂h‖ at step 1 divided by that at the hand-over, or at T where there is none."""
    one = next(iter(found.values()))
    start = one.problem.handed(one.steps) or one.steps
    ratios = {}
    for cell, flow in found.items():
        h = flow.log10("h")[:, 0]
        with np.errstate(invalid="ignore"):
            ratios[cell] = float(h[0] - h[start - 1])
    said = ", ".join(
        say("{cell} {value}", cell=f"**{say(CELLS[cell].title)}**", value=_times(ratio))
        for cell, ratio in ratios.items()
    )
    if one.problem.encoder and start > 1:
        return say("‖∂L/∂h_t‖ at step 1, divided by that at the hand-over (step {start}): {cells}.",
                   start=start, cells=said)  # fmt: skip
    if one.problem.encoder:
        return say("The encoder has one step, so nothing is lost within it.")
    return say("‖∂L/∂h_t‖ at step 1, divided by that at step {start}: {cells}.",
               start=start, cells=said)  # fmt: skip


def _times(ratio: float) -> str:
    return "–" if np.isnan(ratio) else power(ratio)


def _fed(found: dict[str, Unrolled]) -> str:
    """The gradient of an output through the next input, divided by that of its own loss."""
    parts = []
    for cell, one in found.items():
        fed, own = one.log10("fed")[:-1, 0], one.log10("own")[:-1, 0]
        with np.errstate(invalid="ignore"):
            log = fed - own
        log = log[np.isfinite(log)]
        if log.size:
            parts.append(say("{cell} {value}", cell=say(CELLS[cell].title),
                             value=number(float(10.0 ** np.median(log)))))  # fmt: skip
    if not parts:
        return ""
    return say("The gradient that reaches an output through the next input, divided by the "
               "gradient of that output's own loss (median over the steps): {cells}.",
               cells=", ".join(parts))  # fmt: skip


def _change(value: float) -> str:
    """The value, or the bound below which it would be the rounding of probabilities."""
    return say("less than {bound}", bound="10⁻¹⁴") if value < 1e-14 else number(value)


def memoryless(logs: Mapping[str, Array], changes: Mapping[str, float]) -> str:
    """What the last output still depends on in every net, the feed-forward one (named "") first.

    ``logs`` has log10 ‖∂y_T/∂x_t‖ (T,), ``changes`` the largest change of a probability at T where
    the first letter is another one.
    """
    steps = len(logs[""])
    cells = [cell for cell in logs if cell]
    first = ", ".join(f"{say(CELLS[cell].title)} {power(float(logs[cell][0]))}" for cell in cells)
    change = ", ".join(f"{say(CELLS[cell].title)} {_change(changes[cell])}" for cell in cells)
    return " ".join([
        say("Task: after {T} letters, name the first.", T=steps),
        say("A feed-forward net sees only x_T when it answers: ‖∂y_T/∂x_t‖ is exactly 0 at every "
            "t < T, so no training can teach it the first letter."),
        say("With a state it is not 0 at t = 1: {cells}.", cells=first)
        if any(np.isfinite(logs[cell][0]) for cell in cells)
        else say("At t = 1 it is exactly 0 in these nets, too: {cells}.", cells=first),
        say("Put another letter first, and the feed-forward net's probabilities at T change by "
            "{none}, those of the others by up to {cells}.", none=number(changes[""]),
            cells=change),
    ])  # fmt: skip
