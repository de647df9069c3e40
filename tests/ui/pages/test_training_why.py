"""Why a net has learnt the task or not: no more is said than what its run shows."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz import training
from rnnviz.training.jobs import Job, Seen
from rnnviz.training.plan import Plan
from rnnviz.ui.pages.training import findings_why, live
from rnnviz.ui.pages.training.findings_why import why
from rnnviz.ui.pages.training.watched import Shown
from tests.ui.pages.test_training_findings import with_shares
from tests.ui.pages.test_training_live import shown

NAIVE = 1 / 6
LEARNT, NOT = 0.001, 0.2
"""Losses below and above what naive answers cost."""


def net(cell, shares, loss):
    """A net with this loss at every update and these shares at step 1, on log10, in turn."""
    one = shown(cell)
    even = [u for u in one.run.vectors if u >= 2]
    return with_shares(one, np.resize(shares, len(even)), loss), even


def test_a_net_of_which_little_reaches_step_1_is_told_so():
    (rnn, even), (gru, _) = net("rnn", -3, NOT), net("gru", -0.3, LEARNT)
    words = why({"rnn": rnn, "gru": gru}, NAIVE)
    assert words.startswith(
        "**Why has the RNN not learnt it?** Little of its gradient reaches step 1: at "
        f"{len(even)} of {len(even)} checkpoints less than 1 %; the median is 0.1 % (GRU 50 %).")
    assert "does not stay" not in words
    assert "It has no gate" in words
    assert "The GRU learnt it after 10 updates; at the checkpoint before (u = 8) 50 %" in words
    use = gru.run.gates[40]["z"]
    assert f"is {use.mean.mean():.3f} at u = 40" in words


def test_a_share_that_does_not_stay_is_told_from_a_smaller_steady_one():
    (rnn, even), (lstm, _) = net("rnn", [-2.5, -0.5], NOT), net("lstm", -2.4, LEARNT)
    words = why({"rnn": rnn, "lstm": lstm}, NAIVE)
    assert "Little of its gradient" not in words
    assert (f"between 0.32 % (u = {even[0]}) and 32 % (u = {even[1]}), and from one checkpoint to "
            "the next it becomes 100 times as large or as small (median; LSTM 1.00)") in words


@pytest.mark.parametrize(("share", "learnt"), [(-0.4, -0.3), (-1.5, 0.2), (-2.5, -2.0)])
def test_where_the_gradient_is_no_reason_none_is_named(share, learnt):
    (gru, _), (rnn, _) = net("gru", share, NOT), net("rnn", learnt, LEARNT)
    words = why({"rnn": rnn, "gru": gru}, NAIVE)
    assert "**Why has the GRU not learnt it?** The gradient does not show it: " in words
    assert "Little" not in words
    assert "The RNN learnt it after 10 updates" in words, "the RNN can win"
    assert "keeps the state" not in words, "the RNN has no gate"


def test_where_all_learn_or_none_nothing_is_explained():
    (rnn, even), (gru, _) = net("rnn", -4, LEARNT), net("gru", -0.3, LEARNT)
    words = why({"rnn": rnn, "gru": gru}, NAIVE)
    assert words.startswith("All nets have learnt the task (updates until then: RNN 10, GRU 10).")
    assert f"RNN {len(even)} of {len(even)}, GRU 0 of {len(even)}. That did not keep" in words
    assert "at every checkpoint at least 1 %" in why({"gru": gru}, NAIVE)
    words = why({"rnn": net("rnn", -4, NOT)[0]}, NAIVE)
    assert "None of these nets has learnt the task in 40 updates" in words
    assert "Why has" not in words


def test_what_is_not_decided_or_has_losses_all_along_is_left_alone():
    assert why({"gru": shown("gru", at=3)}, NAIVE) == ""
    assert why({"rnn": shown("rnn", rate=1e30, clip=None, optimiser="sgd")}, NAIVE) == ""
    plan = Plan("noisy_sine", 6, updates=40)
    job = Job.of("gru", plan, 3)
    seen = Seen(job, training.resume(job.begin()), 40, "finished", 1.0, False, 0)
    assert "The task has a loss at " in why({"gru": Shown(seen, 40)}, 1.0)


@pytest.mark.parametrize(("task", "length", "updates", "seed"), [
    ("adding", 12, 160, 0), ("first_symbol", 10, 120, 1), ("parity", 10, 120, 0),
])  # fmt: skip
def test_numbers_of_real_runs_are_those_of_the_runs(task, length, updates, seed):
    nets = {}
    for cell in ("rnn", "gru"):
        job = Job.of(cell, Plan(task, length, updates=updates, seed=seed), 8)
        run = training.resume(job.begin())
        nets[cell] = Shown(Seen(job, run, updates, "finished", 1.0, False, 0), updates)
    naive = nets["rnn"].run.scores[updates].naive
    words = why(nets, naive)
    for cell, one in nets.items():
        known = findings_why.course(one, naive)
        assert known.learnt == one.run.below(0.1 * naive)
        at = one.run.measures.batches.probe().steps[-1] + 1
        gradient = one.run.gradients[known.updates[-1]]
        assert known.logs[-1] == gradient[1] - gradient[at]
        name = findings_why.title(cell)
        if known.learnt is None:
            assert f"The {name} learnt" not in words
        else:
            assert f"Why has the {name}" not in words


def test_nothing_is_said_of_all_nets_where_one_has_stopped():
    stopped = shown("rnn", rate=1e30, clip=None, optimiser="sgd")
    for loss in (LEARNT, NOT):
        assert why({"rnn": stopped, "gru": net("gru", -0.3, loss)[0]}, NAIVE) == ""
    assert not live.goes_on({"rnn": stopped}), "no more updates are offered"
    assert live.goes_on({"rnn": stopped, "gru": shown("gru")})
    assert not live.goes_on({"gru": shown("gru", at=3)})
