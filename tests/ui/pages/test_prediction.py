"""Prediction and target: every number in the sentences, the curves, and losses that are ∞."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz import output_layer, plot, run
from rnnviz.core.readout import Readout
from rnnviz.experiments.settings import Settings
from rnnviz.ui.pages.compare import prediction_findings
from tests.ui.apps import charts, in_words, shown, traces
from tests.ui.opened_nets import app_with, opened, sequence, small


def layers(settings):
    loss = settings.loss_object(settings.example())
    return {cell: output_layer(settings.flow(cell).trace, loss) for cell in settings.cells}


@pytest.mark.parametrize("task", ["stocks", "copying"])
def test_the_sentence_has_every_loss_and_that_of_a_trivial_answer(task):
    settings = Settings(task=task, length=30, loss="every", hidden_size=4)
    said = prediction_findings.seen(layers(settings))
    assert "the mean of the costs of 30 steps" in said
    for title, cell in {"RNN": "rnn", "LSTM": "lstm", "GRU": "gru"}.items():
        assert f"{title} {settings.flow(cell).loss.sum():.3g}" in said
    example = settings.example()
    plain = np.log(example.output_size)
    if task == "stocks":
        plain = (example.targets**2).sum(axis=2).mean() / 2
    assert f"{plain:#.3g}" in said


def test_an_opened_net_without_targets_is_said_and_drawn_to_have_none():
    app = app_with("app.py", opened(small(output_size=1)), sequence(np.ones((6, 2))))
    assert "With 0 as the target the loss is ½ ‖y‖²" in in_words(app)
    assert "Always answering 0" not in in_words(app)
    assert "what it should be" not in in_words(app)
    assert set(traces(charts(app)["prediction"])) == {"LSTM"}
    chosen = Settings(task="copying", length=30, loss="every", hidden_size=4)
    found = layers(chosen)
    said = prediction_findings.seen(found, targets_are="answer")
    assert "the probability of the class that the opened net chose. Guessing all" in said
    title = str(plot.prediction(found, target=False).to_dict()["layout"])
    assert "Probability of the class chosen" in title


def test_a_loss_beyond_floats_is_said_to_be_so():
    settings = Settings(task="impulse", length=3, hidden_size=2, cells=("rnn",))
    model = settings.model("rnn")
    far = {"W_y": np.full((2, 1), 1e200), "b_y": [0.0]}
    trace = run(replace(model, readout=Readout("identity", far)), settings.example().x)
    found = {"rnn": output_layer(trace, settings.loss_object(settings.example()))}
    said = prediction_findings.seen(found)
    assert "RNN ∞" in said
    assert "at step 3 the output is" in said
    assert "10²⁰⁰ in magnitude" in said.replace("10¹⁹⁹", "10²⁰⁰")
    assert any("not finite" in str(one.name) for one in plot.costs(found).data)


def test_the_page_draws_the_chosen_output_against_its_target():
    app = shown(task="stocks", T=20, H=4, output=2)
    figure, settings = charts(app), Settings(length=20, hidden_size=4)
    example = settings.example()
    drawn = traces(figure["prediction"])
    np.testing.assert_allclose(drawn["target"]["y"], example.targets[:, 0, 2])
    np.testing.assert_allclose(drawn["GRU"]["y"], settings.flow("gru").trace.scores[:, 0, 2])
    costs = traces(figure["costs"])["LSTM"]["y"]
    assert 10 ** costs[-1] == pytest.approx(settings.flow("lstm").loss.sum())
    axes = figure["prediction"]["layout"]
    assert axes["xaxis"]["ticktext"][0] == "2018-01-01"
    assert axes["yaxis"]["title"]["text"] == "standard deviations from the mean"
    assert "Only step 20 counts in the loss." in in_words(app)


def test_an_edited_readout_leaves_its_old_curve_thin():
    app = shown(task="stocks", T=20, H=4, edit="gru.b_y.0:2")
    lines, plain = traces(charts(app)["prediction"]), Settings(length=20, hidden_size=4)
    old = plain.flow("gru").trace.scores[:, 0, 0]
    np.testing.assert_allclose(lines["GRU before the change"]["y"], old)
    bias = plain.model("gru").readout.parameters["b_y"][0]
    np.testing.assert_allclose(lines["GRU"]["y"], old + 2 - bias)
    assert "LSTM before the change" not in lines
    assert "GRU before the change" in traces(charts(app)["costs"])
