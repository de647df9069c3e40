"""The place where values first stop being finite."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.words import Sentence, sentence, word


@dataclass(frozen=True)
class NonFinite:
    """Where values first stop being finite, on the way there or ``back``.

    t counts from 1 in the order of processing; ``layer`` from 0, and from 1 in words.

    >>> import numpy as np, rnnviz
    >>> model = rnnviz.build("rnn", 1, 1, nonlinearity="identity", gain=1e200)
    >>> at = rnnviz.run(model, np.ones((5, 1, 1))).first_nonfinite
    >>> at.signal, at.t
    ('h', 3)
    """

    signal: str
    layer: int
    direction: str
    t: int
    batch: int
    unit: int
    value: float
    back: bool = False

    @property
    def words(self) -> Sentence:
        """The place in one sentence."""
        value: object = sentence("not a number")
        if np.isinf(self.value):
            value = "∞" if self.value > 0 else "−∞"
        template = (
            word("{signal} is {value} from timestep {t} back "
                 "(unit {unit}, example {example}, layer {layer}, {direction}).")
            if self.back
            else word("{signal} is {value} from timestep {t} on "
                      "(unit {unit}, example {example}, layer {layer}, {direction}).")
        )  # fmt: skip
        forward = self.direction == "forward"
        direction = sentence("forward") if forward else sentence("reverse")
        return sentence(
            template, signal=self.signal, value=value, t=self.t, unit=self.unit,
            example=self.batch, layer=self.layer + 1, direction=direction,
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.words)
