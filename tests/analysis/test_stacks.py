"""Stacks: norms layer by layer, the two ways back, paths in the unrolled network."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import rnnviz
from rnnviz import backprop, build, run
from rnnviz.analysis.memory import memory
from rnnviz.analysis.stacks import (
    depth_factors,
    layer_norms,
    losses_of,
    one_loss,
    path_lengths,
    ways_back,
)
from rnnviz.analysis.verification.stack_checks import layer_checks
from rnnviz.numerics.records import sealed
from tests.oracle import NAMES, VARIANTS, agree, agree_along, stack, states, varied
from tests.references import DATA, MODULES, model_of

DEEP = [case for case in MODULES if "num_layers" in case or "bidirectional" in case]


def deep(cell: str = "lstm", layers: int = 3, both: bool = True, steps: int = 5, **options: Any):
    """A stack with random biases, run on two examples, with a loss on every step."""
    model = varied(build(cell, 2, 3, num_layers=layers, bidirectional=both, **options), spread=0.4)
    rng = np.random.default_rng(0)
    start = states(model, 2, rng)
    x = rng.standard_normal((steps, 2, 2))
    trace = run(model, x, **{f"{name}0": value for name, value in start.items()})
    return backprop(trace, rng.standard_normal(trace.outputs.shape)), start


def side(flow: Any, direction: str) -> int:
    return flow.trace.model.directions.index(direction)


@pytest.mark.parametrize(("cell", "options"), VARIANTS, ids=NAMES)
def test_every_layer_s_gradient_is_the_oracle_s(cell: str, options: dict) -> None:
    """Complex steps at h_t of one layer and direction, through equations written anew."""
    flow, start = deep(cell, layers=2, steps=3, **options)
    model, x = flow.trace.model, np.asarray(flow.trace.x, complex)
    start = {name: value.astype(complex) for name, value in start.items()}
    found = layer_norms(flow)
    for _, layer, direction in model.places():

        def loss(nudge: Any, place: Any = (layer, direction)) -> Any:
            return (flow.outputs * stack(model, x, start, nudge={place: {"h": nudge}})[1]).sum()

        ours = flow.layer(layer, direction)["h"]
        agree_along("h", ours, loss, np.zeros((3, 2, 3)))
        norms = np.log10(np.linalg.norm(ours[:, 0], axis=-1))
        np.testing.assert_allclose(found[side(flow, direction), layer], norms, atol=1e-9)


def test_central_differences_agree_layer_by_layer() -> None:
    """From outside: a parameter of one layer moved both ways, and the whole stack run again."""
    flow, start = deep("gru")
    model, rng = flow.trace.model, np.random.default_rng(3)
    start = {f"{name}0": value for name, value in start.items()}
    for index, _, _ in model.places():
        for name, W in model.parameters[index].items():
            way, ends = rng.standard_normal(W.shape), []
            for sign in (1e-6, -1e-6):
                moved = sealed({**model.parameters[index], name: W + sign * way})
                parameters = (*model.parameters[:index], moved, *model.parameters[index + 1 :])
                trace = run(replace(model, parameters=parameters), flow.trace.x, **start)
                ends.append((trace.outputs * flow.outputs).sum())
            sent = (flow.parameters[index][name] * way).sum()
            assert (ends[0] - ends[1]) / 2e-6 == pytest.approx(sent, rel=1e-6, abs=1e-8), name


@pytest.mark.parametrize("case", DEEP)
def test_directions_add_up_to_pytorch_s_gradient_of_the_input(case: str) -> None:
    model = model_of(case)
    flow = backprop(run(model, DATA[f"{case}/x"]), DATA[f"{case}/G"])
    total = sum(
        _before(flow, 0, direction) @ flow.layer(0, direction).trace.parameters["W_x"].T
        for direction in model.directions
    )
    agree("dx", total, DATA[f"{case}/dx"], 1e-10)
    checks = layer_checks(flow)
    assert len(checks) == len(flow.layers) + 5
    assert all(one.ok for one in checks), [one for one in checks if not one.ok]


def _before(flow: Any, layer: int, direction: str) -> Any:
    at = flow.layer(layer, direction)
    return np.concatenate([at[f"a_{block}"] for block in at.trace.cell.blocks], axis=-1)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_two_ways_add_up_and_down_is_what_the_layer_above_sends(cell: str) -> None:
    flow, _ = deep(cell)
    model = flow.trace.model
    for _, layer, direction in model.places():
        columns = slice(3 * side(flow, direction), 3 * side(flow, direction) + 3)
        down = flow.outputs
        if layer < 2:
            down = sum(_before(flow, layer + 1, one)
                       @ flow.layer(layer + 1, one).trace.parameters["W_x"].T
                       for one in model.directions)  # fmt: skip
        down = down[:, 1, columns]
        total = flow.layer(layer, direction)["h"][:, 1]
        last = -1 if direction == "forward" else 0
        np.testing.assert_allclose(total[last], down[last], rtol=1e-12)
        back = np.linalg.norm(total - down, axis=-1)
        ways = ways_back(flow, layer, direction, batch=1)
        np.testing.assert_allclose(10**ways.total, np.linalg.norm(total, axis=-1), rtol=1e-12)
        np.testing.assert_allclose(10**ways.down, np.linalg.norm(down, axis=-1), rtol=1e-12)
        assert ways.back[last] == -np.inf
        assert ways.share[last] == 1
        rest = np.arange(5) != last % 5
        np.testing.assert_allclose(10 ** ways.back[rest], back[rest], rtol=1e-9)
        shares = np.linalg.norm(down, axis=-1) / (np.linalg.norm(down, axis=-1) + back)
        np.testing.assert_allclose(ways.share[rest], shares[rest], rtol=1e-9)


def test_a_reverse_layer_is_a_forward_one_on_the_mirrored_sequence() -> None:
    flow, _ = deep("gru", layers=1, steps=9)
    model = flow.trace.model
    mirrored = replace(model, parameters=model.parameters[::-1])
    x, initial = flow.trace.x[::-1], flow.trace.initial["h"][::-1]
    dh = np.concatenate(np.split(flow.outputs[::-1], 2, axis=-1)[::-1], axis=-1)
    other = backprop(run(mirrored, x, h0=initial), dh)
    np.testing.assert_allclose(layer_norms(flow)[1, 0], layer_norms(other)[0, 0, ::-1], rtol=1e-12)
    mine, theirs = memory(flow.layer(0, "reverse")), memory(other.layer(0, "forward"))
    assert mine.factor == pytest.approx(theirs.factor, rel=1e-12)
    assert mine.log10_ratio == pytest.approx(theirs.log10_ratio, rel=1e-12)


@pytest.mark.parametrize("scale", [0.1, 1.0, 10.0])
def test_a_linear_stack_has_known_factors_beyond_floats(scale: float) -> None:
    """h_t = scale h_{t−1} + 2 x_t in both layers: back + 1 ways lead down, each once."""
    steps, size = 400, 4
    model = build("rnn", size, size, num_layers=2, nonlinearity="identity", init="orthogonal",
                  spectral_radius=scale)  # fmt: skip
    parameters = [
        sealed({**one, "W_x": 2 * np.eye(size), "W_h": scale * np.eye(size),
                "b": np.zeros_like(one["b"])})
        for one in model.parameters
    ]  # fmt: skip
    trace = run(replace(model, parameters=tuple(parameters)), np.zeros((steps, size)))
    dh = np.zeros(trace.outputs.shape)
    dh[-1] = 1
    flow = backprop(trace, dh)
    back = steps - np.arange(1, steps + 1)
    start = np.log10(np.linalg.norm(np.ones(size)))
    logs = layer_norms(flow)[0]
    np.testing.assert_allclose(logs[1], start + back * np.log10(scale), atol=1e-9)
    lower = start + back * np.log10(scale) + np.log10(2.0 * (back + 1))
    np.testing.assert_allclose(logs[0], lower, atol=1e-9)
    assert memory(flow.layer(1)).factor == pytest.approx(scale, rel=1e-9)
    found = depth_factors(flow)
    assert found.steps.tolist() == [[steps]]
    assert found.factor[0, 0] == pytest.approx(10 ** np.log10(2.0 * (back + 1)).mean(), rel=1e-9)
    assert all(one.ok for one in layer_checks(flow))


def searched(losses: Any, layers: int, both: bool) -> Any:
    """Breadth first through the unrolled network, from every state by itself."""
    steps = len(losses)
    sides = (1, -1)[: 1 + both]
    found = np.full((len(sides), layers, steps), np.inf)
    for where in np.ndindex(found.shape):
        queue, seen = deque([(where, 0)]), set()
        while queue:
            (k, layer, t), cost = queue.popleft()
            if (k, layer, t) in seen:
                continue
            seen.add((k, layer, t))
            if layer == layers - 1 and losses[t]:
                found[where] = cost
                break
            if layer < layers - 1:
                for up in range(len(sides)):
                    queue.appendleft(((up, layer + 1, t), cost))
            if 0 <= t + sides[k] < steps:
                queue.append(((k, layer, t + sides[k]), cost + 1))
    return found


@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("layers", [1, 2, 4])
def test_path_lengths_are_the_shortest_paths(layers: int, both: bool) -> None:
    rng = np.random.default_rng(layers)
    masks = [rng.random(8) < share for share in (0.0, 0.15, 0.4, 1.0)]
    for mask in [*masks, np.arange(8) == 7, np.arange(8) == 3, np.array([True])]:
        found = path_lengths(mask, layers, both)
        np.testing.assert_array_equal(found, searched(mask, layers, both))


def test_a_loss_on_step_s_is_as_far_as_the_page_says() -> None:
    t = np.arange(1, 51)
    forward, reverse = path_lengths(t == 50, 1, True)[:, 0]
    np.testing.assert_array_equal(forward, 50 - t)
    assert reverse.tolist() == [np.inf] * 49 + [0]
    lower = path_lengths(t == 20, 2, True)[:, 0]
    np.testing.assert_array_equal(lower, [abs(20 - t)] * 2)
    ends = path_lengths((t == 1) | (t == 50), 1, True)[:, 0]
    np.testing.assert_array_equal(ends.min(axis=0), np.minimum(t - 1, 50 - t))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("both", [False, True])
def test_there_is_a_gradient_exactly_where_a_path_leads(cell: str, both: bool) -> None:
    for at in (0, 2, 4):
        flow, _ = deep(cell, both=both)
        alone = one_loss(flow, at + 1)
        lengths = path_lengths(losses_of(alone), 3, both)
        np.testing.assert_array_equal(np.isfinite(layer_norms(alone)), np.isfinite(lengths))


def test_the_single_losses_add_up() -> None:
    flow, _ = deep("lstm")
    parts = [one_loss(flow, t) for t in range(1, 6)]
    for _, layer, direction in flow.trace.model.places():
        total = sum(part.layer(layer, direction)["h"] for part in parts)
        agree("h", total, flow.layer(layer, direction)["h"], 1e-12)


def test_what_cannot_be_asked_is_refused() -> None:
    flow, _ = deep("rnn")
    for call in (lambda: layer_norms(flow.trace), lambda: layer_norms(flow, batch=2),
                 lambda: ways_back(flow, 3), lambda: ways_back(flow, 0, "sideways"),
                 lambda: one_loss(flow, 0), lambda: path_lengths(np.zeros(3)),
                 lambda: path_lengths(np.zeros(0, bool)),
                 lambda: path_lengths(np.ones(3, bool), 0)):  # fmt: skip
        with pytest.raises(ValueError, match="must"):
            call()
    for name in ("layer_norms", "depth_factors", "path_lengths", "ways_back"):
        assert getattr(rnnviz, name).__doc__
