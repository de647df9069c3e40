"""Whatever stands in an address, a page opens: no traceback, ever."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import rnnviz.ui
from rnnviz import CELLS
from rnnviz.tasks import TASKS
from tests.ui.apps import SCRIPTS, open_app

SOURCES = "\n".join(
    path.read_text("utf-8") for path in Path(rnnviz.ui.__file__).parent.rglob("*.py")
)
KEYS = sorted({
    *re.findall(r'key="([A-Za-z]\w*)"', SOURCES),
    *(f"{task}_{option.name}" for task in TASKS for option in TASKS[task].options),
    *(option for cell in CELLS.values() for option in cell.choices),
    "t", "p", "tour", "preset", "edit", "embed",
})  # fmt: skip
"""Every key that a control, a chart or a part of a page has; found in the sources."""
NASTY = (
    "", " ", "0", "-1", "1", "2", "50", "1e3", "nan", "inf", "-inf", "1e400", "9" * 5000, "0x10",
    "True", "None", "null", "[]", "{}", "__class__", "../../etc/passwd",
    "<script>alert(1)</script>",
    "'; drop table", "{0}", "{t}", "%s", "%00", "\x00", "\u202e", "한글", "👩‍👩‍👧", "a,b,,a", ",",
    "rnn", "rnn,rnn", "lstm.b.0:nan", "lstm.W_h.0.0:1e400", "rnn.b.99999:1", "chosen", "sentence",
    "identity", "ko", "en", "xx",
)  # fmt: skip
anything = st.sampled_from(NASTY) | st.text(max_size=30)
small = {"H": "3", "T": "6", "task": "impulse"}


@pytest.mark.parametrize("script", SCRIPTS)
@given(st.dictionaries(st.sampled_from(KEYS), anything, min_size=1, max_size=8))
@settings(
    max_examples=12, deadline=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
def test_any_address_opens_without_a_traceback(script, query):
    query = {key: text.encode("utf-8", "replace").decode() for key, text in query.items()}
    app = open_app(script, **small | query)
    assert not app.exception, (query, [one.message for one in app.exception])
    assert app.title, "a page has its heading"
