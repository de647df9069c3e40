"""The sentences that people read, in English and in every language that has a catalogue.

``say("{cell}: {n} steps", cell="LSTM", n=7)`` returns the sentence in the language that `speak`
set. The English sentence is the key; the translations are gettext catalogues in `locale`. Code
that runs before the language is known (the numbers, module constants) returns a `Sentence`: English
text that `say` can still translate. What has no translation is said in English.
"""

from rnnviz.words._catalogues import languages
from rnnviz.words._say import (
    Name,
    Refusal,
    Sentence,
    language,
    say,
    sentence,
    speak,
    translations,
    word,
)

__all__ = [
    "Name", "Refusal", "Sentence", "language", "languages", "say", "sentence", "speak",
    "translations", "word",
]  # fmt: skip
