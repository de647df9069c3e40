"""The page's numbers against the snapshots: each run's last one is computed a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.verification.check import Check, made, skipped
from rnnviz.analysis.verification.live_checks import verify
from rnnviz.core.backward_run import backprop
from rnnviz.core.forward_run import run as run_net
from rnnviz.core.losses import Linear
from rnnviz.core.model import Model
from rnnviz.ui.pages.runs.opening import opened_snapshot
from rnnviz.ui.pages.runs.seen import Seen
from rnnviz.words import sentence
from rnnviz.words.numbers import power

Values = NDArray[np.float64]
CHEAP = 2 * 10**5
"""T H² B of all last snapshots together up to which they are checked while the page is drawn."""
BOUND = 1e-3
"""Powers of ten by which a norm may differ: nets that are trained in float32 are recorded so."""
NORMS = sentence("the recorded norms ‖∂L/∂s_t‖ of all steps, against the last snapshot's examples, "
                 "one by one, in float64, with the loss L = Σ_t δ_t · h_t")  # fmt: skip


def cheap(runs: Sequence[Seen]) -> bool:
    """Whether the snapshots are so small that they are checked at once."""
    work = 0
    for one in runs:
        steps = one.norms.shape[1]
        work += steps * one.net.hidden_size**2 * 8 * len(one.net.places)
    return work <= CHEAP * 8


def checks(runs: Sequence[Seen]) -> Mapping[str, Sequence[Check]]:
    """For each run the recorded norms, and the live checks of the first example's gradients."""
    return {one.name: _checks(one) for one in runs}


def _checks(one: Seen) -> list[Check]:
    """A snapshot that cannot be opened is no error of the page's numbers: it is left out."""
    if not one.run.snapshots:
        return [skipped("recorded", BOUND, NORMS, sentence("the run has no snapshot"))]
    row = one.run.snapshots[-1]
    try:
        found = one.run.snapshot(row)
        column = f"{one.place}/log10_d{one.state}"
        read = one.run.read([row], [column, share := f"{one.place}/log10_share"])
        recorded, grown = read[column][0], read[share][0]
        flows = []
        for k in range(found.x.shape[1]):
            net, sequence = opened_snapshot(found, k, one.name)
            assert sequence.slopes is not None
            loss = Linear(sequence.slopes[:, None], np.ones(len(sequence.x), bool))
            flows.append((backprop(run_net(net.model, sequence.x), loss), loss))
    except (ValueError, OSError):
        return [skipped("recorded", BOUND, NORMS, sentence("its last snapshot cannot be read"))]
    layer, side = int(one.place.removesuffix("r")), "reverse" if one.backwards else "forward"
    together = np.full((len(recorded), len(flows)), -np.inf)
    for k, (flow, _) in enumerate(flows):
        own = flow.layer(layer, side).log10_norms(one.state)[:, 0]
        together[: len(own), k] = own
    squares = 2 * np.log(10) * together[1:]
    mine = np.logaddexp.reduce(squares, axis=1) / (2 * np.log(10))
    gap = apart(mine, recorded[1:])
    whole = made("recorded", float(gap.max(initial=0.0)), BOUND, NORMS)
    if not whole.ok and rounding(found.model, len(gap), grown) > np.log10(BOUND):
        whole = skipped("recorded", BOUND, NORMS, sentence(
            "the gradient grows {n} times on its way to the first step, and rounding errors of "
            "{precision}, in which it was recorded, grow with it", n=power(float(grown or 0.0)),
            precision=str(found.model.dtype)))  # fmt: skip
    first = flows[0]
    return [whole, *verify(first[0].trace, first[1])]


def rounding(model: Model, steps: int, grown: float | None) -> float:
    """log10 of the relative error that rounding in the recorded precision leads to, about.

    ``grown`` is log10 of the factor by which the gradient, and so a change of the first state,
    grows over the steps; where that is not known or it shrinks, 0.
    """
    factor = 0.0 if grown is None or np.isnan(grown) else max(grown, 0.0)
    return float(np.log10(np.finfo(model.dtype).eps * steps) + factor)


def apart(mine: Values, recorded: Values) -> Values:
    """|difference| (T,); 0 where both are the same infinity or both no number, else ∞ there."""
    same = (mine == recorded) | (np.isnan(mine) & np.isnan(recorded))
    finite = np.isfinite(mine) & np.isfinite(recorded)
    found = np.where(same, 0.0, np.inf)
    return np.abs(np.subtract(mine, recorded, out=found, where=finite))
