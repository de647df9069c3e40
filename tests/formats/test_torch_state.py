"""`from_torch`, `to_torch_state` and `from_arrays`: by name and shape, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import rnnviz
from rnnviz import build, from_arrays, from_torch, run, to_torch_state
from tests.formats.test_nets_in_files import HEAD, SAVED, under
from tests.references import MODULES, PROJECTED, state_of

LSTM, RNN = state_of("LSTM:{}"), state_of("RNN:{}")
X = np.random.default_rng(0).standard_normal((6, 2, 3))


class Module:
    """Like PyTorch's: parameters by path, submodules with what they know of themselves."""

    def __init__(self, state: dict[str, Any], **known: Any) -> None:
        self.state = state
        vars(self).update(known)

    def state_dict(self) -> dict[str, Any]:
        return self.state

    def get_submodule(self, path: str) -> Any:
        return getattr(self, path) if path else self


class Bfloat16:
    """A tensor that NumPy cannot take as it is."""

    dtype = "torch.bfloat16"

    def __init__(self, array: Any) -> None:
        self.array, self.shape = array, array.shape

    def float(self) -> Any:
        return self.array.astype(np.float32)


@pytest.mark.parametrize("case", [*MODULES, *PROJECTED])
def test_what_goes_out_is_what_came_in(case: str) -> None:
    state = state_of(case)
    again = to_torch_state(from_torch(state, "relu" if "relu" in case else "tanh"))
    assert set(again) == set(state)
    for name, one in again.items():
        np.testing.assert_array_equal(one, state[name])
        assert one.flags.writeable
        assert one.flags.c_contiguous


def test_one_bias_goes_out_as_two_and_a_readout_as_a_linear() -> None:
    model = build("gru", 2, 3, reset_after=True, bidirectional=True, output_size=4)
    one_bias = build("lstm", 2, 3)
    state = to_torch_state(model, "rnn.", "out")
    assert (state["out.weight"].shape, state["out.bias"].shape) == ((4, 6), (4,))
    assert not to_torch_state(one_bias)["bias_hh_l0"].any()
    x = np.ones((5, 2))
    np.testing.assert_array_equal(
        run(from_torch(state, readout="out"), x).predictions, run(model, x).predictions
    )


FOREIGN = [build("gru", 2, 3), build("rnn", 2, 3, nonlinearity="sigmoid")]


@pytest.mark.parametrize("model", [*FOREIGN, SAVED[1], SAVED[3], *SAVED[6:]])
def test_a_cell_that_pytorch_has_not_does_not_go_out(model: Any) -> None:
    with pytest.raises(ValueError, match="`model` must be one that PyTorch has, an RNN of"):
        to_torch_state(model)


def test_the_prefix_chooses_and_what_stands_below_it_will_do() -> None:
    both = under("encoder.lstm", LSTM) | under("decoder.rnn", RNN)
    assert from_torch(both, prefix="encoder.lstm").cell.name == "lstm"
    assert from_torch(both, prefix="decoder.").cell.name == "rnn"
    for wrong in (None, "coder", ""):
        with pytest.raises(ValueError, match=r"one of the recurrent nets, 'encoder\.lstm', 'dec"):
            from_torch(both, prefix=wrong)


def test_the_readout_is_found_named_or_left_out() -> None:
    state = under("rnn", LSTM) | HEAD | {"key.weight": np.ones((5, 5)), "key.bias": np.ones(5)}
    widths = {True: 2, "key": 5, "fc": 2}
    for asked, width in widths.items():
        readout = from_torch(state, readout=asked).readout
        assert readout is not None
        assert readout.parameters["b_y"].size == width
    assert from_torch(state, readout=False).readout is None
    assert "softmax readout" in repr(from_torch(state, softmax=True))
    with pytest.raises(ValueError, match=r"a Linear layer of 5 inputs \('fc', 'key'\), got 'x'"):
        from_torch(state, readout="x")


def test_a_module_says_its_function_and_computes_its_own_matrices() -> None:
    split = dict(RNN)
    whole = split.pop("weight_hh_l0")
    split |= {f"parametrizations.weight_hh_l0.original{k}": np.ones((5, k or 1)) for k in (0, 5)}
    split["parametrizations.weight_hh_l0.original1"] = split.pop(
        "parametrizations.weight_hh_l0.original5"
    )
    module = Module(under("rnn", split), rnn=Module({}, nonlinearity="relu", weight_hh_l0=whole))
    ours = from_torch(module)
    assert ours.cell.options == {"nonlinearity": "relu"}
    np.testing.assert_array_equal(run(ours, X).outputs, run(from_torch(RNN, "relu"), X).outputs)
    with pytest.raises(ValueError, match=r"remove_parametrizations\(module, 'weight_hh_l0'\)"):
        from_torch(split)


