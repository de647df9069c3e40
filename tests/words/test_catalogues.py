"""Every sentence that can be said has its Korean, with the same slots; no Korean is left over."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

import pytest

from rnnviz.words._catalogues import FOLDER, catalogues, read
from rnnviz.words._say import _SLOT
from tests.words.catalogue import load
from tests.words.said import in_words, keys

PATHS = sorted(FOLDER.glob("*/LC_MESSAGES/rnnviz.po"))
KOREAN = FOLDER / "ko/LC_MESSAGES/rnnviz.po"
MARKS = ("**", "<sub>", "</sub>", "‖", "`")


def by_file(found: Iterable[tuple[str, str]]) -> str:
    """Lines of (file, text), each file named once."""
    files: dict[str, dict[str, None]] = defaultdict(dict)
    for file, text in found:
        files[file][text] = None
    return "\n".join("\n    ".join([name, *texts]) for name, texts in sorted(files.items()))


def slots(text: str) -> set[tuple[str, str]]:
    """Name and format of every slot."""
    return {(hit[3], hit[4] or "") for hit in _SLOT.finditer(text)}


def bent(text: str) -> set[str]:
    """The slots that a particle follows."""
    return {hit[3] for hit in _SLOT.finditer(text) if hit[5]}


def test_every_sentence_has_its_korean_with_the_same_slots():
    korean, wrong = catalogues()["ko"], []
    named = {file for one in load(KOREAN) for file, _ in one.locations}
    for one in keys():
        # A cell or task that no catalogue knows is said in English.
        own = one.file in named or not one.file.startswith(("rnnviz/cells/", "rnnviz/tasks/"))
        text = korean.get(one.text)
        if text is None:
            if own and in_words(one.text):
                wrong.append((one.file, f"{one.text!r} has no Korean"))
        elif slots(text) != slots(one.text):
            wrong.append((one.file, f"{one.text!r} has other slots than {text!r}"))
        # What the browser fills in has no last sound yet: no particle can be chosen for it.
        elif one.filled is not None and not bent(text) <= one.filled:
            wrong.append((one.file, f"a particle after what the browser fills in: {text!r}"))
    assert not wrong, f"Run python -m tests.words.catalogue, then mend\n{by_file(wrong)}"


def test_no_korean_is_left_over():
    said = {one.text for one in keys()}
    left = [(one.locations[0][0] if one.locations else "", repr(one.id))
            for one in load(KOREAN) if one.id and one.id not in said]  # fmt: skip
    assert not left, f"Nobody says this; run python -m tests.words.catalogue\n{by_file(left)}"


def test_korean_keeps_the_markup_and_its_manners():
    wrong = []
    for english, korean in catalogues()["ko"].items():
        blunt = re.search(r"(?<!니)다(?=[.:,;])|(?<!세)요(?=\.)", korean)
        if any(korean.count(mark) != english.count(mark) for mark in MARKS):
            wrong.append(("other markup", korean))
        if english.endswith(".") != korean.endswith("."):
            wrong.append(("a full stop more or less", korean))
        if "!" in korean or blunt:
            wrong.append(("…합니다, not …한다", korean))
    assert not wrong, by_file(wrong)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.parents[1].name)
def test_a_catalogue_is_well_formed_and_read_as_babel_reads_it(path):
    messages = [one for one in load(path) if one.id]
    assert {one.id: one.string for one in messages if one.string and not one.fuzzy} == read(path)
    twice = len(re.findall("(?m)^msgid ", path.read_text("utf-8"))) - 1 - len(messages)
    assert not twice, f"{twice} sentences stand twice in {path.name}"
    assert not [one.id for one in messages if one.context or not isinstance(one.id, str)]
