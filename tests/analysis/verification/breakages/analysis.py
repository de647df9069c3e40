"""Breakages of Jacobians, singular values, memory, single losses and paths."""

from __future__ import annotations

import numpy as np

from rnnviz.analysis import gradient_paths, jacobian, loss_attribution, memory, spectrum
from rnnviz.numerics import graded_svd
from rnnviz.numerics.extended_range import Scaled
from tests.analysis.verification.breakages.cases import T
from tests.analysis.verification.breakages.patches import (
    Breakage,
    after,
    before,
    instead,
    shifted,
    values,
)

PRODUCTS = [
    Breakage("step Jacobians transposed", "gru",
             after(jacobian, "step_matrices", lambda J, *_: J.swapaxes(1, 2).copy())),
    Breakage("step Jacobians off by a millionth", "lstm",
             after(jacobian, "step_matrices", lambda J, *_: J * (1 + 1e-6))),
    Breakage("step Jacobians one step late", "both ways",
             after(jacobian, "step_jacobians", lambda J, *_: shifted(J))),
    Breakage("step Jacobians of another example", "lstm",
             before(jacobian, "step_matrices", lambda at, batch, *rest: (at, 1 - batch, *rest))),
    Breakage("the map is off by one", "gru",
             after(jacobian, "jacobian_map", lambda found, *_: np.roll(found, 1, axis=1))),
    Breakage("the map in natural logarithms", "lstm",
             after(jacobian, "jacobian_map", lambda found, *_: found * np.log(10))),
    Breakage("the map transposed", "gru",
             after(jacobian, "jacobian_map", lambda found, *_: found.T)),
    Breakage("norms of the map: one step too many", "gru",
             before(jacobian, "log10_norms", lambda J, *rest: (J[::-1].copy(), *rest))),
    Breakage("norms of the map: off by a millionth", "lstm",
             after(jacobian, "log10_norms", lambda found, *_: found + 1e-6)),
    Breakage("singular values in ascending order", "gru",
             after(spectrum, "log10_singular_values", lambda found, *_: found[:, ::-1])),
    Breakage("singular values in natural logarithms", "lstm",
             after(spectrum, "log10_singular_values", lambda found, *_: found * np.log(10))),
    Breakage("singular values squared", "gru",
             after(graded_svd, "_logs", lambda found, *_: 2 * found)),
    Breakage("the product lacks its last step", "lstm",
             instead(spectrum, "products_in", lambda parts: (
                 next(graded_svd.products_in([np.concatenate([np.eye(J.shape[1])[None], J[:-1]])]))
                 for J in parts))),
    Breakage("Lyapunov exponents over all steps, not a step", "gru",
             after(spectrum, "lyapunov", lambda found, one, **_: found * 2)),
    Breakage("Lyapunov exponents to base 10", "lstm",
             after(spectrum, "lyapunov", lambda found, *_: found / np.log(10))),
    Breakage("Lyapunov exponents: growth off by a millionth", "gru",
             after(spectrum, "growth", lambda found, *_: (found[0] + 1e-6, found[1]))),
]  # fmt: skip

SUMS = [
    Breakage("γ inverted", "gru", values("factor", lambda one: 1 / one)),
    Breakage("half-life in units of e", "gru", values("half_life", lambda one: one / np.log(2))),
    Breakage("half-life's sign", "lstm", values("half_life", lambda one: -one)),
    Breakage("horizon one step late", "faint", values("horizon", lambda one: one + 1)),
    Breakage("τ is 1 / gate", "lstm", values("tau", lambda one: one / (one - 1))),
    Breakage("memory of a reverse direction against input time", "both ways",
             before(memory, "_figures", lambda logs, tau: (logs[::-1], tau))),
    Breakage("the start of memory is off by one", "gru", values("start", lambda one: one - 1)),
    Breakage("single losses: one is lost", "gru",
             after(loss_attribution, "_asked",
                   lambda found, *_: (found[0], found[1] * (np.arange(T) != 3)[:, None]))),
    Breakage("single losses: the norms one step late", "lstm",
             after(loss_attribution, "itemised", lambda found, *_: np.roll(found, 1, axis=1))),
    Breakage("paths: the kept state counts twice", "lstm",
             after(gradient_paths, "path_vectors", lambda found, *_: found | {
                 "main": found["main"].map(2 * found["main"].mantissa)})),
    Breakage("paths: a reverse direction is not turned round", "both ways",
             instead(gradient_paths, "_in_time",
                     lambda at, one: Scaled(one.mantissa[:, 0], one.exponent[:, 0]))),
]  # fmt: skip
