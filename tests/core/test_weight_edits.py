"""Single weights set by hand: read, written, checked, and nothing else changed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.core.weight_edits import Edit, read, set_to, written
from rnnviz.experiments.settings import Settings

SMALL = Settings(task="impulse", length=6, hidden_size=3, cells=("lstm", "gru"))

EDITS = st.builds(
    Edit, st.sampled_from(["lstm", "gru", "peephole_lstm"]), st.sampled_from(["W_x", "W_h", "b"]),
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
