"""Where a sentence on the screen stands: `python -m tests.words.where "part of it, as seen"`.

In English or in any language that has a catalogue. Numbers and names that fill a sentence's slots
do not count, so what is seen may have any.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from typing import NamedTuple

from rnnviz.words._catalogues import FOLDER
from tests.words.catalogue import load
from tests.words.said import keys

MOST = 5
"""The most places that are named."""


class Said(NamedTuple):
    """A sentence in one language: where it stands, its English, its words, and what it matches."""

    place: str
    english: str
    words: frozenset[str]
    pattern: re.Pattern[str]
    literal: int
    """How many characters are not in slots."""

    def score(self, seen: str, wanted: set[str]) -> tuple[float, ...]:
        """How well it fits what is seen: as a whole, within it, or by the words they share."""
        common = len(wanted & self.words)
        shared = common / max(len(wanted), 1)
        if self.pattern.fullmatch(seen) and self.literal > len(seen) / 5:
            return 2, self.literal
        hit = self.pattern.search(seen)
        if hit and self.literal > max(12, len(seen) / 3):
            return 1, self.literal
        return shared, seen in self.english, -abs(len(self.words) - len(wanted))


def found(seen: str) -> list[tuple[str, str]]:
    """(file:line, sentence) of those that fit best what is seen, best first."""
    seen = " ".join(seen.split())
    wanted = _words(seen)
    scored = [(one.score(seen, wanted), one.place, one.english) for one in _sentences()]
    best = sorted((one for one in scored if one[0][0] > 0), reverse=True)
    if not best:
        return []
    least = 0.6 * min(best[0][0][0], 1)
    return list(dict.fromkeys((p, e) for score, p, e in best if score[0] > least))[:MOST]


@cache
def _sentences() -> list[Said]:
    """Every sentence, in every language."""
    said = {one.text: f"{one.file}:{one.line}" for one in reversed(keys())}
    shown = [(english, english) for english in said]
    for path in FOLDER.glob("*/LC_MESSAGES/*.po"):
        shown += [(one.id, str(one.string)) for one in load(path)
                  if isinstance(one.id, str) and one.id in said and one.string]  # fmt: skip
    return [_said(said[english], english, text) for english, text in shown]


def _said(place: str, english: str, text: str) -> Said:
    parts = _SLOT.split(" ".join(text.split()))
    pattern = re.compile(".+?".join(re.escape(part) for part in parts), re.DOTALL)
    return Said(place, english, frozenset(_words(text)), pattern, len("".join(parts).strip()))


_SLOT = re.compile(r"\{[^}]*\}(?:[가-힣]+\([가-힣]+\))?")
"""A slot, with the particle that follows it."""


def _words(text: str) -> set[str]:
    """The words of a sentence, without its slots, numbers and marks."""
    plain = re.sub(r"\{[^}]*\}|[*_`]", " ", text)
    return set(re.findall(r"[^\W\d_]+", plain.lower()))


if __name__ == "__main__":
    for where, sentence in found(" ".join(sys.argv[1:])):
        print(f"{where}  {sentence}")
