"""Marked paths through the app: ordered stops, each a page with settings and what to see there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rnnviz.experiments.presets import PRESETS
from rnnviz.experiments.settings import Settings
from rnnviz.words import word

USUAL = Settings()


@dataclass(frozen=True)
class Stop:
    """A page, the settings that it is opened with, its own controls, and what to see there."""

    page: str
    see: str
    settings: Settings = USUAL
    controls: tuple[tuple[str, Any], ...] = ()
    minutes: int = 0


@dataclass(frozen=True)
class Path:
    """Stops in their order, for whom and how long."""

    name: str
    title: str
    about: str
    stops: tuple[Stop, ...]


_RNN = Settings(cells=("rnn",))
_CLOSED = Settings(forget_bias=0.0, update_bias=0.0)
_EVERY = replace(PRESETS["every_loss"].settings, cells=Settings().cells)
PATHS = (
    Path(
        "first", word("A first half hour"),
        word("For a first look at recurrent nets and their gradients."),
        (
            Stop("pages/Step.py", word(
                "One step of an RNN. Click a_t or tanh and read the sum that gives h_t."),
                _RNN, (("cell", "rnn"),)),
            Stop("app.py", word(
                "Three cells read the same 50 weeks. Compare how much of the gradient of the last "
                "loss reaches step 1.")),
            Stop("pages/Gradient_flow.py", word(
                "Why it vanishes in the RNN: each step back multiplies it by W_h and tanh′."),
                _RNN, (("cell", "rnn"),)),
            Stop("pages/Step.py", word(
                "One step of an LSTM, backwards: along c the gradient meets the forget gate "
                "alone."),
                Settings(), (("cell", "lstm"), ("flow", "back"))),
            Stop("app.py", word(
                "Forget bias and update bias at 0: the gates are half open, and the LSTM and the "
                "GRU forget, too."), _CLOSED),
            Stop("pages/Whose_gradient.py", word(
                "A loss on every step: the early steps get their gradient from near losses, and "
                "hardly any from the last one."), _EVERY, (("cell", "rnn"),)),
            Stop("pages/Cuts.py", word(
                "A gradient that explodes, and what clipping does to it."),
                PRESETS["exploding"].settings, (("cell", "rnn"),)),
            Stop("pages/Training.py", word(
                "Training in windows of 5 steps, where the right answer is the input of 10 steps "
                "before: no loss sends a gradient back to that input. See what becomes of the "
                "error."),
                _RNN, (("tab", "windows"), ("lag", 10), ("win", 5))),
        ),
    ),
    Path(
        "lecture", word("A lecture of 45 minutes"),
        word("For teachers: at every stop ask for a prediction first, then move the control."),
        (
            Stop("pages/Step.py", word(
                "The recurrent net: one cell, the same weights at every step. Press play and "
                "follow h."), _RNN, (("cell", "rnn"),), 5),
            Stop("app.py", word(
                "Ten weeks: how much of the gradient reaches step 1? Then move T to 50."),
                replace(_RNN, length=10), minutes=5),
            Stop("pages/Gradient_flow.py", word(
                "The chain rule as a product: the map shows ‖∂s_t/∂s_k‖ for every pair of steps."),
                _RNN, (("cell", "rnn"),), 5),
            Stop("pages/Spectrum.py", word(
                "An orthogonal W_h stretches nothing: what is lost is lost to tanh′."),
                PRESETS["orthogonal"].settings, (("cell", "rnn"),), 5),
            Stop("app.py", word(
                "LSTM and GRU beside the RNN, with open gates: a state that is mostly kept."),
                minutes=5),
            Stop("pages/Roads.py", word(
                "Where the LSTM's gradient came along: the cell state, or the weights."),
                Settings(), (("cell", "lstm"),), 5),
            Stop("app.py", word(
                "Forget bias and update bias at 0: the gates are half open, and almost nothing is "
                "left in any cell. Then raise the forget bias."), _CLOSED, minutes=5),
            Stop("pages/Cuts.py", word(
                "Exploding gradients and clipping, then truncation: lower k and see which steps "
                "the loss no longer reaches."),
                PRESETS["exploding"].settings, (("cell", "rnn"), ("k", 20)), 5),
            Stop("pages/Training.py", word(
                "Train in windows shorter than the dependency, then in longer ones."),
                _RNN, (("tab", "windows"), ("lag", 10), ("win", 5)), 5),
        ),
    ),
)  # fmt: skip
STOPS = {f"{path.name}-{n}": stop for path in PATHS for n, stop in enumerate(path.stops, 1)}
"""Key in a link → stop: "first-3"."""
