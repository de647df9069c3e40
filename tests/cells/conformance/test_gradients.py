"""Gradients of every cell are the derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz import Model, run
from tests.cells.conformance.cases import SHAPES, B, Case, D, H, T, every_shape, every_variant
from tests.oracle import NAMES, VARIANTS, agree, agree_along

STACKED = ("rnn-tanh", "lstm", "gru-True")
"""Variants that stand for all in two layers and both directions, where a derivative takes long."""
each_alone_some_stacked = pytest.mark.parametrize(
    ("cell", "options", "shape"),
    [
        pytest.param(*one, shape, id=f"{what}-{name}")
        for what, shape in SHAPES.items()
        for name, one in zip(NAMES, VARIANTS, strict=True)
        if not shape or name in STACKED
    ],
)


@each_alone_some_stacked
def test_parameter_gradients_are_the_derivatives(case: Case) -> None:
    for index, W in enumerate(case.model.parameters):
        assert set(case.flow.parameters[index]) == set(W)
        for name, value in W.items():

            def loss(moved: Any, index: int = index, name: str = name) -> Any:
                layers = list(case.model.parameters)
                layers[index] = {**layers[index], name: moved}
                return case.loss(parameters=layers)

            agree_along(f"{name} of {index}", case.flow.parameters[index][name], loss, value)


@every_variant
@every_shape
def test_input_and_initial_state_gradients_are_the_derivatives(case: Case) -> None:
    agree_along("dx", case.flow.inputs, lambda x: case.loss(x=x), case.x)
    for name, value in case.start.items():

        def loss(moved: Any, name: str = name) -> Any:
            return case.loss(start={**case.start, name: moved})

        agree_along(f"d{name}0", case.flow.initial[name], loss, value)


@each_alone_some_stacked
def test_the_gradient_of_every_signal_and_pre_activation_is_the_derivative(case: Case) -> None:
    """∂L/∂f_t is what the loss gains if a little is added to f_t where it is made."""
    kind = case.model.cell
    places = {(layer, direction) for _, layer, direction in case.model.places()}
    for name in [*(s.name for s in kind.signals), *(f"a_{block}" for block in kind.blocks)]:
        for place in sorted(places)[:: max(1, len(places) - 1)]:

            def loss(moved: Any, place: Any = place, name: str = name) -> Any:
                return case.loss(nudge={place: {name: moved}})

            ours = case.flow.layer(*place)[name]
            agree_along(f"d{name} of {place}", ours, loss, np.zeros((T, B, H)))


@every_variant
def test_a_random_direction_in_everything_at_once(cell: str, options: dict) -> None:
    """∂L/∂(all) · direction against central differences of our own forward run."""
    case, rng = Case(cell, options, SHAPES["two layers, both directions"]), np.random.default_rng(5)
    directions = [{k: rng.standard_normal(W.shape) for k, W in one.items()}
                  for one in case.model.parameters]  # fmt: skip
    dx, step = rng.standard_normal(case.x.shape), 1e-6

    def loss(at: float) -> float:
        layers = [{k: W + at * v[k] for k, W in one.items()}
                  for one, v in zip(case.model.parameters, directions, strict=True)]  # fmt: skip
        model = Model(case.model.cell, D, H, tuple(layers), 2, True)
        start = {f"{name}0": value for name, value in case.start.items()}
        return float((case.dh * run(model, case.x + at * dx, **start).outputs).sum())

    measured = (loss(step) - loss(-step)) / (2 * step)
    told = (case.flow.inputs * dx).sum() + sum(
        (gradient[k] * v[k]).sum()
        for gradient, v in zip(case.flow.parameters, directions, strict=True)
        for k in v
    )
    assert abs(told - measured) < 1e-7 * max(1, abs(measured)), (told, measured)


@every_variant
def test_the_steps_contributions_sum_to_the_full_gradient(cell: str, options: dict) -> None:
    """Step t's share is the whole gradient of the loss with that step's parameters moved alone."""
    case = Case(cell, options, {})
    at, flow = case.trace.layers[0], case.flow.layers[0]
    shares = at.cell.contributions(at.parameters, at.record, flow.d)
    for name, total in flow.parameters.items():
        share = shares[name]
        if isinstance(share, tuple):
            parts = [np.einsum("tbm,tbn->tmn", left, right) for left, right in share]
            share = np.concatenate(parts, axis=-1)
        else:
            share = share.sum(axis=1)
        agree(name, share.sum(axis=0), total, 1e-12)
        lengths = np.sqrt((share**2).reshape(T, -1).sum(axis=1))
        np.testing.assert_allclose(10 ** flow.log10_weight_norms(name), lengths, rtol=1e-12)
