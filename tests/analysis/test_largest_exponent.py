"""λ₁ alone is the first of all exponents, also where directions end or numbers are lost."""

import numpy as np
import pytest

import rnnviz
from rnnviz.analysis import largest_exponent as module
from rnnviz.analysis.largest_exponent import largest_exponent

pytestmark = pytest.mark.fast
X = np.random.default_rng(0).standard_normal((21, 1, 2))


@pytest.mark.parametrize(("cell", "options"), [
    ("rnn", {"gain": 3.0}), ("lstm", {}), ("gru", {"update_bias": -2.0}), ("mingru", {}),
    ("rnn", {"nonlinearity": "relu"}), ("rnn", {"gain": 0.0}),
    ("rnn", {"nonlinearity": "identity", "gain": 1e80}),
])  # fmt: skip
def test_it_is_the_first_of_all(cell, options):
    trace = rnnviz.run(rnnviz.build(cell, 2, 6, seed=2, **options), X)
    first = rnnviz.lyapunov(trace)[0]
    np.testing.assert_allclose(largest_exponent(trace), first, rtol=1e-11)


@pytest.mark.parametrize(("cell", "inputs", "size", "seed", "gain", "steps", "scale"), [
    ("lstm", 2, 1, 259, 0.01, 7, 300.0), ("peephole_lstm", 1, 2, 32, 5.0, 100, 1.0),
])  # fmt: skip
def test_badly_scaled_steps_give_the_same(cell, inputs, size, seed, gain, steps, scale):
    x = np.random.default_rng(seed).normal(size=(steps, 1, inputs)) * scale
    trace = rnnviz.run(rnnviz.build(cell, inputs, size, seed=seed, gain=gain), x)
    assert largest_exponent(trace) == rnnviz.lyapunov(trace)[0]


def test_usual_steps_need_no_other_exponents(monkeypatch):
    monkeypatch.setattr(module, "lyapunov", None)
    for cell in ("rnn", "gru", "lstm"):
        trace = rnnviz.run(rnnviz.build(cell, 2, 64, seed=1), X)
        assert np.isfinite(largest_exponent(trace))
