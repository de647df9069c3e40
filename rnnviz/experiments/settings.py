"""One experiment: a sequence, a loss and several cells on it, described by plain values.

The same settings give the same arrays: nothing here is drawn without the seed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.one_layer import one_layer
from rnnviz.cells import CELLS, Cell, short_name
from rnnviz.core.backward_run import backprop
from rnnviz.core.build import build
from rnnviz.core.forward_run import run
from rnnviz.core.gradients import GradientFlow
from rnnviz.core.initialisation import OWN_GATE_BIASES
from rnnviz.core.losses import CrossEntropy, Linear, Loss, SquaredError
from rnnviz.core.model import Model
from rnnviz.core.weight_edits import MOST_EDITS, Edit, edited, shapes_of, start, too_many
from rnnviz.experiments.opened import OpenedNet, OpenedSequence
from rnnviz.experiments.opened_example import fits, opened_example, sequence_words
from rnnviz.experiments.task_sizes import Options
from rnnviz.experiments.trained import Trained
from rnnviz.experiments.updates_made import made_by_each, updates_made
from rnnviz.formats.limits import STEPS
from rnnviz.tasks import TASKS, Example
from rnnviz.words import Refusal, Sentence, sentence, word

BUDGET = 2_000_000
"""The most that T · H² may be: the work of one pass, and with it the wait for a picture."""
OPENED_BUDGET = 300_000_000
"""The same for an opened net, times its layers and directions: some seconds."""
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
    ``net`` is a net out of a file, which stands for its own cell; other cells are fresh ones of the
    same sizes, H included. ``sequence`` is one out of a file: it stands for the task's.
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
    net: OpenedNet | None = None
    sequence: OpenedSequence | None = None

    def __post_init__(self) -> None:
        """H is that of the trained nets, or of the opened one."""
        if self.trained is not None:
            object.__setattr__(self, "hidden_size", self.trained.hidden_size)
        if self.net is not None:
            object.__setattr__(self, "hidden_size", self.net.model.hidden_size)

    in_parts = True
    """Whether of an opened net one layer and direction is looked at; a `Stacked` has them all."""

    @property
    def opened(self) -> bool:
        """Whether a net or a sequence comes out of a file."""
        return self.net is not None or self.sequence is not None

    def check(self) -> None:
        """Raise ValueError, in one sentence, where the settings ask for what cannot be shown."""
        if not 1 <= len(self.cells) <= MOST_CELLS:
            raise Refusal(
                "Choose 1 to {most} cells, not {count}.", most=MOST_CELLS, count=len(self.cells)
            )
        if self.opened and self.trained is not None:
            raise Refusal("Trained nets have sequences of their own: choose fresh nets, or close "
                          "the files that are open.")  # fmt: skip
        self._check_titles()
        self._check_sequence()
        self._check_hold()
        example = self.example()
        if self.trained is not None:
            self.trained.check(example, self.task)
        self._check_work(len(example.x))
        self.loss_steps(example)
        self._check_edits(example)

    def _check_work(self, steps: int) -> None:
        """Refuse what would take too long."""
        H, limit = self.hidden_size, BUDGET
        if self.net is not None:
            if steps > (most := most_steps(self.net)):
                raise Refusal("The net of {net} is shown for at most {most} timesteps, got {T}.",
                              net=self.net.title, most=most, T=steps)  # fmt: skip
            return
        work = steps * H**2
        if work <= limit:
            return
        raise Refusal(
            "T × H² = {T} × {H}² = {work:,} is above the limit of {limit:,}: lower T to "
            "{lower_T} or H to {lower_H}.",
            T=steps, H=H, work=work, limit=limit,
            lower_T=limit // H**2, lower_H=int((limit / steps) ** 0.5),
        )  # fmt: skip

    def _check_titles(self) -> None:
        """Typed cells can have one name: tables and curves could not be told apart."""
        titles = [CELLS[cell].title for cell in self.cells]
        for title in titles:
            if titles.count(title) > 1:
                raise Refusal("Two of the chosen cells have the name {title}: take one of them "
                              "away, or give one another name.",
                              title=sentence(title))  # fmt: skip

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

    @property
    def places(self) -> tuple[tuple[int, str], ...]:
        """The (layer, direction) of every layer of the nets."""
        if self.net is None:
            return ((0, "forward"),)
        return tuple((layer, side) for _, layer, side in self.net.model.places())

    def of_file(self, cell: str) -> bool:
        """Whether this cell's net is the opened one."""
        return self.net is not None and self.net.cell == cell

    def kind(self, cell: str) -> Cell:
        """A cell with those of the options that are its own, and its held gates."""
        if self.net is not None and self.net.cell == cell:
            own = self.net.model.cell
            return type(own)(hold=self.held(cell), **own.options) if self.held(cell) else own
        choices = CELLS[cell].choices
        options = {k: v for k, v in self.cell_options if k in choices}
        return CELLS[cell](hold=self.held(cell), **options)

    def _check_sequence(self) -> None:
        if self.sequence is not None or (self.net is not None and not fits(self.net, self.task)):
            return
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

    def options_of(self, cell: str) -> Options:
        """All of the cell's own options, with defaults for those not given."""
        given = dict(self.cell_options)
        return tuple((name, given.get(name, of[0])) for name, of in CELLS[cell].choices.items())

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

    @property
    def reads_backwards(self) -> bool:
        """Whether the direction that is looked at begins with the last step of the sequence."""
        return self.net is not None and self.net.direction == "reverse"

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
        found = self._nets_in_words()
        held = [one for one in self.hold if one[0] in self.cells]
        if shown := ", ".join(f"{short_name(cell)}.{gate} = {value:g}"
                              for cell, gate, value in held):  # fmt: skip
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
            "task": sequence_words(self.net, self.sequence, self.task), "T": len(self.example().x),
            "H": self.hidden_size, "seed": self.seed,
        }  # fmt: skip
        if self.net is not None:
            return self._net_in_words(slots)
        if self.trained is not None:
            slots |= {"plan": self.trained.words, "updates": updates_made(self.update)}
            if (each := self.updates_of_each) is not None:
                return sentence("{task}, T = {T}, H = {H}, seed {seed}, trained on {plan}, "
                                "shown after updates: {each}", each=each, **slots)  # fmt: skip
            return sentence("{task}, T = {T}, H = {H}, seed {seed}, trained on {plan} for "
                            "{updates}", **slots)  # fmt: skip
        template = (
            word("{task}, T = {T}, H = {H}, seed {seed}, {init} initialisation, gain {scale:g}")
            if self.scaling == "gain"
            else word(
                "{task}, T = {T}, H = {H}, seed {seed}, {init} initialisation, ρ(W_h) {scale:g}"
            )
        )
        return sentence(template, init=self.init, scale=self.scale, **slots)

    @property
    def updates_of_each(self) -> Sentence | None:
        """Each trained net's own update; None where all are shown after the same number."""
        if self.trained is None:
            return None
        cells = {cell: self.options_of(cell) for cell in self.cells}
        return made_by_each(self.trained, self.update, cells)

    def _net_in_words(self, slots: dict[str, Any]) -> Sentence:
        """The opened net, what it reads, and what the other cells are."""
        assert self.net is not None
        found = sentence("{net} on {task}, T = {T}, H = {H}", net=self.net.title, **{
            name: slots[name] for name in ("task", "T", "H")})  # fmt: skip
        if self.net.in_parts and self.in_parts:
            found = sentence("{settings}, layer {layer}, {direction}", settings=found,
                             layer=self.net.layer + 1, direction=sentence(self.net.direction))
        others = [sentence(CELLS[one].title) for one in self.cells if one != self.net.cell]
        if not others:
            return found
        return sentence("{settings}; fresh nets of the same sizes, seed {seed}: {cells}",
                        settings=found, seed=self.seed, cells=", ".join(others))


def most_steps(net: OpenedNet) -> int:
    """The largest T for which an opened net is shown: `OPENED_BUDGET`."""
    model = net.model
    work = model.hidden_size**2 * model.num_layers * net.sides
    return min(STEPS, max(2, OPENED_BUDGET // work))


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
