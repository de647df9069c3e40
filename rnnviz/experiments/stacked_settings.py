"""The settings of an experiment on a stack: the same sequence, seed and loss, more layers."""

from __future__ import annotations

from dataclasses import dataclass, fields

from rnnviz.core.model import Model
from rnnviz.core.weight_edits import edited
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.settings_checks import BUDGET
from rnnviz.words import Refusal, Sentence, sentence, word

MOST_LAYERS = 4


@dataclass(frozen=True)
class Stacked(Settings):
    """Settings with a number of layers and one or two directions.

    One layer in one direction is the model of the other pages, to the last bit; more layers of one
    direction leave that first layer and the readout as they are. A second direction has a readout
    twice as wide, drawn anew by the same scheme. Edits count in the layer and direction that they
    name, the first one forward where they name none, and in the readout. A net that was opened is
    what it is: all of its layers and directions, and other cells with as many.
    """

    in_parts = False

    num_layers: int = 1
    bidirectional: bool = False

    @classmethod
    def of(cls, settings: Settings, num_layers: int, bidirectional: bool) -> Stacked:
        """These settings, stacked."""
        shared = {one.name: getattr(settings, one.name) for one in fields(Settings)}
        if settings.net is not None:
            shared["net"] = settings.net.at(0, "forward")
            num_layers, bidirectional = settings.net.model.num_layers, settings.net.sides == 2
        return cls(**shared, num_layers=num_layers, bidirectional=bidirectional)

    @property
    def count(self) -> int:
        """Layers × directions."""
        return self.num_layers * (1 + self.bidirectional)

    @property
    def places(self) -> tuple[tuple[int, str], ...]:
        """The (layer, direction) of every layer of the stack."""
        sides = ("forward", "reverse") if self.bidirectional else ("forward",)
        return super().places if self.net is not None else tuple(
            (layer, side) for layer in range(self.num_layers) for side in sides
        )  # fmt: skip

    def check(self) -> None:
        """Raise ValueError, in one sentence, where this would take too long to show."""
        super().check()
        if self.net is not None:
            return
        steps = len(self.example().x)
        work = self.count * steps * self.hidden_size**2
        if work > BUDGET:
            raise Refusal(
                "Layers = {layers} and directions = {directions} are left out: T × H² × layers × "
                "directions = {work:,} is above the limit of {limit:,}. Lower T to {lower_T}, H to "
                "{lower_H}, or layers × directions to {lower_count}.",
                layers=self.num_layers, directions=1 + self.bidirectional, work=work, limit=BUDGET,
                lower_T=BUDGET // (self.count * self.hidden_size**2),
                lower_H=int((BUDGET / (self.count * steps)) ** 0.5),
                lower_count=BUDGET // (steps * self.hidden_size**2),
            )  # fmt: skip

    def model(self, cell: str) -> Model:
        """The stack that these settings describe."""
        if self.of_file(cell):
            return super().model(cell)
        model = self.drawn(cell, num_layers=self.num_layers, bidirectional=self.bidirectional)
        return edited(model, [one for one in self.edits if one.cell == cell])

    def in_words(self) -> Sentence:
        """The settings in one line, for captions."""
        template = (
            word("{settings}; layers = {layers}, two directions")
            if self.bidirectional
            else word("{settings}; layers = {layers}, one direction")
        )
        return sentence(template, settings=super().in_words(), layers=self.num_layers)
