"""The stored nets are what their plans give, and stand for runs that were not trained yet."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz import training
from rnnviz.experiments import trained
from rnnviz.experiments.presets import PRESETS
from rnnviz.experiments.stored_nets import MOST_BYTES, STORED, find

SHOWN = [one.settings for one in PRESETS.values() if one.settings.trained]
LEARNT = [(one.trained, cell, one.options_of(cell)) for one in SHOWN for cell in one.cells]


@pytest.mark.parametrize(("plan", "cell", "options"), LEARNT)
def test_a_stored_net_is_what_its_plan_gives(plan, cell, options):
    """Up to its first stored checkpoint; other processors may round differently."""
    job = plan.job(cell, options)
    found = find(job)
    assert found is not None, "the plan was changed: run rnnviz.experiments.store_nets"
    upto = min(one for one in found.vectors if one)
    *_, run = (one for one, _ in zip(training.steps(job.begin(), 1), range(upto), strict=False))
    np.testing.assert_allclose(found.vectors[upto], run.state.weights, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(found.loss[:upto], run.loss, rtol=1e-3)
    assert (found.done, found.finished) == (plan.plan.updates, True)
    np.testing.assert_array_equal(found.model.parameters[0]["W_x"],
                                  found.checkpoints[found.done].parameters[0]["W_x"])  # fmt: skip


def test_it_stands_for_a_run_at_its_checkpoints_alone(monkeypatch):
    monkeypatch.setattr(trained, "_RUNS", type(trained._RUNS)())
    plan, cell, options = LEARNT[0]
    stored = find(plan.job(cell, options))
    for update in (0, *stored.vectors):
        assert plan.ready(cell, options, upto=update)
        assert plan.run(cell, options, upto=update) is stored
    other = next(one for one in plan.checkpoints if one not in stored.vectors)
    assert not plan.ready(cell, options, upto=other)
    assert not plan.ready(cell, options)
    assert other in plan.run(cell, options, upto=other).vectors
    assert STORED.stat().st_size <= MOST_BYTES
    assert find(replace(plan.job(cell, options), hidden_size=5)) is None
