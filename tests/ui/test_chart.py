"""Parts that several pages share, without a page."""

import pandas as pd

from rnnviz.ui.chart import as_csv


def test_no_text_of_a_table_begins_as_a_formula_in_its_csv() -> None:
    named = pd.MultiIndex.from_tuples([("LSTM", "=1+2"), ("LSTM", "b")])
    table = pd.DataFrame([[-1.5, "@x"], [2.0, "ok"]], index=["+1", "t"], columns=named)
    assert as_csv(table.rename_axis("t")) == ",LSTM,LSTM\n,'=1+2,b\nt,,\n'+1,-1.5,'@x\nt,2.0,ok\n"
