"""Step Jacobians in portions give the same numbers as all at once, and take less memory."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

import rnnviz
from rnnviz import build, itemised, jacobian_map, leading, lyapunov, run, singular_values
from rnnviz.analysis import jacobian, jacobian_estimate, loss_attribution, spectrum, streamed
from tests.oracle import varied

VIEWS: dict[str, Any] = {
    "leading": lambda trace: leading(trace, 3), "exponents": lyapunov, "values": singular_values,
    "leading exponents": lambda trace: lyapunov(trace, count=2),
}  # fmt: skip


def found(name: str, trace: Any) -> tuple[Any, ...]:
    one = VIEWS[name](trace)
    return one if isinstance(one, tuple) else (one,)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions of three steps of n = 8."""
    monkeypatch.setattr(jacobian, "MOST_NUMBERS", 64 * 4)
    monkeypatch.setattr(spectrum, "MOST_AT_ONCE", 64 * 4)
    monkeypatch.setattr(spectrum, "PORTION", 64 * 3)
    monkeypatch.setattr(streamed, "PORTION", 64 * 3)


@pytest.mark.parametrize("steps", [4, 11, 12])
@pytest.mark.parametrize("name", VIEWS)
def test_portions_give_the_same(name: str, steps: int, request: pytest.FixtureRequest) -> None:
    trace = run(varied(build("lstm", 2, 4), spread=0.5), np.random.default_rng(1).standard_normal(
        (steps, 1, 2)
    ))  # fmt: skip
    whole = found(name, trace)
    request.getfixturevalue("few")
    for one, other in zip(whole, found(name, trace), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", VIEWS)
def test_nothing_is_known_from_a_step_on_that_is_not_finite(
    name: str, request: pytest.FixtureRequest
) -> None:
    model = varied(build("rnn", 1, 8, nonlinearity="identity"))
    model = model.with_parameters({**model.parameters[0], "W_h": np.full((8, 8), 1e200)})
    trace = run(model, np.ones((9, 1)))
    assert trace.first_nonfinite is not None
    whole = found(name, trace)
    request.getfixturevalue("few")
    for one, other in zip(whole, found(name, trace), strict=True):
        np.testing.assert_array_equal(one, other)


def test_memory_is_that_of_a_portion(monkeypatch: pytest.MonkeyPatch) -> None:
    """All Jacobians would be 5.8 MB, a portion 0.3 MB."""
    monkeypatch.setattr(jacobian, "MOST_NUMBERS", 10)
    monkeypatch.setattr(streamed, "PORTION", 40_000)
    trace = run(build("lstm", 2, 30), np.ones((200, 2)))
    tracemalloc.start()
    leading(trace, 2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2.5e6


def test_what_is_too_much_is_refused_with_what_there_is_instead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trace = run(build("lstm", 1, 4), np.ones((6, 1)))
    monkeypatch.setattr(jacobian_estimate, "MOST_WORK", 4 * 48**2)
    with pytest.raises(ValueError, match="`probes` must be at most 4 for a map of 6"):
        rnnviz.probed_map(trace, probes=5)
    monkeypatch.setattr(jacobian, "MOST_NUMBERS", 63)
    monkeypatch.setattr(jacobian, "MOST_AT_ONCE", 62)
    monkeypatch.setattr(jacobian, "MOST_MAP", 0.1)
    monkeypatch.setattr(loss_attribution, "MOST_PAIRS", 30)
    for call, instead in (
        (lambda: rnnviz.step_jacobians(trace), "probed_map hold a portion"),
        (lambda: jacobian_map(trace), "rnnviz.probed_map estimates the map"),
        (lambda: itemised(trace, np.ones((6, 4))), "rnnviz.reach follows the loss of one step"),
    ):
        with pytest.raises(ValueError, match=instead):
            call()
