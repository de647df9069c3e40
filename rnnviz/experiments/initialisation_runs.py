"""One cell under several initialisation schemes, over many seeds.

A scheme says how weights are drawn; `measure` runs the settings' experiment under it for 20 seeds.
What theory says of each before anything is drawn is in `rnnviz.experiments.initialisation_theory`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.reach import alone
from rnnviz.cells import CELLS
from rnnviz.core.initialisation import OWN_GATE_BIASES
from rnnviz.experiments.settings import Settings
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import brief

SEEDS = 20
BIASES = tuple(float(b) for b in range(-2, 7))
"""The gate biases that are swept."""
QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Scheme:
    """How a model starts: a scheme of `rnnviz.core.initialisation`, and what is set after it.

    ``bias`` is that of the gates that keep; None leaves it as drawn. ``phi`` replaces an RNN's φ.
    ``own`` takes everything from the settings, biases included.
    """

    init: str
    bias: float | None = None
    phi: str | None = None
    own: bool = False


SCHEMES: dict[str, Scheme] = {
    "pytorch": Scheme("pytorch"),
    "keras": Scheme("keras"),
    "glorot": Scheme("glorot"),
    "orthogonal": Scheme("orthogonal"),
    "identity": Scheme("identity", phi="relu"),
    "chrono": Scheme("chrono"),
    "yours": Scheme("", own=True),
}


def applied(settings: Settings, scheme: Scheme, seed: int) -> Settings:
    """The settings under a scheme; single weights set by hand are left out."""
    if scheme.own:
        return replace(settings, seed=seed, edits=())
    changes: dict[str, Any] = {"init": scheme.init, "seed": seed, "edits": ()}
    changes |= {"forget_bias": scheme.bias, "update_bias": scheme.bias}
    if scheme.phi is not None:
        options = dict(settings.cell_options) | {"nonlinearity": scheme.phi}
        changes["cell_options"] = tuple(options.items())
    return replace(settings, **changes)


def swept(settings: Settings, bias: float) -> Scheme:
    """The settings' scheme with the keeping gate's bias set; PyTorch's if theirs draws biases."""
    return Scheme("pytorch" if settings.init in OWN_GATE_BIASES else settings.init, bias)


def has_bias(cell: str) -> bool:
    """Whether a bias of this cell opens the gate that keeps its state."""
    return CELLS[cell].keeping_gate is not None and bool(CELLS[cell].bias_blocks)


class Runs(NamedTuple):
    """A scheme over n seeds: log10 norms (n, T + 1) of the last loss's gradient, t = 0 … T.

    h      ‖∂L_S/∂h_t‖
    state  ‖∂L_S/∂s_t‖, s the cell's memory state

    nan, where a forward value was not finite, counts as overflow.
    """

    h: Array
    state: Array

    def __repr__(self) -> str:
        return brief(self)

    def ratios(self, of: str = "state") -> Array:
        """log10 (‖∂L/∂s_1‖ / ‖∂L/∂s_S‖) of each seed, S the last step with a gradient; (n,)."""
        return np.array([_ratio(logs) for logs in (self.h if of == "h" else self.state)])

    def factors(self) -> Array:
        """The geometric mean over the steps S → 1 of what one step back multiplies by, (n,)."""
        steps = np.maximum(self.last() - 1, 1)
        with np.errstate(over="ignore"):
            return np.asarray(10.0 ** (self.ratios() / steps))

    def last(self) -> NDArray[np.int64]:
        """S of each seed; 0 if no gradient reaches any step."""
        reached = ~np.isneginf(self.state[:, 1:])
        return np.where(reached.any(axis=1), reached.shape[1] - reached[:, ::-1].argmax(axis=1), 0)

    def beyond(self, low: float, high: float) -> tuple[float, float]:
        """Shares of seeds whose norm leaves 10^low … 10^high downwards, upwards, before S."""
        logs = self.state[:, 1:]
        before = np.arange(1, logs.shape[1] + 1) <= self.last()[:, None]
        return (float(((logs < low) & before).any(axis=1).mean()),
                float(((logs > high) | np.isnan(logs)).any(axis=1).mean()))  # fmt: skip


def _ratio(logs: Array) -> float:
    reached = np.flatnonzero(~np.isneginf(logs[1:])) + 1
    if not reached.size:
        return float("nan")
    with np.errstate(invalid="ignore"):
        return float(logs[1] - logs[reached[-1]])


def measure(settings: Settings, cell: str, scheme: Scheme, seeds: int = SEEDS) -> Runs:
    """The settings' seed and those after it: weights, and the sequence where it is drawn, anew."""
    h, state = [], []
    for seed in range(settings.seed, settings.seed + seeds):
        flow = alone(applied(settings, scheme, seed).flow(cell))[0]
        h.append(flow.log10_norms("h")[:, 0])
        last = flow.trace.model.cell.states[-1]
        state.append(h[-1] if last == "h" else flow.log10_norms(last)[:, 0])
    return Runs(np.array(h, np.float64), np.array(state, np.float64))


def quantiles(values: Array) -> Array:
    """10 %, 50 % and 90 % over the first axis, each the value of one seed; nan counts as +∞."""
    ordered = np.sort(np.where(np.isnan(values), np.inf, values), axis=0)
    return ordered[[ceil(share * len(ordered)) - 1 for share in QUANTILES]]
