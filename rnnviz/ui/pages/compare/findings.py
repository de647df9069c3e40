"""What the cells' gradients say side by side, in sentences made from the numbers.

Numbers in, Markdown out: nothing here draws, and nothing asks for settings.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.analysis.memory import Memory
from rnnviz.cells import CELLS
from rnnviz.core.gradients import GradientFlow
from rnnviz.ui import advice
from rnnviz.words import say
from rnnviz.words.numbers import number, power

SEVERITY = ("lost", "explodes", "vanishes", "none", "fine")


def compared(
    found: Mapping[str, GradientFlow], merits: Mapping[str, Memory], *, one_loss: bool
) -> str:
    """`seen` and `to_do`, a paragraph each."""
    return f"{seen(found, merits)}\n\n{to_do(found, merits, one_loss=one_loss)}"


def seen(found: Mapping[str, GradientFlow], merits: Mapping[str, Memory]) -> str:
    """What is left at step 1 of the gradient at the last step that has any, a sentence a cell."""
    start = max(merit.start for merit in merits.values())
    if start == 0 and all(flow.trace.first_nonfinite is None for flow in found.values()):
        return say(
            "No gradient reaches the hidden state of any cell: it is exactly 0 at every step."
        )
    lines = [] if start == 0 else [
        say(
            "The gradient that reaches the hidden state at step {start} goes back to step 1.",
            start=start,
        )
    ]  # fmt: skip
    lines += [advice.left(flow.layers[0], merits[cell]) for cell, flow in found.items()]
    return " ".join(lines)


def to_do(
    found: Mapping[str, GradientFlow], merits: Mapping[str, Memory], *, one_loss: bool
) -> str:
    """What to change about the worst cell, and about the worst cell that needs another change.

    ``one_loss`` says whether the loss sits on one step only; else a caution takes the place of
    advice, for then the norms are no measure of how far a gradient travels.
    """
    if not one_loss and any(merit.start for merit in merits.values()):
        return say(
            "Each step with a loss adds its own: this is not how far a single one travels. "
            "Put the loss on the last step to see that."
        )
    said: dict[str, str] = {}
    for cell in sorted(found, key=lambda cell: _severity(found[cell], merits[cell])):
        flow = found[cell].layers[0]
        kind = advice.verdict(flow, merits[cell])
        if kind != "fine" or not said:
            gated = flow.trace.cell.keeping_gate is not None
            said.setdefault(f"{kind} {gated}", advice.advice(flow, merits[cell]))
    return " ".join(list(said.values())[:2])


def _severity(flow: GradientFlow, merit: Memory) -> tuple[int, float]:
    kind = advice.verdict(flow.layers[0], merit)
    return SEVERITY.index(kind), 0.0 if kind in ("lost", "none") else -abs(merit.log10_ratio)


def summary(found: Mapping[str, GradientFlow], merits: Mapping[str, Memory]) -> str:
    """The headline chart in words, for those who do not see it."""
    lines = [say("Gradient norm of the hidden state against time.")]
    for cell, flow in found.items():
        logs, merit = flow.log10_norms("h")[:, 0], merits[cell]
        words = {
            "cell": say(CELLS[cell].title),
            "high": power(float(logs[merit.start])),
            "start": merit.start,
            "low": power(float(logs[1])),
            "factor": number(merit.factor),
        }
        if np.isfinite(merit.factor):
            lines.append(
                say(
                    "{cell}: from {high} at step {start} to {low} at step 1, factor "
                    "{factor} a step.",
                    **words,
                )
            )
        else:
            lines.append(say("{cell}: from {high} at step {start} to {low} at step 1.", **words))
    return " ".join(lines)
