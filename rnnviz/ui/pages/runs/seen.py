"""What the page reads of a run: all columns of its pictures at once, of each row once."""

from __future__ import annotations

from time import time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.recorder import RecordedRun
from rnnviz.recorder.described import Described
from rnnviz.recorder.growth import growing
from rnnviz.recorder.series import Series, series
from rnnviz.recorder.verdict import Verdict, judged
from rnnviz.recorder.verdict_numbers import Numbers, columns, numbers_of
from rnnviz.words import Refusal
from rnnviz.words.numbers import number

Values = NDArray[np.float64]
Span = tuple[float, float] | None
WEIGHT = "W_h"
"""The weight whose gradient is followed timestep by timestep."""
MOST_DECADES = 10_000_000
"""Powers of ten that a norm may have: those of float64, once a step, over 16,000 timesteps."""


class Use(NamedTuple):
    """Shares of a gate's values below 0.1 and above 0.9, (n, H)."""

    low: Values
    high: Values


class Seen(NamedTuple):
    """Part of a run: n of its logs.

    name     as the page calls the run
    norms    (n, T + 1) log10 ‖∂L/∂state_t‖, nan behind the end of a shorter batch
    weights  (n, T) log10 of what each timestep adds to the gradient of W_h; empty without
    gates    gate → `Use`
    lost     names of damaged files
    numbers  those that the verdict is made of, and ``told``, the verdict
    growing  whether the run is still recorded, and shown to its end
    """

    name: str
    run: RecordedRun
    net: Described
    place: str
    state: str
    norms: Values
    weights: Values
    gates: dict[str, Use]
    lost: tuple[str, ...]
    numbers: Numbers
    told: Verdict
    growing: bool = False

    @property
    def steps(self) -> Values:
        """(n,): the updates at which the logs were made."""
        return self.numbers.steps

    @property
    def share(self) -> Values:
        """(n,): log10 of the share of the gradient that reaches step 1."""
        return self.numbers.share

    @property
    def backwards(self) -> bool:
        """Whether this layer reads from the end."""
        return self.place.endswith("r")

    def row(self, update: float) -> int:
        """The last log that is not after an update, or the first."""
        return max(int(np.searchsorted(self.steps, update, side="right")) - 1, 0)


def see(run: RecordedRun, name: str, place: str, state: str, span: Span = None) -> Seen:
    """Read a run. Raises Refusal where there is nothing to show."""
    net = run.net
    place = place if place in net.places else net.places[-1]
    state = state if state in net.states else net.states[-1]
    wanted = {
        "norms": f"{place}/log10_d{state}", "weights": f"{place}/log10_d{WEIGHT}",
    } | {f"{gate}_{use}": f"{place}/{gate}_{use}" for gate in net.gates
         for use in ("low", "high", "mean")}  # fmt: skip
    more = [*columns(net, place), f"{place}/rho"]  # ρ is read along for its figure
    every = list(dict.fromkeys([*wanted.values(), *more]))
    found = series(run, every, span)
    if not len(found.steps):
        if found.unreadable:
            run.read(run.spread(1, span), ["step", *every])  # says what is wrong with the file
        raise Refusal("nothing is recorded there.")
    got = {name: found.columns[column] for name, column in wanted.items()}
    _hold(found, f"{place}/log10_d{state}")
    judging = numbers_of(net, place, found, run.logged(span))
    return Seen(
        name, run, net, place, state, _wide(got["norms"]), _wide(got["weights"]),
        {gate: Use(_wide(got[f"{gate}_low"]), _wide(got[f"{gate}_high"])) for gate in net.gates},
        found.unreadable, judging, judged(judging), span is None and growing(run, time()),
    )  # fmt: skip


def _hold(found: Series, norms: str) -> None:
    """Refuse what no recorder writes and no picture can show; ``norms`` is the maps' column."""
    if not (np.abs(found.steps) < 2.0**63).all():
        raise Refusal("its updates must be numbers between −2⁶³ and 2⁶³.")
    if _wide(found.columns[norms]).shape[1] < 2:
        raise Refusal("it must have norms of gradients in {column}, a list of a number a timestep "
                      "each log.", column=norms)  # fmt: skip
    logs = [one for name, one in found.columns.items() if "/log10_" in name]
    most = max(float(np.abs(one[np.isfinite(one)]).max(initial=0.0)) for one in logs)
    if most > MOST_DECADES:
        raise Refusal("log10 of its norms and shares must be at most {most} in size, got {got}.",
                      most=number(MOST_DECADES), got=number(most))  # fmt: skip


def _wide(values: Values) -> Values:
    """A list a log; a foreign number is nothing."""
    return values if values.ndim == 2 else np.full((len(values), 1), np.nan)
