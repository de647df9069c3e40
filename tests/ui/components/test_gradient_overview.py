"""The overview's packet: curves, axis, lines of constant γ, losses and words."""

import numpy as np
import pytest

from rnnviz import CELLS
from rnnviz.browser.gradient_overview.contents import Curve, contents, fitted
from rnnviz.figures.axes import LEAST_DECADES
from rnnviz.figures.constant_factors import FACTORS, references
from rnnviz.figures.palette import cell_css
from tests.ui.apps import live, open_app, settings_of, shown

pytestmark = pytest.mark.usefixtures("unchecked")

ONE = 5


def head(**query):
    return live(shown(**query))["headline"].head


def test_curves_have_the_cells_names_colours_and_dashes():
    found = head(cells="rnn,peephole_lstm")["curves"]
    assert [one["name"] for one in found] == [CELLS[c].title for c in ("rnn", "peephole_lstm")]
    assert [one["color"] for one in found] == [cell_css("rnn"), cell_css("peephole_lstm")]
    assert found[0]["dash"] != found[1]["dash"], "not told by colour alone"


@pytest.mark.parametrize("query", [{}, {"T": 2}, {"task": "impulse", "T": 500, "scale": 0.05}])
def test_the_axis_is_absolute_and_has_at_least_four_decades(query):
    packet = live(shown(**query))["headline"]
    finite = packet.values[np.isfinite(packet.values)]
    assert packet.head["low"] < finite.min() <= finite.max() < packet.head["high"]
    assert packet.head["high"] - packet.head["low"] >= LEAST_DECADES


def test_a_curve_ends_with_its_own_sequence():
    curves = [Curve("a", "", "", np.zeros(6)), Curve("b", "", "", np.zeros(3))]
    packet = contents(curves, losses=np.zeros(5, bool), start=0, title="", summary="")
    assert [one["last"] for one in packet.head["curves"]] == [5, 2]
    assert np.isnan(packet.values[1]).tolist() == [False] * 3 + [True] * 3


def test_references_start_at_the_highest_norm_of_the_loss_step_and_end_inside():
    values = np.stack([np.linspace(-9, 0, 21), np.linspace(-3, 1, 21)])
    found = references(values, 20, (-10.0, 2.0))
    assert {one["factor"] for one in found} <= set(FACTORS)
    assert {1.0, 0.9, 0.5} <= {one["factor"] for one in found}
    for one in found:
        assert (one["from"], one["top"]) == (20, 1.0)
        assert one["slope"] == pytest.approx(np.log10(one["factor"]))
        end = one["top"] + one["slope"] * one["back"]
        assert -10 - 1e-9 <= end <= 2 + 1e-9
        assert 0 < one["back"] <= 20


def test_there_are_references_for_a_followed_loss_with_a_gradient_only():
    values = np.zeros((1, 11))
    assert references(values, ONE, (-2.0, 2.0))
    assert not references(values, 0, (-2.0, 2.0))
    assert not references(np.full((1, 11), -np.inf), ONE, (-2.0, 2.0))


@pytest.mark.parametrize(
    ("query", "losses", "words"),
    [({}, [50], "loss: 100 %"), ({"loss": "every", "T": 5}, [1, 2, 3, 4, 5], "loss on every step"),
     ({"loss": "chosen", "at": "3, 7-8"}, [3, 7, 8], "losses")],
)  # fmt: skip
def test_the_losses_are_marked(query, losses, words):
    found = head(**query)
    assert found["losses"] == losses
    assert found["words"]["loss"] == words


def test_the_words_are_korean_where_they_are_asked_for():
    found = live(open_app(lang="ko"))["headline"].head["words"]
    assert found["axis"] == "시점 t"
    assert found["loss"] == "손실: 100 %"


def test_labels_are_the_sequence_s_own():
    app = shown(task="sentence", sentence_text="나 a")
    assert live(app)["headline"].head["labels"] == ["나", "␣", "a"]
    assert not head(task="impulse")["labels"]


def test_what_is_said_without_a_picture_is_in_the_packet_too():
    text = head()["summary"]
    for cell in settings_of(shown()).cells:
        assert f"{CELLS[cell].title}, memory state" in text


def test_the_picture_comes_before_everything_that_needs_the_chart_library():
    kinds = [one.type for one in shown().main if one.type in ("bidi_component", "plotly_chart")]
    keys = [one.key for one in shown().main if one.type in ("bidi_component", "plotly_chart")]
    assert keys.index("headline") < keys.index("rv-stage") < kinds.index("plotly_chart")


def test_the_page_draws_no_table_element_unless_it_is_opened():
    """A table element would have the browser fetch 0.7 MB for it."""
    app = shown()
    assert not app.get("arrow_table")
    assert not app.get("arrow_data_frame")


def test_a_ghost_of_another_length_is_cut_or_filled_up():
    assert fitted(np.arange(4.0), 3).tolist() == [0, 1, 2]
    np.testing.assert_array_equal(fitted(np.arange(2.0), 3), [0, 1, np.nan])
