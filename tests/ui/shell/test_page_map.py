"""The map of all pages: a card for each, in both languages, with a picture for both themes."""

import re
from html import escape, unescape

import pytest
from PIL import Image

from rnnviz.ui.shell.navigation import name_of, pages
from rnnviz.ui.shell.page_map import FOLDER, HEIGHT, SCHEMES, WIDTH, thumbnail
from rnnviz.words import say, speak
from tests.ui.apps import open_app, shown

MOST, MOST_OF_ALL = 12 * 1024, 350 * 1024
PAGES = pages().values()
CARD = (f'<img src="(.*?)" loading="lazy" width="{WIDTH}" height="{HEIGHT}" alt="(.{{8,}}?)">'
        '<a href="(.*?)"><strong>(.*?)</strong><br>(.*?)</a>')  # fmt: skip
FILES = [thumbnail(page, scheme) for page in PAGES for scheme in SCHEMES]


@pytest.fixture(params=["en", "ko"])
def spoken(request):
    speak(request.param)
    yield request.param
    speak("en")


def test_every_page_asks_a_question_of_its_own():
    assert len({page.question for page in PAGES}) == len(PAGES)
    assert all(page.question.endswith("?") for page in PAGES)


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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_dark_picture_is_the_darker_one(page):
    assert brightness(thumbnail(page, "dark")) <= brightness(thumbnail(page, "light")) + 1


def images(app):
    found = [one for one in app.main.get("html") if "rv-sketch" not in one.proto.body]
    return [one.proto.body for one in found if "<img" in one.proto.body]


@pytest.mark.parametrize("theme", SCHEMES)
def test_the_home_page_shows_a_card_for_each_page(spoken, theme):
    app = open_app(theme=theme, lang=spoken)
    speak(spoken)
    (body,) = images(app)
    cards = re.findall(CARD, body)
    assert [(name, question) for *_, name, question in cards] == [
        (escape(name_of(page.script)), escape(say(page.question))) for page in PAGES
    ]
    assert [href for *_, href, _, _ in cards] == [page.path.lstrip("/") or "." for page in PAGES]
    for page, (picture, words, *_) in zip(PAGES, cards, strict=True):
        assert picture == f"app/static/{FOLDER.name}/{thumbnail(page, theme)}"
        assert unescape(words) == say(page.picture.words)
    assert any("(#all-pages)" in one.value for one in app.main.markdown)


def test_other_pages_carry_no_pictures():
    assert not images(shown("pages/Cuts.py"))
