"""What the tab «Train» says of losses and gradients, from numbers that are given."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnviz.training.measures import Measures
from rnnviz.training.objectives import Score
from rnnviz.training.trainer import Stopped
from rnnviz.ui.pages.training import at_checkpoints, findings_learning
from tests.ui.pages.test_training_live import shown


def scored(one, loss, naive=0.2):
    """The net with another held-out loss at its last checkpoint."""
    measures = Measures(one.run.task, one.run.plan)
    measures.known["scores"][40] = Score(loss, "correlation", 0.5, naive)
    return replace(one, seen=replace(one.seen, run=replace(one.run, measures=measures)))


def test_losses_are_compared_with_naive_answers_to_the_same_sequences():
    gru = shown("gru")
    low = np.full(40, 0.01)
    learnt = scored(replace(gru, seen=replace(gru.seen, run=replace(gru.run, loss=low))), 0.012)
    (row,) = findings_learning.held_out({"gru": learnt}, 1 / 6)
    assert row["updates until learnt"] == "10"
    assert row["training loss (naive answers')"] == "0.0100 (0.167)"
    assert row["loss on held-out sequences (naive answers')"] == "0.0120 (0.200)"
    said = findings_learning.finding({"gru": learnt}, 1 / 6)
    assert ("On held-out sequences naive answers cost 0.200. The GRU **has learnt the task after "
            "10 updates**; its loss there is 0.0120.") in said
    assert findings_learning.reached(replace(learnt, update=9), 0.02) is None, "not shown yet"
    high = replace(gru, seen=replace(gru.seen, run=replace(gru.run, loss=low + 0.3)))
    for loss, words in ((0.21, "no better"), (0.19999, "no better"), (0.19, "hardly better"),
                        (0.15, "is lower: 0.150")):  # fmt: skip
        assert words in findings_learning.finding({"gru": scored(high, loss)}, 1 / 6), (
            "the training loss is above the naive cost all the while")
    late = replace(gru, update=39)
    said, last = findings_learning.finding({"gru": late}, 1 / 6), max(late.checkpoints)
    assert last < 39
    assert said.endswith(f"at the last checkpoint so far, not at the last update: GRU u = {last}.")
    assert "checkpoint" not in findings_learning.finding({"gru": gru}, 1 / 6)
    stopped = shown("rnn", rate=1e30, clip=None, optimiser="sgd")
    assert stopped.failed
    assert stopped.over
    said = findings_learning.finding({"rnn": stopped}, 1 / 6)
    assert f"stopped at update {stopped.run.stopped.update}" in said


def with_shares(one, shares, loss):
    """The net with other shares that reach step 1, at its evenly spaced checkpoints."""
    measures = Measures(one.run.task, one.run.plan)
    steps = int(measures.batches.probe().steps[-1]) + 1
    for update, log in zip([u for u in one.run.vectors if u >= 2], shares, strict=True):
        measures.known["gradients"][update] = np.full(steps + 1, 0.0)
        measures.known["gradients"][update][1] = log
    run = replace(one.run, measures=measures, loss=np.full(40, loss))
    return replace(one, seen=replace(one.seen, run=run))


def test_a_hidden_gradient_is_counted_at_checkpoints_and_a_grown_one_is_in_times():
    one = shown("gru")
    even = [u for u in one.run.vectors if u >= 2]
    course = [-1.0, *[-2.6] * (len(even) - 1)]
    nets = {"rnn": with_shares(one, course, 0.2),
            "gru": with_shares(one, [0.24] * len(even), 0.2)}  # fmt: skip
    words = findings_learning.healthy(nets)
    assert (f"less than 1 % of the gradient reached step 1: RNN {len(even) - 1} of {len(even)}, "
            f"GRU 0 of {len(even)}. ") in words
    assert ": RNN 0.25 %, GRU 1.74 times. A share in times has grown" in words
    end = Stopped(one.run.done + 1, "loss", None)
    halted = replace(nets["rnn"], seen=replace(nets["rnn"].seen,
                                               run=replace(nets["rnn"].run, stopped=end)))
    assert halted.failed
    assert findings_learning.healthy(nets | {"rnn": halted}) == ""
    said = findings_learning.hidden(nets, even[-1])
    assert f"1.74 times after update {even[-1]}." in said
    assert "the 32 held-out sequences of the probe batch" in said
    assert [findings_learning.part(log) for log in (5.54, np.inf)] == ["3.5·10⁵ times", "∞ times"]


def test_what_is_shown_ends_at_the_shown_update():
    one = shown("gru", at=5)
    assert len(one.loss) == len(one.norm) == 5
    assert one.checkpoints == [0, 1, 2, 4, 5]
    assert not one.over
    assert list(at_checkpoints.gradients({"gru": one})["gru"]) == one.checkpoints
    rows = at_checkpoints.gate_rows({"gru": one}, 3)
    assert [row["gate"] for row in rows] == ["GRU z", "GRU r"]
