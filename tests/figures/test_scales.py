"""Colour bars have the colours of the heatmaps that they explain."""

import re
from html.parser import HTMLParser

import pytest

from rnnviz.figures.palette import THEMES
from rnnviz.figures.scales import Scale, scale_bars

from .test_heatmaps import unit_time, with_value


class Read(HTMLParser):
    """Texts and gradients in their order, and whether every element is closed."""

    def __init__(self, text):
        super().__init__()
        self.texts, self.gradients, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        style = dict(attrs).get("style", "")
        self.gradients += re.findall(
            r"linear-gradient\(to right, ([^)]*(?:\([^)]*\)[^)]*)*)\)", style
        )

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("theme", THEMES)
def test_both_ends_and_the_middle_in_the_colours_of_the_heatmaps(theme):
    bars = [Scale("gates", 0, 1, True), Scale("c", -2.5, 2.5, False)]
    found = Read(scale_bars(bars, words="scales", theme=theme))
    assert found.texts == ["gates", "0", "0.500", "1.00", "c", "−2.50", "0", "2.50"]
    assert found.open == []
    for kind, gradient in zip(("gate", "state"), found.gradients, strict=True):
        heat = unit_time([with_value([], kind=kind)], limits={}, theme=theme).data[0].colorscale
        assert [re.sub(r" [\d.]+%", "", one) for one in re.split(", (?=[#r])", gradient)] == [
            color for _, color in heat
        ]


def test_huge_states_and_strange_words():
    found = Read(scale_bars([Scale("<b>h & c", -1e308, 1e308, False)], words='"<i>'))
    assert found.texts == ["<b>h & c", "−1.00·10³⁰⁸", "0", "1.00·10³⁰⁸"]
