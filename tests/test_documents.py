"""What the documents say of the repository is so: files, commands, examples, pages, picture."""

import re
from pathlib import Path

import pytest

from rnnviz.ui.shell.navigation import pages
from tests import rooms

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
ENDINGS = "css|js|md|po|py|svg|toml|txt"
NAMED = re.compile(rf"[\w.-]+(?:/[\w.-]+)*(?:\.(?:{ENDINGS})|/)|\.ci/run")
"""A path within backticks; one with a <name> to be filled in does not match."""
CITED = re.compile(rf"(?<![\w/.])(?:(?:rnnviz/\w+|docs)/[\w./-]+\.(?:{ENDINGS})|[A-Z]+\.md)\b")
"""A path in the text of a source file."""
SOURCES = [path for folder in ("rnnviz", "pages", "tests") for path in (ROOT / folder).rglob("*")
           if path.suffix in (".py", ".js", ".css")]  # fmt: skip
RUN = "python3 -m venv .venv && .venv/bin/pip install -q -r requirements.txt && .venv/bin/streamlit run app.py"  # fmt: skip  # noqa: E501
TEST = "python3 -m venv .venv && .venv/bin/pip install -q -r requirements-dev.txt && .venv/bin/python -m pytest"  # fmt: skip  # noqa: E501


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def missing(document: Path) -> list[str]:
    """The links and the backticked paths of a document that lead nowhere."""
    text = re.sub(r"^```.*?^```", "", document.read_text("utf-8"), flags=re.M | re.S)
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    paths = [one for one in re.findall(r"`([^`\n]+)`", text) if NAMED.fullmatch(one)]
    places = [ROOT, ROOT / "rnnviz", ROOT / "rnnviz" / "ui"]
    return [one for one in links if not (document.parent / one).exists()] + [
        one for one in paths
        if not any((place / one).exists() for place in places)
        and not ("/" not in one and any(ROOT.glob(f"rnnviz/**/{one}")))
    ]  # fmt: skip


def test_every_file_that_a_document_names_is_there() -> None:
    assert {str(one.relative_to(ROOT)): lost for one in DOCUMENTS if (lost := missing(one))} == {}


def test_every_file_that_the_code_names_is_there() -> None:
    lost = [f"{path.relative_to(ROOT)}: {one}"
            for path in SOURCES if path != Path(__file__)
            for one in CITED.findall(path.read_text("utf-8"))
            if not (ROOT / one).exists()]  # fmt: skip
    assert lost == []


def test_a_document_with_a_wrong_path_is_found(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("[a](gone.md) `rnnviz/gone.py` `gone.js` `app.py` `tests/`")
    assert missing(tmp_path / "x.md") == ["gone.md", "rnnviz/gone.py", "gone.js"]


def test_the_readme_is_short_and_its_commands_are_those_that_ci_runs() -> None:
    assert len(README.splitlines()) <= 130
    assert blocks(README, "sh") == [f"{RUN}\n", f"{TEST}\n"]
    assert (ROOT / ".ci" / "run").read_text("utf-8").splitlines()[-1] == TEST


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: one.name)
def test_python_in_documents_runs(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks(document.read_text("utf-8"), "python"):
        exec(compile(block, str(document), "exec"), {})


def test_the_readme_lists_the_pages_with_their_questions() -> None:
    rows = [f"| {one.name} | {one.question} |" for one in pages().values()]
    assert [line for line in README.splitlines() if line in rows] == rows


def test_the_picture_of_the_rooms_is_up_to_date() -> None:
    assert rooms.PICTURE.read_text("utf-8") == rooms.picture(), "run `python -m tests.rooms`"
