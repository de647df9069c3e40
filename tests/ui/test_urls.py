"""Whatever stands in an address, a page opens: no traceback, ever.

More addresses than by default: ADDRESSES=50 python -m pytest -n0 tests/ui/test_urls.py
"""

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import rnnviz.ui
from rnnviz import CELLS
from rnnviz.tasks import TASKS
from rnnviz.ui import url_controls
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
    "-" + "9" * 400,
    "True", "None", "null", "[]", "{}", "__class__", "../../etc/passwd",
    "<script>alert(1)</script>",
    "'; drop table", "{0}", "{t}", "%s", "%00", "\x00", "\u202e", "한글", "👩‍👩‍👧", "a,b,,a", ",",
    "rnn", "rnn,rnn", "lstm.b.0:nan", "lstm.W_h.0.0:1e400", "rnn.b.99999:1", "chosen", "sentence",
    "identity", "ko", "en", "xx",
)  # fmt: skip
anything = st.sampled_from(NASTY) | st.text(max_size=30)
small = {"H": "3", "T": "6", "task": "impulse"}


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("script", SCRIPTS)
@given(st.dictionaries(st.sampled_from(KEYS), anything, min_size=1, max_size=8))
@settings(
    max_examples=int(os.environ.get("ADDRESSES", "2")), phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_any_address_opens_without_a_traceback(script, query):
    query = {key: text.encode("utf-8", "replace").decode() for key, text in query.items()}
    app = open_app(script, **small | query)
    assert not app.exception, (query, [one.message for one in app.exception])
    assert app.title, "a page has its heading"


@pytest.mark.usefixtures("unchecked")
def test_what_a_link_says_is_shown_as_text_never_as_markup():
    """A picture in a notice would be fetched from a foreign host."""
    marked = "![](//x.co/a.png)\n# :red[h] www.x.co $x$ <b>"
    app = open_app("pages/Variants.py", **small, seed=marked, edit=f"lstm.{marked}:1", bf=marked)
    said = " ".join(one.value for one in (*app.info, *app.warning))
    assert said.count("（//x.co") >= 2
    assert not re.search(r"!\[|\n#|:red|www\.|\$|<b", said), said


@pytest.fixture
def numbers_asked(monkeypatch):
    """Keys of the numbers that the controls of a run look for in the address."""
    found: set[str] = set()
    seed = url_controls._seed

    def noted(key, default, *how):
        if type(default) in (int, float):
            found.add(key)
        return seed(key, default, *how)

    monkeypatch.setattr(url_controls, "_seed", noted)
    return found


def assert_said(app, keys):
    """A notice for every key, and no traceback."""
    assert not app.exception, [one.message for one in app.exception]
    said = " ".join(one.value for one in app.info)
    assert {key for key in keys if f" {key} = " not in f" {said}"} == set()


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("script", SCRIPTS)
def test_numbers_of_hundreds_of_digits_are_clamped_and_so_is_what_is_kept(script, numbers_asked):
    """Every number of the page; then T and H are lowered under what was chosen for them.

    T and H themselves, which are the sidebar's on every page, are asked for on one.
    """
    open_app(script, T=6, H=3)
    huge = dict.fromkeys(numbers_asked, "9" * 400)
    huge |= {"t": "9" * 400, "upd": "-" + "9" * 400}
    if script != "pages/Step.py":
        huge |= {"T": 12, "H": 4}
    app = open_app(script, **huge)
    assert_said(app, {key for key in numbers_asked & huge.keys() if huge[key] not in (4, 12)})
    for one in app.sidebar.slider:
        if one.key in ("T", "H"):
            one.set_value({"T": 5, "H": 2}[one.key])
    app.run()
    kept = {key for key in ("k", "tau", "to", "unit", "of") if key in numbers_asked}
    assert_said(app, kept)


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("task", TASKS)
def test_so_are_the_numbers_of_every_task(task, numbers_asked):
    page = "pages/Step.py"
    open_app(page, task=task)
    huge = dict.fromkeys(numbers_asked, "9" * 400)
    assert_said(open_app(page, task=task, **huge), huge)
