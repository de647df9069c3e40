"""Presets of trained nets: what training made of the gradient, and of the states.

The nets are stored with their plans (`stored_nets.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rnnviz.analysis.reach import Reach, reach
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.claims import Claim, Number, Share
from rnnviz.experiments.presets._preset import Preset, Topic
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.trained import Trained
from rnnviz.numerics.arrays import Array
from rnnviz.training import Plan
from rnnviz.training.objectives import Score
from rnnviz.words import word

NEAR_ONE = 0.9


class Moment(NamedTuple):
    """A cell at one moment: its score held out, and its gradient on the sequence shown."""

    score: Score
    flow: GradientFlow
    found: Reach

    @property
    def left(self) -> Share:
        """log10 of the share of the last loss's gradient that reaches step 1."""
        return Share(self.found.log10_share)


class Changed(NamedTuple):
    """A cell before training and now."""

    before: Moment
    now: Moment


@lru_cache(maxsize=8)
def learnt(settings: Settings) -> Mapping[str, Changed]:
    """Cell → what it was before training and what it is now."""
    return {
        cell: Changed(_moment(replace(settings, update=0), cell), _moment(settings, cell))
        for cell in settings.cells
    }


def _moment(settings: Settings, cell: str) -> Moment:
    trained = settings.trained
    assert trained is not None
    run = trained.run(cell, settings.options_of(cell), upto=settings.update)
    flow = settings.flow(cell)
    return Moment(run.scores[trained.kept(run, settings.update)], flow, reach(flow))


def _adding(found: Mapping[str, Changed]) -> Claim:
    cost = {cell: one.now.score.loss for cell, one in found.items()}
    naive, gru = found["gru"].now.score.naive, found["gru"]
    solved = max(cost["lstm"], cost["gru"]) < 0.1 * naive < 0.5 * naive < cost["rnn"]
    return Claim(bool(solved and gru.before.left < -3 and gru.now.left > -1), {
        **{cell: Number(one) for cell, one in cost.items()}, "naive": Number(naive),
        "before": gru.before.left, "after": gru.now.left, "T": gru.now.found.start,
    })  # fmt: skip


def _latched(found: Mapping[str, Changed]) -> Claim:
    one = found["rnn"]
    before, after = (100 * _near_one(each.flow.trace["h"]) for each in one)
    right = one.now.score.figure
    gone = one.now.left < one.before.left - 3
    return Claim(bool(right > 0.95 and after > 50 and gone), {
        "right": Number(100 * right), "guess": Number(100 * one.before.score.figure),
        "near": Number(after), "far": Number(before), "T": one.now.found.start,
        "before": one.before.left, "after": one.now.left,
    })  # fmt: skip


def _near_one(states: Array) -> float:
    return float((np.abs(states) > NEAR_ONE).mean())


def _characters(found: Mapping[str, Changed]) -> Claim:
    one = found["gru"]
    naive = one.now.score.naive / np.log(2)
    return Claim(bool(one.now.score.figure < naive - 0.8 and one.now.left > one.before.left
                      and one.now.found.horizon), {
        "bits": Number(one.now.score.figure), "naive": Number(naive),
        "n": one.now.found.horizon or one.now.found.start, "T": one.now.found.start,
        "before": one.before.left, "after": one.now.left,
    })  # fmt: skip


_TWO_SYMBOLS = (("alphabet_size", 2),)
LEARNT = (
    Preset(
        "adding_learnt", Topic.LEARNT, word("Adding, before and after"),
        Settings(task="adding", length=30, update=300,
                 trained=Trained(Plan("adding", 30, updates=300, seed=2), 16)),
        "Hochreiter and Schmidhuber 1997",
        word("After 300 updates the mean squared error on new sequences is {rnn} in the RNN, "
             "{lstm} in the LSTM and {gru} in the GRU; always answering 1 costs {naive}. Of the "
             "GRU's gradient at step {T}, {before} reached step 1 before training, now {after}. "
             "Move the update from 0 to 300 and watch its line rise."),
        "app.py", _adding, off=learnt,
    ),
    Preset(
        "latch_learnt", Topic.LEARNT, word("An RNN that learnt to latch"),
        Settings(task="first_symbol", options=_TWO_SYMBOLS, length=15, cells=("rnn",), update=150,
                 trained=Trained(Plan("first_symbol", 15, _TWO_SYMBOLS, updates=150, rate=0.01,
                                      seed=1), 16)),
        "Bengio, Simard and Frasconi 1994",
        word("The RNN names the first of {T} symbols in {right} % of new sequences, {guess} % "
             "before training. It keeps the symbol in states near ±1: {near} % of the states shown "
             "are beyond ±0.9, {far} % were before. There tanh′ is small, so what keeps the symbol "
             "stops the gradient: {before} of it reached step 1 before training, now {after}."),
        "pages/Gradient_flow.py", _latched, (("cell", "rnn"),), learnt,
    ),
    Preset(
        "characters_learnt", Topic.LEARNT, word("A net that reads characters"),
        Settings(task="next_character", length=40, cells=("gru",), loss="task", update=200,
                 trained=Trained(Plan("next_character", 40, updates=200), 32)),
        "Karpathy, Johnson and Li 2015",
        word("After 200 updates on sonnets the GRU needs {bits} bits a character in sonnets that "
             "it has not read; counting how often each character occurs gives {naive}. Of the "
             "gradient of the loss at step {T}, {before} reached step 1 before training, now "
             "{after}, and less than 1 % is left from {n} characters back on."),
        "pages/Whose_gradient.py", _characters, (("cell", "gru"),), learnt,
    ),
)  # fmt: skip
