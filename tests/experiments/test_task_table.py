"""The stored tables: plans as in the code, entries that follow from the outcomes, one run again."""

import json

import numpy as np
import pytest

from rnnviz.experiments import forget_bias, initialisation_training, task_table
from rnnviz.experiments.solving import Outcome, attempt, best, summary
from rnnviz.experiments.stored_outcomes import SEEDS, Group, Setting
from rnnviz.training.plan import Plan


@pytest.mark.parametrize(
    ("file", "rows", "groups"),
    [
        (task_table.STORED, task_table.ROWS, task_table.groups()),
        (task_table.STORED_EQUAL, task_table.EQUAL, task_table.groups(equal=True)),
        (forget_bias.STORED, forget_bias.ROWS, forget_bias.groups()),
    ],
)
def test_stored_tables_have_the_codes_plans_and_all_nets(file, rows, groups):
    found = json.loads(file.read_text("utf-8"))
    assert [one["row"] for one in found] == [row.name for row in rows]
    nets = set()
    for one, row in zip(found, rows, strict=True):
        assert Plan(**one["plan"] | {"options": tuple(map(tuple, one["plan"].get("options", ())))}
                    ) == row.plan  # fmt: skip
        assert one["solved_below"] == row.share
        for net in one["outcomes"]:
            nets.add((row.name, net["cell"], net["rate"], net["bias"], net["seed"]))
            solved = net["needed"] is not None
            assert solved == (net["curve"][-1] < row.share)
            assert solved or net["updates"] == row.plan.updates
    asked = {
        (one.row.name, one.cell, *one.setting, seed) for one in groups for seed in range(SEEDS)
    }
    assert nets == asked


def test_an_entry_is_the_better_rate_and_unsolved_seeds_need_longest():
    def nets(*needed):
        return tuple(Outcome(one, one or 600, 1.0, (1.0,)) for one in needed)

    slow, fast = nets(100, 200, 300, None, None), nets(60, 60, None, None, None)
    found = {("adding", "gru", Setting(0.02, 0.0)): fast,
             ("adding", "gru", Setting(0.005, 0.0)): slow}  # fmt: skip
    entry = task_table.entries(found)["adding", "gru", 0.0]
    assert entry.setting.rate == 0.005
    assert (entry.summary.solved, entry.summary.needed) == (3, 300)
    assert summary(fast).needed is None
    assert best([summary(fast), summary(nets(None, None, 80, 80, 80))]) == 1


def test_training_again_gives_the_stored_outcome():
    """Up to rounding, which differs between machines: the first costs, and that it is solved."""
    row = task_table.NAMED["bit"]
    group = Group(row, "gru", Setting(0.02, 3.0), task_table.HIDDEN)
    stored = task_table.stored()["bit", "gru", group.setting][0]
    again = attempt("gru", group.plan(0), row.share, task_table.HIDDEN, update_bias=3.0)
    np.testing.assert_allclose(again.curve[:2], stored.curve[:2], rtol=1e-2)
    assert (again.needed is None) == (stored.needed is None)


def test_initialisations_are_all_there():
    found = initialisation_training.stored()
    assert len(found) == 36
    assert {len(own) for own in found.values()} == {SEEDS}
    # Whatever the cell's size, identity in a tanh-free RNN keeps most of the gradient at the start.
    entries = initialisation_training.entries(found)
    assert entries["rnn", "identity"].before > entries["rnn", "pytorch"].before + 3
