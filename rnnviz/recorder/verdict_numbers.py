"""The numbers of a recorded run that its verdict is made of, log by log."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from rnnviz.cells import CELLS
from rnnviz.numerics.arrays import Arrays
from rnnviz.recorder.reading import RecordedRun
from rnnviz.recorder.series import series

Values = NDArray[np.float64]
ALWAYS = 0.99
"""A unit's gate is always open or closed where so large a share of its values is."""
SINGLE = {"loss": "loss", "total": "total_norm", "own": "norm_of_examples", "update": "update",
          "moved": "moved", "share": "{place}/log10_share", "factor": "{place}/log10_factor",
          "horizon": "{place}/horizon", "saturated": "{place}/h_saturated",
          "silent": "{place}/h_silent"}  # fmt: skip
"""What is one number a log → its column."""


class Numbers(NamedTuple):
    """Of one layer and direction, (n,) each, nan where it was not recorded; of the loss and the
    norms inf where what was recorded is nan.

    steps      the updates at which the logs were made
    loss       as it was given; ``norm`` of all gradients
    update     ‖Δθ‖/‖θ‖ of the update after the log; ``moved``, since the log before
    share      log10 of the share of the gradient left at step 1; ``factor`` of the mean factor
    horizon    fewest steps back from which on less than 1 % is left; nan where 1 % reaches step 1
    saturated  share of all |h| above 0.9, where h = tanh(·); ``silent``, of units with h near 0
    sigma1     the largest of any block of W_h
    gates      (n, 2 · gates): of each gate the share of units that are always closed, always open
    names      of the gates that stop something: (gate, "closed" or "open"), a column of ``gates``
    guessing   loss of the best constant answer, or nan
    logs       how many logs the run has, of which n are here
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
    sigma1: Values
    gates: Values
    names: tuple[tuple[str, str], ...]
    guessing: float
    logs: int

    def arrays(self) -> Arrays:
        """All of it as arrays under its names."""
        return {name: np.asarray(one) for name, one in self._asdict().items()}

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """The numbers that `arrays` gave."""
        names = tuple((str(gate), str(side)) for gate, side in arrays["names"].reshape(-1, 2))
        rest = {name: arrays[name] for name in cls._fields[:12]}
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
    names = _names(net.cell, net.gates)
    columns = {name: one.format(place=place) for name, one in SINGLE.items()}
    sides = {"closed": "low", "open": "high"}
    gates = [f"{place}/{gate}_{sides[side]}" for gate, side in names]
    sigma1 = f"{place}/sigma1"
    found = series(run, [*columns.values(), *gates, sigma1], steps)
    one = {name: _single(found.columns[column]) for name, column in columns.items()}
    for name in ("loss", "total", "own"):
        given = found.given[columns[name]]
        one[name] = np.where(given & np.isnan(one[name]), np.inf, one[name])
    total, own = one.pop("total"), one.pop("own")
    always = [_always(found.columns[column]) for column in gates]
    return Numbers(
        steps=found.steps, norm=total if np.isfinite(total).any() else own,
        gates=np.stack(always, axis=1) if always else np.zeros((len(found.steps), 0)),
        sigma1=_largest(found.columns[sigma1]), names=names, guessing=net.guessing,
        logs=max(run.count if steps is None else 0, len(found.steps)), **one,
    )  # fmt: skip


def _names(cell: str, gates: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Every gate closed, and open those by whose rest something is written: 1 − z."""
    found = [(gate, "closed") for gate in gates]
    write = CELLS[cell].roles.get("write", "") if cell in tuple(CELLS) else ""
    return tuple(found + [(gate, "open") for gate in gates if write == f"1 - {gate}"])


def _single(values: Values) -> Values:
    return values if values.ndim == 1 else np.full(len(values), np.nan)


def _largest(values: Values) -> Values:
    if values.ndim == 1:
        return values
    known = ~np.isnan(values)
    return np.where(known.any(axis=1), np.max(values, axis=1, initial=-np.inf, where=known), np.nan)


def _always(values: Values) -> Values:
    """(n,): the share of units of which 99 % or more of the values are so; nan where unknown."""
    if values.ndim == 1:
        return np.full(len(values), np.nan)
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    return np.where(count > 0, (values >= ALWAYS).sum(axis=1) / np.maximum(count, 1), np.nan)
