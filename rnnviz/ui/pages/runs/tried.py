"""What was tried on the adding problem against each cause, and what came of it.

The nets are those of tests/recorder/known_causes.py, H = 32, Adam; docs/recorder.md lists them.
"""

from __future__ import annotations

from rnnviz.ui.pages.runs.seen import Seen
from rnnviz.words import say


def tried(one: Seen, cause: str) -> str:
    """A sentence, or "" where nothing was tried."""
    if cause == "vanishes" and not one.net.gates:
        return say(
            "Tried on the adding problem (T = 100): an LSTM with a forget bias of 1 learns in its "
            "place, and so does a GRU; an RNN with an orthogonal W_h does not in 3,000 updates."
        )  # fmt: skip
    if cause == "vanishes" and "f" in one.net.gates:
        return say(
            "Tried on the adding problem (T = 200): an LSTM that had not learnt after 1,000 "
            "updates had after 3,000; with a forget bias of 1 it had not."
        )  # fmt: skip
    if cause == "grows" and not one.net.gates:
        return say(
            "Tried on the adding problem (T = 100): an LSTM with a forget bias of 1 learns in its "
            "place; the RNN does not in 3,000 updates, neither with gradients clipped at 1 nor "
            "with a smaller W_h."
        )  # fmt: skip
    if cause == "leaps":
        return say("Tried on the adding problem: with a learning rate 600 times smaller such an "
                   "LSTM learns.")  # fmt: skip
    if cause == "shut f":
        return say("Tried on the adding problem: with a forget bias of 1 instead of −10 an LSTM "
                   "learns.")  # fmt: skip
    if cause == "silent" and not one.net.gates:
        return say("Tried on the adding problem: with biases of 0 instead of −5 and an orthogonal "
                   "W_h an RNN of ReLU units learns.")  # fmt: skip
    if cause == "still":
        return say("Tried on the adding problem: with a learning rate of 0.005 instead of 10⁻⁸ an "
                   "LSTM learns.")  # fmt: skip
    return ""
