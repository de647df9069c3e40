"""Equations of all shapes: computed as they stand, or refused in one sentence when stated."""

import numpy as np
import pytest

from rnnviz import Model, backprop, run, step_jacobians, verify
from rnnviz.analysis.cell_graph import currents
from rnnviz.cells._base import Cell, candidate, gate, state

Z = """z = σ(x @ W_xz + h_prev @ W_hz + b_z)
g = tanh(x @ W_xg + h_prev @ W_hg + b_g)
"""
FI = """f = σ(x @ W_xf + h_prev @ W_hf + b_f)
i = σ(x @ W_xi + h_prev @ W_hi + b_i)
"""
T, B, D, H = 5, 2, 2, 3


def stated(text: str, signals: str, states: tuple[str, ...] = ("h",)) -> type[Cell]:
    kinds = {
        name: state(name, name) if name in states
        else gate(name, name, at_0="shut", at_1="open") if f"{name} = σ" in text
        else candidate(name)
        for name in signals.split()
    }  # fmt: skip
    own = {"name": "own", "equations": text, "states": states, "signals": tuple(kinds.values())}
    return type("Own", (Cell,), own)


COMPUTED = {
    "a function inside a function": (Z + "h = tanh(tanh(z * h_prev)) + (1 - z) * g", "z g h"),
    "a function of a sum in a product": (Z + "h = z * σ(z + g) + (1 - z) * g", "z g h"),
    "a product of three": (Z + "h = z * g * h_prev + (1 - z) * g * g", "z g h"),
    "a square": (Z + "h = z * z * h_prev + h_prev + h_prev", "z g h"),
    "a sum of three": (Z + "h = z * h_prev + g + h_prev", "z g h"),
    "another name for a gate": (Z + "k = z\nh = k * h_prev + (1 - k) * g", "z g k h"),
    "one operand of two gates": (
        "q = tanh(h_prev)\nf = σ(x @ W_xf + h_prev @ W_hf + q + b_f)\n"
        "g = tanh(x @ W_xg + h_prev @ W_hg + q + b_g)\nh = f * h_prev + g", "q f g h",
    ),
    "two gates with one operand": (
        "q = tanh(h_prev)\nf = σ(x @ W_xf + h_prev @ W_hf + q)\n"
        "i = σ(x @ W_xi + h_prev @ W_hi + q)\nh = f * h_prev + i", "f i h",
    ),
    "a vector on what two matrices made": (
        "f = tanh(x @ W_xf + h_prev @ W_hf + b_f)\nk = tanh(x @ W_xk + f @ W_hk + b_k)\n"
        "o = σ(x @ W_xo + k @ W_ho + k * p_o + b_o)\nh = o * k", "f k o h",
    ),
    "three matrices on one symbol": (
        "q = tanh(h_prev)\ng = tanh(x @ W_xg + q @ W_hg + q @ W_qg + q @ W_kg)\nh = g * q", "g h",
    ),
    "a vector on an unseen symbol": (
        "k = h_prev * h_prev\nf = tanh(x @ W_xf + k * p_f)\nh = f * h_prev", "f h",
    ),
    "a share of unseen gates": (FI + "k = f / (f + i)\nh = k * h_prev", "k h"),
    "nothing of the past": ("h = tanh(x @ W_xh + b_h)", "h"),
    "a chain before the loop": (
        "f = σ(x @ W_xf + b_f)\ni = σ(x @ W_xi + f @ W_hi + f * p_i)\nh = i * h_prev + f", "f i h",
    ),
    "unseen sums before the loop": (
        "f = x @ W_xf + b_f\ni = σ(x @ W_xi)\nh = tanh(f) + i + h_prev", "h",
    ),
    "a state beside a gate in one product": (
        "k = σ(x @ W_xk + h_prev @ W_hk)\nh = σ(x @ W_xh + h_prev @ W_hh)", "k h",
    ),
    "comments and empty lines": ("# gates\n" + Z + "\nh = z * h_prev + g  # new", "z g h"),
    "a block that ends in another": (
        "zg = σ(x @ W_xzg + h_prev @ W_hzg + b_zg)\ng = tanh(x @ W_xg + b_g)\nh = zg * h_prev + g",
        "zg g h",
    ),
    "the name of a product": (Z + "q = z * g\nzg = q * g\nh = zg * h_prev + z * g", "z g h"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "signals"), COMPUTED.values(), ids=COMPUTED)
@pytest.mark.filterwarnings("error")
def test_gradients_arithmetic_and_jacobians_are_those_of_the_equations(
    text: str, signals: str
) -> None:
    cell, rng = stated(text, signals)(), np.random.default_rng(0)
    W = {name: rng.standard_normal(shape) / 2 for name, shape in cell.shapes(D, H).items()}
    model, x = Model(cell, D, H, (W,)), rng.standard_normal((T, B, D))
    h0, dh = rng.standard_normal((B, H)), rng.standard_normal((T, B, H))
    trace = run(model, x, h0=h0)
    assert [check for check in verify(trace, dh) if not check.ok] == []
    flow = backprop(trace, dh)
    wires = currents(flow)
    for name in signals.split():
        np.testing.assert_allclose(wires.values[name], trace[name][:, 0], atol=1e-13)
    back = sum(part.mantissa for (source, _), part in wires.back.items() if source == "h_prev")
    if not isinstance(back, int):
        np.testing.assert_allclose(back[0], flow.initial["h"][0, 0], atol=1e-12)
    step = 1e-6
    moved = [run(model, x[:1], h0=h0 + sign * step * np.eye(H)[0])["h"][0] for sign in (1, -1)]
    column = (moved[0] - moved[1])[0] / (2 * step)
    np.testing.assert_allclose(step_jacobians(trace)[0][:, 0], column, atol=1e-8)


