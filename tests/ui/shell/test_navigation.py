"""Pages are found by looking: a new folder is in the navigation, in its place."""

import pytest
import streamlit

import rnnviz.ui.pages as folder
from rnnviz.ui.shell import navigation
from tests.ui.apps import open_app

DEMO = """
from rnnviz.ui.shell.navigation import Group, Page, Picture
PAGE = Page("pages/Demo.py", "Demo", "What is it for?", Group.GRADIENT, 2, Picture("", ""))
"""


@pytest.fixture
def demo(tmp_path, monkeypatch):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "__init__.py").write_text(DEMO, "utf-8")
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path)])
    monkeypatch.setattr(navigation, "FOLDERS", [*navigation.FOLDERS, str(tmp_path)])
    navigation.pages.cache_clear()
    yield
    navigation.pages.cache_clear()


@pytest.mark.usefixtures("demo")
def test_a_new_folder_is_a_page_and_stands_in_its_group():
    scripts = list(navigation.pages())
    assert scripts.index("pages/Demo.py") == scripts.index("pages/Gradient_flow.py") + 1
    assert navigation.pages()["pages/Demo.py"].path == "/Demo"


def test_groups_follow_each_other():
    order = [list(navigation.Group).index(page.group) for page in navigation.pages().values()]
    assert order == sorted(order)
    assert navigation.pages()["app.py"].path == "/"


def test_the_sidebar_is_folded_in_a_lecture_page_and_only_there(monkeypatch):
    asked = []
    monkeypatch.setattr(streamlit, "set_page_config", lambda **options: asked.append(options))
    for embedded in (True, False):
        app = open_app("pages/Paths.py")
        asked.clear()
        app.context = {"is_embedded": embedded}
        app.run()
        assert asked[0]["initial_sidebar_state"] == ("collapsed" if embedded else "auto")


def test_only_the_group_of_the_page_is_unfolded_and_a_family_has_one_link():
    app = open_app("pages/Whose_gradient.py", T=5, H=2)
    folds = {one.label: one.proto.expanded for one in app.sidebar.expander
             if one.label in [group.value for group in navigation.Group]}  # fmt: skip
    assert [label for label, unfolded in folds.items() if unfolded] == ["How the gradient travels"]
    labels = [one.proto.label for one in app.sidebar.get("page_link")]
    assert "**Gradient flow**" in labels
    assert not any("Whose" in label for label in labels)
    assert navigation.name_of("pages/Whose_gradient.py") == "Gradient flow · By loss"
    strip = [one.proto.label for one in app.main.get("page_link")]
    assert strip[:2] == ["By signal and by pair of steps", "**By loss**"]
