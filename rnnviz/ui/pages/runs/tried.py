"""What was tried on the adding problem against each cause, on the same cell, and what came of it.

The nets are those of tests/recorder/known_causes.py, H = 32, Adam; docs/recorder.md lists them.
"""

from __future__ import annotations

import numpy as np

from rnnviz.recorder.causes import Cause
from rnnviz.ui.pages.runs.seen import Seen
from rnnviz.words import say, word


def tried(one: Seen, cause: Cause) -> str:
    """A sentence, or "" where nothing was tried on such a cell."""
    found = TRIED.get((cause.name, one.net.cell), "")
    if cause.name == "still" and not cause.values["travel"]:
        return ""
    if cause.name == "silent" and not np.isnan(one.numbers.saturated).all():
        return ""  # h = tanh(·): tried was ReLU
    return say(found) if found else ""


TRIED = {
    ("vanishes", "rnn"): word(
        "Tried on the adding problem (T = 100): an LSTM with a forget bias of 1 learns in its "
        "place, and so does a GRU; an RNN with an orthogonal W_h does not in 3,000 updates."
    ),
    ("vanishes", "lstm"): word(
        "Tried on the adding problem (T = 200): an LSTM that had not learnt after 1,000 "
        "updates had after 3,000; with a forget bias of 1 it had not."
    ),
    ("grows", "rnn"): word(
        "Tried on the adding problem (T = 100): an LSTM with a forget bias of 1 learns in its "
        "place; the RNN does not in 3,000 updates, neither with gradients clipped at 1 nor "
        "with a smaller W_h."
    ),
    ("leaps", "lstm"): word(
        "Tried on the adding problem: an LSTM that does not learn with Adam at a learning rate of "
        "3 does at 0.005."
    ),
    ("shut f", "lstm"): word(
        "Tried on the adding problem: an LSTM that does not learn with a forget bias of −10 does "
        "with one of 1."
    ),
    ("silent", "rnn"): word(
        "Tried on the adding problem: an RNN of ReLU units that is silent with input biases of −5 "
        "learns with biases of 0 and an orthogonal W_h."
    ),
    ("still", "lstm"): word(
        "Tried on the adding problem: an LSTM that stands still at a learning rate of 10⁻⁸ learns "
        "at 0.005."
    ),
}
"""(Cause, cell) → what was tried on that cell."""
