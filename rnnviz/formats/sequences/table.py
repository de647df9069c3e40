"""Tables, such as CSV: a row a timestep, some of the columns as inputs, one as the steps' labels.

`look` reads a file's fields and guesses how they are to be taken; `Table.sequence` makes numbers of
the columns that a person chose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rnnviz.formats import limits
from rnnviz.formats.reading import shown_name
from rnnviz.formats.sequences.columns import Table
from rnnviz.formats.sequences.fields import (
    DECIMALS,
    DELIMITERS,
    Row,
    delimiter_of,
    is_name,
    kind_of_column,
    rows,
)
from rnnviz.formats.sequences.found import OwnSequence, check_size, listed, of_file
from rnnviz.formats.sequences.sniffing import decoded
from rnnviz.numerics.validation import one_of
from rnnviz.words import Refusal, Sentence, sentence


def look(
    data: bytes, name: str, *, encoding: str | None = None, delimiter: str | None = None,
    decimal: str | None = None, header: bool | None = None,
) -> Table:  # fmt: skip
    """Read the fields of a table; what is not given is guessed from them.

    Raises Refusal.
    """
    with of_file(name) as shown:
        check_size(data, limits.TABLE_BYTES)
        text, encoding = decoded(data, encoding)
        if delimiter is None:
            delimiter = delimiter_of(text)[0]
        found = list(rows(text, one_of("delimiter", delimiter, DELIMITERS)))
        if not found:
            raise Refusal("It has no row with anything in it.")
        _all_as_long(found)
        stripped = [[one.strip() for one in fields] for _, fields in found]
        if header is None:
            header = any(map(is_name, stripped[0]))
        body = stripped[1:] if header else stripped
        if not body:
            raise Refusal("It has a header and no row below it: at least one is needed.")
        names = stripped[0] if header else ["" for _ in stripped[0]]
        columns, notes = _different(names)
        fields = dict(zip(columns, map(tuple, zip(*body, strict=True)), strict=True))
        if decimal is None:
            decimal = _decimal(fields, delimiter)
        if encoding not in ("utf-8", "utf-16"):
            notes += (sentence("Read as {encoding}, since it is not UTF-8.", encoding=encoding),)
        lines = tuple(line for line, _ in found)[1 if header else 0 :]
        return Table(shown, columns, fields, lines, encoding, delimiter,
                     one_of("decimal", decimal, DECIMALS), header, notes)  # fmt: skip


def read(data: bytes, name: str, *, columns: Sequence[str] | None = None, labels: str | None = None,
         targets: Sequence[str] = (), standardise: bool = False, first: int = 1,
         last: int | None = None, **how: Any) -> OwnSequence:  # fmt: skip
    """`look`, with ``how``, and `Table.sequence`, with the rest.

    >>> read(b"a;b\\n1,5;2\\n2,5;4\\n", "small.csv").x.tolist()
    [[1.5, 2.0], [2.5, 4.0]]

    Raises Refusal.
    """
    return look(data, name, **how).sequence(
        columns, labels=labels, targets=targets, standardise=standardise, first=first, last=last
    )


def _all_as_long(found: Sequence[Row]) -> None:
    """Refuse rows of different lengths: a value more or less would move into another column."""
    usual = len(found[0][1])
    for line, fields in found:
        if len(fields) != usual:
            raise Refusal(
                "Line {line} has {count} fields and the first line has {usual}: every row must "
                "have as many; check the delimiter, and quotes round fields that contain it.",
                line=line, count=len(fields), usual=usual,
            )  # fmt: skip


def _different(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[Sentence, ...]]:
    """The names, numbered where there is none, and told apart where two are alike."""
    shown = [shown_name(one) or f"column {k}" for k, one in enumerate(names, start=1)]
    twice = [one for one, count in Counter(shown).items() if count > 1]
    taken: set[str] = set()
    numbers = dict.fromkeys(shown, 1)
    for k, one in enumerate(shown):
        while shown[k] in taken:
            numbers[one] += 1
            shown[k] = f"{one} ({numbers[one]})"
        taken.add(shown[k])
    if not twice:
        return tuple(shown), ()
    note = sentence("More than one column is called {names}: they are numbered.",
                    names=listed(twice))  # fmt: skip
    return tuple(shown), (note,)


def _decimal(fields: dict[str, tuple[str, ...]], delimiter: str) -> str:
    """A comma if that makes more columns numbers; never where commas separate the fields."""
    if delimiter == ",":
        return "."
    counts = [sum(kind_of_column(values, one) == "number" for values in fields.values())
              for one in DECIMALS]  # fmt: skip
    return DECIMALS[int(counts[1] > counts[0])]
