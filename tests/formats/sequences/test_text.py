"""Texts as sequences: characters as readers see them, a net's own vocabulary, what it lacks."""

import numpy as np
import pytest

from rnnviz.formats.sequences import kind_of, read
from rnnviz.formats.sequences.text import read as read_text
from rnnviz.words import Refusal


def test_the_text_s_own_characters_are_sorted_and_one_hot() -> None:
    found = read("나는 나".encode("utf-16"), "글.txt")
    assert (found.kind, found.input_labels) == ("text", ("␣", "나", "는"))
    assert found.step_labels == ("나", "는", "␣", "나")
    assert found.x.argmax(axis=1).tolist() == [1, 2, 0, 1]
    assert found.symbols is not None
    assert found.symbols.tolist() == [1, 2, 0, 1]
    assert not found.x.flags.writeable


def test_emoji_combining_marks_and_right_to_left_text_are_one_step_a_character() -> None:
    found = read_text("e\u0301👩‍👩‍👧שלום\u202e", "x")
    assert found.step_labels == ("é", "👩‍👩‍👧", "ש", "ל", "ו", "ם", "U+202E")


def test_what_the_vocabulary_lacks_is_counted_and_read_as_zeros_or_as_its_own_entry() -> None:
    plain = read_text("abXY X", "x", vocabulary=("a", "b", ""))
    assert plain.x.sum(axis=1).tolist() == [1, 1, 0, 0, 0, 0]
    assert "4 of 6" in plain.notes[0]
    assert "“X”, “Y”, “␣”" in plain.notes[0]
    assert plain.input_labels == ("a", "b", "∅")
    table = np.arange(6.0).reshape(3, 2) + 1
    assert read_text("bX", "x", vocabulary=("<unk>", "b", "c"), embedding=table).x.tolist() == [
        [3, 4], [1, 2]]  # fmt: skip
    assert read_text("bX", "x", vocabulary=("a", "b"), embedding=table).x.tolist() == [
        [3, 4], [5, 6]]  # fmt: skip


def test_a_vocabulary_of_code_points_takes_a_character_apart() -> None:
    thai = "กำ"  # two code points; a reader may see one character or two
    found = read_text("ก\u0e48" + thai, "x", vocabulary=tuple("ก\u0e33\u0e48"))
    assert found.x.argmax(axis=1).tolist() == [0, 2, 0, 1]
    assert not found.notes


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "x.txt: The file is empty."),
        ("a" * 5001, "5,001 characters and at most 5,000"),
        ("a" * 100_000, "100,000 characters"),
        (b"\xff\xfe", "no timestep"),
        (b"ab\x00c", "Byte 3 is NUL"),
        (b"\x89PNG\r\n\x1a\n\x00", "a PNG picture"),
        (b"PK\x03\x04\x00", "a zip archive"),
        (b"\x81\x20", "not written in utf-8 / cp949 / cp1252"),
    ],
)
def test_what_is_no_text_is_refused_in_one_sentence(data: bytes | str, said: str) -> None:
    with pytest.raises(Refusal, match=said) as refused:
        read_text(data, "x.txt")
    assert len(str(refused.value)) < 250


def test_the_content_tells_the_kind_and_the_name_only_text_from_table() -> None:
    assert kind_of(b"a,b\n1,2\n", "x") == kind_of(b"just words", "x.csv") == "table"
    assert kind_of(b"Yes, indeed.", "x.txt") == kind_of(b"Yes indeed.", "x.npy") == "text"
    assert kind_of(b"RIFF0000WAVE", "x.csv") == "sound"
    with pytest.raises(Refusal, match=r"picture\.csv: .* a PNG picture"):
        kind_of(b"\x89PNG\r\n", "picture.csv")
