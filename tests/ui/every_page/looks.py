"""Extreme settings, and what every page must show with any settings."""

from dataclasses import replace

from rnnviz.experiments.settings import Settings
from tests.ui.apps import FOUR, SCRIPTS, blank, charts, live, no_exception, stage

EXTREMES = [
    {"T": 2, "H": 1, "cells": FOUR},
    {"task": "impulse", "T": 500, "H": 63, "loss": "every", "cells": "rnn,lstm"},
    {"task": "impulse", "T": 122, "H": 128, "cells": "peephole_lstm", "peephole": "diagonal"},
    {"task": "impulse", "T": 500, "H": 4, "scale": 0.05, "bf": -2, "bz": -2},
    {"task": "impulse", "T": 500, "H": 4, "scale": 3, "scaling": "radius", "bf": 6, "bz": 6,
     "nonlinearity": "relu", "init": "identity", "impulse_amplitude": 100},
    {"task": "impulse", "T": 500, "H": 2, "scale": 3, "scaling": "radius", "cells": "rnn",
     "nonlinearity": "identity", "impulse_amplitude": -100},
    {"seed": 999999, "scale": 3, "T": 30, "nonlinearity": "sigmoid", "reset_after": 1},
    {"task": "copying", "T": 500, "copying_symbols": 100, "copying_alphabet_size": 26, "H": 8},
    {"task": "noisy_sine", "noisy_sine_noise": 0, "noisy_sine_period": 5000},
    {"task": "sentence", "sentence_text": "한", "H": 1},
    {"task": "sentence", "sentence_text": "<b>x</b> $a_1$ **c** ©👩‍👩‍👧\n" * 5},
]  # fmt: skip


def turns(cases, scripts=SCRIPTS):
    """(page, case): where one page is as good as another they take turns, to save time."""
    return [(scripts[k % len(scripts)], case) for k, case in enumerate(cases)]


def is_the_preset(settings):
    """The sidebar names the options that the preset leaves at their defaults."""
    return replace(settings, options=(), cell_options=()) == Settings()


def shows_a_picture(app):
    """No exception, and the charts, the time control and what follows it are there."""
    no_exception(app)
    assert charts(app)
    assert not blank(app)
    assert live(app) or left_out(app)
    assert stage(app)["length"] >= 1


def left_out(app):
    """The warnings that a view is too expensive for these settings."""
    return [one.value for one in app.main.warning if "left out: T" in one.value]
