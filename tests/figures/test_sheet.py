"""What a sheet puts together is what Plotly itself would have, call by call."""

import numpy as np
import plotly.graph_objects as go
import pytest
from plotly.subplots import make_subplots

from rnnviz.figures.sheet import Sheet

LOOK = {"gridcolor": "#AAAAAA", "title": {"font": {"color": "#111111"}}}
SHAPES = {
    "a column": {"rows": 3, "cols": 1, "shared_xaxes": True, "vertical_spacing": 0.1},
    "a row": {"rows": 1, "cols": 2, "horizontal_spacing": 0.08},
    "both": {"rows": 2, "cols": 2, "vertical_spacing": 0.2, "horizontal_spacing": 0.3},
    "alone": {"rows": 1, "cols": 1},
}


def drawn(fig, rows, cols):
    """The same calls for both; each of a figure's methods that our pictures use."""
    fig.update_annotations(x=0, xanchor="left", font={"size": 13})
    for row in range(1, rows + 1):
        for col in range(1, cols + 1):
            place = {"row": row, "col": col}
            fig.add_scatter(x=[1, 2], y=[3.0, 4.0], mode="lines", **place)
            fig.add_heatmap(z=np.eye(2, dtype=np.float32), showscale=False, **place)
            fig.add_bar(x=["a"], y=[row], **place)
            fig.add_annotation(x=1, y=2, text="here", showarrow=False, **place)
            fig.update_yaxes(range=[0, row], title={"text": f"{row}"}, **place)
    fig.update_xaxes(**LOOK)
    fig.update_xaxes(title={"text": "last"}, row=rows, col=1)
    fig.update_yaxes(**LOOK)
    fig.add_vline(x=1.5, line={"width": 1}, row="all", col="all")
    fig.add_hline(y=0.5, line={"dash": "dot"}, row=rows, col=1)
    fig.update_layout(height=300, margin={"l": 1}, meta=["x"])
    fig.update_layout(margin={"r": 2})


def plain(fig):
    """The figure as data, arrays as lists and marks in an order of their own."""
    found = fig.to_plotly_json()
    layout = found["layout"]
    layout.pop("template", None)
    layout.pop("datarevision", None)
    for name in ("annotations", "shapes"):
        marks = layout.get(name, ())
        layout[name] = sorted(sorted((k, repr(v)) for k, v in one.items()) for one in marks)
    return {"layout": layout, "data": [
        {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in one.items()}
        for one in found["data"]
    ]}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_it_is_what_plotly_would_have_made(name):
    shape = SHAPES[name]
    count = shape["rows"] * shape["cols"]
    titles = [f"title {k}" for k in range(count)]
    ours, theirs = (
        Sheet(**shape, subplot_titles=titles),
        make_subplots(**shape, subplot_titles=titles),
    )
    drawn(ours, shape["rows"], shape["cols"])
    drawn(theirs, shape["rows"], shape["cols"])
    one, other = plain(ours.figure()), plain(theirs)
    assert one["data"] == other["data"]
    assert set(one["layout"]) == set(other["layout"])
    for key, value in one["layout"].items():
        if "axis" in key and "domain" in value:
            assert value.pop("domain") == pytest.approx(other["layout"][key].pop("domain"))
        assert value == other["layout"][key], key


@pytest.mark.parametrize("top", [True, False])
def test_a_band_has_its_words_in_the_corner(top):
    look = {"fillcolor": "#EEEEEE", "layer": "below"}
    note = {"text": "out of range", "font": {"size": 11}}
    ours, theirs = Sheet(rows=2), make_subplots(rows=2, cols=1)
    ours.add_hrect(-3, -1, annotation=note, top=top, line={"width": 0}, row=2, col=1, **look)
    theirs.add_hrect(y0=-3, y1=-1, annotation=note, line_width=0, row=2, col=1, **look,
                     annotation_position="top left" if top else "bottom left",
                     exclude_empty_subplots=False)  # fmt: skip
    for name in ("annotations", "shapes"):
        (one,), (other,) = (plain(fig)["layout"][name] for fig in (ours.figure(), theirs))
        assert one == other


def test_words_placed_by_share_stand_in_every_panel():
    sheet = Sheet(rows=3)
    sheet.add_annotation(x=1, y=0.5, yref="y domain", text="here", row="all", col=1)
    found = [(one.xref, one.yref) for one in sheet.figure().layout.annotations]
    assert found == [("x", "y domain"), ("x2", "y2 domain"), ("x3", "y3 domain")]


def figure(**trace):
    sheet = Sheet()
    sheet.add_heatmap(z=np.eye(3), name="one")
    sheet.add_scatter(**{"y": np.arange(3.0), "name": "other"} | trace)
    return sheet.figure()


@pytest.mark.parametrize(
    "change",
    [{"y": np.arange(4.0)}, {"y": np.array([0, 1, 2.5])}, {"name": "new"}, {"x": [1, 2, 3]}],
)
def test_the_revision_tells_other_data_apart(change):
    assert figure().layout.datarevision == figure().layout.datarevision
    assert figure(**change).layout.datarevision != figure().layout.datarevision


def test_what_makes_plotly_draw_a_second_time_is_left_out():
    found = figure().to_plotly_json()
    assert "template" not in found["layout"]
    assert isinstance(found["data"][1]["y"], list)
    assert "bdata" in found["data"][0]["z"]


@pytest.mark.parametrize("scale", ["Cividis", ["#000000", "#FFFFFF"], [[0, "red"], [1, "blue"]]])
def test_a_colour_scale_is_what_plotly_makes_of_it(scale):
    sheet = Sheet()
    sheet.add_heatmap(z=np.eye(2), colorscale=scale)
    sheet.update_layout(coloraxis={"colorscale": scale})
    ours, theirs = sheet.figure().to_plotly_json(), go.Heatmap(colorscale=scale).colorscale
    for found in (ours["data"][0], ours["layout"]["coloraxis"]):
        assert [colour for _, colour in found["colorscale"]] == [colour for _, colour in theirs]
        places = [place for place, _ in found["colorscale"]]
        assert places == pytest.approx([place for place, _ in theirs])


def test_what_is_changed_later_is_checked():
    fig = figure()
    for change in (fig.update_layout, fig.update_xaxes, fig.update_traces):
        with pytest.raises(ValueError, match="nonsense"):
            change(nonsense=1)
    assert isinstance(Sheet().figure(), go.Figure)
