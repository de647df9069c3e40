"""The plain values of one experiment, and what follows from them without any array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rnnviz.cells import CELLS
from rnnviz.core.weight_edits import Edit
from rnnviz.experiments.opened import OpenedNet, OpenedSequence
from rnnviz.experiments.task_sizes import Options
from rnnviz.experiments.trained import Trained


@dataclass(frozen=True)
class Values:
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

    def held(self, cell: str) -> dict[str, float]:
        """Gate → the value that it is held at, in one cell."""
        return {gate: value for name, gate, value in self.hold if name == cell}

    @property
    def places(self) -> tuple[tuple[int, str], ...]:
        """The (layer, direction) of every layer of the nets."""
        if self.net is None:
            return ((0, "forward"),)
        return tuple((layer, side) for _, layer, side in self.net.model.places())

    def of_file(self, cell: str) -> bool:
        """Whether this cell's net is the opened one."""
        return self.net is not None and self.net.cell == cell

    def options_of(self, cell: str) -> Options:
        """All of the cell's own options, with defaults for those not given."""
        given = dict(self.cell_options)
        return tuple((name, given.get(name, of[0])) for name, of in CELLS[cell].choices.items())

    @property
    def reads_backwards(self) -> bool:
        """Whether the direction that is looked at begins with the last step of the sequence."""
        return self.net is not None and self.net.direction == "reverse"
