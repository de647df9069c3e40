"""Results are kept for everyone, those of opened files for their session alone."""

import gc
from dataclasses import replace

import numpy as np
import pytest
import streamlit as st

from rnnviz.experiments.settings import Settings
from rnnviz.ui import kept
from tests.ui.opened_nets import opened, sequence, small

OPENED = replace(Settings(), net=opened(small(output_size=1)), sequence=sequence(np.ones((4, 2))))


@pytest.fixture
def calls():
    st.session_state.clear()
    yield []
    st.session_state.clear()


def test_arguments_tell_results_apart_and_those_with_an_underscore_do_not(calls):
    @kept.kept
    def asked(settings, number, _unseen=0):
        calls.append(number)
        return calls[:]

    first = asked(Settings(), 1, 5)
    assert asked(Settings(), 1, 6) is first
    assert asked(replace(Settings(), seed=7), 1) is not first
    assert asked(Settings(), True) is not first, "1 == True"
    assert asked(Settings(), number=1) is not first
    assert calls == [1, 1, True, 1]


def test_what_an_underscore_leaves_out_is_left_out_of_slow_results_too(calls):
    @kept.kept_slow
    def asked(settings, _unseen):
        calls.append(settings)
        return calls[:]

    assert asked(Settings(), 1) is asked(Settings(), 2)


def owners():
    """Whose results are kept; other tests' visits may come and go."""
    return {key[0] for key in list(kept.RESULTS._results)}


def test_what_comes_of_an_opened_file_goes_with_its_session(calls):
    @kept.kept_slow
    def asked(settings):
        calls.append(settings)
        return np.ones(3)

    mine = asked(OPENED)
    assert asked(OPENED) is mine
    number = st.session_state["_visit"].number
    assert number in owners()
    st.session_state.clear()
    gc.collect()
    assert number not in owners()
    assert asked(OPENED) is not mine, "another session"
    number = st.session_state["_visit"].number
    kept.forget_mine()
    assert number not in owners()
    assert len(calls) == 2


@pytest.mark.parametrize("text", ["-1", "much", "1e3", "9" * 400])
def test_the_bound_from_the_environment_is_a_whole_number(monkeypatch, text):
    monkeypatch.setenv(kept.VARIABLE, text)
    with pytest.raises(ValueError, match="whole number of megabytes"):
        kept._most()
