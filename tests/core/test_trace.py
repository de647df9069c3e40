"""What a trace holds, in which shape and order, and what may be handed to `run`."""

from typing import Any

import numpy as np
import pytest

from rnnviz import Trace, build, run
from tests.oracle import agree, stack, states, varied


def deep(cell: str = "lstm") -> Any:
    model = varied(build(cell, 2, 3, num_layers=2, bidirectional=True))
    return model, np.random.default_rng(0).standard_normal((5, 2, 2))


def test_x_without_a_batch_axis_is_a_batch_of_one() -> None:
    model, x = deep()
    flat = run(model, x[:, 0])
    assert flat.outputs.shape == (5, 1, 6)
    np.testing.assert_array_equal(flat.outputs, run(model, x[:, :1]).outputs)


def test_lists_integers_and_other_layouts_are_taken_as_numbers() -> None:
    model = build("gru", 2, 3)
    x = np.arange(12).reshape(6, 1, 2)
    expected = run(model, x.astype(float)).outputs
    others = [x, x.tolist(), np.asfortranarray(x), x.astype(">f8"), x.astype(np.float16)]
    for other in [*others, np.repeat(x, 2, axis=0)[::2]]:
        np.testing.assert_array_equal(run(model, other).outputs, expected)


def test_one_unit_in_float32_is_what_it_is_in_float64() -> None:
    """np.negative in place was wrong where a block is one number wide."""
    narrow, wide = (
        run(build("lstm", 1, 1, seed=0, dtype=dtype), np.ones((3, 1, 1)))["f"].ravel()
        for dtype in (np.float32, np.float64)
    )
    np.testing.assert_allclose(narrow, wide, rtol=1e-6)
    np.testing.assert_allclose(wide, [0.372, 0.374, 0.374], atol=5e-4)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_every_allowed_shape_of_an_initial_state(cell: str) -> None:
    model = build(cell, 2, 3)
    x = np.ones((4, 2))
    start = {f"{name}0": np.array([[[0.1, -0.2, 0.3]]]) for name in model.cell.states}
    expected = run(model, x, **start)
    for shape in [(1, 1, 3), (1, 3), (3,)]:
        given = {name: value.reshape(shape) for name, value in start.items()}
        np.testing.assert_array_equal(run(model, x, **given)["h"], expected["h"])
    assert np.abs(expected["h"] - run(model, x)["h"]).max() > 1e-3


def test_initial_states_of_a_batch_and_of_a_stack() -> None:
    model = build("lstm", 2, 3)
    x, rng = np.ones((4, 2, 2)), np.random.default_rng(0)
    start = states(model, 2, rng)
    full = run(model, x, h0=start["h"], c0=start["c"])
    flat = run(model, x, h0=start["h"][0], c0=start["c"][0])
    np.testing.assert_array_equal(full["c"], flat["c"])
    model, x = deep()
    start = states(model, 2, rng)
    trace = run(model, x, h0=start["h"], c0=start["c"])
    np.testing.assert_array_equal(trace.initial["c"], start["c"])
    agree("outputs", trace.outputs, stack(model, x, start)[1], 1e-13)
    one = {name: value[:, 0] for name, value in start.items()}
    alone = run(model, x[:, 0], h0=one["h"], c0=one["c"])
    agree("unbatched", alone.outputs[:, 0], trace.outputs[:, 0], 1e-13)


def test_one_initial_state_may_be_given_and_the_other_left_at_zero() -> None:
    trace = run(build("lstm", 2, 3), np.ones((4, 2)), c0=np.ones((1, 3)))
    assert (trace.initial["h"] == 0).all()
    assert (trace.initial["c"] == 1).all()


def test_the_first_row_is_the_state_after_the_first_input() -> None:
    model = build("rnn", 2, 3)
    W = model.parameters[0]
    trace = run(model, np.ones((4, 2)), h0=np.full(3, 0.5))
    first = np.tanh(np.ones(2) @ W["W_x"] + np.full(3, 0.5) @ W["W_h"] + W["b"])
    np.testing.assert_allclose(trace["h"][0, 0], first, rtol=1e-14)


def test_outputs_and_final_states_are_those_of_the_last_layer_and_of_every_layer() -> None:
    model, x = deep()
    trace = run(model, x)
    ends = [trace.layer(1, "forward")["h"], trace.layer(1, "reverse")["h"]]
    np.testing.assert_array_equal(trace.outputs, np.concatenate(ends, axis=-1))
    assert trace.final["h"].shape == trace.final["c"].shape == (4, 2, 3)
    np.testing.assert_array_equal(trace.final["c"][2], trace.layer(1, "forward")["c"][-1])
    np.testing.assert_array_equal(trace.final["c"][3], trace.layer(1, "reverse")["c"][0])


def test_a_reverse_layer_is_a_forward_layer_on_the_reversed_input() -> None:
    model = varied(build("gru", 2, 3, bidirectional=True))
    x = np.random.default_rng(0).standard_normal((5, 2, 2))
    forward = varied(build("gru", 2, 3))
    W = forward.parameters[0]
    alone = run(type(model)(forward.cell, 2, 3, (W, W), 1, True), x[::-1])
    both = run(type(model)(forward.cell, 2, 3, (W, W), 1, True), x)
    for name in "rzgh":
        np.testing.assert_array_equal(
            both.layer(0, "reverse")[name], alone.layer(0, "forward")[name][::-1]
        )


def test_a_trace_says_how_to_choose_among_layers() -> None:
    trace = run(*deep())
    with pytest.raises(ValueError, match=r"4 of them: use `trace\.layer\(layer, direction\)"):
        trace["h"]


def test_the_frame_is_tidy_and_holds_every_number() -> None:
    trace = run(*deep())
    frame = trace.to_frame()
    names = ["t", "layer", "direction", "batch", "unit", "signal", "value"]
    assert list(frame.columns) == names
    assert len(frame) == 6 * 4 * 5 * 2 * 3
    assert not frame.duplicated(names[:-1]).any()
    assert (frame["t"].min(), frame["t"].max()) == (1, 5)
    rows = frame.set_index(names[:-1])["value"]
    for layer, direction, signal in [(0, "forward", "f"), (1, "reverse", "c"), (0, "reverse", "h")]:
        values = trace.layer(layer, direction)[signal]
        for t, batch, unit in np.ndindex(values.shape):
            assert rows[t + 1, layer, direction, batch, unit, signal] == values[t, batch, unit]


def test_the_frame_of_a_float32_run_keeps_its_numbers() -> None:
    trace = run(build("rnn", 1, 2, dtype="float32"), np.ones((3, 1)))
    values = trace.to_frame()["value"].to_numpy()
    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, trace["h"].ravel())


def test_without_a_readout_there_are_no_scores() -> None:
    trace: Trace = run(build("rnn", 1, 2), np.ones((3, 1)))
    assert trace.scores is None
    assert trace.predictions is None


def test_a_trace_holds_its_model_and_its_input() -> None:
    model, x = deep()
    trace = run(model, x)
    assert trace.model is model
    np.testing.assert_array_equal(trace.x, x)
    assert trace.layer(0).parameters is model.parameters[0]
