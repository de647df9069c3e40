"""A trainer that goes on reads the weights that it has just made, as a new one does."""

import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.training.jobs import Job
from rnnviz.training.plan import Plan
from rnnviz.training.train_net import advanced
from rnnviz.training.trainer import Trainer


@pytest.mark.parametrize("batch", [1, 4])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_update_by_a_new_trainer_gives_the_same_bits(batch, dtype):
    plan = Plan("adding", 8, updates=4, batch=batch, dtype=dtype)
    for cell in CELLS:
        begun = Job.of(cell, plan, 5).begin()
        one, several = Trainer(begun.first, begun.task, plan, begun.state), begun
        for k in range(1, plan.updates + 1):
            new = Trainer(several.first, several.task, plan, several.state)
            several = advanced(several, new, k)
        np.testing.assert_array_equal(advanced(begun, one, 4).loss, several.loss, err_msg=cell)
