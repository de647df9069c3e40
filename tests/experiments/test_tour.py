"""Each step of the tour teaches what its arrays say, and would notice if they did not."""

import re
from dataclasses import replace

import numpy as np
import pytest

from rnnviz import gradient_paths
from rnnviz.core.forward_run import run
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.tour import END, NONE, TOUR, WEEK
from rnnviz.tasks import TASKS
from rnnviz.ui.shell.navigation import pages
from rnnviz.words import say

CONTRARY = [
    {"scale": 0.05},
    {"scale": 2.5},
    {"scale": 2.5},
    {"forget_bias": -2.0},
    {"forget_bias": 0.0},
    {"forget_bias": 3.0},
    {"update_bias": 0.0},
    {"scale": 1.0},
    {"length": 8},
    {},
    {"update": 15},
]
"""Where each step would be wrong; the tenth depends on its own controls alone."""
STEPS = list(enumerate(TOUR, 1))


def flows(settings):
    return {cell: settings.flow(cell) for cell in settings.cells}


def read(step, settings, **controls):
    return step.read(flows(settings), dict(step.controls) | controls)


@pytest.mark.parametrize(("n", "step"), STEPS)
def test_every_step_holds_where_it_leads(n, step):
    assert step.holds(flows(step.shows), dict(step.controls))
    assert len(TOUR) == 11


@pytest.mark.parametrize(("n", "step"), STEPS)
def test_and_fails_at_a_contrary_setting(n, step):
    against = replace(step.shows, **CONTRARY[n - 1])
    controls = dict(step.controls) | ({} if CONTRARY[n - 1] else {"win": 20})
    assert not step.holds(flows(against), controls)


@pytest.mark.parametrize(("n", "step"), STEPS)
def test_every_number_is_read_off(n, step):
    told = step.tell(flows(step.asks), dict(step.controls))
    found = read(step, step.shows)
    for text in (step.look, step.question, *step.answers):
        assert set(re.findall(r"\{(\w+)\}", text)) <= set(told)
    assert set(re.findall(r"\{(\w+)\}", step.truth)) <= set(found.numbers)
    said = [say(step.look, **told), say(step.truth, **found.numbers)]
    assert not any("{" in one or "not finite" in one for one in said)


@pytest.mark.parametrize(("n", "step"), STEPS)
def test_a_step_can_be_shown(n, step):
    step.asks.check()
    step.shows.check()
    assert step.page in pages()
    assert 2 <= len(step.answers) <= 4
    assert 0 <= step.right < len(step.answers)
    assert set(step.asks.cells) <= set(step.shows.cells)
    assert 1 <= dict(step.controls)["t"] <= step.shows.length


def test_the_answer_is_not_always_at_the_same_place():
    assert len({step.right for step in TOUR}) > 1


def test_the_picture_does_not_give_away_what_is_asked_of_other_settings():
    hidden = [n for n, step in STEPS if step.asks != step.shows]
    assert hidden == [2, 4, 6, 7, 8, 11]


def test_every_cell_sees_the_same_sequence_and_the_same_loss_until_nets_are_trained():
    for step in TOUR[:-1]:
        for one in (step.asks, step.shows):
            assert (one.task, one.loss, one.seed) == ("stocks", "last", 0)


def test_step_1_s_other_value_is_that_of_the_equation():
    step = TOUR[0]
    flow = step.shows.flow("rnn")
    W, x = flow.trace.model.parameters[0], flow.trace.x[WEEK - 1, 0]
    found = read(step, step.shows).numbers
    unit = found["unit"]
    assert found["without"] == pytest.approx(float(np.tanh(x @ W["W_x"] + W["b"])[unit]))
    assert found["h"] == flow.trace["h"][WEEK - 1, 0, unit]


@pytest.mark.parametrize("n", [1, 3])
def test_what_is_said_of_tanh_is_said_of_tanh_alone(n):
    step = TOUR[n - 1]
    other = replace(step.shows, cell_options=(("nonlinearity", "identity"),), scale=0.5)
    assert read(step, other).answer == NONE


def test_small_models_and_short_sequences_have_an_answer():
    for step in TOUR:
        small = replace(step.shows, length=2, hidden_size=1)
        assert NONE <= read(step, small).answer < len(step.answers)


def test_step_3_s_factor_is_made_of_w_h_and_tanh():
    step = TOUR[2]
    found, flow = read(step, step.shows).numbers, step.shows.flow("rnn")
    logs = flow.log10_norms("h")[1:, 0]
    stretches = logs[:-10] - logs[10:]
    assert found["low"] == pytest.approx(stretches.min())
    assert found["high"] == pytest.approx(stretches.max())
    assert found["power"] == pytest.approx(10 * np.log10(found["factor"]))
    said = step.answers[step.right], step.truth
    assert all("{power}" in one for one in said), "the right answer and the truth are one number"
    assert found["weights"] * found["slope"] == pytest.approx(found["factor"])
    assert found["factor"] ** 49 == pytest.approx(10 ** found["rnn"])
    tanh = [np.linalg.norm(flow["a_h"][t, 0]) / np.linalg.norm(flow["h"][t, 0])
            for t in range(1, 50)]  # fmt: skip
    assert found["slope"] == pytest.approx(float(np.exp(np.mean(np.log(tanh)))), rel=1e-6)


def test_step_5_s_kept_path_is_the_product_of_f():
    """Unit by unit the path multiplies by f: its norm lies between the extreme products."""
    step = TOUR[4]
    flow = step.shows.flow("lstm")
    kept = read(step, step.shows).numbers["kept"]
    products = np.log10(flow.trace["f"][1:, 0]).sum(axis=0)
    assert products.min() <= kept <= products.max()
    for one in (step.shows, TOUR[5].shows):
        numbers = TOUR[5].read(flows(one), {}).numbers
        assert numbers["f"] ** 49 == pytest.approx(10 ** numbers["kept"], rel=1e-9)
        paths = gradient_paths(one.flow("lstm").trace, one.flow("lstm").outputs)
        assert numbers["through"] == pytest.approx(paths.rest[1] - paths.total[50])


@pytest.mark.parametrize(("clip", "answer"), [("norm", 1), ("value", 2)])
def test_the_step_on_clipping_tells_norm_from_value_and_follows_theta(clip, answer):
    step = TOUR[7]
    assert read(step, step.shows, clip=clip, theta=-1.0).answer == answer
    found = read(step, step.shows, theta=1.0).numbers
    assert (found["after"], found["theta"]) == (pytest.approx(1.0), 10)


@pytest.mark.parametrize(("k", "answer", "reached"), [(10, 1, 41), (7, 0, 50), (60, 2, 1)])
def test_the_step_on_truncation_follows_k(k, answer, reached):
    step = TOUR[8]
    found = read(step, step.shows, k=k)
    assert (found.answer, found.numbers["reached"]) == (answer, reached)


def test_the_end_is_short():
    assert END.count(". ") == 1
    assert END.endswith(".")


def test_the_last_step_s_errors_are_those_of_the_answers_and_nothing_of_another_task():
    step = TOUR[-1]
    found = flows(replace(step.shows, cells=("gru",)))
    new = TASKS["adding"].make(30, batch=128, part="test")
    y = run(found["gru"].trace.model, new.x).predictions[-1]
    assert step.read(found, {}).numbers["gru_cost"] == pytest.approx(
        ((y - new.targets[-1]) ** 2).mean())
    assert np.isnan(read(step, Settings()).numbers["gru_cost"])
