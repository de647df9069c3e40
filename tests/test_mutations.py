"""The comparison with PyTorch fails for every error that a reader of papers could make."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from rnnviz import CELLS, Model
from rnnviz.cells import _values
from tests.mutants import MUTANTS, ROOT, Mutant
from tests.oracle import replaced
from tests.references import FLOWS, MODULES, compare, model_of

BLOCKS = {"rnn": "h", "lstm": "ifgo", "gru": "rzg"}
NAMED = {"rnn": "flow:RNNCell", "lstm": "flow:LSTMCell", "gru": "flow:GRUCell"}


def with_blocks_swapped(model: Model, one: str, other: str, keys: tuple[str, ...]) -> Model:
    block, layers = model.cell.block, []
    for W in model.parameters:
        new = {name: value.copy() for name, value in W.items()}
        for key in keys:
            block(one, new[key])[...] = block(other, W[key])
            block(other, new[key])[...] = block(one, W[key])
        layers.append(new)
    return replaced(model, layers)


def cases_of(cell: str) -> list[str]:
    return [case for case in [*MODULES, *FLOWS] if model_of(case).cell.name == cell]


def fails(case: str, model: Model) -> None:
    with pytest.raises(AssertionError):
        compare(case, model)


SWAPS = [
    pytest.param(case, one, other, id=f"{case} {one}-{other}")
    for cell in ("lstm", "gru")
    for case in cases_of(cell)
    for one, other in combinations(BLOCKS[cell], 2)
]


@pytest.mark.parametrize(("case", "one", "other"), SWAPS)
def test_two_gate_blocks_swapped(case: str, one: str, other: str) -> None:
    model = model_of(case)
    fails(case, with_blocks_swapped(model, one, other, tuple(model.parameters[0])))


@pytest.mark.parametrize("key", ["W_x", "W_h", "b", "b_h"])
@pytest.mark.parametrize(
    ("cell", "one", "other"),
    [(cell, *pair) for cell in ("lstm", "gru") for pair in combinations(BLOCKS[cell], 2)],
)
def test_two_gate_blocks_swapped_in_one_parameter(
    cell: str, one: str, other: str, key: str
) -> None:
    """For both biases of an LSTM only their sum counts, yet swapping one alone shows."""
    model = model_of(NAMED[cell])
    fails(NAMED[cell], with_blocks_swapped(model, one, other, (key,)))


@pytest.mark.parametrize("case", cases_of("gru"))
def test_reset_before_in_place_of_after(case: str) -> None:
    model = model_of(case)
    before = CELLS["gru"](reset_after=False)
    fails(case, Model(before, 3, 5, model.parameters, model.num_layers, model.bidirectional))


MISSTATED = [
    ("rnn", "h = φ(a)", "h = σ(a)"),
    ("lstm", "c = f * c_prev + i * g", "c = i * c_prev + f * g"),
    ("lstm", "h = o * m", "h = o * c"),
    ("lstm", "g = tanh", "g = σ"),
    ("gru", "z * h_prev + (1 - z) * g", "(1 - z) * h_prev + z * g"),
    ("gru", "g = tanh(x @ W_xg + b_g + r * q)", "g = tanh(x @ W_xg + b_g + z * q)"),
]


@pytest.mark.parametrize(("cell", "right", "wrong"), MISSTATED)
def test_an_equation_stated_wrong(
    cell: str, right: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_of(NAMED[cell])
    kind, stated = type(model.cell), model.cell.stated()
    assert right in stated
    monkeypatch.setattr(kind, "stated", lambda self: stated.replace(right, wrong))
    fails(NAMED[cell], Model(kind(**model.cell.options), 3, 5, model.parameters))


@pytest.mark.parametrize("case", cases_of("gru"))
def test_z_flipped_by_its_parameters(case: str) -> None:
    model = model_of(case)
    layers = []
    for W in model.parameters:
        new = {name: value.copy() for name, value in W.items()}
        for value in new.values():
            model.cell.block("z", value)[...] *= -1
        layers.append(new)
    fails(case, replaced(model, layers))


BIASED = [case for case in [*MODULES, *FLOWS] if "b" in model_of(case).parameters[0]]


@pytest.mark.parametrize("key", ["b", "b_h"])
@pytest.mark.parametrize("case", BIASED)
def test_a_bias_dropped(case: str, key: str) -> None:
    """Also where the layout of the gradients is kept: the bias is there, and zero."""
    model = model_of(case)
    fails(case, replaced(model, [{**W, key: np.zeros_like(W[key])} for W in model.parameters]))


@pytest.mark.parametrize("case", BIASED)
def test_a_bias_dropped_from_one_layer_and_direction(case: str) -> None:
    model = model_of(case)
    layers = [dict(W) for W in model.parameters]
    layers[-1]["b"] = np.zeros_like(layers[-1]["b"])
    fails(case, replaced(model, layers))


LOCAL = [
    ("rnn", "slope", "h"), ("lstm", "value", "c_prev"), ("lstm", "value", "f"),
    *(("lstm", "slope", name) for name in "ifgom"), *(("gru", "slope", name) for name in "rzg"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "kind", "name"), LOCAL)
def test_a_local_derivative_off_by_one_in_ten_thousand(
    cell: str, kind: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = _values.Values._computed

    def wrong(self: Any, atom: Any) -> Any:
        before = set(self.known)
        found = right(self, atom)
        for one in {(kind, name)} & set(self.known) - before:
            self.known[one] = self.known[one] * 1.0001
        return found * (1.0001 if atom == (kind, name) else 1.0)

    monkeypatch.setattr(_values.Values, "_computed", wrong)
    fails(NAMED[cell], model_of(NAMED[cell]))


@pytest.mark.parametrize("case", [case for case in MODULES if "bidirectional" in case])
def test_the_two_directions_exchanged(case: str) -> None:
    model = model_of(case)
    pairs = zip(model.parameters[::2], model.parameters[1::2], strict=True)
    fails(case, replaced(model, [W for one, other in pairs for W in (other, one)]))


@pytest.mark.parametrize("case", ["flow:RNNCell", "flow:LSTMCell", "flow:GRUCell"])
def test_the_recurrent_matrix_transposed(case: str) -> None:
    model = model_of(case)
    W = dict(model.parameters[0])
    blocks = np.split(W["W_h"], W["W_h"].shape[1] // 5, axis=1)
    fails(case, replaced(model, [{**W, "W_h": np.hstack([one.T for one in blocks])}]))


@pytest.mark.parametrize("case", [*MODULES, *FLOWS])
def test_without_a_mutation_the_same_comparison_passes(case: str) -> None:
    model = model_of(case)
    compare(case, replaced(model, [dict(W) for W in model.parameters]))


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.file)
def test_the_text_that_a_mutant_replaces_stands_once_in_its_file(mutant: Mutant) -> None:
    assert (ROOT / "rnnviz" / mutant.file).read_text("utf-8").count(mutant.before) == 1
