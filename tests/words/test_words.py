"""Every sentence that can be said has its Korean, with the same slots; nothing is said bare."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import NamedTuple

import pytest

from rnnviz.cells import CELLS
from rnnviz.tasks import TASKS
from rnnviz.words import LANGUAGES, Refusal, Sentence, ko, language, say, sentence, speak
from rnnviz.words.particles import PARTICLES

ROOT = Path(__file__).resolve().parents[2]
FILES = [path for path in sorted((ROOT / "rnnviz").rglob("*.py")) if "words" not in path.parts]
SAID = {"say", "word", "sentence", "Refusal"}
SLOT = re.compile(r"\{(\w+)(?::([^{}]*))?\}")

# Where text is said that no file spells out, and what may be said there.
DESCRIBED = {
    "name.replace('_', ' ')",  # an option's value
    "_title(node, signal)",  # of a signal, or from TITLES
}  # fmt: skip

# What a function shows: its first argument and these. Symbols and file names need no words.
SHOWS = set(re.findall(
    r"\w+",
    """title header subheader markdown caption text info warning error success button expander
    popover spinner toggle checkbox radio slider select_slider selectbox multiselect pills
    segmented_control number_input text_input text_area download_button page_link metric tabs
    write badge heading figure menu buttons several number switch readout Segment Panel Line Bar
    Stack""",
))  # fmt: skip
SHOWN = {"label", "help", "definition", "summary", "alt", "placeholder", "title", "rows",
         "columns", "axis", "category", "name", "text"}  # fmt: skip
BARE = {"CSV", "Language · 언어"}


class Key(NamedTuple):
    """A text that can be said, where, and the slots that the call itself fills (None: later)."""

    text: str
    place: str
    filled: frozenset[str] | None


def in_words(text: str) -> bool:
    """Whether there is anything to translate: more than symbols, slots and markup."""
    return bool(re.search(r"[A-Za-z][a-z]", re.sub(r"<.*?>|\{.*?\}|log₁₀|tanh", " ", text)))


def literals(node: ast.expr) -> list[str] | None:
    """The texts that an expression can be, if it spells them out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        found = [literals(node.body), literals(node.orelse)]
        return None if None in found else [text for one in found for text in one or ()]
    return None


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def place_of(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def spelled_out() -> Iterator[Key]:
    """Literal first arguments of say, word, sentence and Refusal."""
    for path in FILES:
        for call in calls(path):
            if name_of(call) in SAID and call.args:
                names = [one.arg for one in call.keywords]
                known = None
                if name_of(call) == "say" and None not in names:
                    known = frozenset(name for name in names if name)
                for text in literals(call.args[0]) or ():
                    yield Key(text, place_of(path, call), known)


def described() -> Iterator[Key]:
    """What the core describes: cells, their signals and options, and tasks with theirs."""
    for name, cell in CELLS.items():
        texts = [cell.title, getattr(cell, "road", "")]
        texts += [v.replace("_", " ") for of in cell.choices.values()
                  for v in of if isinstance(v, str)]  # fmt: skip
        for one in cell.signals:
            texts += [one.title, one.meaning, one.at_0, one.at_1]
        yield from (Key(text, f"rnnviz/cells/{name}.py", None) for text in texts if text)
    for name, task in TASKS.items():
        texts = [task.title, task.description]
        for option in task.options:
            texts += [option.label, option.description]
            texts += [value.replace("_", " ") for value in option.choices]
        yield from (Key(text, f"rnnviz/tasks/{name}.py", None) for text in texts)


KEYS = [*spelled_out(), *described()]
ENGLISH = {one.text for one in KEYS}
TRANSLATED = sorted(ENGLISH & set(ko.WORDS))
KOREAN_FILES = [import_module(f"{ko.__name__}.{one.name}") for one in iter_modules(ko.__path__)]
FOUND_IN: dict[str, list[str]] = defaultdict(list)
for _file in KOREAN_FILES:
    for _text in _file.WORDS:
        FOUND_IN[_text].append(_file.__name__.rpartition(".")[2])


def by_file(found: Iterable[Key]) -> str:
    """A list of keys under the files that say them."""
    files: dict[str, dict[str, None]] = defaultdict(dict)
    for one in found:
        files[one.place.partition(":")[0]][one.text] = None
    return "\n".join(
        f"{name}\n" + "\n".join(f"    {text!r}" for text in texts)
        for name, texts in sorted(files.items())
    )


def test_every_sentence_has_its_korean():
    missing = [one for one in KEYS if in_words(one.text) and one.text not in ko.WORDS]
    assert not missing, f"No Korean yet:\n{by_file(missing)}"


def test_no_korean_is_left_over():
    unused = {f"{text!r} ({', '.join(where)})" for text, where in FOUND_IN.items()
              if text not in ENGLISH}  # fmt: skip
    assert not unused, "Nobody says:\n" + "\n".join(sorted(unused))


def test_no_sentence_is_translated_twice():
    twice = {text: where for text, where in FOUND_IN.items() if len(where) > 1}
    assert not twice, "\n".join(f"{text!r}: {', '.join(where)}" for text, where in twice.items())
    assert all(one.__doc__ for one in KOREAN_FILES)


def slots(text: str) -> Counter[tuple[str, str]]:
    """Name and format of every slot; a particle is not a format."""
    return Counter((name, "" if spec in PARTICLES else spec) for name, spec in SLOT.findall(text))


@pytest.mark.parametrize("english", TRANSLATED)
def test_both_languages_have_the_same_slots(english):
    korean = ko.WORDS[english]
    assert set(slots(korean)) == set(slots(english)), korean
    # What the browser fills in has no ending yet: no particle can be chosen for it.
    for one in KEYS:
        if one.text == english and one.filled is not None:
            bent = {name for name, spec in SLOT.findall(korean) if spec in PARTICLES}
            assert bent <= one.filled, f"{one.place}: {korean}"


@pytest.mark.parametrize("english", TRANSLATED)
def test_korean_keeps_the_markup_and_its_manners(english):
    korean = ko.WORDS[english]
    for mark in ("**", "<sub>", "</sub>", "‖", "`"):
        assert korean.count(mark) == english.count(mark), korean
    assert "!" not in korean
    assert "{{" not in korean
    assert english.endswith(".") == korean.endswith("."), korean
    blunt = re.search(r"(?<!니)다(?=[.:,;])|(?<!세)요(?=\.)", korean)
    assert not blunt, f"…합니다, not …한다: {korean}"


def test_what_is_said_without_being_spelled_out_is_looked_up():
    """Names, fields and dictionaries hold words; an f-string or a sum has no key to look up."""
    wrong = []
    for path in FILES:
        for call in calls(path):
            if name_of(call) not in SAID or not call.args or literals(call.args[0]) is not None:
                continue
            kind = call.args[0]
            if not looked_up(kind):
                wrong.append(f"{place_of(path, call)}: {ast.unparse(kind)}")
    assert not wrong, "\n".join(wrong)


def looked_up(node: ast.expr) -> bool:
    match node:
        case ast.Name() | ast.Attribute() | ast.Subscript():
            return True
        case ast.IfExp(body=first, orelse=second):
            return looked_up(first) and looked_up(second)
        case ast.Call(func=ast.Attribute(attr="in_words")):
            return True
        case ast.Call(func=ast.Name("next"), args=[ast.GeneratorExp(elt=one), *_]):
            return looked_up(one)
        case ast.Call():
            return name_of(node) in SAID or ast.unparse(node) in DESCRIBED
    return False


def test_dictionaries_that_are_said_hold_words():
    wrong = []
    for path in FILES:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for call in calls(path):
            if name_of(call) != "say" or not call.args:
                continue
            at = call.args[0]
            if isinstance(at, ast.Subscript) and isinstance(at.value, ast.Name):
                table = getattr(import_module(module), at.value.id, None)
                if isinstance(table, dict):
                    wrong += [f"{place_of(path, call)}: {text!r}" for text in table.values()
                              if in_words(text) and text not in ENGLISH]  # fmt: skip
    assert not wrong, "Not marked by word():\n" + "\n".join(wrong)


def bare(node: ast.expr) -> Iterator[str]:
    """English in an expression that nobody says."""
    match node:
        case ast.Constant(value=str(text)):
            if in_words(text) and text not in BARE:
                yield text
        case ast.JoinedStr(values=parts):
            text = "".join(one.value if isinstance(one, ast.Constant) else "" for one in parts)
            if in_words(text):
                yield text
        case ast.BinOp(left=left, right=right):
            yield from (*bare(left), *bare(right))
        case ast.IfExp(body=first, orelse=second):
            yield from (*bare(first), *bare(second))
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            for one in parts:
                yield from bare(one)


def test_nothing_is_shown_unsaid():
    wrong = []
    for path in FILES:
        if not {"ui", "figures"} & set(path.parts):
            continue
        for call in calls(path):
            if name_of(call) not in SHOWS:
                continue
            shown = [*call.args[:1], *(one.value for one in call.keywords if one.arg in SHOWN)]
            wrong += [f"{place_of(path, call)}: {text!r}" for one in shown for text in bare(one)]
    assert not wrong, "Shown in English only:\n" + "\n".join(wrong)


@pytest.fixture
def korean():
    speak("ko")
    yield
    speak("en")


def test_a_sentence_is_said_in_the_language_of_the_run(korean):
    assert language() == "ko"
    assert say("Compare") == ko.WORDS["Compare"]
    assert say("No such sentence about {n}.", n=3) == "No such sentence about 3."
    speak("fr")
    assert language() == "en"
    assert list(LANGUAGES) == ["en", "ko"]


def test_slots_of_the_browser_stay(korean):
    for text in ("t = {t} of {T}", "‖∂s_{t}/∂s_{k}‖ = {value}:"):
        assert set(SLOT.findall(say(text))) == set(SLOT.findall(text))


def test_sentences_inside_sentences_are_said_too(korean):
    inner = sentence("Stock prices")
    outer = sentence("{refusal} Shown below: the last setting that could be, {settings}.",
                     refusal=Refusal("The text must have at least one character.").words,
                     settings=inner)  # fmt: skip
    assert isinstance(outer, Sentence)
    assert "Stock" in outer
    assert ko.WORDS["Stock prices"] in say(outer)
    assert not re.search("[A-Za-z]{2}", say(outer))
