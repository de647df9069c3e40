"""What is said of training is read off the net before it and the net now."""

from dataclasses import replace

import numpy as np

from rnnviz.analysis.reach import alone, reach
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.trained import Trained
from rnnviz.tasks import TASKS
from rnnviz.training import Plan
from rnnviz.ui.advice import learnt
from rnnviz.ui.advice.learnt import Net, changed
from rnnviz.ui.pages.compare.first_screen import how_far
from rnnviz.words.numbers import number, percent, share

TRAINED = Trained(Plan("adding", 12, updates=40), 6)


def net(cell, update):
    settings = Settings(task="adding", length=12, trained=TRAINED, update=update)
    flow = settings.flow(cell)
    score = TRAINED.run(cell, settings.options_of(cell)).scores[update]
    return Net(alone(flow)[0].layers[0], reach(flow), score)


def said(cell, update, task="adding"):
    before, now = net(cell, 0), net(cell, update)
    words = changed(before, now, update=update, task=TASKS[task], loss="squared_error")
    return before, now, words


def test_cost_share_gate_and_bias_before_and_now():
    before, now, words = said("gru", 40)
    assert f"is {number(now.score.loss)}; before training it was {number(before.score.loss)}" \
        in words  # fmt: skip
    assert f"(always 1) costs {number(now.score.naive)}" in words
    left = [share(one.found.log10_share) for one in (before, now)]
    assert f"{left[0]} reached step 1 before training, now {left[1]}" in words
    z = [one.flow.trace["z"] for one in (before, now)]
    assert f"moved from {number(float(z[0].mean()))} to {number(float(z[1].mean()))}" in words
    assert f"{percent(float((z[1] > 0.9).mean()))} of the gate's values are above 0.9" in words
    biases = [float(one.flow.trace.cell.block("z", one.flow.trace.parameters["b"]).mean())
              for one in (before, now)]  # fmt: skip
    assert f"mean bias b_z from {number(biases[0])} to {number(biases[1])}" in words


def test_a_cell_without_gates_has_states_and_update_0_changed_nothing():
    _, now, words = said("rnn", 40)
    high = percent(float((np.abs(now.flow.trace["h"]) > 0.9).mean()))
    assert f"{high} of its states are beyond ±0.9" in words
    _, now, words = said("rnn", 0)
    assert words.startswith("**RNN** before training: its mean squared error")
    assert "reached" not in words
    assert "by heart" in said("rnn", 40, "sentence")[2]


def test_a_share_that_grows_is_said_in_times():
    before, now = net("gru", 0), net("gru", 40)
    grown = now._replace(found=now.found._replace(log10_share=1.0))
    words = changed(before, grown, update=40, task=TASKS["adding"], loss="squared_error")
    assert "before training, now 10.0 times" in words


def test_a_net_whose_training_stopped_is_said_to_have_made_the_updates_it_made():
    halted = Trained(Plan("adding", 12, updates=40, optimiser="sgd", rate=1e30, clip=None), 6)
    settings = Settings(task="adding", length=12, cells=("rnn",), trained=halted, update=40)
    at = halted.run("rnn", settings.options_of("rnn")).stopped.update
    assert at < 40
    shown = halted.kept(halted.run("rnn", settings.options_of("rnn")), 40)
    each = f"RNN {shown} (training stopped in update {at})"
    assert how_far(settings).endswith(f"shown after these updates, of 40: {each}.")
    assert str(settings.in_words()).endswith(f"shown after updates: {each}")
    assert "after 40 updates" not in learnt.said(settings, "rnn")
    assert "before their training" in how_far(replace(settings, update=0))
