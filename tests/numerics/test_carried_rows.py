"""Rows carried through linear steps: the same at any size as with a power of two every step."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.numerics.carried_rows import carried
from rnnviz.numerics.extended_range import Scaled


@pytest.mark.parametrize("size", [1.0, 1e-3, 1e-40, 1e-300, 1e40, 0.0])
def test_any_size_is_carried(size: float) -> None:
    rng = np.random.default_rng(0)
    matrices = rng.standard_normal((150, 5, 5))
    matrices[60:90] *= size
    push = np.where(np.arange(150)[:, None, None] % 40 == 7, rng.standard_normal((150, 2, 5)), 0)
    powers = rng.integers(-1, 2, (150, 2)) * 700
    start = np.array([rng.standard_normal(5), np.zeros(5)])

    def on(t: int, rows: np.ndarray) -> np.ndarray:
        return rows @ matrices[t]

    given = Scaled(start, np.zeros(2, np.int64)), Scaled(push, powers), on
    with np.errstate(over="ignore", invalid="ignore"):
        found, wanted = carried(*given), carried(*given, one_by_one=True)
    top = wanted.top()
    np.testing.assert_array_equal(found.top(), top)
    np.testing.assert_allclose(found.at(top), wanted.at(top), rtol=0, atol=1e-14)


def test_a_row_that_is_too_small_for_floats_does_not_end() -> None:
    none = Scaled(np.zeros((9, 1, 2)), np.zeros((9, 1), np.int64))
    found = carried(Scaled(np.ones((1, 2)), np.zeros(1, np.int64)), none,
                    lambda _, rows: rows * 1e-200)  # fmt: skip
    np.testing.assert_allclose(found.log10_norms()[:, 0], np.log10(2) / 2 - 200 * np.arange(1, 10))
