"""The glossary: every term in both languages, found by searching and by link."""

import re

import pytest

from rnnviz.ui.pages.glossary import page, search
from rnnviz.ui.pages.glossary.terms import TERMS
from rnnviz.ui.shell.navigation import pages
from rnnviz.words import speak, translations
from rnnviz.words.symbols import lowered
from tests.ui.apps import open_app

ALL = [one for terms in TERMS.values() for one in terms]
KOREAN = {one.name: translations(one.name)["ko"] for one in ALL}
PAGE = "pages/Glossary.py"


@pytest.fixture(autouse=True)
def english_afterwards():
    yield
    speak("en")


def names(app):
    return [one.value.split(" :gray")[0] for one in app.main.subheader]


def test_there_are_many_terms_each_once_and_on_a_page_that_exists():
    assert len(ALL) >= 40
    assert len({one.slug for one in ALL}) == len(ALL) == len({one.name for one in ALL})
    assert {one.page for one in ALL} <= set(pages())
    assert all(KOREAN[one.name] != one.name for one in ALL)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_all_terms_are_shown_with_their_other_name_and_a_way_to_the_page(language):
    app = open_app(PAGE, lang=language)
    assert not app.exception
    wanted = [one.name if language == "en" else KOREAN[one.name] for one in ALL]
    assert [one.replace("\\", "") for one in names(app)] == wanted
    links = [one.proto.page for one in app.main.get("page_link")]
    assert len(links) >= len(ALL)
    for one, shown in zip(ALL, app.main.subheader, strict=True):
        plain = shown.value.replace("\\", "")
        assert one.name in plain
        assert KOREAN[one.name] in plain
        assert lowered(one.symbol) in plain
    index = app.main.markdown[0].value
    anchors = {one.proto.anchor for one in (*app.main.subheader, *app.main.header)} - {""}
    assert set(re.findall(r"\(#(.*?)\)", index)) == anchors


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.slug)
def test_a_term_s_own_link_finds_it_alone(one):
    assert [found for terms in search.search(one.slug).values() for found in terms] == [one]


@pytest.mark.parametrize(
    ("asked", "first"),
    [("update", "update gate"), ("망각", "forget gate"), ("Chung", "update gate"), ("⊙", None),
     ("  GATE forget ", "forget gate"), ("σ₁", None), ("W_hh", "recurrent weights"),
     ("Wₕₕ", "recurrent weights"), ("기울기가 1 %", None)],
)  # fmt: skip
def test_searching_filters(asked, first):
    found = [one for terms in search.search(asked).values() for one in terms]
    assert 0 < len(found) < len(ALL)
    assert first is None or found[0].name == first


def test_the_field_the_buttons_and_the_url_agree():
    app = open_app(PAGE, term="forget-gate", T=20)
    assert names(app) == ["forget gate"]
    (all_terms,) = (one for one in app.main.button if one.label == "All terms")
    all_terms.click().run()
    assert len(names(app)) == len(ALL)
    assert "term" not in app.query_params
    (only,) = (one for one in app.main.button if one.key == "_only_cell-state")
    only.click().run()
    assert names(app) == ["cell state"]
    assert app.query_params["term"] in ("cell-state", ["cell-state"])
    app.main.text_input[0].set_value("no such thing").run()
    assert names(app) == []
    assert "no such thing" in app.main.info[0].value
    assert app.query_params["T"] in ("20", ["20"])


@pytest.mark.parametrize(
    ("asked", "symbols"),
    [("W_hy", ["W_y"]), ("s_t", ["h_t"]), ("forgotten", []), ("이어 붙인", [])],
)
def test_other_notations_are_found_by_their_symbols(asked, symbols):
    rows, notes = search.notations(asked)
    assert [one.here for one in rows] == symbols
    assert rows or len(notes) == 1


def test_signs_mean_nothing_to_markdown():
    assert page.plain("a_b * c") == r"a\_b \* c"
