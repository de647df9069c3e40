"""Sentences with slots, the language they are said in, and Korean particles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from rnnviz.words.ko import WORDS as KOREAN
from rnnviz.words.particles import PARTICLES, with_particle

LANGUAGES: Mapping[str, str] = {"en": "English", "ko": "한국어"}
"""What the URL says → what the language calls itself."""
_TABLES: Mapping[str, Mapping[str, str]] = {"ko": KOREAN}
_SLOT = re.compile(r"\{([A-Za-z_]\w*)(?::([^{}]*))?\}")
_now: ContextVar[str] = ContextVar("language", default="en")


class Sentence(str):
    """English text that knows its template and what stands in the slots."""

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, values: dict[str, Any]) -> Sentence:
        """Fill the template in English."""
        made = super().__new__(cls, _filled(template, values))
        made.template, made.values = template, values
        return made

    def __getnewargs__(self) -> tuple[str, dict[str, Any]]:  # type: ignore[override]
        """Copies and caches keep the template."""
        return self.template, self.values


class Refusal(ValueError):
    """A ValueError whose sentence can be said in any language."""

    def __init__(self, template: str, /, **values: Any) -> None:
        super().__init__(Sentence(template, values))

    @property
    def words(self) -> Sentence:
        """The sentence."""
        found: Sentence = self.args[0]
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        """Survive a cache, slots included."""
        return _refusal, (self.words.template, self.words.values)


def _refusal(template: str, values: dict[str, Any]) -> Refusal:
    return Refusal(template, **values)


def speak(name: str) -> None:
    """Say everything in this language from here on, in this thread."""
    _now.set(name if name in LANGUAGES else "en")


def language() -> str:
    """The language in which `say` speaks: a key of LANGUAGES."""
    return _now.get()


def word(text: str) -> str:
    """The text itself; marks it as one that somebody will `say`."""
    return text


def sentence(template: str, /, **values: Any) -> Sentence:
    """A sentence to be said later, by whoever knows the language."""
    return Sentence(template, values)


def say(text: str, /, **values: Any) -> str:
    """The text in the language of this run, ``{name}`` and ``{name:spec}`` filled from the values.

    Slots that no value is given for stay as they are: the browser fills them. A value that is a
    `Sentence` is said first. In Korean texts the spec may be a particle pair: ``{cell:은는}``.
    """
    if isinstance(text, Sentence):
        return say(text.template, **{**text.values, **values})
    table = _TABLES.get(language())
    template = text if table is None else table.get(text, text)
    return _filled(template, {name: _said(value) for name, value in values.items()})


def _said(value: Any) -> Any:
    return say(value) if isinstance(value, Sentence) else value


def _filled(template: str, values: Mapping[str, Any]) -> str:
    def fill(hit: re.Match[str]) -> str:
        name, spec = hit[1], hit[2] or ""
        if name not in values:
            return hit[0]
        if spec in PARTICLES:
            return with_particle(str(values[name]), spec)
        return format(values[name], spec)

    return _SLOT.sub(fill, template)
