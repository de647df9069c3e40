"""Bring the translations up to date with the code: `python -m tests.words.catalogue [language]`.

New sentences are added without a translation (or with that of a similar one, marked fuzzy),
sentences that nobody says any more are removed, and each names the files that say it. A language
that has no catalogue yet gets an empty one.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from rnnviz.words._catalogues import FOLDER, OWN_NAME
from tests.words.said import in_words, keys


def load(path: Path) -> Catalog:
    """A catalogue as Babel reads it; a file that is no catalogue raises PoFileError."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parents[1].name, abort_invalid=True)


def template(translated: set[str]) -> Catalog:
    """All that is said in words, and those texts of symbols alone that somebody translated."""
    made = Catalog()
    for one in keys():
        if in_words(one.text) or one.text in translated:
            made.add(one.text, locations=[(one.file, one.line)])
    made[OWN_NAME].auto_comments = ["The language's name for itself: Deutsch, 한국어."]
    return made


def update(path: Path) -> None:
    """Write the catalogue anew, with the translations that it has."""
    if path.exists():
        catalogue = load(path)
    else:
        catalogue = Catalog(path.parents[1].name, project="rnnviz", fuzzy=False)
        path.parent.mkdir(parents=True)
    translated = {one.id for one in catalogue if one.id and one.string}
    catalogue.update(template(translated), update_creation_date=False)
    for one in catalogue:
        one.flags.discard("python-format")  # Babel takes the "% i" of "1 % is" for one
    with path.open("wb") as file:
        # No line numbers and no wrapping: a change of one sentence is a change of one line.
        write_po(file, catalogue, width=0, sort_by_file=True, ignore_obsolete=True,
                 include_lineno=False)  # fmt: skip


if __name__ == "__main__":
    paths = [FOLDER / name / "LC_MESSAGES/rnnviz.po" for name in sys.argv[1:]]
    for path in paths or sorted(FOLDER.glob("*/LC_MESSAGES/rnnviz.po")):
        update(path)
