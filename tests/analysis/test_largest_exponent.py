"""λ₁ alone is the first of all exponents, also where directions end or numbers are lost."""

import numpy as np
import pytest

import rnnviz
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
