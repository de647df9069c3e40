"""An opened net and an opened sequence on the pages."""

import numpy as np
import pytest

from rnnviz import backprop, run
from rnnviz.ui.shell.navigation import pages
from tests.ui.apps import blank, charts, no_exception, settings_of
from tests.ui.opened_nets import app_with, opened, sequence, small

SHOWN = [script for script, page in pages().items() if "plan" in page.counts]
X = np.random.default_rng(3).standard_normal((12, 2))
STACK = {"num_layers": 2, "bidirectional": True}


@pytest.mark.parametrize("script", SHOWN)
def test_every_page_of_trained_nets_shows_an_opened_one(script):
    net = opened(small(output_size=1))
    app = app_with(script, net, sequence(X))
    no_exception(app)
    assert not app.warning
    assert charts(app)
    assert not blank(app)
    assert settings_of(app).net == net
    assert any("net.safetensors" in one.value for one in app.sidebar.text)


@pytest.mark.parametrize("script", SHOWN)
def test_every_page_shows_one_layer_of_a_stack_without_an_output_layer(script):
    net = opened(small(**STACK))
    app = app_with(script, net, sequence(X), layer="0", side="reverse", flow="back")
    no_exception(app)
    assert not app.warning
    assert not blank(app)
    flow = backprop(run(net.model, X), settings_of(app).loss_object(settings_of(app).example()))
    assert settings_of(app).net.layer == 0
    assert settings_of(app).net.direction == "reverse"
    assert flow.layers[1].trace.direction == "reverse"
