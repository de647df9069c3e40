"""`rnnviz.show`: one page without a program, with the flow's own numbers in it."""

import base64
import html
import json
import re
import zlib

import numpy as np
import pytest

import rnnviz
from rnnviz.browser.packets import unpack
from rnnviz.figures import palette
from rnnviz.reports.figure_data import as_json
from rnnviz.reports.markdown import as_html

X = np.random.default_rng(0).standard_normal((9, 1, 2))
COLOR = r"#[0-9a-fA-F]{6}\b"
DATA = re.compile(r'id="rv-data">([^<]*)</script>')


def flow_of(cell, **options):
    trace = rnnviz.run(rnnviz.build(cell, 2, 4, seed=0, **options), X)
    dh = np.zeros((9, 1, trace.outputs.shape[-1]))
    dh[-1] = 1
    return rnnviz.backprop(trace, dh)


def data_of(html):
    return json.loads(zlib.decompress(base64.b64decode(DATA.search(html)[1])))


def packet(data, name):
    place = next(one for one in data["drawings"] if one["name"] == name)["packet"]
    return unpack(base64.b64decode(data["packets"][place]))


def test_a_stage_has_the_flows_numbers_one_library_and_fetches_nothing():
    flows = {"lstm": flow_of("lstm"), "<script>alert(1)</script>": flow_of("gru")}
    stage = rnnviz.show(flows, labels=list("abcdefghi"), language="ko")
    data = data_of(stage.html)
    head, values = packet(data, "gradient_overview/overview")
    assert np.array_equal(values[0], rnnviz.reach(flows["lstm"]).log10_norms)
    assert head["curves"][1]["name"] == "<script>alert(1)</script>"
    heatmap = data["charts"][0]["figure"]["data"][1]
    gates = np.frombuffer(base64.b64decode(heatmap["z"]["bdata"]), heatmap["z"]["dtype"])
    np.testing.assert_allclose(gates.reshape(4, 9), flows["lstm"].trace["f"][:, 0].T, rtol=1e-7)
    assert "<script>alert" not in stage.html
    assert stage.html.count('id="rv-plotly"') == 1
    assert not re.findall(r"(?:src|href|url)\W+(?!data:)\w+:", stage.html.split("<body>")[0])
    assert 'lang="ko"' in stage.html
    assert rnnviz.words.language() == "en"


def test_a_notebook_gets_the_page_in_a_frame_and_a_file_the_page_itself(tmp_path):
    stage = rnnviz.show(flow_of("rnn"))
    shown = stage._repr_html_()
    assert html.unescape(re.search(r'srcdoc="([^"]*)"', shown)[1]) == stage.html
    assert stage.save(tmp_path / "stage.html").read_text("utf-8") == stage.html


def test_stacks_are_shown_layer_by_layer_and_what_cannot_be_is_refused():
    stack = flow_of("gru", num_layers=2, bidirectional=True)
    assert len(data_of(rnnviz.show(stack).html)["charts"]) == 5
    with pytest.raises(ValueError, match="flows of one length"):
        rnnviz.show([flow_of("rnn"), rnnviz.backprop(short := rnnviz.run(
            rnnviz.build("rnn", 2, 4), X[:5]), np.ones_like(short.outputs))])  # fmt: skip
    with pytest.raises(ValueError, match="`language` must be one of"):
        rnnviz.show(flow_of("rnn"), language="xx")
    for given, said in ((flow_of("rnn").trace, r"must have gradients, as `rnnviz.backprop\("),
                        (5, "must be a GradientFlow of rnnviz, got 5"), ("rnn", "GradientFlow"),
                        ([], "one gradient flow or more")):  # fmt: skip
        with pytest.raises(ValueError, match=f"`what` {'must be ' * (given == [])}.*{said}"):
            rnnviz.report(given)


def test_numbers_that_are_not_finite_stay_so_within_arrays():
    trace = {"type": "scatter", "y": [1.0, None, np.inf, np.nan, 2, 3, 4, 5], "opacity": np.nan}
    found = as_json({"data": [trace], "layout": {"meta": ("x",)}})
    values = np.frombuffer(base64.b64decode(found["data"][0]["y"]["bdata"]))
    np.testing.assert_array_equal(values, [1, np.nan, np.inf, np.nan, 2, 3, 4, 5])
    assert found["data"][0]["opacity"] is None


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("a <b>\n\n- *one*\n- h_t", "<p>a &lt;b&gt;</p><ul><li><i>one</i></li><li>hₜ</li></ul>"),
        ("∂L_S/∂b_f, x_{t−d}", "<p>∂L<sub>S</sub>/∂b<sub>f</sub>, "
         "x<sub>t−d</sub></p>"),
        ("[x](javascript:alert)", "<p>x</p>"),
        ('[x](https://a.b/?q="c)', '<p>x</p>'),
        ("| a | b |\n|---|--:|\n| 1 | `<` |",
         '<div class="rp-table-box"><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>'
         "<tr><td>1</td><td><code>&lt;</code></td></tr></tbody></table></div>"),
    ],
)  # fmt: skip
def test_markdown_is_text_but_for_its_marks(markdown, expected):
    assert as_html(markdown) == expected


def test_a_figure_in_dark_is_the_one_in_light_in_other_colours():
    table, flow = dict(palette.pairs()), flow_of("lstm")

    def text(figure):
        found = as_json(figure)
        found["layout"].pop("datarevision", None)
        return re.sub(COLOR, lambda one: one[0].upper(), json.dumps(found))

    for draw, record in ((rnnviz.plot.gradient_flow, flow), (rnnviz.plot.by_role, flow.trace),
                         (rnnviz.plot.jacobian_map, flow.trace)):  # fmt: skip
        light, dark = (text(draw(record, theme=theme)) for theme in palette.THEMES)
        assert light != dark
        assert re.sub(COLOR, lambda one: table.get(one[0], one[0]), light) == dark
