"""What takes long goes to a worker process, and what is quick or asked there does not."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.experiments.carried_runs import carried, unpacked
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.trained import Trained
from rnnviz.numerics.process_pool import Ended, Pool
from rnnviz.training import Plan
from rnnviz.ui import cached, heavy
from tests.ui.apps import open_app
from tests.ui.opened_nets import opened, sequence, small

LARGE = replace(Settings(), task="adding", length=100, hidden_size=64)


@pytest.fixture
def visited(monkeypatch):
    monkeypatch.setattr(heavy, "get_script_run_ctx", lambda: object())


@pytest.mark.usefixtures("visited")
def test_heavy_is_a_matter_of_timesteps_and_weights():
    assert heavy.is_heavy(LARGE, 1)
    assert not heavy.is_heavy(Settings(), 1)
    assert heavy.is_heavy(Settings(), 20), "of twenty seeds"
    assert heavy.is_heavy(replace(LARGE, trained=Trained(Plan("adding", 30))), 20)
    net = replace(Settings(), net=opened(small()), sequence=sequence(np.ones((2000, 2))))
    assert not heavy.is_heavy(net, 1)
    assert heavy.is_heavy(net, 8)


def test_nothing_is_heavy_outside_a_visit_or_in_a_worker(monkeypatch):
    assert not heavy.is_heavy(LARGE, 1)
    monkeypatch.setattr(heavy, "get_script_run_ctx", lambda: object())
    monkeypatch.setattr(heavy, "HERE", False)
    assert not heavy.is_heavy(LARGE, 1)


def test_a_worker_gives_the_same_bits_and_an_ended_call_a_sentence(monkeypatch):
    query = {"T": "100", "H": "64", "task": "adding", "cells": "lstm", "seed": "3"}
    app = open_app("pages/Spectrum.py", **query)
    assert not app.exception
    assert len(heavy._pool().idle) >= 1, "it was computed there"
    settings = replace(LARGE, cells=("lstm",), seed=3)
    here = cached.followed.__wrapped__.__wrapped__(settings, "lstm", 8)
    there = heavy._pool().run("me", cached.followed, settings, "lstm", 8, seconds=60)
    np.testing.assert_array_equal(here.step, there.step)

    def ended(*args, **named):
        raise Ended

    monkeypatch.setattr(Pool, "run", ended)
    app = open_app("pages/Spectrum.py", **query | {"seed": "4"})
    assert not app.exception
    assert any("longer than" in one.value for one in app.warning)


def test_a_trained_net_goes_to_the_worker_as_it_was_trained_here():
    """Two updates of the net have other weights here than a worker would train."""
    trained = Trained(Plan("adding", 5, updates=3, batch=2), hidden_size=4, init="chrono")
    settings = replace(Settings(), task="adding", length=5, trained=trained, update=2)
    run = trained.run("lstm", settings.options_of("lstm"))
    vectors = {update: 2 * one if update == 2 else one for update, one in run.vectors.items()}
    trained.keep("lstm", settings.options_of("lstm"), replace(run, vectors=vectors), anyhow=True)
    here = cached.followed.__wrapped__.__wrapped__(settings, "lstm", 4)
    there = heavy.elsewhere(cached.followed, settings, "lstm", 4)
    np.testing.assert_array_equal(here.step, there.step)
    (one,) = carried(settings, ["lstm"])
    with unpacked([one]):
        assert set(trained.found("lstm", settings.options_of("lstm")).vectors) == {0, 2}
    assert trained.found("lstm", settings.options_of("lstm")) is None, "other calls want others"
    trained.keep("lstm", settings.options_of("lstm"), replace(run, vectors=vectors), anyhow=True)
    before = replace(settings, update=0)
    there = heavy.elsewhere(cached.followed, before, "lstm", 4)
    here = cached.followed.__wrapped__.__wrapped__(before, "lstm", 4)
    np.testing.assert_array_equal(here.step, there.step)
