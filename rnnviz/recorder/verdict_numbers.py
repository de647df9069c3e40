"""The numbers of a recorded run that its verdict is made of, log by log."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.numerics.arrays import Arrays
from rnnviz.recorder.described import Described
from rnnviz.recorder.reading import RecordedRun
from rnnviz.recorder.series import NORM, Series, largest, norm, series, single

Values = NDArray[np.float64]
ALWAYS = 0.99
"""A unit's gate is always open or closed where so large a share of its values is."""
SINGLE = {"loss": "loss", "update": "update", "moved": "moved", "share": "{place}/log10_share",
          "factor": "{place}/log10_factor", "horizon": "{place}/horizon",
          "saturated": "{place}/h_saturated", "silent": "{place}/h_silent",
          "clip_norm": "clip_norm", "clip_at": "clip_at"}  # fmt: skip
"""What is one number a log → its column."""


class Numbers(NamedTuple):
    """Of one layer and direction, (n,) each, nan where it was not recorded; of the loss and the
    norms inf where what was recorded is nan.

    steps      the updates at which the logs were made
    loss       as it was given; ``norm`` of the weights' gradients, as `series.norm` takes it
    update     ‖Δθ‖/‖θ‖ of the update after the log; ``moved``, since the log before
    share      log10 of the share of the gradient left at step 1; ``factor`` of the mean factor
    horizon    fewest steps back from which on less than 1 % is left; nan where 1 % reaches step 1
    saturated  share of all |h| above 0.9, where h = tanh(·); ``silent``, of units with h near 0
    clip_norm  the norm of the gradients before clipping; ``clip_at``, the most that it may be
    sigma1     the largest of any block of W_h
    gates      (n, 2 · gates): of each gate the share of units that are always closed, always open
    names      of the gates that stop something: (gate, "closed" or "open"), a column of ``gates``
    guessing   loss of the best constant answer, or nan
    logs       how many logs there are between the steps asked for, of which n are here
    """

    steps: Values
    loss: Values
    norm: Values
    update: Values
    moved: Values
    share: Values
    factor: Values
    horizon: Values
    saturated: Values
    silent: Values
    clip_norm: Values
    clip_at: Values
    sigma1: Values
    gates: Values
    names: tuple[tuple[str, str], ...]
    guessing: float
    logs: int

    def arrays(self) -> Arrays:
        """All of it as arrays under its names."""
        return {name: np.asarray(one) for name, one in self._asdict().items()}

    @property
    def tell_clipping(self) -> NDArray[np.bool_]:
        """(n,): whether norm and limit are known, so that they tell whether there was clipping."""
        limit = np.isfinite(self.clip_at) & (self.clip_at >= 0)
        return np.asarray(limit & ~np.isnan(self.clip_norm))

    @property
    def clipped(self) -> NDArray[np.bool_]:
        """(n,): whether the gradients are known to have been clipped."""
        return np.asarray(self.tell_clipping & (self.clip_norm > self.clip_at))

    @property
    def left_by_clipping(self) -> Values:
        """(n,): the factor by which clipping multiplied the gradients; 1 where it did not."""
        return np.divide(self.clip_at, self.clip_norm, out=np.ones_like(self.clip_at),
                         where=self.clipped)  # fmt: skip

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """The numbers that `arrays` gave; what is missing was not recorded."""
        names = tuple((str(gate), str(side)) for gate, side in arrays["names"].reshape(-1, 2))
        unknown = np.full(len(arrays["steps"]), np.nan)
        rest = {name: arrays.get(name, unknown)
                for name in cls._fields[: cls._fields.index("names")]}  # fmt: skip
        return cls(**rest, names=names, guessing=float(arrays["guessing"]),
                   logs=int(arrays["logs"]))  # fmt: skip


def numbers(
    run: RecordedRun, place: str | None = None, steps: tuple[float, float] | None = None
) -> Numbers:
    """Read them, of a layer and direction, by default the top one; of a long run at most 256 logs.

    Raises ValueError where nothing was logged yet.
    """
    net = run.net
    place = net.places[-1] if place is None else place
    return numbers_of(net, place, series(run, columns(net, place), steps), run.logged(steps))


def columns(net: Described, place: str) -> list[str]:
    """The columns that `numbers_of` takes."""
    single = [one.format(place=place) for one in SINGLE.values()]
    return [*single, *NORM, f"{place}/sigma1", *_sides(net, place).values()]


def numbers_of(net: Described, place: str, found: Series, logs: int) -> Numbers:
    """The numbers of a series with `columns`, taken from so many ``logs``."""
    sides = _sides(net, place)
    one = {name: single(found.columns[column.format(place=place)])
           for name, column in SINGLE.items()}  # fmt: skip
    known, whole = norm(found)
    always = [_always(found.columns[column]) for column in sides.values()]
    return Numbers(
        steps=found.steps,
        **{name: _or_inf(one.pop(name), found.given[name]) for name in ("loss", "clip_norm")},
        norm=_or_inf(known, found.given[NORM[0 if whole else 1]]),
        gates=np.stack(always, axis=1) if always else np.zeros((len(found.steps), 0)),
        sigma1=largest(found.columns[f"{place}/sigma1"]), names=tuple(sides),
        guessing=net.guessing, logs=logs, **one,
    )  # fmt: skip


def _or_inf(values: Values, given: NDArray[np.bool_]) -> Values:
    """The values with inf in place of a nan that was given."""
    return np.where(given & np.isnan(values), np.inf, values)


def _sides(net: Described, place: str) -> dict[tuple[str, str], str]:
    """(Gate, "closed" or "open"), where that stops something → its column."""
    return {(gate, side): f"{place}/{gate}_{'low' if side == 'closed' else 'high'}"
            for gate, side in _names(net.cell, net.gates)}  # fmt: skip


def _names(cell: str, gates: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Every gate closed, and open those by whose rest something is written: 1 − z."""
    found = [(gate, "closed") for gate in gates]
    write = CELLS[cell].roles.get("write", "") if cell in tuple(CELLS) else ""
    return tuple(found + [(gate, "open") for gate in gates if write == f"1 - {gate}"])


def _always(values: Values) -> Values:
    """(n,): the share of units of which 99 % or more of the values are so; nan where unknown."""
    if values.ndim == 1:
        return np.full(len(values), np.nan)
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    return np.where(count > 0, (values >= ALWAYS).sum(axis=1) / np.maximum(count, 1), np.nan)
