"""The step Jacobian of every cell is what its backward step does to unit vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.analysis.jacobian import step_matrices
from tests.cells.conformance.cases import B, Case, every_shape, every_variant
from tests.oracle import agree


@every_variant
@every_shape
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_step_jacobian_is_what_the_backward_step_does(case: Case, dtype: Any) -> None:
    """Against unit vectors sent through the backward step."""
    within = 1e-14 if dtype == np.float64 else 1e-6
    for at in case.trace.layers:
        for example in range(B):
            ours = step_matrices(at, example, dtype)
            assert ours.dtype == dtype
            theirs = by_unit_vectors(at, example, dtype)
            agree(f"{at.layer} {at.direction}", ours, theirs, within)


def by_unit_vectors(at: Any, example: int, dtype: Any) -> Any:
    """∂s_t/∂s_{t−1} (T, n, n): one backward step of n examples, each with one unit vector."""
    size, names = at.record["h"].shape[-1], at.cell.states
    n = len(names) * size
    W = {name: one.astype(dtype) for name, one in at.parameters.items()}
    record = {
        name: np.repeat(one[:, example : example + 1].astype(dtype), n, axis=1)
        for name, one in at.record.items()
    }
    d = at.cell.gradient_records(record["h"].shape, dtype)
    for k, name in enumerate(names):
        unit = np.eye(n, dtype=dtype)[:, k * size : (k + 1) * size]
        d[f"d{name}"] = np.repeat(unit[None], len(record["h"]), axis=0)
        d[f"d{name}_prev"] = np.zeros_like(record["h"])
    step = at.cell.backward_loop(W, n, size, dtype).bound(record, d)
    for t in range(len(record["h"])):
        step(t)
    return np.concatenate([d[f"d{name}_prev"] for name in names], axis=-1)
