"""What is wrong in typed equations, and where."""

from __future__ import annotations

from typing import Any, NamedTuple

from rnnviz.words import Refusal, sentence, word


class Place(NamedTuple):
    """Where something stands in the typed text, both counted from 1."""

    line: int
    column: int


class Misprint(Refusal):
    """Typed equations that cannot be read: a sentence, and the place that it is about."""

    def __init__(self, template: str, /, *, at: Place, **values: Any) -> None:
        super().__init__(word("Line {line}, character {column}: {what}"), line=at.line,
                         column=at.column, what=sentence(template, **values))  # fmt: skip
        self.at = at

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle template, values and place."""
        what = self.words.values["what"]
        return _misprint, (what.template, self.at, what.values)


def _misprint(template: str, at: Place, values: dict[str, Any]) -> Misprint:
    return Misprint(template, at=Place(*at), **values)


def pointed(text: str, at: Place) -> str:
    """The line of the text with a caret under the character."""
    line = text.splitlines()[at.line - 1] if at.line <= len(text.splitlines()) else ""
    return f"{line}\n{' ' * (at.column - 1)}^"