def test_batch_first_is_taken_from_the_module_or_the_argument() -> None:
    module = Module(under("rnn", RNN), rnn=Module({}, batch_first=True))
    turned = X.swapaxes(0, 1)
    plain = run(from_torch(RNN), X)
    for ours in (from_torch(module), from_torch(RNN, batch_first=True)):
        trace = run(ours, turned)
        np.testing.assert_array_equal(trace.outputs, plain.outputs)
        np.testing.assert_array_equal(run(trace.model, trace.x).outputs, plain.outputs)
        alone = run(ours, X[:, 0]).outputs[:, 0]
        np.testing.assert_allclose(alone, plain.outputs[:, 0], rtol=1e-12)
        with pytest.raises(ValueError, match=r"`x` must have shape \(B, T, 3\) or \(T, 3\)"):
            run(ours, np.ones((2, 6, 4)))
    assert not from_torch(module, batch_first=False).batch_first


def test_bfloat16_tensors_are_widened() -> None:
    model = from_torch({name: Bfloat16(one) for name, one in LSTM.items()})
    assert model.dtype == np.float32


# ---- arrays ----------------------------------------------------------------------------------


def columns(array: np.ndarray, order: str, ours: str) -> np.ndarray:
    blocks = dict(zip(ours, np.split(array, len(ours), axis=-1), strict=True))
    return np.concatenate([blocks[one] for one in order], axis=-1)


@pytest.mark.parametrize(
    ("cell", "order", "ours", "options"),
    [
        ("lstm", "iofg", "ifgo", {}),
        ("lstm", "ijfo", "ifgo", {}),
        ("gru", "zrh", "rzg", {}),
        ("gru", "urc", "rzg", {"reset_after": True}),
        ("rnn", None, "h", {"nonlinearity": "relu"}),
        ("peephole_lstm", "ifog", "ifgo", {"peephole": "diagonal"}),
    ],
)
def test_the_order_of_the_blocks_is_put_right(
    cell: str, order: str | None, ours: str, options: dict[str, Any]
) -> None:
    model = build(cell, 3, 4, num_layers=2, bidirectional=True, **options)
    same = dict(zip("jhcu", "gggz", strict=True))
    names = ours if order is None else "".join(one if one in ours else same[one] for one in order)
    keys = list(model.parameters[0])
    given = {
        key: [W[key] if key == "p" else columns(W[key], names, ours) for W in model.parameters]
        for key in keys
    }
    again = from_arrays(cell, **given, order=order, bidirectional=True, **options)
    np.testing.assert_array_equal(run(again, X).outputs, run(model, X).outputs)
    turned = {
        key: [one if key == "p" else one.T for one in arrays] for key, arrays in given.items()
    }
    again = from_arrays(cell, **turned, order=order, transposed=True, bidirectional=True, **options)
    np.testing.assert_array_equal(run(again, X).outputs, run(model, X).outputs)


def test_an_update_gate_that_replaces_and_a_forget_bias_that_is_added() -> None:
    gru = build("gru", 3, 4)
    W = {name: one.copy() for name, one in gru.parameters[0].items()}
    for one in W.values():
        gru.cell.block("z", one)[...] *= -1
    again = from_arrays("gru", **W, update="replaces", W_y=np.ones((4, 2)), softmax=True)
    np.testing.assert_array_equal(run(again, X).outputs, run(gru, X).outputs)
    assert "softmax readout of 2" in repr(again)
    lstm = build("lstm", 3, 4, forget_bias=0.0)
    one = build("lstm", 3, 4, forget_bias=1.0)
    added = from_arrays("lstm", **lstm.parameters[0], add_to_forget_bias=1.0)
    np.testing.assert_array_equal(run(added, X).outputs, run(one, X).outputs)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"order": "ifc"}, "`order` must name each of the blocks i f g o once, got 'ifc'."),
        ({"order": "iffo"}, "`order` must name each of the blocks i f g o once"),
        ({"W_h": np.ones((3, 13))}, "`W_h` must have 4 blocks of equal width, got the shape (3, "),
        ({"update": "replaces"}, "`update` must be 'keeps' for the cell 'lstm'"),
        ({"b": None, "add_to_forget_bias": 1}, "`add_to_forget_bias` must be 0 without a gate f"),
        ({"W_x": [np.ones((2, 12))] * 2}, "`W_h` must be a list of 2 arrays, as `W_x` is"),
        ({"W_x": np.ones((12, 2))}, "`W_x` must have 4 blocks"),
        ({"cell": "ltsm"}, "`cell` must be one of"),
        ({"W_h": np.full((3, 12), np.inf)}, "`W_h` must be finite, got inf at index (0, 0)."),
    ],
)
def test_arrays_that_do_not_fit_are_refused(given: dict[str, Any], said: str) -> None:
    whole = {"cell": "lstm", "W_x": np.ones((2, 12)), "W_h": np.ones((3, 12)), "b": np.ones(12)}
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        rnnviz.from_arrays(**(whole | given))
    assert said in str(refusal.value)
