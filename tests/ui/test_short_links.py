"""Folded links: what goes in comes out, short, and nothing that comes in does harm."""

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.experiments.settings_checks import BUDGET
from rnnviz.ui import short_links
from rnnviz.ui.components.permalink.permalink import LONGEST
from tests.ui.apps import open_app, settings_of

FULL = {
    "task": "copying", "copying_symbols": "99", "copying_alphabet_size": "26", "T": "499",
    "cells": "rnn,lstm,gru,peephole_lstm", "H": "63", "seed": "999999", "init": "orthogonal",
    "scaling": "radius", "scale": "2.95", "bf": "-1.75", "bz": "5.75", "loss": "chosen",
    "at": "10, 20-25, 31, 45-99, 103, 205-222, 300, 310, 320, 330, 340, 400, 403, 410-430",
    "nonlinearity": "sigmoid", "reset_after": "1", "peephole": "diagonal", "unit": "62",
    "cell": "peephole_lstm", "state": "c", "flow": "back",
}  # fmt: skip
"""Every control away from its default, and the longest place for the loss that may be typed."""
LONGEST_ADDRESS = "https://rnnviz.example.org:8501/Whose_gradient?t=499&lang=ko&p="

text = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=50)


@given(st.dictionaries(text.filter(bool), text, max_size=8))
def test_what_is_folded_unfolds(values):
    packed = short_links.fold(values)
    assert packed.replace("-", "").replace("_", "").isalnum() or not packed
    assert short_links.unfold(packed) == values


@given(st.text(max_size=200))
def test_any_text_unfolds_to_something_or_nothing(asked):
    assert short_links.unfold(asked) is None or isinstance(short_links.unfold(asked), dict)


def test_a_bomb_is_not_blown_up():
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = packer.compress(b"a=" + b"x" * 10_000_000) + packer.flush()
    assert short_links.unfold(base64.urlsafe_b64encode(raw).decode()) is None


def test_every_control_fits_into_a_link():
    assert int(FULL["T"]) * int(FULL["H"]) ** 2 <= BUDGET
    assert len(LONGEST_ADDRESS + short_links.fold(FULL)) <= LONGEST


def test_a_folded_link_opens_what_the_long_one_does():
    small = FULL | {"T": "220", "H": "3", "at": "10, 20-25", "unit": "2"}
    long = open_app("pages/Step.py", **small, t=17)
    short = open_app("pages/Step.py", p=short_links.fold(small), t=17)
    assert settings_of(short) == settings_of(long)
    assert settings_of(short).cells == ("rnn", "lstm", "gru", "peephole_lstm")
    assert not short.info
    assert short_links.KEY not in short.query_params


def test_a_folded_link_does_not_set_what_belongs_to_streamlit():
    app = open_app("pages/Paths.py", p=short_links.fold({"Embed": "true", "T": "30"}))
    assert not app.exception
    assert app.query_params == {"T": "30"}


@pytest.mark.parametrize("asked", ["x", "AAAA", "한글", "%00", "../../etc"])
def test_a_broken_folded_link_is_said(asked):
    app = open_app("app.py", H=2, p=asked)
    (said,) = app.info
    assert "The link's p = “" in said.value
