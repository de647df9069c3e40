"""What must hold for any model, input and gradient: hypothesis draws them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz import Model, backprop, build, run
from tests.oracle import VARIANTS, agree, replaced, states, varied


@dataclass
class Drawn:
    """A small random problem, drawn from one seed, which hypothesis can shrink."""

    seed: int
    cell: str
    options: dict
    steps: int
    batch: int
    layers: int
    bidirectional: bool

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        shape = {"num_layers": self.layers, "bidirectional": self.bidirectional}
        self.model: Model = varied(build(self.cell, 2, 3, **self.options, **shape), self.seed)
        self.x = self.rng.standard_normal((self.steps, self.batch, 2))
        self.start = states(self.model, self.batch, self.rng)
        self.dh = self.gradient()

    def gradient(self) -> Any:
        width = 3 * (1 + self.bidirectional)
        return self.rng.standard_normal((self.steps, self.batch, width))

    def trace(self, model: Model | None = None, example: Any = slice(None)) -> Any:
        start = {f"{name}0": value[:, example] for name, value in self.start.items()}
        return run(model or self.model, self.x[:, example], **start)


@st.composite
def problems(draw: Any, **fixed: Any) -> Drawn:
    cell, options = draw(st.sampled_from(VARIANTS))
    drawn = {
        "steps": st.integers(1, 12), "batch": st.integers(1, 3),
        "layers": st.integers(1, 2), "bidirectional": st.booleans(),
    }  # fmt: skip
    values = {name: fixed[name] if name in fixed else draw(one) for name, one in drawn.items()}
    return Drawn(draw(st.integers(0, 10**6)), cell, options, **values)


many = settings(max_examples=25)


def everything(flow: Any) -> dict[str, Any]:
    """Every gradient of a flow by name."""
    found = {"inputs": flow.inputs}
    for index, layer in enumerate(flow.layers):
        found |= {f"{name} {index}": value for name, value in layer.parameters.items()}
        for signal in layer.trace.cell.signals:
            found[f"{signal.name} {index}"] = layer[signal.name]
    return found | {f"initial {name}": value for name, value in flow.initial.items()}


@many
@given(problems(), st.floats(-3, 3), st.floats(-3, 3))
def test_gradients_are_linear_in_what_comes_in(one: Drawn, a: float, b: float) -> None:
    trace, other = one.trace(), one.gradient()
    first, second = everything(backprop(trace, one.dh)), everything(backprop(trace, other))
    for name, value in everything(backprop(trace, a * one.dh + b * other)).items():
        unit = np.abs(first[name]).max() + np.abs(second[name]).max()
        off = np.abs(value - (a * first[name] + b * second[name])).max()
        assert off <= 1e-12 * max(unit, 1e-9), name


@many
@given(problems(), st.integers(-960, 960))
def test_a_power_of_two_comes_out_as_it_went_in(one: Drawn, power: int) -> None:
    """Up to the ends of the float format."""
    trace = one.trace()
    plain, scaled = backprop(trace, one.dh), backprop(trace, np.ldexp(one.dh, power))
    for index, layer in enumerate(plain.layers):
        for name in one.model.cell.states:
            expected = layer.log10_norms(name) + power * np.log10(2)
            found = scaled.layers[index].log10_norms(name)
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


@many
@given(problems())
def test_an_example_alone_gives_what_it_gives_in_a_batch(one: Drawn) -> None:
    together, total = backprop(one.trace(), one.dh), 0
    for b in range(one.batch):
        alone = backprop(one.trace(example=slice(b, b + 1)), one.dh[:, b : b + 1])
        agree("dx", alone.inputs[:, 0], together.inputs[:, b], 1e-11)
        agree("outputs", alone.trace.outputs[:, 0], together.trace.outputs[:, b], 1e-12)
        for name, value in alone.initial.items():
            agree(f"d{name}0", value[:, 0], together.initial[name][:, b], 1e-11)
        total = total + alone.parameters[0]["W_x"]
    off = np.abs(total - together.parameters[0]["W_x"]).max()
    assert off <= 1e-11 * max(np.abs(total).max(), 1e-3)


@many
@given(problems(bidirectional=True, layers=1))
def test_time_turned_round_exchanges_the_two_directions(one: Drawn) -> None:
    forward, reverse = one.model.parameters
    turned = replaced(one.model, [reverse, forward])
    start = {f"{name}0": value[::-1] for name, value in one.start.items()}
    trace, other = one.trace(), run(turned, one.x[::-1], **start)
    halves = np.split(other.outputs[::-1], 2, axis=-1)
    agree("outputs", np.concatenate(halves[::-1], axis=-1), trace.outputs, 1e-13)
    flow = backprop(trace, one.dh)
    swapped = np.concatenate(np.split(one.dh[::-1], 2, axis=-1)[::-1], axis=-1)
    back = backprop(other, swapped)
    agree("dx", back.inputs[::-1], flow.inputs, 1e-11)
    found, expected = back.layer(0, "reverse"), flow.layer(0, "forward")
    np.testing.assert_allclose(found.log10_norms("h")[0], expected.log10_norms("h")[0], atol=1e-9)
    np.testing.assert_allclose(
        found.log10_norms("h")[:0:-1], expected.log10_norms("h")[1:], atol=1e-9
    )


def permuted(model: Model, order: Any) -> Model:
    """The same one-layer model with its hidden units in another order."""
    size, W = len(order), {}
    for name, value in model.parameters[0].items():
        split = value.reshape(*value.shape[:-1], -1, size)[..., order]
        W[name] = split.reshape(value.shape)
        if name in ("W_h", "W_c"):
            W[name] = W[name][order]
    return replaced(model, [W])


@many
@given(problems(layers=1, bidirectional=False), st.permutations(range(3)))
def test_the_order_of_the_hidden_units_does_not_change_a_norm(one: Drawn, order: Any) -> None:
    start = {f"{name}0": value[..., order] for name, value in one.start.items()}
    flow = backprop(one.trace(), one.dh)
    other = backprop(run(permuted(one.model, order), one.x, **start), one.dh[..., order])
    agree("dx", other.inputs, flow.inputs, 1e-11)
    for signal in one.model.cell.signals:
        agree(signal.name, other.trace[signal.name], flow.trace[signal.name][..., order], 1e-12)
        np.testing.assert_allclose(
            other.log10_norms(signal.name), flow.log10_norms(signal.name), rtol=0, atol=1e-9
        )
    for name in flow.parameters[0]:
        np.testing.assert_allclose(
            other.log10_weight_norms(name), flow.log10_weight_norms(name), rtol=0, atol=1e-9
        )


@many
@given(st.integers(0, 10**6), st.floats(0.1, 3), st.sampled_from(["tanh", "relu", "sigmoid"]))
def test_a_gradient_never_exceeds_the_product_of_its_steps_norms(
    seed: int, spread: float, nonlinearity: str
) -> None:
    """‖∂L/∂h_0‖ ≤ ‖∂L/∂h_T‖ ∏ ‖W_h‖₂ max |φ′|, step by step."""
    model = varied(build("rnn", 2, 3, nonlinearity=nonlinearity), seed, spread)
    rng = np.random.default_rng(seed)
    trace = run(model, 0.1 * rng.standard_normal((15, 2, 2)))
    dh = np.zeros((15, 2, 3))
    dh[-1] = rng.standard_normal((2, 3))
    norms = backprop(trace, dh).log10_norms("h")
    steepest = 0.25 if nonlinearity == "sigmoid" else 1.0
    bound = np.log10(np.linalg.norm(model.parameters[0]["W_h"], 2) * steepest)
    finite = np.isfinite(norms[1:])
    assert (norms[:-1][finite] - norms[1:][finite] <= bound + 1e-12).all()
    assert (norms[:-1][~finite] == -np.inf).all()


@many
@given(problems())
def test_the_same_call_gives_the_same_bits(one: Drawn) -> None:
    first, second = (everything(backprop(one.trace(), one.dh)) for _ in range(2))
    for name, value in first.items():
        np.testing.assert_array_equal(value, second[name])


@many
@given(problems(bidirectional=False), st.integers(0, 10**6))
def test_a_loss_reaches_no_later_step(one: Drawn, seed: int) -> None:
    """Causality: after the last loss every gradient is exactly 0; before it, inputs matter."""
    at = seed % one.steps
    dh = np.zeros_like(one.dh)
    dh[at] = one.dh[at]
    flow = backprop(one.trace(), dh)
    assert not flow.inputs[at + 1 :].any()
    assert (flow.layer(0).log10_norms("h")[at + 2 :] == -np.inf).all()
    assert (flow.layer(0).log10_weight_norms("W_x")[at + 1 :] == -np.inf).all()


@many
@given(problems(bidirectional=False), st.integers(1, 11))
def test_a_run_can_be_cut_and_continued(one: Drawn, cut: int) -> None:
    """The first part's final states start the second; its gradient comes back through them."""
    cut = min(cut, one.steps - 1)
    if cut < 1:
        return
    whole = one.trace()
    given_at_0 = {f"{name}0": value for name, value in one.start.items()}
    first = run(one.model, one.x[:cut], **given_at_0)
    second = run(one.model, one.x[cut:], **{f"{n}0": v for n, v in first.final.items()})
    both = np.concatenate([first.outputs, second.outputs])
    agree("outputs", both, whole.outputs, 1e-12)
    agree("dx", backprop(second, one.dh[cut:]).inputs, backprop(whole, one.dh).inputs[cut:], 1e-11)
