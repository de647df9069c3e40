"""The headline chart read as data, and the lines that it is read against."""

import numpy as np
import pytest

from rnnviz.figures.norms import FACTORS, gradient_norms
from rnnviz.figures.palette import QUIET, THEMES

from .records import line, traces

STEPS = 10


def decay(factor, end=0.0, label="h"):
    """Norms at t = 0 … T that change by ``factor`` a step back."""
    back = np.arange(STEPS, -1, -1)
    return line(end + back * np.log10(factor), label=label, first=0)


def test_lines_are_the_norms_from_the_initial_state_on():
    one = decay(0.8, label="LSTM")
    fig = gradient_norms([one])
    (drawn,) = traces(fig, "LSTM")
    assert list(drawn.x) == list(range(STEPS + 1))
    np.testing.assert_array_equal(drawn.y, one.values)


def test_axes_say_what_they_show_and_stay_absolute():
    fig = gradient_norms([decay(0.999)])
    assert fig.layout.yaxis.title.text == "‖∂L/∂h<sub>t</sub>‖₂"
    assert fig.layout.xaxis.title.text == "timestep t"
    assert fig.layout.yaxis.tickprefix == "10<sup>"
    low, high = fig.layout.yaxis.range
    assert high - low >= 4, "a healthy gradient must not look vanished"
    assert fig.layout.meta == {"time_axes": ["x"]}


@pytest.mark.parametrize("end", [-350.0, -3.0, 0.0, 2.0])
def test_references_are_constant_factors_from_the_highest_end(end):
    fig = gradient_norms([decay(0.8, end - 2), decay(0.5, end, "g")], references=True)
    for factor in FACTORS:
        (one,) = traces(fig, f"γ = {factor:g}")
        (x0, x1), (y0, y1) = one.x, one.y
        assert (x1, y1) == (STEPS, pytest.approx(end))
        assert (y1 - y0) / (x1 - x0) == pytest.approx(-np.log10(factor))
        assert x0 >= 0


def test_references_are_named_thin_and_behind_the_lines():
    fig = gradient_norms([decay(0.8)], references=True)
    names = [one.name for one in fig.data]
    assert names[: len(FACTORS)] == [f"γ = {factor:g}" for factor in FACTORS]
    assert {f"γ = {factor:g}" for factor in FACTORS} <= {n.text for n in fig.layout.annotations}
    assert all(one.line.width == 1 and one.line.dash == "dot" for one in traces(fig, "γ"))


def test_a_line_of_factor_09_lies_on_its_reference():
    fig = gradient_norms([decay(0.9)], references=True)
    (reference,), (drawn,) = traces(fig, "γ = 0.9"), traces(fig, "h")
    assert np.interp(5, reference.x, reference.y) == pytest.approx(drawn.y[5])


def test_no_references_unless_asked_for():
    assert not traces(gradient_norms([decay(0.8)]), "γ")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    "values", [[-1.0], [-1.0, -2.0], [-np.inf] * 3, [np.nan] * 3, [np.inf, -1.0], [-1.0, -np.inf]]
)
def test_the_emptiest_norms_are_figures_with_references_too(values, theme):
    fig = gradient_norms([line(values, first=0)], theme=theme, references=True)
    assert np.isfinite(fig.layout.yaxis.range).all()
    for one in traces(fig, "γ"):
        assert np.isfinite(np.asarray(one.x, float)).all()
        assert np.isfinite(np.asarray(one.y, float)).all()
        assert one.line.color == QUIET[theme]


def test_no_lines_at_all_are_a_figure():
    fig = gradient_norms([], references=True)
    assert len(fig.data) == 0


def test_every_call_makes_a_new_figure_and_changes_no_record():
    one = decay(0.8)
    before = one.values.copy()
    first, second = gradient_norms([one]), gradient_norms([one])
    assert first is not second
    first.data[0].y = [0]
    assert len(second.data[0].y) == STEPS + 1
    np.testing.assert_array_equal(one.values, before)
