"""Tables as files, without a page."""

import ast
import base64
import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pyarrow.parquet

from rnnviz.browser.packets import pack
from rnnviz.ui import chart
from rnnviz.ui.tables import as_csv, as_npz, as_parquet, columns
from tests.reports.test_show import data_of

PARTS = pd.MultiIndex.from_tuples([("LSTM", "h (log₁₀)"), ("LSTM", "h (log₁₀)"), ("GRU", "why")])
TABLE = pd.DataFrame([[-1.5, 1, "=x"], [np.nan, 2, 7]], index=[1, 2], columns=PARTS)


def test_no_text_of_a_table_begins_as_a_formula_in_its_csv() -> None:
    named = pd.MultiIndex.from_tuples([("LSTM", "=1+2"), ("LSTM", "b")])
    table = pd.DataFrame([[-1.5, "@x"], [2.0, "ok"]], index=["+1", "t"], columns=named)
    assert as_csv(table.rename_axis("t")) == ",LSTM,LSTM\n,'=1+2,b\nt,,\n'+1,-1.5,'@x\nt,2.0,ok\n"


def test_parquet_and_npz_hold_every_column_under_one_name_and_the_words() -> None:
    found = columns(TABLE.rename_axis("t"))
    names = ["t", "LSTM · h (log₁₀)", "LSTM · h (log₁₀) (2)", "GRU · why"]
    assert list(found) == names
    parquet = pyarrow.parquet.read_table(io.BytesIO(as_parquet(TABLE.rename_axis("t"), "words")))
    assert json.loads(parquet.schema.metadata[b"rnnviz"]) == {"about": "words"}
    with np.load(io.BytesIO(as_npz(TABLE.rename_axis("t"), "words")), allow_pickle=False) as npz:
        assert npz["about"] == "words"
        for name in names:
            same: Any = np.testing.assert_array_equal
            same(npz[name], found[name])
            same(parquet[name].to_numpy(zero_copy_only=False).astype(found[name].dtype),
                 found[name])  # fmt: skip
    assert found["GRU · why"].tolist() == ["=x", "7"]
    assert np.isnan(found["LSTM · h (log₁₀)"][1])


def test_a_figure_s_page_holds_it_with_its_words_and_nothing_else_to_fetch() -> None:
    figure = go.Figure(go.Scatter(x=list(range(9)), y=list(range(9)), name="<b>h</b>"))
    page = chart.page_of(figure, "norms · rnnviz", "5 < 6", "‖h‖", "light")
    assert "5 &lt; 6" in page
    assert "‖h‖" in page
    assert not re.search(r'(src|href)="', page)


def test_a_drawing_s_page_holds_its_packet_its_time_and_its_words() -> None:
    drawn = pack({"k": 1}, np.ones((1, 3)))
    page = chart.page_of_drawing("gradient_overview/overview", drawn, "a", "5 < 6", 7, height=312)
    data = data_of(page)
    assert base64.b64decode(data["packets"][0]) == drawn
    assert data["time"]["length"] == 7
    assert [one["name"] for one in data["drawings"]] == [
        "time_control/stage", "gradient_overview/overview"]  # fmt: skip
    assert "5 &lt; 6" in page
    assert not data["charts"]


def test_every_figure_with_a_table_has_a_page_and_user_text_in_it_is_text() -> None:
    root = Path(chart.__file__).parent
    calls = [
        (file.name, node) for file in root.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) == "words_and_table"
    ]  # fmt: skip
    assert [name for name, node in calls if len(node.args) < 4] == []
    assert len(calls) > 8
    bad = '<img src="https://x.example/a" onerror="alert(1)">'
    figure = go.Figure(go.Scatter(x=[1], y=[2], name=bad), {"title": bad})
    page = chart.page_of_row({bad: figure, "b": figure}, bad, bad, bad, "light")
    assert "<img" not in page
    assert page.count("data-chart=") == 2
    assert len(data_of(page)["charts"]) == 2


def test_tables_of_cells_below_each_other_name_the_column_of_the_cells() -> None:
    one = pd.DataFrame({"t = 0": [-1.0]}, index=pd.Index([1], name="τ"))
    assert list(columns(chart.by_cell({"rnn": one, "gru": one}, axis=0))) == ["Cell", "τ", "t = 0"]
