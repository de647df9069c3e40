"""The live checks of the page of variants: its own sums, and those of its three models."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnviz.analysis.peephole_and_reset import (
    SEERS,
    Conventions,
    candidate_gap,
    cell_ways,
    gate_parts,
)
from rnnviz.analysis.verification.check import Check, closest
from rnnviz.analysis.verification.live_checks import verify_flow
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.settings import Settings
from rnnviz.ui import cached
from rnnviz.ui.kept import kept
from rnnviz.ui.pages.variants import conventions
from rnnviz.words import Sentence, sentence


@kept
def checks(own: Settings, gru: Settings, inner: float) -> tuple[Check, ...]:
    """The page's own sums, and the closest check of each of its three models."""
    flow = cached.flow(own, "peephole_lstm")
    with np.errstate(all="ignore"):
        found = [*_peephole(own), *_conventions(conventions.both(gru, inner), inner)]
        loss = own.loss_object(own.example())
        models = ((sentence("Peephole LSTM"), flow, loss), *_twice(gru, inner))
        for name, one, from_loss in models:
            worst = closest(verify_flow(one, from_loss))
            words = sentence("{model}: the check nearest to its bound, {check}", model=name,
                             check=worst.words)  # fmt: skip
            found.append(Check(name, worst.error, worst.bound, worst.ok, words))
    return tuple(found)


def _twice(gru: Settings, inner: float) -> Iterator[tuple[Sentence, GradientFlow, None]]:
    """Both conventions, from the same ∂L/∂outputs: no loss of their own."""
    _, many = conventions.both(gru, inner)
    yield sentence("GRU, reset before"), many.before, None
    yield sentence("GRU, reset after"), many.after, None


def _peephole(own: Settings) -> Iterator[Check]:
    flow = cached.flow(own, "peephole_lstm")
    trace = flow.trace.layers[0]
    error = max(float(np.abs(1 / (1 + np.exp(-gate_parts(trace, gate).total))
                             - trace[gate][:, 0]).max()) for gate in SEERS)  # fmt: skip
    yield _check("parts", error, 1e-12, sentence(
        "σ of the sum of the parts is the recorded gate i, f and o"
    ))  # fmt: skip
    ways = cell_ways(flow)
    whole = ways.total.log10_norms()
    rest = ways.out + ways.kept + ways.now + ways.later
    gap = (rest + ways.total.map(-ways.total.mantissa)).log10_norms() - whole
    apart = float(np.nanmax(10 ** np.where(np.isfinite(whole), gap, -np.inf), initial=0.0))
    yield _check("ways", apart, 1e-10, sentence(
        "the four parts add up to ∂L/∂c_t at every step"
    ))  # fmt: skip


def _conventions(found: tuple[Conventions, Conventions], inner: float) -> Iterator[Check]:
    one, many = found
    if inner == 0:
        yield _check("one unit", one.most(), 1e-13, sentence(
            "at H = 1 and b_h = 0 both conventions of the GRU give the same signals"
        ))  # fmt: skip
    trace = many.before.trace.layers[0]
    W = trace.cell.block("g", trace.parameters["W_h"])
    r, h = trace.record["r"][:, 0], trace.record["h_prev"][:, 0]
    wanted = r * (h @ W + inner) - (r * h) @ W - inner
    error = float(np.abs(candidate_gap(many.before, inner) - wanted).max())
    yield _check("gap", error, 1e-12, sentence(
        "the difference between the candidates of both conventions, against its closed form"
    ))  # fmt: skip


def _check(name: str, error: float, bound: float, words: str) -> Check:
    return Check(name, error, bound, bool(error <= bound), words)
