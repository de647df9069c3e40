"""The three maps in words: their names, what they can show, their lines of theory."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rnnviz.plot.phase import CRITICAL
from rnnviz.sweeps import DIAGRAMS, Line, lines
from rnnviz.words import word

TITLES: Mapping[str, str] = {
    "rnn_gain_input": word("RNN: gain × input"),
    "lstm_forget_length": word("LSTM: forget bias × T"),
    "gru_gain_update": word("GRU: gain × update bias"),
}
VALUES: Mapping[str, str] = {
    "lyapunov": word("Lyapunov exponent λ₁"), "log10_share": word("Share left at step 1"),
}  # fmt: skip
LINES: Mapping[str, str] = {
    "mean_field": word("mean field: χ = 1"),
    "forget_gate": word("1 % by the forget gate alone"),
    "untied": word("mean field, new weights each step"),
    "at_rest": word("mean field at h = 0"),
}
"""Line of theory → its name in the legend."""


def _short(title: str) -> Callable[[Line], Line]:
    return lambda line: line._replace(title=title)


SHORT: Mapping[str, Callable[[Line], Line]] = {name: _short(one) for name, one in LINES.items()}
"""Line → the same with its name in the legend as its title."""


def known_lines(name: str) -> tuple[Line, ...]:
    """The stored lines of a map, with their names in the legend."""
    return tuple(SHORT[one.name](one) for one in lines(name))


def figures_of(name: str) -> list[str]:
    """What a map can show."""
    return [one for one in CRITICAL if one in DIAGRAMS[name].figures]
