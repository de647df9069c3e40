"""One experiment: a sequence, a loss and several cells on it, described by plain values.

The same settings give the same arrays: nothing here is drawn without the seed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import CELLS, Cell
from rnnviz.core.backward_run import backprop
from rnnviz.core.build import build
from rnnviz.core.forward_run import run
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.initialisation import OWN_GATE_BIASES
from rnnviz.core.losses import CrossEntropy, Loss, SquaredError
from rnnviz.core.model import Model
from rnnviz.core.weight_edits import MOST_EDITS, Edit, edited, shapes_of, start, too_many
from rnnviz.experiments.task_sizes import Options
from rnnviz.experiments.trained import Trained
from rnnviz.tasks import TASKS, Example
from rnnviz.words import Refusal, Sentence, sentence, word

BUDGET = 2_000_000
"""The most that T · H² may be: the work of one pass, and with it the wait for a picture."""
MOST_CELLS = 4
LOSS_PLACES = ("last", "every", "task", "chosen")


@dataclass(frozen=True)
class Settings:
    """Everything that decides the arrays; the defaults are the preset that the app opens on.

    ``options`` and ``cell_options`` are (name, value) pairs of the task and of any cell;
    ``forget_bias`` and ``update_bias`` count unless ``init`` draws such biases itself, for T steps;
    ``scale`` is the gain on W_h or, with ``scaling="radius"``, its spectral radius;
    it is nothing to cells without a W_h; ``hold`` has (cell, gate, value) of gates held at a value;
    ``loss_at`` names the steps of ``loss="chosen"``, such as "10, 20-25"; ``edits`` are single
    weights, of the readout too, and entries of the initial states set by hand.
    ``trained`` is how the nets were trained, None for fresh ones; they are shown after ``update``
    updates, and what their initial weights are is the matter of ``trained`` alone, H included.
    """

    task: str = "stocks"
    options: tuple[tuple[str, Any], ...] = ()
    length: int = 50
    hidden_size: int = 16
    seed: int = 0
    cells: tuple[str, ...] = ("rnn", "lstm", "gru")
    cell_options: tuple[tuple[str, Any], ...] = ()
    hold: tuple[tuple[str, str, float], ...] = ()
    init: str = "pytorch"
    scaling: str = "gain"
    scale: float = 1.0
    forget_bias: float = 3.0
    update_bias: float = 3.0
    loss: str = "last"
    loss_at: str = ""
    edits: tuple[Edit, ...] = ()
    trained: Trained | None = None
    update: int = 0

    def __post_init__(self) -> None:
        """H is that of the trained nets."""
        if self.trained is not None:
            object.__setattr__(self, "hidden_size", self.trained.hidden_size)

    def check(self) -> None:
        """Raise ValueError, in one sentence, where the settings ask for what cannot be shown."""
        if not 1 <= len(self.cells) <= MOST_CELLS:
            raise Refusal(
                "Choose 1 to {most} cells, not {count}.", most=MOST_CELLS, count=len(self.cells)
            )
        self._check_sequence()
        self._check_hold()
        example = self.example()
        if self.trained is not None:
            self.trained.check(example, self.task)
        steps = len(example.x)
        work = steps * self.hidden_size**2
        if work > BUDGET:
            raise Refusal(
                "T × H² = {T} × {H}² = {work:,} is above the limit of {limit:,}: lower T to "
                "{lower_T} or H to {lower_H}.",
                T=steps, H=self.hidden_size, work=work, limit=BUDGET,
                lower_T=BUDGET // self.hidden_size**2, lower_H=int((BUDGET / steps) ** 0.5),
            )  # fmt: skip
        self.loss_steps(example)
        self._check_edits(example)

    def _check_hold(self) -> None:
        for cell, gate, value in self.hold:
            if cell in self.cells and (gate not in CELLS[cell].holdable() or not 0 <= value <= 1):
                raise Refusal(
                    "The gate {gate} of the {cell} cannot be held at {value:g}: it must be "
                    "one of {gates}, and the value from 0 to 1.",
                    gate=gate, cell=sentence(CELLS[cell].title), value=value,
                    gates=", ".join(CELLS[cell].holdable()),
                )  # fmt: skip

    def held(self, cell: str) -> dict[str, float]:
        """Gate → the value that it is held at, in one cell."""
        return {gate: value for name, gate, value in self.hold if name == cell}

    def _check_edits(self, example: Example) -> None:
        if len(self.edits) > MOST_EDITS:
            raise too_many(len(self.edits))
        for one in self.edits:
            if one.cell in self.cells:
                one.check(self.shapes(one.cell, example))

    def shapes(self, cell: str, example: Example) -> dict[str, tuple[int, ...]]:
        """Name → shape of all that can be edited of a cell's model."""
        kind = self.kind(cell)
        parameters = kind.shapes(example.input_size, self.hidden_size)
        return shapes_of(parameters, kind.states, self.hidden_size, example.output_size)

    def kind(self, cell: str) -> Cell:
        """A cell with those of the options that are its own, and its held gates."""
        choices = CELLS[cell].choices
        options = {k: v for k, v in self.cell_options if k in choices}
        return CELLS[cell](hold=self.held(cell), **options)

    def _check_sequence(self) -> None:
        task, options = TASKS[self.task], dict(self.options)
        if options.get("text") == "":
            raise Refusal("The text must have at least one character.")
        span = task.lengths(**options)
        if span.minimum <= self.length <= span.maximum:
            return
        template = word("T must be from {low} to {high}, got {got}.")
        if span.why:
            template = word("T must be from {low} to {high} ({why}), got {got}.")
        raise Refusal(
            template, low=span.minimum, high=span.maximum, why=span.why, got=self.length
        )

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

    def model(self, cell: str) -> Model:
        """The cell's model that these settings describe, edits included."""
        model = self.drawn(cell) if self.trained is None else self._learnt(cell, self.trained)
        return edited(model, [one for one in self.edits if one.cell == cell])

    def _learnt(self, cell: str, trained: Trained) -> Model:
        """The trained model, its gates held as the settings have it."""
        return replace(trained.net(cell, self.update, self.options_of(cell)), cell=self.kind(cell))

    def options_of(self, cell: str) -> Options:
        """All of the cell's own options, with defaults for those not given."""
        given = dict(self.cell_options)
        return tuple((name, given.get(name, of[0])) for name, of in CELLS[cell].choices.items())

    def drawn(self, cell: str, **shape: Any) -> Model:
        """The model before any edit; ``shape`` is layers and directions, as `build` takes them."""
        example = self.example()
        return build(
            cell, example.input_size, self.hidden_size, output_size=example.output_size,
            readout="identity" if example.loss == "squared_error" else "softmax",
            **self.initialisation(cell, len(example.x)), **shape,
        )  # fmt: skip

    def initialisation(self, cell: str, longest: int) -> dict[str, Any]:
        """Arguments of `build` for the cell's weights; chrono biases are for ``longest`` steps."""
        kind = CELLS[cell]
        found = {name: value for name, value in self.cell_options if name in kind.choices}
        found |= {"seed": self.seed, "init": self.init, "hold": self.held(cell)}
        if kind.sees_past:
            found["gain" if self.scaling == "gain" else "spectral_radius"] = self.scale
        if self.init in OWN_GATE_BIASES:
            found["longest"] = max(2, longest)
        else:
            found |= {name: getattr(self, name) for name in kind.bias_blocks}
        return found

    def flow(self, cell: str) -> GradientFlow:
        """Build the cell's model, run it on the sequence and carry the gradient back."""
        example, model = self.example(), self.model(cell)
        own = [one for one in self.edits if one.cell == cell]
        count = model.num_layers * len(model.directions)
        trace = run(model, example.x, **start(own, self.hidden_size, count))
        return backprop(trace, self.loss_object(example))

    def in_words(self) -> Sentence:
        """The settings in one line, for captions."""
        found = self._nets_in_words()
        if shown := ", ".join(f"{cell}.{gate} = {value:g}" for cell, gate, value in self.hold
                              if cell in self.cells):  # fmt: skip
            found = sentence("{settings}, held: {gates}", settings=found, gates=shown)
        count = sum(one.cell in self.cells for one in self.edits)
        if not count:
            return found
        return sentence(
            word("{settings}, {n} weight edited") if count == 1
            else word("{settings}, {n} weights edited"), settings=found, n=count,
        )  # fmt: skip

    def _nets_in_words(self) -> Sentence:
        """The sequence, and what the nets' weights are."""
        slots: dict[str, Any] = {
            "task": sentence(TASKS[self.task].title), "T": len(self.example().x),
            "H": self.hidden_size, "seed": self.seed,
        }  # fmt: skip
        if self.trained is not None:
            template = word(
                "{task}, T = {T}, H = {H}, seed {seed}, trained on {plan} for {u} updates"
            )
            return sentence(template, plan=self.trained.words, u=self.update, **slots)
        template = (
            word("{task}, T = {T}, H = {H}, seed {seed}, {init} initialisation, gain {scale:g}")
            if self.scaling == "gain"
            else word(
                "{task}, T = {T}, H = {H}, seed {seed}, {init} initialisation, ρ(W_h) {scale:g}"
            )
        )
        return sentence(template, init=self.init, scale=self.scale, **slots)


def chosen_steps(text: str, length: int) -> NDArray[np.bool_]:
    """Read "10, 20-25" as a mask over the timesteps 1 … length, (length,)."""
    mask = np.zeros(length, bool)
    parts = [part.strip() for part in text.split(",") if part.strip()]
    for part in parts:
        match = re.fullmatch(r"(\d{1,6})(?:\s*[-–]\s*(\d{1,6}))?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= last <= length:
            raise Refusal(
                "The steps of the loss must be numbers or ranges within 1 … {T}, such as "
                "“10, 20-25”, not “{got}”.",
                T=length, got=part[:40],
            )  # fmt: skip
        mask[first - 1 : last] = True
    if not parts:
        raise Refusal(
            "Name the steps at which the loss sits, within 1 … {T}, such as “10, 20-25”.",
            T=length,
        )
    return mask
