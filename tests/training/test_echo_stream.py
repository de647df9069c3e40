"""The stream of known delay: its answers, and the losses that reach their cause."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz import backprop
from rnnviz.training.echo_stream import FLOOR, Echo, reached, share
from rnnviz.training.truncated_bptt import MeanSquared, Stretch, begin
from tests.training.test_truncated_bptt import net


def test_the_stream_answers_with_the_input_of_d_steps_ago_in_whatever_stretches():
    x, y, _ = Echo.seeded(7, 4, 5).after(40)
    np.testing.assert_array_equal(y[7:], x[:-7])
    assert set(np.unique(y)) == {-1.0, 1.0}
    assert (y[:7] != x[:7]).any()
    assert ((0 - y) ** 2).mean() == FLOOR
    stream, parts = Echo.seeded(7, 4, 5), []
    for steps in (3, 9, 28):
        *part, stream = stream.after(steps)
        parts.append(part)
    np.testing.assert_array_equal(np.concatenate([one[0] for one in parts]), x)
    np.testing.assert_array_equal(np.concatenate([one[1] for one in parts]), y)


@pytest.mark.parametrize(
    ("delay", "window", "back"),
    [(3, 2, 0), (3, 3, 0), (3, 4, 0), (3, 9, 0), (7, 4, 4), (7, 4, 8), (1, 1, 0)],
)
def test_the_share_in_closed_form_is_the_one_that_is_counted(delay, window, back):
    steps = window * 500
    counted = reached(steps, delay, window, back)[delay + back + window :]
    counted = counted[(-len(counted)) % window :]
    assert abs(counted.mean() - share(delay, window, back)) < 0.01
    if window > delay and not back:
        first = reached(window, delay, window)
        np.testing.assert_array_equal(np.flatnonzero(first) + 1, np.arange(delay + 1, window + 1))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_what_the_loss_of_a_cause_sends_back_reaches_it_only_within_the_window(cell):
    """∂(loss at t)/∂x_{t−d} through the cut pass is zero exactly where `reached` says so."""
    model, delay, window = net(cell), 3, 5
    x, y, _ = Echo.seeded(delay, 2, 0).after(window)
    state = begin(model, 2)
    for t in range(1, window + 1):
        flow = Stretch(x, y, state, 0).flow(model)
        mask = np.arange(1, window + 1) == t

        one = backprop(flow.trace, MeanSquared(y, mask))
        felt = t - delay >= 1 and bool(one.inputs[t - delay - 1].any())
        assert felt == bool(reached(window, delay, window)[t - 1])
