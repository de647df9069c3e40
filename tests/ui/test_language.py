"""The app in Korean: nothing left in English, the same numbers, and nothing lost by switching."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pytest

from rnnviz.ui import language
from rnnviz.ui.pages.your_cell import editor
from rnnviz.ui.pages.your_net import gallery, sequences
from rnnviz.ui.shell.navigation import pages
from rnnviz.words import _catalogues, speak
from tests.ui.apps import (
    FOUR,
    SCRIPTS,
    WORDS_ALONE,
    alts,
    charts,
    live,
    open_app,
    probes,
    settings_of,
    shown,
    stage,
    with_cell_options,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("unchecked")

SMALL = {"task": "noisy_sine", "T": 12, "H": 3, "seed": 5, "loss": "every"}
FAR = [
    SMALL,
    {"task": "impulse", "T": 500, "cells": "rnn", "nonlinearity": "identity", "scaling": "radius",
     "scale": 3, "impulse_amplitude": 100},
    {"cells": "peephole_lstm", "loss": "task", "task": "copying", "T": 20},
]  # fmt: skip
# Names of people, programs and laws, and what is the same in every language.
NAMES = set(re.findall(
    r"\w+",
    """adam var rnn lstm gru relu tanh pytorch keras glorot orthogonal identity chrono csv log exp
    min max
    strogatz hochreiter bengio simard frasconi pascanu mikolov schmidhuber gers cho
    nat nan float see english goog aapl amzn nflx msft length float64 enter data plotly
    stocks ctrl ravanelli sigmoid""",
))  # fmt: skip


@pytest.fixture(autouse=True)
def english_afterwards():
    yield
    speak("en")


def texts(app):
    """All that a page shows, part by part, with the place it came from."""
    main = app.main
    for kind in (main.title, main.header, main.subheader, main.markdown, main.caption, main.text,
                 main.info, main.warning):  # fmt: skip
        yield from (one.value for one in kind)
    for where in (main, app.sidebar):
        for kind in (where.button, where.selectbox, where.slider, where.number_input,
                     where.text_input, where.text_area, where.toggle):  # fmt: skip
            yield from (one.label for one in kind)
            yield from (one.help for one in kind if getattr(one, "help", None))
        yield from (one.label for one in where.expander)
        yield from (option for one in where.selectbox for option in one.options)
    yield from (one.value for one in app.sidebar.caption)
    yield from (one.proto.label for one in app.sidebar.get("page_link"))
    yield from alts(app).values()
    for figure in charts(app).values():
        layout = figure["layout"]
        yield from (note.get("text", "") for note in layout.get("annotations", ()))
        for name, axis in layout.items():
            if "axis" in name:
                yield axis.get("title", {}).get("text", "")
        for trace in figure["data"]:
            yield trace.get("name", "")
            yield trace.get("hovertemplate", "")


def in_english(text):
    """Words of a text that are English: three letters or more, no symbol and no name."""
    if re.search(r"\b(19|20)\d\d\b", text) and not re.search("[가-힣]", text):
        return []  # a paper
    plain = re.sub(r"<.*?>|\{.*?\}|%\{.*?\}|\[.*?\]\(.*?\)|`.*?`|\*[^*]+\*(?!\*)", " ", text)
    found = re.findall(r"(?<![A-Za-z_])[A-Za-z][a-z]{2,}(?![A-Za-z_])", plain)
    return [one for one in found if one.lower() not in NAMES]


@pytest.mark.parametrize(("script", "query"), [
    *((script, query) for script in SCRIPTS for query in FAR[:2]),
    *((f"pages/{name}.py", FAR[2]) for name in ("Step", "Variants", "Depth")),
])  # fmt: skip
def test_nothing_is_left_in_english(script, query):
    _all_in_korean(shown(script, lang="ko", **query))


def test_the_box_of_cell_options_is_in_korean():
    app = open_app("pages/Cuts.py", lang="ko", **SMALL, cells=FOUR)
    speak("ko")  # a widget's label is looked up in this thread
    _all_in_korean(with_cell_options(app))


def _all_in_korean(app):
    assert not app.exception, [one.message for one in app.exception]
    left = {text: found for text in texts(app) if (found := in_english(text))}
    assert not left, "\n".join(f"{found}: {text[:200]!r}" for text, found in left.items())


@pytest.mark.parametrize("script", SCRIPTS)
def test_what_follows_time_is_in_korean_too(script):
    app = shown(script, lang="ko", **SMALL)
    said = [*stage(app)["words"].values()]
    for one in (*live(app).values(), *probes(app).values()):
        said += [str(part["text"]) for part in one.head.get("sentence", ())]
        said += [text for text in one.head.get("words", {}).values() if isinstance(text, str)]
    assert said
    assert not [text for text in said if in_english(text)]


@pytest.mark.parametrize("script", SCRIPTS)
def test_both_languages_show_the_same_numbers(script):
    english, korean = shown(script, **SMALL), shown(script, lang="ko", **SMALL)
    assert settings_of(english) == settings_of(korean)
    drawn, redrawn = charts(english), charts(korean)
    assert drawn.keys() == redrawn.keys()
    for key, figure in drawn.items():
        assert len(figure["data"]) == len(redrawn[key]["data"])
        for one, other in zip(figure["data"], redrawn[key]["data"], strict=True):
            for axis in "xyz":
                if axis in one and np.asarray(one[axis]).dtype.kind == "f":
                    np.testing.assert_array_equal(one[axis], other[axis])
    for key, one in live(english).items():
        np.testing.assert_array_equal(one.values, live(korean)[key].values)


@pytest.mark.parametrize("script", [*SCRIPTS, *WORDS_ALONE])
def test_headings_and_navigation_are_said(script):
    english, korean = shown(script, **SMALL), shown(script, lang="ko", **SMALL)
    assert english.main.title[0].value != korean.main.title[0].value
    links = [one.proto.label for one in korean.sidebar.get("page_link")]
    assert len(links) == sum(not one.family for one in pages().values())
    assert not any(map(in_english, links))


def test_switching_keeps_every_setting():
    query = {"T": 20, "H": 5, "seed": 9, "cells": "gru", "bf": -1, "init": "glorot"}
    app = open_app("pages/Roads.py", t=7, **query)
    before, titles = settings_of(app), [app.main.title[0].value]
    for name in ("ko", "en"):
        (switch,) = (one for one in app.get("button_group") if one.key == "lang")
        switch.set_value(name).run()
        speak(name)  # the test reads the menus as they are shown
        titles.append(app.main.title[0].value)
        assert settings_of(app) == before
        assert app.session_state["t"] == 7
        assert {key: str(value) for key, value in query.items()}.items() <= {
            key: value for key, (value,) in _lists(app.query_params).items()
        }.items()
    english = "Along the memory state, or through the weights?"
    assert titles == [english, "기억 상태를 따라, 아니면 가중치를 거쳐?", english]


def _lists(query):
    return {key: one if isinstance(one, list) else [one] for key, one in query.items()}


@pytest.mark.parametrize(
    ("asked", "title"),
    [("ko", "**늘임과 줄임**"), ("en", "**Stretching**"), ("xx", "**Stretching**")],
)
def test_the_url_chooses_and_nonsense_is_said(asked, title):
    app = open_app("pages/Spectrum.py", lang=asked)
    assert title in [one.proto.label for one in app.sidebar.get("page_link")]
    assert any("xx" in one.value for one in app.info) == (asked == "xx")


def test_a_language_is_in_the_menu_once_its_catalogue_is_there(tmp_path, monkeypatch):
    path = tmp_path / "de_AT/LC_MESSAGES/rnnviz.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid "English"\nmsgstr "Deutsch"\nmsgid "Glossary"\nmsgstr "Glossar"\n')
    monkeypatch.setattr(_catalogues, "FOLDER", tmp_path)
    _catalogues.catalogues.cache_clear()
    try:
        app = open_app("pages/Glossary.py", lang="de_AT")
        (switch,) = (one for one in app.get("button_group") if one.key == "lang")
        assert [one.content for one in switch.proto.options] == ["English", "Deutsch"]
        assert (app.main.title[0].value, switch.value) == ("Glossar", "de_AT")
    finally:
        _catalogues.catalogues.cache_clear()


@pytest.mark.parametrize(("locale", "name"), [("ko-KR", "ko"), ("pt-BR", "en"), (None, "en")])
def test_the_browser_s_language_is_the_default(monkeypatch, locale, name):
    monkeypatch.setattr(language.st, "context", SimpleNamespace(locale=locale))
    assert language.preferred() == name


def test_refusals_are_in_korean():
    app = open_app(lang="ko", edit="rnn.W_h.100.0:1")
    (said,) = app.main.info
    assert "W_h" in said.value
    assert not in_english(said.value)


CALLBACKS = [editor._start, editor._equations, gallery._open, sequences._typed]


@pytest.mark.parametrize("part", CALLBACKS)
def test_callbacks_that_say_something_speak_the_language_of_the_page(part, monkeypatch):
    monkeypatch.setattr(language.st, "session_state", {language._SPOKEN: "ko"})

    def heard(name):
        raise LookupError(name)

    monkeypatch.setattr(language, "speak", heard)
    with pytest.raises(LookupError, match="ko"):
        part()
