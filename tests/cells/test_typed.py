"""Typed equations: read as they stand, computed exactly, or refused at the character."""

import importlib.util
import pickle
from pathlib import Path

import numpy as np
import pytest

from rnnviz import CELLS, backprop, build, cell_from_equations, run, train, verify
from rnnviz.cells import Misprint
from rnnviz.cells._typed.misprint import pointed
from rnnviz.cells._typed.names import PREFIX, coded
from tests.cells.typed_at_random import equations

LI_GRU = """z = σ(x Wz + h Uz + bz)
g = relu(x Wg + h Ug + bg)
h = z ⊙ h + (1 − z) ⊙ g"""
FILE = Path(__file__).resolve().parents[2] / "docs/examples/li_gru.py"


def flow_of(name: str, **more: object):
    model = build(name, 3, 5, seed=4, output_size=2, **more)
    x = np.random.default_rng(1).standard_normal((12, 2, 3))
    return backprop(run(model, x), np.random.default_rng(2).standard_normal((12, 2, 5)))


def test_a_typed_li_gru_is_the_file_s(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("li_gru", FILE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(CELLS._found, "li_gru", module.LiGRU)
    ours, theirs = (flow_of(one, update_bias=3.0)
                    for one in (cell_from_equations(LI_GRU), "li_gru"))  # fmt: skip
    for name in "zgh":
        np.testing.assert_allclose(ours.trace[name], theirs.trace[name], rtol=0, atol=1e-15)
        np.testing.assert_allclose(ours[name], theirs[name], rtol=0, atol=1e-15)
    for name, one in theirs.parameters[0].items():
        np.testing.assert_allclose(ours.parameters[0][name], one, rtol=0, atol=1e-15)
    own, file = ours.trace.model.cell, theirs.trace.model.cell
    assert (own.keeping_gate, own.roles) == (file.keeping_gate, file.roles)
    assert [(s.name, s.kind, s.meaning, s.equation) for s in own.signals] == [
        (s.name, s.kind, s.meaning, s.equation) for s in file.signals
    ]


GRU = """r = σ(x @ W_xr + h_prev @ W_hr + b_r)
z = σ(x @ W_xz + h_prev @ W_hz + b_z)
q = r * h_prev
g = tanh(x @ W_xg + q @ W_hg + b_g)
h = z * h_prev + (1 - z) * g"""
SPELLED = {
    "subscripts": """r_t = σ(W_r x_t + U_r h_{t−1} + b_r)
        z_t = σ(W_z x_t + U_z h_{t-1} + b_z)
        g_t = tanh(W_g x_t + U_g (r_t ⊙ h_{t-1}) + b_g)
        h_t = z_t ⊙ h_{t-1} + (1 − z_t) ⊙ g_t""",
    "signs of their own": """rₜ = σ(xₜ Wᵣ + hₜ₋₁ Uᵣ + bᵣ); zₜ = σ(xₜ Wz + hₜ₋₁ Uz + bz)
        h̃ₜ = tanh(xₜ Wₕ + (rₜ ∘ hₜ₋₁) Uₕ + bₕ)
        hₜ = zₜ∘hₜ₋₁ + (1−zₜ)∘h̃ₜ  # as in the paper""",
    "ASCII": """r = sigmoid(x@Wr + h_prev@Ur + br)
        z = sigmoid(x@Wz + h_prev@Uz + bz)
        g = tanh(x*Wg + (r*h_prev)*Ug + bg)
        h = z*h_prev + (1 - z)*g""",
    "LaTeX": r"""r_{t} = \\sigma(x_{t} W_{xr} + h_{t-1} W_{hr} + b_{r})
        z_{t} = \\sigma(x_{t} W_{xz} + h_{t-1} W_{hz} + b_{z})
        g_{t} = \\tanh(x_{t} W_{xg} + \\left(r_{t} \\odot h_{t-1}\\right) W_{hg} + b_{g})
        h_{t} = z_{t} \\odot h_{t-1} + (1 - z_{t}) \\odot g_{t}""".replace("\\\\", "\\"),
    "brackets": """r[t] = σ(x[t] Wr + h[t-1] Ur + br)
        z(t) = σ(x(t) Wz + h(t−1) Uz + bz)
        g[t] = tanh(x[t] Wg + [r[t] ⊙ h[t-1]] Ug + bg)
        h[t] = z[t] h[t-1] + (1 − z[t]) g[t]""",
}  # fmt: skip


@pytest.mark.parametrize("text", SPELLED.values(), ids=SPELLED)
def test_notations_of_papers_are_one(text: str) -> None:
    assert CELLS[cell_from_equations(text)].equations == GRU


def test_what_the_old_value_means_and_which_gate_keeps() -> None:
    kind = CELLS[cell_from_equations(
        "f = σ(x Wf + C ⊙ pf)\nC_t = f C_{t-1} + tanh(x Wg + h Ug)\nh = tanh C"
    )]  # fmt: skip
    assert kind.states == ("h", "c")
    assert kind.equations.splitlines() == [
        "f = σ(x @ W_xf + c_prev * p_f)", "g = tanh(x @ W_xg + h_prev @ W_hg)",
        "c = f * c_prev + g", "h = tanh(c)",
    ]  # fmt: skip
    turned = CELLS[cell_from_equations(LI_GRU.replace("z ⊙ h + (1 − z) ⊙ g", "(1−z) ⊙ h + z ⊙ g"))]
    assert turned.keeping_gate == "k"
    assert turned.bias_blocks == {}, "a larger b_z opens z, and that erases"
    named = CELLS[cell_from_equations(LI_GRU.replace("z", "u"))]
    assert named.bias_blocks == {"update_bias": "u"}


REFUSED = {
    "": (1, 1, "no equation"), "h": (1, 2, "begins with one name"), "= x W": (1, 1, "one name"),
    "h = ": (1, 4, "ends where"), "h = tanh(x W + h U": (1, 9, "not closed"),
    "h = tanh x W)": (1, 13, "never opened"), "h = x W +": (1, 10, "ends where"),
    "h = tanh(x W + h U))": (1, 20, "never opened"), "h == x W": (1, 4, "missing here"),
    "h = x W, h U": (1, 8, "comma"), "h = W [h, x]": (1, 9, "comma"), "h = h² ": (1, 6, "power"),
    "h = x W\nh = x V": (2, 1, "defined already, in line 1"), "g = x W": (1, 1, "defines h"),
    "h = g": (1, 5, "g is not defined"), "h = tanh(x W + y)": (1, 16, "y is not defined"),
    "h = z ⊙ h\nz = σ(x W)": (1, 5, "before its own equation"), "h = x": (1, 5, "D entries"),
    "h = h ⊙ x": (1, 9, "D entries"), "h = tanh(x W) + x": (1, 17, "D entries"),
    "h = X W": (1, 5, "small letter"), "h = x_{t-1} W": (1, 5, "earlier step"),
    "h = 0.5": (1, 5, "a number alone"), "h = tanh(3 − 1) h + x W": (1, 5, "a number alone"),
    "h = h + x W\nz = 2": (2, 5, "a number alone"), "h = h − b + x W": (1, 9, "either sign: add"),
    "h = h / (2 − 2) + x W": (1, 12, "nothing can be divided"), "h = − − h": (1, 7, "missing here"),
    "h = 12345678901234567 h": (1, 5, "at most 16"), "h = 1e5x W": (1, 6, "e5x is not"),
    "h = 1 / h": (1, 7, "two quotients"), "h = h 0.5 U + x W": (1, 11, "two ways"),
    "h = h / h": (1, 7, "quotient"), "h = log(x W)": (1, 5, "function log"),
    "h = σ + x W": (1, 7, "applied to is missing"), "h = r ⊙ h U": (1, 5, "r is not defined"),
    "r = σ(x V)\nh = r ⊙ h U": (2, 11, "two ways"), "h = h ⊙ W": (1, 9, "capital letter"),
    "h = tanh(x W + h W)": (1, 18, "W is used twice"), "h = x W V": (1, 9, "two ways"),
    "h = tanh(x W + x V)": (1, 18, "x is multiplied twice"), "h = h W": (1, 1, "reads the input"),
    "h = tanh(x W + b + c1)": (1, 20, "c1 is not defined"), "h = h b": (1, 7, "added, not"),
    "h = tanh(x W + b1 + b2 + b3)": (1, 26, "one weight too many"),
    "h = W": (1, 5, "must multiply"),
    "h = tanh(b) + x W": (1, 10, "bias alone"), "x = h W": (1, 1, "meaning of its own"),
    "tanh = x W": (1, 1, "meaning of its own"), "h_prev = x W": (1, 1, "not of the last"),
    "c = c + h ⊙ h + x W\nh = tanh(c)\n" + "s = s + c": (3, 5, "at most two symbols"),
    "h = x W + h\nc = c + h": (2, 1, "new h"), "h = x W $ h": (1, 9, "character $"),
    "h = x W\x00": (1, 8, "U+0000"), "h = x W 🙂": (1, 9, "character"),
    "h = __import__('os')": (1, 5, "character _"), "h = x.__class__": (1, 6, "character ."),
    "h = (lambda: x)()": (1, 12, "character :"), "h = [x for x in h]": (1, 14, "in is not defined"),
    "h = h_{t": (1, 7, "not closed"), "h = x W" + "a" * 20: (1, 7, "at most 16 characters"),
    "h = " + "(" * 40 + "h": (1, 17, "nest"), "h = " + "tanh " * 40 + "h": (1, 60, "nest"),
    "h = " + "h + " * 300 + "x W": (1, 801, "at most 400"), "h" * 3000: (1, 1, "1500 characters"),
    "\n" * 50 + "h = x W": (41, 1, "40 lines"),
    "q0 = σ(x W)\n" + "".join(f"q{k + 1} = q{k} q{k}\n" for k in range(14)) + "h = q14": (
        16, 1, "too many products"),
    "h = e^h": (1, 6, "power"), "h = σ(x W; h)": (1, 6, "not closed"),
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_read_is_refused_at_its_character(text: str) -> None:
    line, column, words = REFUSED[text]
    with pytest.raises(Misprint) as found:
        cell_from_equations(text)
    assert words in str(found.value)
    assert found.value.at == (line, column)
    assert pointed(text, found.value.at).splitlines()[-1] == " " * (column - 1) + "^"
    assert str(pickle.loads(pickle.dumps(found.value))) == str(found.value)


def test_an_equation_of_too_many_terms_is_refused_however_deep_the_caller_stands() -> None:
    terms = "h = x W" + " + h" * 190

    def called(depth: int) -> None:
        called(depth - 1) if depth else cell_from_equations(f"z = σ(x V)\n{terms}")

    with pytest.raises(Misprint, match="Line 2, character 1: an equation has too many terms"):
        called(600)


ODD = {
    "divides by zero": "f = relu(x Wf)\ni = relu(x Wi)\nk = f / (f + i)\nh = k ⊙ h + (1 − k) ⊙ i",
    "explodes": "h = (h + h) ⊙ (h + h) + relu(x W + h U)",
    "unused lines": "q = tanh(x Wq + h Uq)\nr = σ(q)\nh = tanh(x W + h U)",
    "no memory": "h = tanh(x W)", "nothing learnt of h": "h = h + x W", "a keyword": (
        "in = σ(x W)\nis = σ(x V)\nh = in ⊙ h + is"), "한글": "문 = σ(x W)\nh = 문 ⊙ h",
    "names of the steps": "a = σ(x Wa)\nda = σ(x Wd)\nn = σ(x Wn)\nW = σ(x Wx)\n"
                          "size = σ(x Ws)\nh = a ⊙ da ⊙ n ⊙ W ⊙ size ⊙ h",
}  # fmt: skip


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_cells_are_computed(text: str) -> None:
    name = cell_from_equations(text)
    for size in (1, 3):
        model = build(name, 2, size, seed=0)
        trace = run(model, np.random.default_rng(0).standard_normal((30, 2, 2)))
        if trace.first_nonfinite is None:
            assert not [one for one in verify(trace, np.ones((30, 2, size))) if not one.ok]


NUMBERS = """q = x W + h U + b
z = 0.25 + σ(q) / 2
g = 2 σ(2 x V − (h R − b2)) − 1
h = h − .5 (1 − z) ⊙ h + 5e-1 z ⊙ g"""
PARTS = {"W": ("W_x", "q"), "U": ("W_h", "q"), "b": ("b", "q"), "V": ("W_x", "g2"),
         "R": ("W_h", "g2"), "b2": ("b_h", "q")}  # fmt: skip


def test_numbers_differences_and_minus_signs_are_as_they_stand() -> None:
    flow = flow_of(cell_from_equations(NUMBERS))
    trace, (layer,) = flow.trace, flow.trace.layers
    cell = layer.cell
    W = {one: cell.part(layer.parameters, *part) for one, part in PARTS.items()}
    h = np.zeros((2, 5))
    for t, x in enumerate(trace.x):
        z = 0.25 + 0.5 / (1 + np.exp(-(x @ W["W"] + h @ W["U"] + W["b"])))
        g = np.tanh(x @ W["V"] - (h @ W["R"] - W["b2"]) / 2)
        h = h - 0.5 * (1 - z) * h + 0.5 * z * g
        np.testing.assert_allclose(trace["h"][t], h, rtol=0, atol=1e-14)
    assert not [one for one in verify(trace, flow["h"]) if not one.ok]
    said = {one.name: (one.kind, one.equation) for one in cell.signals}
    assert said["z"] == ("gate", "z_t = 0.25 + 0.5 σ(x_t W_xq + h_{t−1} W_hq + b_q)")
    assert said["h"][1] == "h_t = h_{t−1} − 0.5 (1 − z_t) ⊙ h_{t−1} + 0.5 z_t ⊙ g_t"
    (line,) = (one for one in cell.lines(layer.parameters, layer.record) if one.signal == "g")
    assert "2 · " in line.template
    assert " − 1 = {" in line.template


@pytest.mark.parametrize("seed", range(24))
def test_equations_at_random_have_the_gradients_that_complex_steps_find(seed: int) -> None:
    name, rng = cell_from_equations(equations(seed)), np.random.default_rng(seed)
    trace = run(build(name, 2, 3, seed=seed), rng.standard_normal((5, 2, 2)))
    checks = verify(trace, rng.standard_normal((5, 2, 3)))
    assert [one for one in checks if not one.ok] == [], equations(seed)


def test_a_name_is_its_equations_and_nothing_else_is_a_cell() -> None:
    name = cell_from_equations(LI_GRU)
    assert name.startswith(PREFIX)
    assert len(name) < 40
    assert CELLS[name] is CELLS[name]
    assert CELLS[name].typed == LI_GRU
    assert name in CELLS
    assert name not in list(CELLS)
    for wrong in (name[:-2], name + "A", PREFIX, PREFIX + "A" * 5000, PREFIX + "%%%", "own",
                  ("own:",), coded("h = __import__('os')"), coded("# a\nh = 2")):  # fmt: skip
        assert wrong not in CELLS
    with pytest.raises(ValueError, match="is no cell"):
        build(name[:-2], 1, 1)
    with pytest.raises(KeyError):
        CELLS[PREFIX + "A"]


def test_a_title_can_stand_anywhere() -> None:
    assert CELLS[cell_from_equations(LI_GRU, "Light (2018)")].title == "Light (2018)"
    for title in ("![x](http://a)", "<b>x</b>", "{cell}", "$x$", "a" * 25, "`x`", "**x**", "a:b"):
        with pytest.raises(ValueError, match="name has at most"):
            cell_from_equations(LI_GRU, title)
        assert coded(f"# {title}\n{LI_GRU}") not in CELLS
    with pytest.raises(ValueError, match="already"):
        cell_from_equations(LI_GRU, "lstm")


def test_a_typed_cell_is_trained_copied_and_drawn_as_every_scheme_has_it() -> None:
    name = cell_from_equations("a = x W + h U + b\nz = σ(a + bz)\nh = z ⊙ h + (1 − z) ⊙ tanh(a)")
    trained = train(name, "adding", length=8, hidden_size=4, updates=3)
    assert np.isfinite(trained.loss).all()
    cell = trained.first.cell
    assert type(pickle.loads(pickle.dumps(cell))) is type(cell)
    free = cell_from_equations("z = σ(x Wz + h Uz)\nh = z ⊙ h + x W + h ⊙ p1 + h ⊙ p2")
    for init in ("pytorch", "glorot", "orthogonal", "identity", "keras"):
        assert build(free, 2, 3, init=init).parameters[0]["p"].shape == (1, 3)
    build(free, 2, 3, init="chrono", longest=20)


@pytest.mark.parametrize("text", [
    "g = tanh(x W + h U + b)\nh = σ(x V + h Q + b_h + g)",
    "g = tanh(x W + h U + b)\nz = σ(x V + h Q + b_z)\nh = σ(x R + h S + b_q) ⊙ z + g",
])  # fmt: skip
def test_a_batch_is_its_examples(text: str) -> None:
    model = build(cell_from_equations(text), 3, 4, seed=1)
    rng = np.random.default_rng(2)
    x, dh = rng.standard_normal((7, 3, 3)), rng.standard_normal((7, 3, 4))
    whole = backprop(run(model, x), dh)
    for k in range(3):
        one = backprop(run(model, x[:, k]), dh[:, k])
        for name in (*[s.name for s in model.cell.signals], "h"):
            np.testing.assert_allclose(whole.trace[name][:, k], one.trace[name][:, 0], atol=1e-14)
            np.testing.assert_allclose(whole[name][:, k], one[name][:, 0], atol=1e-13)
