"""Where a sentence on the screen stands: `python -m tests.words.where "part of it, as seen"`.

In English or in any language that has a catalogue. Numbers and names that fill a sentence's slots
do not count, so what is seen may have any.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from rnnviz.words._catalogues import FOLDER
from tests.words.catalogue import load
from tests.words.said import keys

MOST = 5
"""The most places that are named."""


def found(seen: str) -> list[tuple[str, str]]:
    """(file:line, sentence) of those that have the most of the words that are seen, best first."""
    wanted = _words(seen)
    scored = []
    for place, english, shown in _sentences():
        has = _words(shown)
        common = sum(word in has for word in wanted)
        score = (common / max(len(wanted), 1), seen in shown, -abs(len(has) - len(wanted)))
        if common:
            scored.append((score, place, english))
    best = sorted(scored, reverse=True)
    if not best:
        return []
    top = best[0][0][0]
    return list(dict.fromkeys((p, e) for score, p, e in best if score[0] > 0.6 * top))[:MOST]


def _sentences() -> Iterator[tuple[str, str, str]]:
    """Where each sentence stands, its English, and it in every language."""
    said = {one.text: f"{one.file}:{one.line}" for one in keys()}
    for english, place in said.items():
        yield place, english, english
    for path in FOLDER.glob("*/LC_MESSAGES/*.po"):
        for message in load(path):
            if isinstance(message.id, str) and message.id in said and message.string:
                yield said[message.id], message.id, str(message.string)


def _words(text: str) -> set[str]:
    """The words of a sentence, without its slots, numbers and marks."""
    plain = re.sub(r"\{[^}]*\}|[*_`]", " ", text)
    return set(re.findall(r"[^\W\d_]+", plain.lower()))


if __name__ == "__main__":
    for where, sentence in found(" ".join(sys.argv[1:])):
        print(f"{where}  {sentence}")
