"""One experiment: a sequence, a loss and several cells on it, described by plain values.

The same settings give the same arrays: nothing here is drawn without the seed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.gradients import GradientFlow, backprop
from rnnviz.losses import CrossEntropy, Loss, SquaredError
from rnnviz.model import build
from rnnviz.tasks import TASKS, Example
from rnnviz.trace import run

BUDGET = 2_000_000
"""The most that T · H² may be: the work of one pass, and with it the wait for a picture."""
MOST_CELLS = 4
LOSS_PLACES = ("last", "every", "task", "chosen")


@dataclass(frozen=True)
class Settings:
    """Everything that decides the arrays; the defaults are the preset that the app opens on.

    ``options`` and ``cell_options`` are (name, value) pairs of the task and of any cell;
    ``scale`` is the gain on W_h or, with ``scaling="radius"``, its spectral radius;
    ``loss_at`` names the steps of ``loss="chosen"``, such as "10, 20-25".
    """

    task: str = "stocks"
    options: tuple[tuple[str, Any], ...] = ()
    length: int = 50
    hidden_size: int = 16
    seed: int = 0
    cells: tuple[str, ...] = ("rnn", "lstm", "gru")
    cell_options: tuple[tuple[str, Any], ...] = ()
    init: str = "pytorch"
    scaling: str = "gain"
    scale: float = 1.0
    forget_bias: float = 3.0
    update_bias: float = 3.0
    loss: str = "last"
    loss_at: str = ""

    def check(self) -> None:
        """Raise ValueError, in one sentence, where the settings ask for what cannot be shown."""
        if not 1 <= len(self.cells) <= MOST_CELLS:
            raise ValueError(f"Choose 1 to {MOST_CELLS} cells, not {len(self.cells)}.")
        try:
            example = self.example()
        except ValueError as refusal:
            raise ValueError(str(refusal).replace("length ", "T ", 1)) from None
        steps = len(example.x)
        work = steps * self.hidden_size**2
        if work > BUDGET:
            raise ValueError(
                f"T × H² = {steps} × {self.hidden_size}² = {work:,} is above the limit of "
                f"{BUDGET:,}: lower T to {BUDGET // self.hidden_size**2} or H to "
                f"{int((BUDGET / steps) ** 0.5)}."
            )
        self.loss_steps(example)

    def example(self) -> Example:
        """The sequence with its targets."""
        return TASKS[self.task].make(self.length, seed=self.seed, **dict(self.options))

    def loss_steps(self, example: Example) -> NDArray[np.bool_]:
        """Where the loss sits, (T,)."""
        steps = np.arange(len(example.x))
        if self.loss == "task":
            return np.asarray(example.mask)
        if self.loss == "chosen":
            return chosen_steps(self.loss_at, len(steps))
        return np.asarray(steps >= (0 if self.loss == "every" else len(steps) - 1))

    def loss_object(self, example: Example) -> Loss:
        """The loss on the example's targets."""
        kind = SquaredError if example.loss == "squared_error" else CrossEntropy
        return kind(example.targets, self.loss_steps(example))

    def flow(self, cell: str) -> GradientFlow:
        """Build the cell's model, run it on the sequence and carry the gradient back."""
        example = self.example()
        kind = CELLS[cell]
        options = {name: value for name, value in self.cell_options if name in kind.choices}
        biases = {name: getattr(self, name) for name in kind.bias_blocks}
        scaling = "gain" if self.scaling == "gain" else "spectral_radius"
        more: dict[str, Any] = {scaling: self.scale, **biases, **options}
        model = build(
            cell, example.input_size, self.hidden_size, seed=self.seed, init=self.init,
            output_size=example.output_size,
            readout="identity" if example.loss == "squared_error" else "softmax",
            **more,
        )  # fmt: skip
        return backprop(run(model, example.x), self.loss_object(example))

    def in_words(self) -> str:
        """The settings in one line, for captions."""
        example = self.example()
        scale = "gain" if self.scaling == "gain" else "ρ(W_h)"
        return (
            f"{TASKS[self.task].title}, T = {len(example.x)}, H = {self.hidden_size}, "
            f"seed {self.seed}, {self.init} initialisation, {scale} {self.scale:g}"
        )


def chosen_steps(text: str, length: int) -> NDArray[np.bool_]:
    """Read "10, 20-25" as a mask over the timesteps 1 … length, (length,)."""
    mask = np.zeros(length, bool)
    parts = [part.strip() for part in text.split(",") if part.strip()]
    for part in parts:
        match = re.fullmatch(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last <= length:
            raise ValueError(
                f"The steps of the loss must be numbers or ranges within 1 … {length}, such as "
                f"“10, 20-25”, not “{part[:40]}”."
            )
        mask[first - 1 : last] = True
    if not parts:
        raise ValueError(
            f"Name the steps at which the loss sits, within 1 … {length}, such as “10, 20-25”."
        )
    return mask
