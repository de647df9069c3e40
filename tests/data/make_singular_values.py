"""Singular values of products by mpmath with 700 digits (needs mpmath); writes singular_values.npz."""

from pathlib import Path

import mpmath
import numpy as np

SIZE = 5


def log10_singular_values(jacobians):
    mpmath.mp.dps = 700
    product = mpmath.eye(len(jacobians[0]))
    for one in jacobians:
        product = mpmath.matrix(one.tolist()) * product
    values = sorted(mpmath.svd_r(product, compute_uv=False), reverse=True)
    zero = mpmath.mpf(10) ** -600 * max(values[0], 1)
    return np.array([float(mpmath.log10(one)) if one > zero else -np.inf for one in values])


def cases():
    rng = np.random.default_rng(0)
    n, falling = SIZE, 10.0 ** -np.arange(SIZE)
    W = rng.standard_normal((n, n))
    Q = np.linalg.qr(rng.standard_normal((n, n)))[0]
    yield "gauss", rng.standard_normal((100, n, n))
    yield "one matrix", np.stack([W] * 80)
    yield "graded columns", rng.standard_normal((30, n, n)) * falling
    yield "graded rows, smallest first", falling[::-1, None] ** 2 * rng.standard_normal((30, n, n))
    yield "graded both ways", falling[:, None] * rng.standard_normal((30, n, n)) * falling[::-1]
    slopes = 1 - np.tanh(2 * rng.standard_normal((60, n, 1))) ** 2
    yield "tanh", slopes * W
    yield "saturated tanh", (1 - np.tanh(5 * rng.standard_normal((25, n, 1))) ** 2) * W
    yield "relu", (rng.random((20, n, 1)) > 0.05) * W
    yield "near ties", np.stack([Q @ np.diag([1, 0.999, 0.99, 0.5, 0.5]) @ Q.T] * 100)
    yield "up, then down", np.stack([np.diag([3.0, 1, 1, 1, 0.1])] * 60 + [np.eye(n) / 3] * 60)
    triangle = np.triu(rng.standard_normal((n, n)), 1) + np.diag(falling[::-1])
    yield "triangle", np.stack([triangle] * 20)
    whole = rng.integers(-9, 10, (10, 2, n, 2)).astype(float)
    yield "rank 2", whole[:, 0] @ whole[:, 1].transpose(0, 2, 1)


found = {}
for name, jacobians in cases():
    found |= {f"{name}/jacobians": jacobians, f"{name}/log10": log10_singular_values(jacobians)}
    print(name, found[f"{name}/log10"])
np.savez_compressed(Path(__file__).with_name("singular_values.npz"), **found)
