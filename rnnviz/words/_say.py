"""Sentences with slots, and the language they are said in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from rnnviz.words._catalogues import catalogues
from rnnviz.words.particles import PARTICLES, with_particle

_SLOT = re.compile(
    r"(\b[Tt]he )?(\*\*)?\{([A-Za-z_]\w*)(?::([^{}]*))?\}("
    + "|".join(map(re.escape, PARTICLES)) + ")?"
)
_now: ContextVar[str] = ContextVar("language", default="en")


class Name(str):
    """A name that a person typed: it is not translated and stands without an article."""


class Sentence(str):
    """English text that keeps its template and the values of its slots."""

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, values: dict[str, Any]) -> Sentence:
        """Fill the template in English."""
        made = super().__new__(cls, _filled(template, values))
        made.template, made.values = template, values
        return made

    def __getnewargs__(self) -> tuple[str, dict[str, Any]]:  # type: ignore[override]
        """Copy and unpickle from template and values."""
        return self.template, self.values


class Refusal(ValueError):
    """A ValueError whose sentence can be said in any language."""

    def __init__(self, template: str, /, **values: Any) -> None:
        super().__init__(Sentence(template, values))

    @property
    def words(self) -> Sentence:
        """The sentence, for `say`."""
        found: Sentence = self.args[0]
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle class, template and values, not the text alone."""
        return _refusal, (type(self), self.words.template, self.words.values)


def _refusal(kind: type[Refusal], template: str, values: dict[str, Any]) -> Refusal:
    return kind(template, **values)


def speak(name: str) -> None:
    """Say everything in this language from here on, in this thread; unknown names mean English."""
    _now.set(name if name in catalogues() else "en")


def language() -> str:
    """The language in which `say` speaks: a key of `languages()`."""
    return _now.get()


def word(text: str) -> str:
    """The text unchanged; marks it for translation where it is written, to be said elsewhere."""
    return text


def sentence(template: str, /, **values: Any) -> Sentence:
    """A sentence with values, to be said later, when the language is known."""
    return Sentence(template, values)


def say(text: str, /, **values: Any) -> str:
    """The text in the language of this run, ``{name}`` and ``{name:spec}`` filled from the values.

    Slots that no value is given for stay as they are: the browser fills them. A value that is a
    `Sentence` is said first. A Korean particle pair after a slot becomes the form that fits the
    value: ``{cell}은(는)`` → RNN은, GRU는.
    """
    if isinstance(text, Name):
        return text
    if isinstance(text, Sentence):
        return say(text.template, **{**text.values, **values})
    now = _now.get()
    template = text if now == "en" else catalogues()[now].get(text, text)
    return _filled(template, {name: _said(value) for name, value in values.items()})


def translations(text: str) -> dict[str, str]:
    """The text in every language that has it: name of the language → text, English first."""
    found = {name: texts[text] for name, texts in catalogues().items() if text in texts}
    return {"en": text} | found


def _said(value: Any) -> Any:
    return say(value) if isinstance(value, Sentence) else value


def _filled(template: str, values: Mapping[str, Any]) -> str:
    def fill(hit: re.Match[str]) -> str:
        article, stars, name, spec, particle = (one or "" for one in hit.groups())
        if name not in values:
            return hit[0]
        before = stars if isinstance(values[name], Name) else article + stars
        text = format(values[name], spec)
        return before + (with_particle(text, particle) if particle else text)

    return _SLOT.sub(fill, template)
