"""The fields of a table as text: what separates them, and which of them are numbers or dates."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Literal

from rnnviz.formats import limits
from rnnviz.words import Refusal

Row = tuple[int, list[str]]
"""The line on which a row of the file ends, counted from 1, and its fields."""
ColumnKind = Literal["number", "date", "text", "empty"]

DELIMITERS = ("\t", ";", "|", ",")
"""In the order of preference: where the others fit, a comma may be a decimal one."""
DECIMALS = (".", ",")
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "?", "#n/a"})
"""What stands for a missing value, in lower case."""
INFINITE = frozenset({"inf", "-inf", "+inf", "infinity", "-infinity", "+infinity", "∞", "-∞"})
SAMPLE = 20
"""The rows that are looked at to find the delimiter."""
_NUMBER = {
    ".": re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII),
    ",": re.compile(r"[+-]?(\d+(,\d*)?|,\d+)([eE][+-]?\d+)?", re.ASCII),
}
_DAY = r"(\d{4}([-/.]\d{1,2}){1,2}\.?|\d{1,2}([-/.])\d{1,2}\3(\d{4}|\d{2}))"
_CLOCK = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?"
_DATE = re.compile(rf"{_DAY}([T ]{_CLOCK})?|{_CLOCK}", re.ASCII)


def rows(text: str, delimiter: str) -> Iterator[Row]:
    """The rows that are not blank; raises Refusal for a quote that is never closed, or too much."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    count = kept = 0
    try:
        for found in reader:
            if len(found) > limits.TABLE_COLUMNS:
                raise Refusal(
                    "Line {line} has {count:,} columns and at most {most:,} are read: export "
                    "fewer columns.",
                    line=reader.line_num, count=len(found), most=limits.TABLE_COLUMNS,
                )  # fmt: skip
            count += len(found)
            if count > limits.TABLE_FIELDS:
                raise Refusal(
                    "It has more than {most:,} fields: export fewer rows or columns.",
                    most=limits.TABLE_FIELDS,
                )  # fmt: skip
            if any(map(str.strip, found)):
                kept += 1
                if kept > limits.TABLE_ROWS:
                    raise Refusal("It has more than {most:,} rows: export fewer rows.",
                                  most=limits.TABLE_ROWS)  # fmt: skip
                yield reader.line_num, found
    except csv.Error as error:
        if "limit" in str(error):
            raise Refusal(
                "A field near line {line} has more than {most:,} characters: a quote may not be "
                "closed.", line=reader.line_num, most=csv.field_size_limit(),
            ) from error  # fmt: skip
        raise Refusal(
            "The quotes near line {line} do not fit: every quote that opens must close, and a "
            "quote inside a field is written twice.", line=reader.line_num,
        ) from error  # fmt: skip


def delimiter_of(text: str) -> tuple[str, int]:
    """What separates fields, and how many the first rows then have; a comma and 1 if nothing does.

    A delimiter fits if it gives all of the first rows the same number of fields, more than one.
    """
    found = (",", 1)
    for one in DELIMITERS:
        try:
            counts = [len(fields) for _, fields in islice(rows(text[: 2**20], one), SAMPLE)]
        except Refusal:
            counts = []
        if counts and min(counts) == max(counts) > 1:
            return one, counts[0]
        if len(counts) > 2 and sum(k == counts[0] > 1 for k in counts) > len(counts) / 2:
            found = one, counts[0]
    return found


def kind_of_column(values: Sequence[str], decimal: str) -> ColumnKind:
    """What a column of stripped fields holds, missing and infinite values apart."""
    said = [one for one in values if one.lower() not in MISSING and one.lower() not in INFINITE]
    if not said:
        return "number" if any(one.lower() in INFINITE for one in values) else "empty"
    if all(map(_NUMBER[decimal].fullmatch, said)):
        return "number"
    return "date" if all(map(_DATE.fullmatch, said)) else "text"


def is_name(value: str) -> bool:
    """Whether a stripped field is neither number nor date nor missing."""
    return kind_of_column([value], ".") == kind_of_column([value], ",") == "text"


def number_of(value: str, decimal: str) -> float:
    """A stripped field of a column of numbers; NaN where it is missing, which may be written so."""
    low = value.lower().replace("∞", "inf")
    if low in MISSING:
        return float("nan")
    return float(low.replace(",", ".") if decimal == "," else low)
