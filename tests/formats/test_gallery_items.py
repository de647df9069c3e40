"""The gallery's nets open, and show what is said of them."""

import numpy as np
import pytest

import rnnviz
from rnnviz.formats import read
from rnnviz.formats.gallery.items import ITEMS
from rnnviz.tasks import TASKS

BY_FILE = {one.file: one for one in ITEMS}


def trace_of(file):
    item = BY_FILE[file]
    example = TASKS[item.task].make(item.length)
    return rnnviz.run(read(item.data(), item.file).net().model(), example.x), example


@pytest.mark.parametrize("file", BY_FILE)
def test_every_item_is_a_file_with_one_net(file):
    assert read(BY_FILE[file].data(), file).net().about


def test_the_cell_state_changes_most_at_the_marked_steps():
    trace, example = trace_of("adding_lstm.npz")
    c = np.concatenate([np.zeros((1, 16)), trace["c"][:, 0]])
    change = np.linalg.norm(np.diff(c, axis=0), axis=1)
    marked = np.flatnonzero(example.x[:, 0, 1])
    assert set(np.argsort(change)[-2:]) == set(marked)
    assert abs(trace.predictions[-1, 0, 0] - example.targets[-1, 0, 0]) < 0.1


def test_the_update_gates_keep_the_first_symbol():
    trace, example = trace_of("first_symbol_gru.npz")
    assert (trace["z"][1:, 0].mean(axis=0) > 0.95).sum() == 7
    assert trace.predictions[-1, 0].argmax() == example.targets[-1, 0]
    flow = rnnviz.backprop(trace, rnnviz.CrossEntropy(example.targets))
    assert rnnviz.reach(flow).log10_share > np.log10(0.5)
