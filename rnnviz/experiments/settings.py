"""One experiment: a sequence, a loss and several cells on it, described by plain values.

The same settings give the same arrays: nothing here is drawn without the seed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.one_layer import one_layer
from rnnviz.cells import CELLS, Cell
from rnnviz.core.backward_run import backprop
from rnnviz.core.build import build
from rnnviz.core.forward_run import run
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.initialisation import OWN_GATE_BIASES
from rnnviz.core.losses import CrossEntropy, Linear, Loss, SquaredError
from rnnviz.core.model import Model
from rnnviz.core.weight_edits import MOST_EDITS, edited, shapes_of, start, too_many
from rnnviz.experiments.opened_example import opened_example
from rnnviz.experiments.settings_checks import (
    MOST_CELLS,
    check_hold,
    check_sequence,
    check_titles,
    check_work,
    chosen_steps,
)
from rnnviz.experiments.settings_values import Values
from rnnviz.experiments.settings_words import in_words, updates_of_each
from rnnviz.experiments.trained import Trained
from rnnviz.tasks import TASKS, Example
from rnnviz.words import Refusal, Sentence

LOSS_PLACES = ("last", "every", "task", "chosen")


@dataclass(frozen=True)
class Settings(Values):
    """The arrays that `Values` decide; the defaults are the preset that the app opens on."""

    def check(self) -> None:
        """Raise ValueError, in one sentence, where the settings ask for what cannot be shown."""
        if not 1 <= len(self.cells) <= MOST_CELLS:
            raise Refusal(
                "Choose 1 to {most} cells, not {count}.", most=MOST_CELLS, count=len(self.cells)
            )
        if self.opened and self.trained is not None:
            raise Refusal("Trained nets have sequences of their own: choose fresh nets, or close "
                          "the files that are open.")  # fmt: skip
        check_titles(self)
        check_sequence(self)
        check_hold(self)
        example = self.example()
        if self.trained is not None:
            self.trained.check(example, self.task)
        check_work(self, len(example.x))
        self.loss_steps(example)
        self._check_edits(example)

    def _check_edits(self, example: Example) -> None:
        if len(self.edits) > MOST_EDITS:
            raise too_many(len(self.edits))
        for one in self.edits:
            if one.cell in self.cells:
                one.check(self.shapes(one.cell, example, *one.place))

    def shapes(
        self, cell: str, example: Example, layer: int = 0, direction: str = "forward"
    ) -> dict[str, tuple[int, ...]] | None:
        """Name → shape of all that can be edited in one layer and direction of a cell's model.

        None where it has no such layer. The readout of a stack is no matter of one of its layers,
        and of a projected net the product of W_r and W_h is shown, not what can be set.
        """
        kind, places = self.kind(cell), self.places
        if (layer, direction) not in places:
            return None
        inputs = example.input_size
        if layer:
            inputs = self.hidden_size * len({side for _, side in places})
        parameters = kind.shapes(inputs, self.hidden_size)
        if self.of_file(cell):
            own = self._own(cell)
            index = own.index(layer, direction)
            parameters = {name: one.shape for name, one in own.parameters[index].items()}
            if own.projected:
                return {name: parameters[name] for name in ("W_x", "b", "b_h")
                        if name in parameters}  # fmt: skip
        found = shapes_of(parameters, kind.states, self.hidden_size, example.output_size)
        if self.net is not None and (self.net.model.readout is None or len(places) > 1):
            del found["W_y"], found["b_y"]
        return found

    def kind(self, cell: str) -> Cell:
        """A cell with those of the options that are its own, and its held gates."""
        if self.net is not None and self.net.cell == cell:
            own = self.net.model.cell
            return type(own)(hold=self.held(cell), **own.options) if self.held(cell) else own
        choices = CELLS[cell].choices
        options = {k: v for k, v in self.cell_options if k in choices}
        return CELLS[cell](hold=self.held(cell), **options)

    def example(self) -> Example:
        """The sequence with its targets."""
        if self.opened:
            return self._opened()[0]
        return TASKS[self.task].make(self.length, seed=self.seed, **dict(self.options))

    def _opened(self) -> tuple[Example, str]:
        return opened_example(
            None if self.net is None else self.net.at(0, "forward"), self.sequence, self.task,
            self.options, self.length, self.seed,
        )  # fmt: skip

    @property
    def targets_are(self) -> str:
        """A key of `opened_example.LOSSES`; "" for a task's own targets."""
        return self._opened()[1] if self.opened else ""

    def loss_steps(self, example: Example) -> NDArray[np.bool_]:
        """Where the loss sits, (T,), in the order of the example's steps."""
        found = self._loss_steps(example)
        return found[::-1] if self.reads_backwards else found

    def _loss_steps(self, example: Example) -> NDArray[np.bool_]:
        steps = np.arange(len(example.x))
        if self.loss == "task":
            return np.asarray(example.mask)
        if self.loss == "chosen":
            return chosen_steps(self.loss_at, len(steps))
        return np.asarray(steps >= (0 if self.loss == "every" else len(steps) - 1))

    def loss_object(self, example: Example) -> Loss:
        """The loss on the example's targets, or the one that gives recorded gradients."""
        if self.targets_are == "recorded":
            assert self.sequence is not None
            assert self.sequence.slopes is not None
            return Linear(self.sequence.slopes[:, None], self._loss_steps(example))
        kind = SquaredError if example.loss == "squared_error" else CrossEntropy
        return kind(example.targets, self._loss_steps(example))

    def model(self, cell: str) -> Model:
        """The cell's model that these settings describe, edits included."""
        model = self._own(cell)
        return edited(model, [one for one in self.edits if one.cell == cell])

    def _own(self, cell: str) -> Model:
        """The cell's model before any edit: out of a file, trained or fresh."""
        if self.net is not None and self.net.cell == cell:
            return self._held_net(self.net.model) if self.held(cell) else self.net.model
        return self.drawn(cell) if self.trained is None else self._learnt(cell, self.trained)

    def _held_net(self, model: Model) -> Model:
        """The opened net with its gates held as the settings have it."""
        cell, other = self.kind(model.cell.name), model.reverse_cell
        if other is not None:
            other = type(other)(hold=dict(cell.hold), **other.options)
        return replace(model, cell=cell, reverse_cell=other)

    def _learnt(self, cell: str, trained: Trained) -> Model:
        """The trained model, its gates held as the settings have it."""
        return replace(trained.net(cell, self.update, self.options_of(cell)), cell=self.kind(cell))

    def drawn(self, cell: str, **shape: Any) -> Model:
        """The model before any edit; ``shape`` is layers and directions, as `build` takes them."""
        example = self.example()
        readout: dict[str, Any] = {
            "output_size": example.output_size,
            "readout": "identity" if example.loss == "squared_error" else "softmax",
        }
        if self.net is not None:
            own = self.net.model
            shape = {"num_layers": own.num_layers, "bidirectional": own.bidirectional,
                     "direction": own.direction} | shape
            readout = {} if own.readout is None else readout
        return build(
            cell, example.input_size, self.hidden_size, **readout,
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

    def part(self, whole: GradientFlow) -> GradientFlow:
        """Of a flow through an opened stack the layer and direction that are looked at."""
        if self.net is None or not (self.net.in_parts and self.in_parts):
            return whole
        return one_layer(whole, self.net.layer, self.net.direction)

    def in_time(self, step: int | None) -> int | None:
        """A step of the sequence, counted as the direction that is looked at reads it; or back."""
        if step is None or not self.reads_backwards:
            return step
        return len(self.example().x) + 1 - step

    def flow(self, cell: str) -> GradientFlow:
        """Build the cell's model, run it on the sequence and carry the gradient back.

        Of an opened net with several layers or directions this is the whole net's: see `part`.
        """
        example, model = self.example(), self.model(cell)
        own = [one for one in self.edits if one.cell == cell]
        trace = run(model, example.x, **start(own, model))
        return backprop(trace, self.loss_object(example))

    def in_words(self) -> Sentence:
        """The settings in one line, for captions."""
        return in_words(self, len(self.example().x))

    @property
    def updates_of_each(self) -> Sentence | None:
        """Each trained net's own update; None where all are shown after the same number."""
        return updates_of_each(self)
