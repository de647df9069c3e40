"""Find every sentence that the app can say, and where: the source of catalogues and tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rnnviz.cells import CELLS
from rnnviz.tasks import TASKS
from rnnviz.words._catalogues import OWN_NAME

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "rnnviz").rglob("*.py"))
SAID = {"say", "word", "sentence", "Refusal"}


class Key(NamedTuple):
    """A text that can be said, where, and the slots that the call itself fills (None: later)."""

    text: str
    file: str
    line: int = 0
    filled: frozenset[str] | None = None


@cache
def keys() -> list[Key]:
    """Every text that can be said, in the order of files and lines."""
    name = Key(OWN_NAME, "rnnviz/words/_catalogues.py")
    return sorted([name, *spelled_out(), *described()], key=lambda one: (one.file, one.line))


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
                    yield Key(text, relative(path), call.lineno, known)


def described() -> Iterator[Key]:
    """What cells and tasks say of themselves: titles, signals, options."""
    for name, cell in CELLS.items():
        texts = [cell.title, cell.path]
        texts += [v.replace("_", " ") for of in cell.choices.values()
                  for v in of if isinstance(v, str)]  # fmt: skip
        for one in cell.signals:
            texts += [one.title, one.meaning, one.at_0, one.at_1]
        yield from (Key(text, f"rnnviz/cells/{name}.py") for text in texts if text)
    for name, task in TASKS.items():
        texts = [task.title, task.description]
        for option in task.options:
            texts += [option.label, option.description]
            texts += [value.replace("_", " ") for value in option.choices]
        yield from (Key(text, f"rnnviz/tasks/{name}.py") for text in texts)


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


@cache
def calls(path: Path) -> list[ast.Call]:
    """Every call in a file."""
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def name_of(call: ast.Call) -> str:
    """The name by which something is called, without what stands before the dot."""
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def relative(path: Path) -> str:
    """The path in the repository, with slashes."""
    return path.relative_to(ROOT).as_posix()
