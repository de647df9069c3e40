"""Figures of training runs, read as data."""

import numpy as np
import pytest

import rnnviz
from rnnviz import plot
from rnnviz.plot.learning import BINS, stretches


@pytest.fixture(scope="module")
def run():
    return rnnviz.train("gru", "adding", length=6, hidden_size=3, updates=30)


def test_a_line_that_grows_keeps_its_points():
    loss = np.random.default_rng(0).random(400)
    x, y = stretches(loss, 400)
    assert len(x) == BINS
    np.testing.assert_allclose(10 ** y[0], loss[:5].mean())
    assert x[0] == 3
    early = stretches(loss[:102], 400)
    np.testing.assert_array_equal(early[0][:20], x[:20])
    np.testing.assert_array_equal(early[1][:20], y[:20])


def test_a_row_is_a_checkpoint_and_is_named_by_its_update(run):
    fig = plot.gradient_history(run.gradients)
    z = np.asarray(fig.data[0].z, float)
    for row, update in enumerate(run.checkpoints):
        np.testing.assert_allclose(z[row], run.gradients[update], rtol=1e-5)
        assert set(fig.data[0].customdata[row]) == {update}
    names = dict(zip(fig.layout.yaxis.tickvals, fig.layout.yaxis.ticktext, strict=True))
    assert all(int(text) == list(run.checkpoints)[row] for row, text in names.items())
    assert not fig.layout.shapes
    early = list(run.checkpoints)[3]
    marked = plot.gradient_history(run.gradients, update=early)
    assert {(line.y0, line.y1) for line in marked.layout.shapes} == {(3, 3)}


def test_a_checkpoint_is_drawn_over_that_before_training(run):
    before, after = plot.gradients_after({"gru": run.gradients}, 30).data
    np.testing.assert_allclose(before.y, run.gradients[0])
    np.testing.assert_allclose(after.y, run.gradients[30])
    assert before.line.width < after.line.width
    (only,) = plot.gradients_after({"gru": run.gradients}, 0).data
    np.testing.assert_allclose(only.y, run.gradients[0])


def test_the_first_updates_are_drawn_one_by_one_and_end_where_training_stopped():
    run = rnnviz.train("rnn", "adding", length=6, hidden_size=3, updates=300, rate=1e30,
                       optimiser="sgd", clip=None, nonlinearity="relu")  # fmt: skip
    assert run.stopped is not None
    fig = plot.total_gradients({"rate": run}, until=20)
    finite = np.isfinite(run.gradient_norm[:20])
    drawn = np.asarray(fig.data[0].y, float)[finite]
    np.testing.assert_allclose(drawn, np.log10(run.gradient_norm[:20][finite]))
    assert tuple(fig.layout.xaxis.range) == (0, 20)
    assert len(plot.learning_curves({"rate": run}, naive=0.1).data) == 1
