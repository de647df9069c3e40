"""Read the translations: one gettext catalogue per language, `locale/<language>/LC_MESSAGES`.

A language is there because its catalogue is; nothing else lists the languages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "locale"
OWN_NAME = "English"
"""The sentence whose translation is the language's name for itself: 한국어."""
_ENTRY = re.compile(
    r'^(?P<comments>(?:#.*\n)*)msgid (?P<msgid>(?:".*"\n)+)msgstr (?P<msgstr>(?:".*"(?:\n|\Z))+)',
    re.MULTILINE,
)
_FUZZY = re.compile(r"^#,.*\bfuzzy\b", re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


def read(path: Path) -> dict[str, str]:
    """English → translation, from a .po file without contexts and plural forms.

    Entries that are empty, obsolete (`#~`) or marked fuzzy are left out, as gettext does.
    """
    found = {
        _text(one["msgid"]): _text(one["msgstr"])
        for one in _ENTRY.finditer(path.read_text("utf-8"))
        if not _FUZZY.search(one["comments"])
    }
    found.pop("", None)  # the header
    return {english: text for english, text in found.items() if text}


def _text(quoted: str) -> str:
    text = quoted.rstrip("\n")[1:-1].replace('"\n"', "")
    return _ESCAPED.sub(lambda hit: _ESCAPES.get(hit[1], hit[1]), text) if "\\" in text else text


@cache
def catalogues() -> Mapping[str, Mapping[str, str]]:
    """Language → what its sentences are, English → translation; the files are read once."""
    paths = sorted(FOLDER.glob("*/LC_MESSAGES/rnnviz.po"))
    return {path.parents[1].name: read(path) for path in paths}


def languages() -> dict[str, str]:
    """Language, as in the URL → its own name for itself; English comes first."""
    found = {name: texts.get(OWN_NAME, name) for name, texts in catalogues().items()}
    return {"en": OWN_NAME} | found
