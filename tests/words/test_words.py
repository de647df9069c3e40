"""How sentences are said: languages, slots, particles, and what has no translation."""

from __future__ import annotations

import pickle
import re

import pytest

from rnnviz.cells import CELLS, cell_from_equations
from rnnviz.formats.float_arrays import NotFinite
from rnnviz.words import (
    Name,
    Refusal,
    Sentence,
    _catalogues,
    language,
    languages,
    say,
    sentence,
    speak,
    translations,
)
from rnnviz.words.particles import with_particle

GERMAN = r'''
msgid ""
msgstr ""
"Language: de\n"

msgid "English"
msgstr "Deutsch"

#: rnnviz/a.py
#, python-brace-format
msgid "{n} steps "
"of \"{cell}\"\n"
msgstr ""
"„{cell}“, "
"{n:d} Schritte\n"

#, fuzzy
msgid "Compare"
msgstr "not sure"

msgid "Roads"
msgstr ""

#~ msgid "Gone"
#~ msgstr "Weg"

msgid "Last"
msgstr "Ende"'''


@pytest.fixture
def korean():
    speak("ko")
    yield
    speak("en")


@pytest.fixture
def german(tmp_path, monkeypatch):
    """A folder with a German catalogue dropped in, and nothing else."""
    path = tmp_path / "de/LC_MESSAGES/rnnviz.po"
    path.parent.mkdir(parents=True)
    path.write_text(GERMAN, "utf-8")
    monkeypatch.setattr(_catalogues, "FOLDER", tmp_path)
    _catalogues.catalogues.cache_clear()
    speak("de")
    yield
    speak("en")
    _catalogues.catalogues.cache_clear()


def test_a_sentence_is_said_in_the_language_of_the_run(korean):
    assert language() == "ko"
    assert say("Compare") == "비교" == translations("Compare")["ko"]
    assert say("No such sentence about {n}.", n=3) == "No such sentence about 3."
    speak("fr")
    assert language() == "en"
    assert languages() == {"en": "English", "ko": "한국어"}


def test_a_catalogue_that_is_dropped_in_is_a_language(german):
    assert languages() == {"en": "English", "de": "Deutsch"}
    assert language() == "de"
    assert say('{n} steps of "{cell}"\n', n=3, cell="LSTM") == "„LSTM“, 3 Schritte\n"
    assert say("Last") == "Ende"
    for left_alone in ("Compare", "Roads", "Gone", ""):
        assert say(left_alone) == left_alone
        assert translations(left_alone) == {"en": left_alone}


@pytest.mark.parametrize(
    ("text", "pair", "said"),
    [("RNN", "은(는)", "RNN은"), ("GRU", "은(는)", "GRU는"), ("게이트", "이(가)", "게이트가"),
     ("값", "을(를)", "값을"), ("**W_h**", "과(와)", "**W_h**와"), ("7", "(으)로", "7로"),
     ("3", "(으)로", "3으로"), ("물", "(으)로", "물로"), ("5 %", "은(는)", "5 %는"),
     ("LSTM", "(이)", "LSTM이"), ("", "이(가)", "가"), ("σ16", "이(가)", "σ16이"),
     ("σ12", "이(가)", "σ12가"),
     ("3·10⁻⁷", "은(는)", "3·10⁻⁷은"), ("h₁", "을(를)", "h₁을")],
)  # fmt: skip
def test_a_particle_follows_the_last_sound(text, pair, said):
    assert with_particle(text, pair) == said
    assert say("{text}" + pair, text=text) == said
    assert say("{text}" + pair) == "{text}" + pair


def test_a_particle_may_follow_a_format():
    assert say("{n:.1f}이(가)", n=0.25) == "0.2가"


def test_slots_of_the_browser_stay(korean):
    for text in ("t = {t} of {T}", "‖∂s_{t}/∂s_{k}‖ = {value}:"):
        assert set(re.findall(r"\{\w+\}", say(text))) == set(re.findall(r"\{\w+\}", text))


def test_sentences_inside_sentences_are_said_too(korean):
    inner = sentence("Stock prices")
    outer = sentence("{refusal} Shown below: the last setting that could be, {settings}.",
                     refusal=Refusal("The text must have at least one character.").words,
                     settings=inner)  # fmt: skip
    assert isinstance(outer, Sentence)
    assert "Stock" in outer
    assert translations("Stock prices")["ko"] in say(outer)
    assert not re.search("[A-Za-z]{2}", say(outer))


def test_a_sentence_and_a_refusal_survive_a_cache(korean):
    made = Refusal("`{name}` is not a cell.", name="lstn")
    again = pickle.loads(pickle.dumps(made))
    assert (again.words.template, again.words.values) == (made.words.template, made.words.values)
    assert str(again) == "`lstn` is not a cell."
    assert type(pickle.loads(pickle.dumps(NotFinite("`W_h` is infinite.")))) is NotFinite


def test_a_typed_name_has_no_article_and_no_translation():
    assert say("The {cell} has learnt; to the **{cell}** it is {n}.", cell=Name("Mine"), n=1) == (
        "Mine has learnt; to **Mine** it is 1.")  # fmt: skip
    assert say("The {cell} has learnt it.", cell="GRU") == "The GRU has learnt it."
    kind = CELLS[cell_from_equations("h = tanh(x W)", "Forget gate")]
    speak("ko")
    titled = say(kind.title)
    speak("en")
    assert say("The {cell} has learnt.", cell=titled) == "Forget gate has learnt."
