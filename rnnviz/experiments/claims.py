"""Claims: whether a statement holds for the arrays, and the numbers that it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from rnnviz.analysis.reach import Reach, reach
from rnnviz.core.gradients import GradientFlow
from rnnviz.words.numbers import number, power, share

Flows = Mapping[str, GradientFlow]
"""Cell → its gradient flow."""


class Power(float):
    """log10 of a number: what is written is the number, 3.2·10⁻⁷."""

    def __format__(self, spec: str) -> str:
        """As `words.numbers.power` writes it."""
        return power(float(self))

    def __str__(self) -> str:
        """The same, for particles after it."""
        return format(self)


class Share(Power):
    """log10 of a share: what is written is the share, 8.4 %."""

    def __format__(self, spec: str) -> str:
        """As `words.numbers.share` writes it."""
        return share(float(self))


class Number(float):
    """A number, written with three significant digits."""

    def __format__(self, spec: str) -> str:
        """As `words.numbers.number` writes it."""
        return number(float(self))

    def __str__(self) -> str:
        """The same, for particles after it."""
        return format(self)


class Claim(NamedTuple):
    """Whether what is said holds, and the numbers it is said with, by slot."""

    holds: bool
    numbers: Mapping[str, Any]


Reading = Callable[[Flows], Claim]


def followed(found: Flows, cell: str) -> Reach:
    """The gradient of the last loss on the cell's memory state: share, mean factor, horizon."""
    return reach(found[cell])


def left(found: Flows, cell: str) -> Share:
    """log10 ‖∂L_S/∂s_1‖ / ‖∂L_S/∂s_S‖: the share left at step 1."""
    return Share(followed(found, cell).log10_share)


def gate(found: Flows, cell: str) -> np.ndarray:
    """The values of the gate that keeps the state, (T, H)."""
    trace = found[cell].trace
    name = trace.model.cell.keeping_gate
    assert name is not None
    return np.asarray(trace[name][:, 0])


def recurrent(found: Flows, cell: str) -> np.ndarray:
    """W_h, (H, G·H)."""
    return np.asarray(found[cell].trace.model.parameters[0]["W_h"])


def steps(found: Flows) -> int:
    """T."""
    return len(next(iter(found.values())).trace.x)
