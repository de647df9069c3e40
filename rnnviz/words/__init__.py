"""What people read, in their language: English sentences are the keys, `ko` has the Korean.

``say("{cell}: {n} steps", cell="LSTM", n=7)`` says it in the language of this run, set by `speak`.
Whoever cannot know the language (the numbers, module constants) hands a `Sentence` on, which is
English until somebody says it.
"""

from rnnviz.words._say import (
    LANGUAGES,
    Refusal,
    Sentence,
    language,
    say,
    sentence,
    speak,
    word,
)

__all__ = ["LANGUAGES", "Refusal", "Sentence", "language", "say", "sentence", "speak", "word"]
