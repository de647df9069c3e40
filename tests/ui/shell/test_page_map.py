"""The map of all pages: a card for each, in both languages, with a picture for both themes."""

import re
from html import unescape

import pytest
from PIL import Image

from rnnviz.ui.shell.labels import PAGES
from rnnviz.ui.shell.page_map import FOLDER, HEIGHT, PICTURED, QUESTIONS, SCHEMES, WIDTH, picture
from rnnviz.words import say, speak
from tests.screenshots.thumbnails import SHOTS
from tests.ui.apps import open_app, shown

MOST, MOST_OF_ALL = 12 * 1024, 350 * 1024
FILES = [picture(script, scheme) for script in PAGES for scheme in SCHEMES]


@pytest.fixture(params=["en", "ko"])
def spoken(request):
    speak(request.param)
    yield request.param
    speak("en")


def test_every_page_has_a_question_words_for_its_picture_and_a_way_to_make_it():
    assert list(QUESTIONS) == list(PICTURED) == list(SHOTS) == list(PAGES)
    assert len({*QUESTIONS.values()}) == len(PAGES)
    assert all(text.endswith("?") for text in QUESTIONS.values())


def test_every_page_has_its_pictures_and_none_is_left_over():
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_picture_is_small_and_shows_something(name):
    path = FOLDER / name
    assert path.stat().st_size <= MOST
    with Image.open(path) as found:
        assert (found.format, found.size) == ("WEBP", (WIDTH, HEIGHT))
        assert len(found.convert("RGB").getcolors(WIDTH * HEIGHT)) > 8


def test_all_of_them_together_are_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= MOST_OF_ALL


def brightness(name):
    with Image.open(FOLDER / name) as found:
        values = found.convert("L").tobytes()
    return sum(values) / len(values)


@pytest.mark.parametrize("script", PAGES)
def test_the_dark_picture_is_the_darker_one(script):
    assert brightness(picture(script, "dark")) <= brightness(picture(script, "light")) + 1


def images(app):
    return [one for one in app.main.get("html") if "<img" in one.proto.body]


@pytest.mark.parametrize("theme", SCHEMES)
def test_the_home_page_shows_a_card_for_each_page(spoken, theme):
    app = open_app(theme=theme, lang=spoken)
    speak(spoken)
    links = [one.proto for one in app.main.get("page_link")]
    wanted = [f"**{say(name)}**  \n{say(QUESTIONS[script])}" for script, name in PAGES.items()]
    assert [one.label for one in links] == wanted
    assert [one.page for one in links] == ["" if s == "app.py" else s[6:-3] for s in PAGES]
    drawn = [one.proto.body for one in images(app)]
    assert len(drawn) == len(PAGES)
    for script, body in zip(PAGES, drawn, strict=True):
        assert f'src="app/static/{FOLDER.name}/{picture(script, theme)}"' in body
        assert f'loading="lazy" width="{WIDTH}" height="{HEIGHT}"' in body
        assert unescape(re.search(r'alt="([^"]{8,})"', body)[1]) == say(PICTURED[script])
    assert any("(#all-pages)" in one.value for one in app.main.markdown)


def test_other_pages_carry_no_pictures():
    assert not images(shown("pages/Cuts.py"))