L = "h = z * h_prev + g"
REFUSED = {
    "a symbol twice": (Z + "h = z * g\n" + L, "z g h", "line 4: 'h' is defined already"),
    "the input": (Z + "x = z * g\n" + L, "z g h", "reserved name 'x'"),
    "a past": (Z + "q_prev = z * g\n" + L, "z g h", "reserved name 'q_prev'"),
    "a name of the steps": (Z + "base_0 = z * g\n" + L, "z g h", "reserved name 'base_0'"),
    "a name that hides a product": (
        "r = σ(x @ W_xr)\not = r * h_prev\nh = tanh(x @ W_xh + ot @ W_hh)", "r h", "name 'ot'",
    ),
    "a dunder": (Z + "__import__ = z * g\n" + L, "z g h", "reserved name '__import__'"),
    "a parameter's name": (
        "v = σ(x @ W_xv + h_prev * v_v)\nh = v * h_prev", "v h", "symbol 'v' as a parameter",
    ),
    "the name of the sums": (Z + "a = z * g\nh = a * h_prev", "z g a h", "must not have 'a'"),
    "a matrix twice": (
        "z = σ(x @ W_xz + h_prev @ W_hz)\nq = h_prev @ W_hz\nh = z * q", "z h", "'W_h' once",
    ),
    "the input by another matrix": (
        "z = σ(x @ W_xz + x @ V_z)\nh = z * h_prev", "z h", "only the input, by W_x",
    ),
    "the input unit by unit": (Z + "h = z * h_prev + x", "z g h", "by a block of W_x, got 'x'"),
    "another bias": ("z = σ(x @ W_xz + d_z)\nh = z * h_prev", "z h", "must add b and b_h"),
    "a vector and a matrix": (
        "z = σ(x @ W_xz + h_prev * W_hz)\ng = tanh(x @ W_xg + h_prev @ W_hg)\n" + L, "z g h",
        "unit by unit, not both",
    ),
    "weights in a product": (
        "z = σ(x @ W_xz)\nh = z * tanh(x @ W_xh + h_prev @ W_hh)", "z h", "a line of its own",
    ),
    "a typing error": (Z + "h = z * h_prev + z * gg", "z g h", "'gg' is not defined"),
    "a signal without equation": (Z + L, "z g k h", "must define the signal 'k'"),
    "a state that is no signal": (Z + L, "z g", "must have the state 'h'"),
    "nested too deeply": (Z + "h = " + "+".join(["z"] * 3000), "z g h", "at most 2000 characters"),
    "two targets": (Z + "h = q = z", "z g h", "must define one symbol"),
    "ways without end": (
        Z + "".join(f"q{k + 1} = {f'q{k}' if k else 'z'} * {f'q{k}' if k else 'z'}\n"
                    for k in range(40)) + "h = q40 * h_prev", "z g h", "ways to a symbol",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "signals", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_computed_is_refused_when_stated(
    text: str, signals: str, words: str
) -> None:
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        stated(text, signals)


@pytest.mark.parametrize("states", [("c", "h"), ("h", "s"), ("h", "c", "d"), ()])
def test_states_are_h_or_h_and_c(states: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="`states` must be"):
        stated(Z + L, "z g h", states)


def test_c_cannot_read_the_new_h() -> None:
    with pytest.raises(ValueError, match="must not give the new h to c"):
        stated(Z + "h = z * c_prev + g\nc = z * h_prev + g * h", "z g h c", ("h", "c"))


def test_a_function_that_an_option_names_must_be_known() -> None:
    own = {
        "name": "own", "equations": "h = φ(x @ W_xh + h_prev @ W_hh)",
        "signals": (state("h", "h"),), "choices": {"phi": ("signum",)}, "phi_option": "phi",
    }  # fmt: skip
    with pytest.raises(ValueError, match="must call one of"):
        type("Own", (Cell,), own)


def test_a_gate_without_W_h_is_held_where_others_have_it() -> None:
    text = "f = σ(x @ W_xf + b_f)\ng = tanh(x @ W_xg + h_prev @ W_hg + b_g)\nh = f * h_prev + g"
    cell, rng = stated(text, "f g h")(hold={"f": 0.3}), np.random.default_rng(0)
    W = {name: rng.standard_normal(shape) for name, shape in cell.shapes(D, H).items()}
    trace = run(Model(cell, D, H, (W,)), rng.standard_normal((T, B, D)))
    np.testing.assert_allclose(trace["f"], 0.3, rtol=1e-15)


@pytest.mark.parametrize("inside", ["x @ W_xf", "x @ W_xf + h_prev + b_f"])
def test_a_gate_that_no_bias_can_fix_cannot_be_held(inside: str) -> None:
    kind = stated(f"f = σ({inside})\nh = f * h_prev", "f h")
    with pytest.raises(ValueError, match="gate to hold"):
        kind(hold={"f": 0.3})


def test_a_model_without_b_takes_no_b_h() -> None:
    cell = stated("h = tanh(x @ W_xh + h_prev @ W_hh)", "h")()
    W = {name: np.ones(shape) for name, shape in cell.shapes(D, H).items()}
    with pytest.raises(ValueError, match="must not hold 'b_h'"):
        Model(cell, D, H, ({**W, "b_h": np.ones(H)},))


def test_more_layers_than_parameters_are_refused_at_once() -> None:
    cell = stated("h = tanh(x @ W_xh)", "h")()
    with pytest.raises(ValueError, match="`parameters` must be a sequence of mappings"):
        Model(cell, D, H, ({"W_x": np.ones((D, H))},), num_layers=10**100)
