"""Reports and galleries: what is in the files, how large they are, what they cannot do."""

import re
from datetime import date
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

import rnnviz
from rnnviz.experiments.presets import PRESETS
from rnnviz.experiments.settings import Settings
from rnnviz.reports.gallery import gallery
from rnnviz.reports.parts import Text

from .test_show import data_of, packet

ADDRESS = re.compile(r'<a href="(http[^"]*)"')
LIBRARY = re.compile(r'<script[^>]*id="rv-plotly".*?</script>', re.S)
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


class Elements(HTMLParser):
    """The names of all elements of a page, and all of their attributes."""

    def __init__(self, page):
        super().__init__()
        self.names, self.attributes = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.attributes += attrs


def test_a_report_has_the_settings_numbers_words_and_a_way_back():
    settings = Settings(hidden_size=8, cells=("lstm",), forget_bias=1.0)
    made = rnnviz.report(settings, made=date(2026, 1, 2), language="ko", app="https://nets.org/")
    flow = settings.flow("lstm")
    _, values = packet(data_of(made.html), "gradient_overview/overview")
    assert np.array_equal(values[0], rnnviz.reach(flow).log10_norms)
    head, values = packet(data_of(made.html), "cell_diagram/diagram")
    forget = next(one for one in head["cells"][0]["nodes"] if one["name"] == "f")
    np.testing.assert_allclose(values[forget["value"]], flow.trace["f"][:, 0, 0], rtol=1e-12)
    link = urlsplit(ADDRESS.search(made.html)[1].replace("&amp;", "&"))
    assert (link.netloc, parse_qs(link.query)) == (
        "nets.org", {"H": ["8"], "cells": ["lstm"], "bf": ["1"], "lang": ["ko"]})
    assert "2026-01-02" in made.html
    assert "기울기" in made.html
    small = len(LIBRARY.sub("", made.html).encode())
    assert 100_000 < small < 500_000


def test_the_longest_preset_s_report_is_small_enough():
    made = rnnviz.report(PRESETS["long"].settings, library="plotly.min.js")
    assert len(made.html.encode()) < 1_500_000


def test_nothing_that_comes_from_outside_can_run():
    trace = rnnviz.run(rnnviz.build("gru", 2, 4), np.ones((5, 2)))
    flow = rnnviz.backprop(trace, np.ones((5, 1, 4)))
    figure = rnnviz.plot.gates(trace).update_layout(title=EVIL)
    made = rnnviz.report({EVIL: flow}, title=EVIL, lead=EVIL, labels=[EVIL] * 5,
                         figures=[figure], parts=[Text(f"[a](javascript:alert(3)) {EVIL}")])
    found = Elements(made.html)
    assert {"img", "iframe", "object"}.isdisjoint(found.names)
    assert found.names.count("script") == 3
    assert not [one for one in found.attributes if one[0].startswith("on") or one[0] == "href"]
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', made.html)[1]
    assert "default-src 'none'" in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0]
    nonce = re.search(r"'nonce-(\w+)'", policy)[1]
    assert nonce in made.html.split("<body>")[1]


def test_a_gallery_is_a_folder_of_pages_that_share_one_library(tmp_path):
    told = []
    files = gallery(tmp_path / "out", presets=["latch_system", "both_ends"],
                    progress=lambda *one: told.append(one))
    names = [one.relative_to(tmp_path / "out").as_posix() for one in files]
    assert names == ["index.html", "index.ko.html", "plotly.min.js", "en/latch_system.html",
                     "ko/latch_system.html", "en/both_ends.html", "ko/both_ends.html"]
    assert [one[:2] for one in told] == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]
    korean = files[4].read_text("utf-8")
    assert '<html lang="ko">' in korean
    assert 'src="../plotly.min.js"' in korean
    assert "rv-plotly" not in re.sub(r"<script nonce.*?</script>", "", korean, flags=re.S)
    index = files[0].read_text("utf-8")
    links = re.findall(r'href="([^"]*)"', index)
    assert links == ["index.ko.html", "en/latch_system.html", "en/both_ends.html"]
    with pytest.raises(ValueError, match="`presets` must be names"):
        gallery(tmp_path, presets=["no such"])
