"""An update taken apart against formulas worked out here, central differences and plain training.
"""  # fmt: skip

from dataclasses import replace

import numpy as np
import pytest

import rnnviz
from rnnviz.tasks import TASKS
from rnnviz.training.batches import Batches
from rnnviz.training.one_update import Weight, passed, place, recorded, shapes, weight_update
from rnnviz.training.plan import Plan
from rnnviz.training.weights import refilled

PLAN = Plan("adding", 8, updates=12, batch=4, rate=0.02, clip=0.5, seed=3, dtype="float64")


@pytest.fixture(scope="module", params=["rnn", "lstm", "gru"])
def found(request):
    return recorded(request.param, plan=PLAN, hidden_size=5)


def test_the_record_has_the_bits_of_the_run(found):
    run = rnnviz.train(found.first.cell.name, plan=PLAN, hidden_size=5, checkpoints=range(13))
    assert all((found.weights[u] == one).all() for u, one in run.vectors.items())
    assert (found.loss == run.loss).all()


def test_adams_numbers_follow_from_the_gradients(found):
    weight, m, v = Weight("W_h", 2, 3), 0.0, 0.0
    for u in range(1, 13):
        one = weight_update(found, u, weight)
        g = one.gradient * min(1, 0.5 / np.linalg.norm(found.gradient[u - 1]))
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        m_hat, v_hat = m / (1 - 0.9**u), v / (1 - 0.999**u)
        step = 0.02 * m_hat / (np.sqrt(v_hat) + 1e-8)
        seen = one.clipped, *one.corrected.values(), one.step, one.before - one.after
        np.testing.assert_allclose(seen, (g, m_hat, v_hat, step, step), rtol=1e-9)
    assert one.kept["mean"][1] == pytest.approx(m, rel=1e-12)


def test_terms_sum_to_the_gradient_which_is_the_losses_slope(found):
    batch = Batches(TASKS["adding"], PLAN).training(6)
    for name, (rows, columns) in shapes(found.first).items():
        weight = Weight(name, rows - 1, columns - 1)
        one = passed(found, 7, weight)
        p, losses = place(found.first, weight), []
        for move in (1e-6, -1e-6):
            vector = found.weights[6].copy()
            vector[p] += move
            y = rnnviz.run(refilled(found.first, vector), batch.x).scores[-1]
            losses.append(((y - batch.targets[-1]) ** 2).mean())
        slope = (losses[0] - losses[1]) / 2e-6
        assert one.loss == pytest.approx(found.loss[6], rel=1e-12)
        assert one.terms.sum() == pytest.approx(found.gradient[6, p], rel=1e-9, abs=1e-15), name
        assert slope == pytest.approx(found.gradient[6, p], rel=1e-4, abs=1e-9), name


def test_other_optimisers_classes_and_refusals():
    plan = replace(PLAN, task="first_symbol", optimiser="momentum", clip=None)
    found = recorded("gru", plan=plan, hidden_size=4)
    one = weight_update(found, 2, Weight("b_y", 0, 1))
    first = weight_update(found, 1, Weight("b_y", 0, 1))
    assert one.kept["velocity"][1] == pytest.approx(0.9 * first.gradient + one.gradient)
    assert one.step == pytest.approx(0.02 * one.kept["velocity"][1])
    assert passed(found, 2, Weight("b_y", 0, 1)).terms.sum() == pytest.approx(one.gradient)
    with pytest.raises(ValueError, match="`row` must be"):
        weight_update(found, 1, Weight("W_h", 4, 0))
