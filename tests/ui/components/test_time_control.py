"""The time control and what follows it: argument errors, and the packet for the browser."""

import numpy as np
import pytest

from rnnviz.browser.time_control.numbers import _packet
from rnnviz.ui.components.time_control.stage import (
    Row,
    Segment,
    live,
    readout,
    timeline,
)
from tests.ui.apps import open_app, stage, unpack

pytestmark = pytest.mark.usefixtures("unchecked")

ROW = Row("f_t", "forget gate", "#123456", bar=(0, 0, 1), cells=("{0} + {1:+} = {2:log}",))


@pytest.mark.parametrize("length", [0, -1, 1.5, "5", None, True])
def test_a_timeline_has_at_least_one_step(length):
    with pytest.raises(ValueError, match="`length` must be a positive integer"):
        timeline(length)


@pytest.mark.parametrize("labels", [(), ("a",), ("a",) * 4])
def test_a_timeline_has_a_label_per_step(labels):
    with pytest.raises(ValueError, match=rf"one entry per timestep \(3\), got {len(labels)}\."):
        timeline(3, labels=labels)


@pytest.mark.parametrize("shape", [(3,), (), (3, 0), (1, 2, 3)])
def test_values_are_slots_by_timesteps(shape):
    with pytest.raises(ValueError, match="`values` must have shape"):
        live([ROW], np.zeros(shape), key="k")
    with pytest.raises(ValueError, match="`values` must have shape"):
        readout("{0}", np.zeros(shape), key="k")


@pytest.mark.parametrize("count", [0, 1, 2])
def test_slots_that_are_not_there_are_refused(count):
    with pytest.raises(ValueError, match=f"below {count}, got 2"):
        live([ROW], np.zeros((count, 4)), key="k")
    with pytest.raises(ValueError, match=f"below {count}, got 2"):
        readout([Segment("{t} of {T}: "), Segment("{2:sign}")], np.zeros((count, 4)), key="k")


def test_a_bar_s_slot_counts_too():
    row = Row("c_t", "cell state", "#123456", bar=(5, -1, 1))
    with pytest.raises(ValueError, match="below 2, got 5"):
        live([row], np.zeros((2, 4)), key="k")


@pytest.mark.parametrize("size", range(9))
def test_the_packet_keeps_every_bit(size):
    values = np.array([[1e-310, -0.0, np.nan, np.inf], [1 / 3, -np.inf, 5e-324, 1e308]])
    head, found = unpack(_packet({"name": "나" * size}, values, ["{1:log}"], []))
    assert found.tobytes() == values.tobytes()
    assert head == {"name": "나" * size, "length": 4}


def test_single_precision_and_odd_strides_are_sent_as_float64():
    values = np.arange(12, dtype=np.float32).reshape(4, 3).T[:, ::-1]
    np.testing.assert_array_equal(unpack(_packet({}, values, [], [])).values, values)


def test_a_header_that_json_cannot_hold_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        _packet({"bar": np.inf}, np.zeros((1, 1)), [], [])


@pytest.mark.parametrize(
    ("t", "length", "shown"),
    [("7", 12, 7), (None, 12, 12), ("13", 12, 12), ("0", 12, 1), ("-3", 12, 1), ("nan", 12, 12),
     ("", 12, 12), ("7.5", 12, 12), ("1e1", 12, 12), ("9" * 400, 12, 12)],
)  # fmt: skip
def test_the_timestep_of_a_link_is_kept_inside(t, length, shown):
    asked = {} if t is None else {"t": t}
    app = open_app("pages/Step.py", task="impulse", T=length, H=2, cells="rnn", **asked)
    assert not app.exception
    assert app.slider(key="t").value in ({shown} if t in ("7", None) else range(1, length + 1))
    assert stage(app)["length"] == length


def test_the_timestep_survives_a_switch_of_pages_and_a_change_of_length():
    app = open_app("app.py", task="impulse", T=20, H=2, t=15, cells="rnn")
    app.switch_page("pages/Step.py").run()
    assert app.slider(key="t").value == 15
    app.sidebar.slider(key="T").set_value(10).run()
    assert not app.exception
    assert app.slider(key="t").value == 10
    app.sidebar.slider(key="T").set_value(30).run()
    assert app.slider(key="t").value == 30, "the last step stays the last"


def test_one_timestep_has_no_slider():
    app = open_app("pages/Step.py", task="sentence", sentence_text="a")
    assert not app.exception
    assert stage(app)["length"] == 1
    assert "t" not in [one.key for one in app.main.slider]


def test_labels_are_the_sequence_s_own():
    app = open_app("pages/Step.py", task="sentence", sentence_text="나 a")
    assert stage(app)["labels"] == ["나", "␣", "a"]
    assert "labels" not in stage(open_app("pages/Step.py", task="impulse", T=3))


def test_time_plays_backwards_where_gradients_are_shown():
    small = {"task": "impulse", "T": 3, "H": 2, "cells": "rnn"}
    assert stage(open_app("pages/Gradient_flow.py", **small))["back"]
    assert stage(open_app("pages/Step.py", flow="back", **small))["back"]
    assert not stage(open_app("pages/Step.py", **small))["back"]
