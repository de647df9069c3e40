"""Single weights set by hand: read, written, checked, and nothing else changed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.core.weight_edits import Edit, read, set_to, written
from rnnviz.experiments.settings import Settings

SMALL = Settings(task="impulse", length=6, hidden_size=3, cells=("lstm", "gru"))

EDITS = st.builds(
    Edit, st.sampled_from(["lstm", "gru", "peephole_lstm"]),
    st.sampled_from(["W_x", "W_h", "b", "W_y", "h0", "c0"]),
    st.lists(st.integers(0, 511), min_size=1, max_size=2).map(tuple),
    st.floats(-1000, 1000, allow_nan=False),
)  # fmt: skip


@given(st.lists(EDITS, min_size=1, max_size=8))
def test_what_is_written_is_read_back(edits):
    assert read(written(edits)) == tuple(edits)


@pytest.mark.parametrize("text", ["", "lstm", "lstm.b:1", "lstm.b.1", "lstm.b.1:nan", "a.b.1:--1",
                                  "lstm.b.1.2.3:1", "lstm.b.1:1,"])  # fmt: skip
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
])  # fmt: skip
def test_an_entry_that_is_not_there_is_refused_by_name(text, words):
    with pytest.raises(ValueError, match=words):
        replace(SMALL, edits=read(text)).check()
