"""What the code shows is said: nothing is shown in English only, nothing is said that is no key."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.words.said import (
    FILES,
    ROOT,
    SAID,
    calls,
    in_words,
    keys,
    literals,
    name_of,
    relative,
)

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
BARE = {"CSV"}


def place(path: Path, call: ast.Call) -> str:
    return f"{relative(path)}:{call.lineno}"


def test_what_is_said_without_being_spelled_out_is_looked_up():
    """Names, fields and dictionaries hold words; an f-string or a sum has no key to look up."""
    wrong = []
    for path in FILES:
        for call in calls(path):
            if name_of(call) not in SAID or not call.args or literals(call.args[0]) is not None:
                continue
            kind = call.args[0]
            if not looked_up(kind):
                wrong.append(f"{place(path, call)}: {ast.unparse(kind)}")
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
    wrong, english = [], {one.text for one in keys()}
    for path in FILES:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for call in calls(path):
            if name_of(call) != "say" or not call.args:
                continue
            at = call.args[0]
            if isinstance(at, ast.Subscript) and isinstance(at.value, ast.Name):
                table = getattr(import_module(module), at.value.id, None)
                if isinstance(table, dict):
                    wrong += [f"{place(path, call)}: {text!r}" for text in table.values()
                              if in_words(text) and text not in english]  # fmt: skip
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
        if path.relative_to(ROOT).parts[1] not in {"ui", "figures"}:
            continue
        for call in calls(path):
            if name_of(call) not in SHOWS:
                continue
            shown = [*call.args[:1], *(one.value for one in call.keywords if one.arg in SHOWN)]
            wrong += [f"{place(path, call)}: {text!r}" for one in shown for text in bare(one)]
    assert not wrong, "Shown in English only:\n" + "\n".join(wrong)
