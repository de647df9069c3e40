"""Tables as sequences: how they are read, which columns are taken, and what is refused where."""

import numpy as np
import pytest

from rnnviz.formats.sequences import fits, read
from rnnviz.formats.sequences.fields import kind_of_column
from rnnviz.formats.sequences.table import look
from rnnviz.words import Refusal

PRICES = "day,open,close,note\n2026-11-02,4,5,up\n2026-11-03,5,3,down\n2026-11-04,6,4,up\n"


def test_columns_of_numbers_are_inputs_dates_name_the_steps_words_can_be_classes() -> None:
    table = look(PRICES.encode(), "prices.csv")
    assert table.kinds == {"day": "date", "open": "number", "close": "number", "note": "text"}
    found = table.sequence(targets=("note",))
    assert found.input_labels == ("open", "close")
    assert found.x.tolist() == [[4, 5], [5, 3], [6, 4]]
    assert found.step_labels == ("2026-11-02", "2026-11-03", "2026-11-04")
    assert found.targets is not None
    assert (found.targets.tolist(), found.output_labels) == ([1, 0, 1], ("down", "up"))


def test_a_stretch_of_rows_standardised_with_targets_apart() -> None:
    table = look(PRICES.encode(), "prices.csv")
    found = table.sequence(targets=("close",), standardise=True, labels="note", first=2)
    assert found.input_labels == ("open",)
    assert found.x[:, 0].tolist() == [-1, 1]
    assert found.targets is not None
    assert found.targets.tolist() == [[-1], [1]]
    assert found.step_labels == ("down", "up")
    assert found.digest != table.sequence(targets=("close",), standardise=True, first=2).digest


@pytest.mark.parametrize("scale", ["e30", "e200", "e-200"])
def test_huge_and_constant_columns_standardise_without_overflow(scale: str) -> None:
    found = read(f"a,b\n1{scale},7\n3{scale},7\n".encode(), "x.csv", standardise=True)
    np.testing.assert_allclose(found.x, [[-1, 0], [1, 0]], rtol=1e-12)
    assert "Constant: “b”" in found.notes[0]
    plain = read(b"a,b\n1e30,7\n3e30,7\n", "x.csv")
    assert "up to 3e+30 in “a”" in plain.notes[1]


@pytest.mark.parametrize(
    ("data", "names", "x"),
    [
        ("\ufeffa;b\r\n1,5;2\r\n".encode(), ("a", "b"), [[1.5, 2]]),
        ("a\tb\n1.5\t2\n".encode("utf-16"), ("a", "b"), [[1.5, 2]]),
        ("été;b\n1;2\n".encode("latin-1"), ("été", "b"), [[1, 2]]),
        ("가격,b\n1,2\n".encode("cp949"), ("가격", "b"), [[1, 2]]),
        (b"1,2\n3,4\n", ("column 1", "column 2"), [[1, 2], [3, 4]]),
        (b"a,a,\n1,2,3\n\n", ("a", "a (2)", "column 3"), [[1, 2, 3]]),
        (b"<script>x</script>,\"b,c\"\n1,2\n", ("<script>x</script>", "b,c"), [[1, 2]]),
        (b"=1+2,b\n1,2\n", ("=1+2", "b"), [[1, 2]]),
    ],
)  # fmt: skip
def test_what_is_read(data: bytes, names: tuple[str, ...], x: list[list[float]]) -> None:
    found = read(data, "x.csv")
    assert found.input_labels == names
    assert found.x.tolist() == x


def test_columns_of_one_name_are_numbered() -> None:
    table = look(b"a,a (2),a,b,a (2)\n1,2,3,4,5\n", "x.csv")
    assert table.columns == ("a", "a (2)", "a (3)", "b", "a (2) (2)")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b"\n , \n", "no row with anything"),
        (b"a,b\n", "a header and no row"),
        (b"a,b\n1,2\n3\n", "Line 3 has 1 fields and the first line has 2"),
        (b"a,b\n1,2\n3,4,5\n", "Line 3 has 3 fields"),
        (b"a,b\n1,2\n,inf\n3,NaN\n", "Line 3, column “a” has no value"),
        (b"a,b\n1,2\n3,inf\n3,NaN\n", "Line 3, column “b” is not finite .*, 2 missing or inf"),
        (b"a,b\n1,2\n3,1e400\n", "Line 3, column “b” is not finite"),
        (b"a,b\nx,y\nz,w\n", "No column of numbers"),
        (b'a,b\n"1,5","2,5"\n', "2 if the decimal sign is “,”: choose that"),
        (b"a,b\n1,2\nx\x00,4\n", "Byte 10 is NUL"),
        (b'a,b\n1,"2\n3,4\n', "quotes near line"),
        (b"a,b\n1," + b"7" * 10_000_000 + b"\n", "more than 131,072 characters"),
        (b"a,b\n1," + b"7" * 100 + b"\n", "a number of 100 characters; at most 64"),
        (b",".join([b"a"] * 200_000) + b"\n" + b",".join([b"1"] * 200_000), "200,000 columns"),
        (b"1,2,3,4,5,6\n" * 166_667, "more than 1,000,000 fields"),
        (b"1\n" * 200_001, "more than 200,000 rows"),
        (b"1\n" * 10_001, "10,001 timesteps and at most 10,000 .*choose a stretch"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    ],
)
def test_what_is_refused_and_where(data: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said) as refused:
        read(data, "x.csv")
    assert len(str(refused.value)) < 300
    assert str(refused.value).startswith("x.csv: ")


def test_a_field_of_many_digits_is_soon_told_apart() -> None:
    """By a pattern that tried every place for the decimal sign it took minutes."""
    assert kind_of_column(["3" * 100_000 + "x"], ".") == "text"
    assert kind_of_column(["3" * 100_000 + "."], ".") == "number"


def test_chosen_columns_must_be_there_and_of_numbers() -> None:
    table = look(PRICES.encode(), "prices.csv")
    with pytest.raises(Refusal, match=r"Line 2, column “note” has “up”.* “open”, “close”"):
        table.sequence(("note",))
    with pytest.raises(Refusal, match="no column “volume”"):
        table.sequence(("volume",))
    with pytest.raises(Refusal, match="Rows 2 to 4 were asked for and it has 3"):
        table.sequence(first=2, last=4)
    with pytest.raises(Refusal, match=r"prices.csv has 2 numbers a step and the net takes 5: cho"):
        fits(table.sequence(), 5)
