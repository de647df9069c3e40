"""Problem types: the steps that read a symbol, those with a loss, and what reads an output.

    one to one      x_1 → y_1
    one to many     x_1, then x_t = softmax(y_{t−1}): the answer itself is the next input
    many to one     x_1 … x_T → y_T
    many to many    x_1 … x_T → y_1 … y_T, in step
    seq to seq      an encoder reads x_1 … x_n; a decoder, another model, starts from its last state

Time is one axis: t = 1 … T, the encoder's n steps first. `rnnviz.experiments.unrolling` runs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.core.build import build
from rnnviz.core.initialisation import OWN_GATE_BIASES
from rnnviz.core.model import Model
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import whole_number
from rnnviz.words import word

if TYPE_CHECKING:  # its tasks read data sets of Plotly's, which the core does not need
    from rnnviz.experiments.settings import Settings

Bools = NDArray[np.bool_]
SYMBOLS = "ABCDE"


@dataclass(frozen=True)
class Problem:
    """One type: where its losses sit, whether outputs are fed back, whether there is an encoder.

    ``asks`` says in words what is to be answered.

    >>> import rnnviz
    >>> rnnviz.PROBLEMS["many_to_one"].answers(4).tolist()
    [False, False, False, True]
    """

    name: str
    title: str
    asks: str
    losses: Literal["last", "every", "decoder"]
    only_one: bool = False
    fed_back: bool = False
    encoder: bool = False

    def steps(self, length: int) -> int:
        """T for a sequence of that length: 1 if one to one, and at least 2 with an encoder."""
        return 1 if self.only_one else max(length, 1 + self.encoder)

    def handed(self, steps: int) -> int:
        """n, the encoder's steps; 0 without an encoder."""
        return (steps + 1) // 2 if self.encoder else 0

    def answers(self, steps: int) -> Bools:
        """(T,): where the losses sit."""
        t = np.arange(steps)
        return np.asarray(t >= {"last": steps - 1, "every": 0}.get(self.losses, self.handed(steps)))

    def given(self, steps: int) -> Bools:
        """(T,): the steps that are given a symbol of the sequence itself."""
        t = np.arange(steps)
        return np.asarray(t < (1 if self.fed_back else self.handed(steps) or steps))

    def sequence(self, length: int, *, seed: int = 0, batch: int = 1) -> Symbols:
        """A seeded sequence of symbols with its inputs and what is to be answered."""
        steps = self.steps(whole_number("length", length))
        rng = np.random.default_rng(whole_number("seed", seed, least=0))
        drawn = rng.integers(len(SYMBOLS), size=(steps, whole_number("batch", batch)))
        n = self.handed(steps)
        match self.name:
            case "many_to_one":
                targets = np.repeat(drawn[:1], steps, axis=0)
            case "many_to_many":
                targets = np.concatenate([drawn[:1], drawn[:-1]])
            case "seq_to_seq":
                targets = np.concatenate([drawn[:n], drawn[: steps - n]])
            case _:
                targets = (drawn[0] + 1 + np.arange(steps)[:, None]) % len(SYMBOLS)
        x = np.eye(len(SYMBOLS))[drawn]
        if n:
            x[n] = 0
            x[n + 1 :] = np.eye(len(SYMBOLS))[targets[n:-1]]
        return Symbols(drawn, x, targets)


class Symbols(NamedTuple):
    """The symbols of a sequence, the inputs, and the targets.

    symbols (T, B) as drawn, x (T, B, K) one-hot (a decoder's first is 0, then the right answers
    before), targets (T, B).
    """

    symbols: NDArray[np.int64]
    x: Array
    targets: NDArray[np.int64]

    def __repr__(self) -> str:
        return brief(self)


PROBLEMS = {
    one.name: one
    for one in (
        Problem("one_to_one", word("One to one"),
                word("Answer with the letter that follows the given one."), "last", only_one=True),
        Problem("one_to_many", word("One to many"),
                word("Given one letter, go on through the alphabet; each answer is read as the "
                     "next input."), "every", fed_back=True),
        Problem("many_to_one", word("Many to one"),
                word("After the last letter, name the first."), "last"),
        Problem("many_to_many", word("Many to many, in step"),
                word("At every step, name the letter of the step before."), "every"),
        Problem("seq_to_seq", word("Sequence to sequence"),
                word("Read all letters, then repeat them in order."), "decoder", encoder=True),
    )
}  # fmt: skip
"""Name → type."""


def distances(problem: Problem, steps: int) -> Array:
    """Steps from each loss (rows) back to each given symbol (columns), τ − k; nan for k > τ."""
    losses, given = (np.flatnonzero(one) for one in (problem.answers(steps), problem.given(steps)))
    found = (losses[:, None] - given).astype(float)
    return np.where(found >= 0, found, np.nan)


def ways(problem: Problem, steps: int) -> tuple[Array, Array]:
    """The fewest and the most steps from t = 1 … T on to a loss, each (T,); inf for none."""
    t, losses = np.arange(steps), np.flatnonzero(problem.answers(steps))
    ahead = np.where(losses >= t[:, None], losses - t[:, None], np.inf)
    far = np.where(np.isinf(ahead), -1, ahead).max(axis=1)
    return ahead.min(axis=1), np.where(far < 0, np.inf, far)


def models_of(settings: Settings, cell: str, problem: Problem) -> tuple[Model, ...]:
    """The models that a type needs, from an experiment's settings.

    The first has the same weights in every type; a decoder is drawn with the seed after. The
    settings' own sequence, loss and edited weights do not count: inputs and answers are symbols.
    """
    kind = CELLS[cell]
    drawn = settings.init in OWN_GATE_BIASES
    more: dict[str, Any] = {k: v for k, v in settings.cell_options if k in kind.choices}
    if drawn:
        more["longest"] = max(2, settings.length)
    else:
        more |= {name: getattr(settings, name) for name in kind.bias_blocks}
    if kind.sees_past:
        more["gain" if settings.scaling == "gain" else "spectral_radius"] = settings.scale
    return tuple(
        build(cell, len(SYMBOLS), settings.hidden_size, seed=settings.seed + k, init=settings.init,
              output_size=len(SYMBOLS), readout="softmax", hold=settings.held(cell), **more)
        for k in range(1 + problem.encoder)
    )  # fmt: skip
