"""A text as the characters that a reader sees."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rnnviz.words.characters import characters, label

ANY_TEXT = st.text(st.characters())  # surrogates and unassigned code points as well
TRICKY = st.text(
    st.sampled_from("a 가\u1100\u1161\u11a8\u0301\u200d\u200c\ufe0f\u20e3👩\U0001f3fd🇰🇷♂␣↵\n\r\t")
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", ["a", "b", "c"]),
        ("한글", ["한", "글"]),
        (unicodedata.normalize("NFD", "한글é"), ["한", "글", "é"]),
        ("ㅎㅏ", ["ㅎ", "ㅏ"]),
        ("\u1112\u119e\u11ab", ["\u1112\u119e\u11ab"]),  # an old syllable
        ("e\u0301\u0323", ["ẹ\u0301"]),
        ("👩‍👩‍👧", ["👩‍👩‍👧"]),
        ("👩🏽‍❤️‍💋‍👨🏽!", ["👩🏽‍❤️‍💋‍👨🏽", "!"]),
        ("🙂‍↔️", ["🙂‍↔️"]),
        ("👍🏽👍", ["👍🏽", "👍"]),
        ("🇰🇷🇺🇸🇩", ["🇰🇷", "🇺🇸", "🇩"]),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿a", ["🏴󠁧󠁢󠁳󠁣󠁴󠁿", "a"]),
        ("1️⃣2", ["1️⃣", "2"]),
        ("שָׁלוֹם", ["שָׁ", "ל", "וֹ", "ם"]),
        ("مرحبا", ["م", "ر", "ح", "ب", "ا"]),
        ("ن\u200dب", ["ن\u200d", "ب"]),  # a joiner binds emoji, not letters
        ("a\r\nb\rc\n", ["a", "\n", "b", "\n", "c", "\n"]),
        ("ن\u200d👩", ["ن\u200d", "👩"]),
        ("\u0301a", ["\u0301", "a"]),
        ("\u2029\u0301", ["\u2029", "\u0301"]),
        ("\n\u0301", ["\n", "\u0301"]),
        ("a\u1161", ["a", "\u1161"]),
        ("", []),
    ],
)
def test_known_texts(text: str, expected: list[str]) -> None:
    normal = [unicodedata.normalize("NFC", character) for character in expected]
    assert characters(text) == normal


@given(ANY_TEXT | TRICKY)
@example("\r\r\n")
def test_the_characters_are_the_whole_text(text: str) -> None:
    found = characters(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert "".join(found) == unicodedata.normalize("NFC", lines)
    assert all(found)


@given(st.sets(ANY_TEXT | TRICKY))
def test_different_characters_have_different_visible_labels(texts: set[str]) -> None:
    found = {character for text in texts for character in characters(text)}
    labels = {label(character) for character in found}
    assert len(labels) == len(found)
    assert "end" not in labels
    for text in labels:
        assert text.strip()
        assert unicodedata.category(text[0]) not in {"Cc", "Cf", "Cs", "Co", "Mn", "Zs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("character", "expected"),
    [
        ("a", "a"),
        ("가", "가"),
        ("<", "<"),
        (" ", "␣"),
        ("\n", "↵"),
        ("\t", "␉"),
        ("\0", "␀"),
        ("\x7f", "␡"),
        ("␣", "U+2423"),
        ("↵", "U+21B5"),
        ("\xa0", "U+00A0"),
        ("\u200e", "U+200E"),
        ("\ufeff", "U+FEFF"),
        ("\u0301\u0323", "U+0301 U+0323"),
        (" \u0301", "␣\u0301"),
        ("\ud800", "U+D800"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ],
)
def test_labels(character: str, expected: str) -> None:
    assert label(character) == expected
