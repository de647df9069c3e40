"""The kind of a linear system, from its eigenvalues."""


import numpy as np
import pytest
from hypothesis import assume, given, settings

from rnnviz.analysis.systems import classify, drive, orbit, system
from tests.analysis.systems.drawn import matrices, turn

KINDS = [
    ([[0.8]], "node", "dies"), ([[1.0]], "identity", "holds"), ([[-1.0]], "flip", "holds"),
    ([[1.1]], "node", "diverges"), ([[0.9, 0], [0, 0.6]], "node", "dies"),
    (0.5 * np.eye(2), "star", "dies"), (np.eye(2), "identity", "holds"),
    ([[0.5, 10], [0, 0.5]], "degenerate", "dies"), ([[1, 0.5], [0, 1]], "shear", "grows"),
    ([[0.8, -0.6], [0.6, 0.8]], "rotation", "holds"), (-np.eye(2), "rotation", "holds"),
    ([[0, -2], [0.5, 0]], "centre", "holds"), (turn(0.7, 0.9), "spiral", "dies"),
    (turn(0.7, 1.1), "spiral", "diverges"), ([[1.2, 0], [0, 0.5]], "saddle", "diverges"),
    ([[1.2, 0], [0, 1.5]], "node", "diverges"), ([[1, 0], [0, 0.5]], "line", "holds"),
    ([[-1, 0], [0, 0.5]], "flip", "holds"),
    (np.zeros((2, 2)), "star", "dies"),
]  # fmt: skip


@pytest.mark.parametrize(("W", "name", "fate"), KINDS)
def test_kinds(W, name, fate):
    found = classify(W)
    assert (found.name, found.fate) == (name, fate)
    assert found.title


@given(matrices)
@settings(max_examples=60)
def test_eigenvalues_are_numpy_s_and_turning_the_plane_changes_nothing(W):
    found = classify(W)
    wanted = np.linalg.eigvals(W)
    wanted = wanted[np.argsort(-np.abs(wanted), kind="stable")]
    np.testing.assert_allclose(np.abs(found.eigenvalues), np.abs(wanted), atol=1e-6)
    assert found.eigenvalues.sum() == pytest.approx(np.trace(W), abs=1e-9)
    assert found.eigenvalues.prod() == pytest.approx(np.linalg.det(W), abs=1e-9)
    assert found.stretches[0] >= found.radius - 1e-9
    if found.normal:
        assert found.stretches[0] == pytest.approx(found.radius, abs=1e-6)
    transposed = classify(W.T)
    assert (transposed.name, transposed.fate) == (found.name, found.fate)


@given(matrices)
@settings(max_examples=10)
def test_the_fate_is_what_happens(W):
    found = classify(W)
    assume(abs(found.radius - 1) > 0.05)
    logs = orbit(system(W), [1, 1], drive("none", 200)).log10_gradient[:, 0]
    assert logs[-1] < 0 if found.fate == "dies" else logs[-1] > 0
