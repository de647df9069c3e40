"""Ways to change one function of the package for the length of a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from rnnviz.analysis import memory
from rnnviz.core import backward_loop
from rnnviz.core import backward_run as back
from rnnviz.core import forward_run as ahead
from rnnviz.core.gradients import LayerFlow

Patch = Callable[[pytest.MonkeyPatch], None]
RECORD = "recorded"
"""Steps one layer through its inputs: (cell, W, x, start) → record."""
GATES = vars(LayerFlow)["_gates"].func


def after(owner: Any, name: str, change: Callable[..., Any]) -> Patch:
    """What a function returns is changed: ``change(result, *its arguments)``."""

    def patch(here: pytest.MonkeyPatch) -> None:
        right = getattr(owner, name)
        here.setattr(owner, name, lambda *a, **k: change(right(*a, **k), *a))

    return patch


def before(owner: Any, name: str, change: Callable[..., Any]) -> Patch:
    """What a function is given is changed: ``change(*its arguments)`` gives others."""

    def patch(here: pytest.MonkeyPatch) -> None:
        right = getattr(owner, name)
        here.setattr(owner, name, lambda *a, **k: right(*change(*a), **k))

    return patch


def instead(owner: Any, name: str, new: Any) -> Patch:
    """A function is replaced."""
    return lambda here: here.setattr(owner, name, new)


def recorded(change: Callable[..., Any]) -> Patch:
    """A layer's record: ``change(record, cell, W, x, start)`` alters a copy, or returns another."""

    def changed(found: Any, *args: Any) -> Any:
        copy = {name: one.copy() for name, one in found.items()}
        return change(copy, *args) or copy

    return after(ahead, RECORD, changed)


def swept(change: Callable[[Any], Any]) -> Patch:
    """What one layer's backward pass leaves: ``change(sweep)`` alters it."""
    return after(backward_loop.Sweep, "run", lambda _, sweep: change(sweep))


def scaled(array: Any, by: float) -> None:
    array *= by


def without_one_loss(sweep: Any) -> Any:
    mantissa = sweep.direct.mantissa.copy()
    mantissa[2] = 0
    sweep.direct = sweep.direct.map(mantissa)
    return (sweep,)


def blocks_swapped(sweep: Any) -> None:
    one, other = (sweep.d[f"da_{name}"] for name in sweep.cell.blocks[:2])
    one[...], other[...] = other.copy(), one.copy()


def shifted(array: Any) -> Any:
    """One timestep late."""
    return np.roll(array, 1, axis=0)


def with_weight(name: str, change: Callable[[Any], Any]) -> Patch:
    """A layer steps with another weight than it says."""
    return before(
        ahead, RECORD, lambda cell, W, x, start: (cell, {**W, name: change(W[name])}, x, start)
    )


def parameters(change: Callable[[Any], Any], *names: str) -> Patch:
    """Gradients of parameters."""
    return after(
        back, "parameter_gradients",
        lambda found, *_: found | {name: change(found[name]) for name in names},
    )  # fmt: skip


def transposed_blocks(W: Any) -> Any:
    return np.hstack([one.T for one in np.split(W, W.shape[1] // W.shape[0], axis=1)])


def gates(change: Callable[[dict[str, Any]], Any]) -> Patch:
    """The mantissas of ∂L/∂gate of every gate and candidate."""

    def changed(own: LayerFlow) -> dict[str, Any]:
        found = GATES(own)
        made = change({name: one.mantissa for name, one in found.items()})
        return {name: one.map(made[name]) for name, one in found.items()}

    return instead(LayerFlow, "_gates", property(changed))


def values(name: str, change: Callable[[Any], Any]) -> Patch:
    """One figure of merit."""
    return after(
        memory, "memory", lambda found, *_: found._replace(**{name: change(getattr(found, name))})
    )


class Breakage(NamedTuple):
    what: str
    case: str
    patch: Patch
