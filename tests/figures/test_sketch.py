"""What a sketch draws lies where Plotly will draw it."""

import re
from base64 import b64decode

import numpy as np

from rnnviz.figures.costs import Bars, cost_bars
from rnnviz.figures.maps import step_map
from rnnviz.figures.panels import Line, Panel, over_time
from rnnviz.figures.sketch import sketch
from rnnviz.figures.sketch_axes import ticks


def pictures(html: str) -> list[str]:
    """The SVG of every subplot."""
    return [b64decode(one).decode() for one in re.findall(r"svg\+xml;base64,([^\"]+)", html)]


def test_a_line_runs_from_edge_to_edge_and_stops_at_what_is_missing() -> None:
    """t from 0.5 to 4.5, so that t = 1 lies at an eighth; 0 in the middle of −1.05 … 1.05."""
    line = Line("<b>h</b>", np.array([0.0, 1.0, np.nan, 0.0]), "#123456")
    html = sketch(over_time([Panel("Title", [line], "state", "size")]))
    (picture,) = pictures(html)
    (path,) = re.findall(r'd="([^"]+)" fill="none" stroke="#123456"', picture)
    assert path.split(" M")[0] == "M125.0 500.0 L375.0 23.8"
    assert path.endswith("M875.0 500.0")
    for word in ("Title", "size", "timestep t", ">4<", "<b>h</b>"):
        assert word in html


def test_a_map_has_a_pixel_a_cell_and_bars_start_at_zero() -> None:
    logs = np.array([[0.0, -1.0, -np.inf]])
    html = sketch(step_map(logs, first=1, rows="", columns="", title=""))
    (picture,) = pictures(html)
    png = b64decode(re.findall(r"image/png;base64,([^\"]+)", picture)[0])
    assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (3, 1)
    assert 'x="0.0" y="0.0" width="1000.0" height="1000.0"' in picture
    (picture,) = pictures(sketch(cost_bars(["a"], ["#111111"], [Bars("cost", [5], ["5"])])))
    assert '<path d="M0.0 150.0H625.0V850.0H0.0Z" fill="#111111"/>' in picture


def test_an_axis_whose_ends_are_the_same_has_one_number() -> None:
    for low, high in ((5e7, 5e7), (5.0, 5.0), (0.0, 0.0), (2.0**62, 2.0**62 + 1024)):
        assert ticks({"range": [low, high]}, "x") == [(0.0, f"{low:g}".replace("-", "−"))]
    wide = {"range": [-1.7e308, 1.7e308]}
    assert len(ticks(wide, "x")) == 1, "no range that float64 can hold"
    assert [text for _, text in ticks({"range": [5e7, 5e7 + 4]}, "y")][:1] == ["5e+07"]
