"""Single weights set by hand: read, written, checked, and nothing else changed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz import build
from rnnviz.core.weight_edits import Edit, read, set_to, start, written
from rnnviz.experiments.opened import OpenedNet
from rnnviz.experiments.settings import Settings

SMALL = Settings(task="impulse", length=6, hidden_size=3, cells=("lstm", "gru"))

EDITS = st.builds(
    Edit, st.sampled_from(["lstm", "gru", "peephole_lstm"]),
    st.sampled_from(["W_x", "W_h", "b", "W_y", "h0", "c0"]),
    st.lists(st.integers(0, 511), min_size=1, max_size=2).map(tuple),
    st.floats(-1000, 1000, allow_nan=False), st.integers(0, 15),
    st.sampled_from(["forward", "reverse"]),
)  # fmt: skip


@given(st.lists(EDITS, min_size=1, max_size=8))
def test_what_is_written_is_read_back(edits):
    assert read(written(edits)) == tuple(edits)


@pytest.mark.parametrize("text", ["", "lstm", "lstm.b:1", "lstm.b.1", "lstm.b.1:nan", "a.b.1:--1",
                                  "lstm.b.1.2.3:1", "lstm.b.1:1,", "lstm@.b.1:1", "lstm@r.b.1:1",
                                  "lstm@100.b.1:1"])  # fmt: skip
def test_what_names_no_edit_is_none(text):
    assert read(text) is None


def test_only_the_named_entry_changes_and_only_in_its_cell():
    edits = read("lstm.W_h.2.11:0.75,gru.b.0:-4")
    settings = Settings(**{**vars(SMALL), "edits": edits})
    settings.check()
    for cell, name, place, value in [("lstm", "W_h", (2, 11), 0.75), ("gru", "b", (0,), -4.0)]:
        before, after = (one.flow(cell).trace.model.parameters[0] for one in (SMALL, settings))
        assert after[name][place] == value
        for key in before:
            changed = np.argwhere(before[key] != after[key])
            assert [tuple(one) for one in changed] == ([place] if key == name else [])


def test_a_later_edit_takes_the_place_of_an_earlier_one():
    first, second = read("lstm.b.1:1,lstm.b.2:1")
    again = Edit("lstm", "b", (1,), 3.0)
    assert set_to((first, second), again) == (second, again)


def test_the_settings_say_how_many_weights_are_edited():
    said = {"lstm.b.0:1": "1 weight edited", "lstm.b.0:1,gru.b.0:1": "2 weights edited"}
    for text, words in said.items():
        assert str(Settings(edits=read(text)).in_words()).endswith(words)
    assert "edited" not in str(Settings().in_words())


OUTER = "lstm.W_y.2.0:0.5,lstm.b_y.0:-1.5,lstm.h0.1:0.75,lstm.c0.2:-2,gru.h0.0:0.25"


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_readout_and_initial_states_are_set_and_their_gradients_are_central_differences(cell):
    settings = Settings(task="adding", length=6, hidden_size=3, cells=("lstm", "gru"),
                        loss="every", edits=read(OUTER))  # fmt: skip
    settings.check()
    flow = settings.flow(cell)
    gradients = flow.layers[0].parameters | flow.readout
    gradients |= {f"{name}0": one[0] for name, one in flow.layers[0].initial.items()}
    for one in settings.edits:
        if one.cell != cell:
            continue
        losses = []
        for step in (-1e-5, 1e-5):
            moved = set_to(settings.edits, replace(one, value=one.value + step))
            losses.append(replace(settings, edits=moved).flow(cell).loss.sum())
        slope = (losses[1] - losses[0]) / 2e-5
        wanted = gradients[one.parameter][one.index]
        assert abs(wanted) > 1e-6
        assert slope == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize(("text", "words"), [
    ("gru.c0.0:1", "has no parameter c0"), ("lstm.W_y.3.0:1", "W_y has the shape"),
    ("lstm.h0.3:1", "h0 has the shape"), ("lstm.b_y.0:1e9", "must be within"),
    ("lstm@1.b.0:1", "of layer 2, forward, and the net of the LSTM has no such layer"),
])  # fmt: skip
def test_an_entry_that_is_not_there_is_refused_by_name(text, words):
    with pytest.raises(ValueError, match=words):
        replace(SMALL, edits=read(text)).check()


def of_a_stack(text):
    model = build("lstm", 2, 3, num_layers=2, bidirectional=True, seed=1, output_size=1)
    net = OpenedNet("0" * 16, "net.npz", "", model=model)
    return Settings(net=net, cells=("lstm", "gru"), length=6, loss="every", edits=read(text))


def test_edits_of_a_stack_are_in_their_layer_and_direction_with_their_gradients():
    text = "lstm@1r.W_h.2.11:0.75,lstm@1.W_x.5.0:-0.5,lstm@0r.c0.1:2,lstm.b.0:1,gru@1.b.0:3"
    settings, plain = of_a_stack(text), of_a_stack("gru.b.0:0")
    assert written(settings.edits) == text
    settings.check()
    before, flow = plain.flow("lstm").trace.model, settings.flow("lstm")
    assert settings.model("gru").parameters[2]["b"][0] == 3
    places = {place: k for k, place in enumerate(settings.places)}
    for k, (one, other) in enumerate(zip(flow.trace.model.parameters, before.parameters,
                                         strict=True)):  # fmt: skip
        own = [e for e in settings.edits if e.cell == "lstm" and places[e.place] == k]
        named = {e.parameter for e in own if e.parameter != "c0"}
        assert {name for name in one if (one[name] != other[name]).any()} == named
    for e in settings.edits[:4]:
        losses = []
        for step in (-1e-5, 1e-5):
            moved = set_to(settings.edits, replace(e, value=e.value + step))
            losses.append(replace(settings, edits=moved).flow("lstm").loss.sum())
        gradients = flow.parameters[places[e.place]] | {"c0": flow.initial["c"][places[e.place], 0]}
        wanted = gradients[e.parameter][e.index]
        assert (losses[1] - losses[0]) / 2e-5 == pytest.approx(wanted, rel=1e-6, abs=1e-11)


@pytest.mark.parametrize("text", ["lstm@2.b.0:1", "lstm.W_y.0.0:1", "lstm@1.W_x.6.0:1"])
def test_what_a_layer_of_a_stack_has_not_is_refused(text):
    with pytest.raises(ValueError, match=r"no such layer|no parameter W_y|has the shape \(6, 12\)"):
        of_a_stack(text).check()


def test_other_entries_of_learnt_initial_states_stay():
    model = build("gru", 2, 3, seed=1)
    model = replace(model, initial={"h": np.array([[1.0, 2.0, 3.0]])})
    np.testing.assert_array_equal(start(read("gru.h0.1:5"), model)["h0"], [[[1, 5, 3]]])
