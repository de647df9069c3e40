"""A table's columns, chosen as inputs, targets and names of steps.

Nothing is filled in: a missing value is refused with its line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.formats import limits
from rnnviz.formats.reading import shown_name
from rnnviz.formats.sequences.fields import DECIMALS, ColumnKind, kind_of_column, number_of
from rnnviz.formats.sequences.found import (
    OwnSequence,
    check_steps,
    listed,
    numbered,
    of_file,
    of_one_step,
    standardised,
)
from rnnviz.numerics.records import Record
from rnnviz.words import Refusal, Sentence, sentence, word

LARGE = 10.0
"""Columns of larger magnitude than this, taken as they are, are worth a note."""
FEWER = word("choose a stretch of its rows")


@dataclass(frozen=True, eq=False)
class Table(Record):
    """The fields of a table, by column, and how they were read.

    name       of the file, as it is shown
    columns    the names, no two alike
    fields     column → its fields (T,), stripped
    lines      (T,) the line of the file on which each row ends, counted from 1
    encoding, delimiter, decimal, header   how the file was read: a wish, or else guessed
    """

    name: str
    columns: tuple[str, ...]
    fields: dict[str, tuple[str, ...]] = field(repr=False)
    lines: tuple[int, ...] = field(repr=False)
    encoding: str
    delimiter: str
    decimal: str
    header: bool
    notes: tuple[Sentence, ...] = ()

    @cached_property
    def kinds(self) -> dict[str, ColumnKind]:
        """Column → what it holds: numbers, dates, text, or nothing."""
        return {name: kind_of_column(self.fields[name], self.decimal) for name in self.columns}

    @property
    def numeric(self) -> tuple[str, ...]:
        """The columns of numbers, which can be inputs."""
        return tuple(name for name in self.columns if self.kinds[name] == "number")

    @property
    def dates(self) -> str | None:
        """The first column of dates, which names the steps unless another is chosen."""
        return next((name for name in self.columns if self.kinds[name] == "date"), None)

    def sequence(
        self, columns: Sequence[str] | None = None, *, labels: str | None = None,
        targets: Sequence[str] = (), standardise: bool = False, first: int = 1,
        last: int | None = None,
    ) -> OwnSequence:  # fmt: skip
        """The chosen columns as inputs, by default all of numbers; rows ``first`` … ``last``.

        ``labels`` is the column that names the steps, by default the first of dates. ``targets``
        are columns of numbers, or one of text, whose distinct values are then classes.
        ``standardise`` takes the mean of each column of numbers away and divides by its standard
        deviation, over the chosen rows. Raises Refusal.
        """
        with of_file(self.name):
            chosen = tuple(self.numeric if columns is None else columns)
            if columns is None:
                chosen = tuple(name for name in chosen if name not in targets)
            rows = self._rows(first, last)
            x = self._numbers(chosen, rows)
            wanted = self._targets(targets, rows)
            named = self.dates if labels is None else self._known(labels)
            steps = numbered(len(self.lines)) if named is None else self.fields[named]
            return OwnSequence(
                name=self.name, kind="table", x=standardised(x) if standardise else x,
                step_labels=tuple(map(shown_name, steps[rows])), input_labels=chosen,
                targets=standardised(wanted[0]) if standardise and len(wanted[0].shape) == 2
                else wanted[0] if targets else None, output_labels=wanted[1],
                notes=(*self.notes, *_notes(x, chosen, standardise)),
            )  # fmt: skip

    def _rows(self, first: int, last: int | None) -> slice:
        count = len(self.lines)
        last = count if last is None else last
        if not 1 <= first <= last <= count:
            raise Refusal(
                "Rows {first} to {last} were asked for and it has {count}: choose a stretch of "
                "these.", first=first, last=last, count=count,
            )  # fmt: skip
        check_steps(last - first + 1, FEWER)
        return slice(first - 1, last)

    def _known(self, column: str) -> str:
        if column not in self.columns:
            raise Refusal("There is no column “{column}”; it has {columns}.", column=column,
                          columns=listed(self.columns))  # fmt: skip
        return column

    def _numbers(self, chosen: Sequence[str], rows: slice) -> NDArray[np.float64]:
        """The chosen columns as (T, n), every one finite."""
        if not chosen:
            raise Refusal(
                "No column of numbers is chosen; it has {count} of them{comma}.",
                count=len(self.numeric), comma=self._other_decimal(),
            )  # fmt: skip
        found = [self._column(self._known(name), rows) for name in chosen]
        return np.stack(found, axis=1)

    def _column(self, name: str, rows: slice) -> NDArray[np.float64]:
        fields = self.fields[name][rows]
        if self.kinds[name] != "number":
            self._refuse_text(name)
        if long := [k for k, one in enumerate(fields) if len(one) > limits.NUMBER_CHARACTERS]:
            raise Refusal(
                "Line {line}, column “{column}” has a number of {count} characters; at most {most} "
                "are read.", line=self.lines[rows][long[0]], column=name,
                count=len(fields[long[0]]), most=limits.NUMBER_CHARACTERS,
            )  # fmt: skip
        values = np.array([number_of(one, self.decimal) for one in fields])
        wrong = np.flatnonzero(~np.isfinite(values))
        if wrong.size:
            slots = {"line": self.lines[rows][wrong[0]], "column": name, "count": wrong.size,
                     "value": fields[wrong[0]]}  # fmt: skip
            if np.isnan(values[wrong[0]]):
                raise Refusal(
                    "Line {line}, column “{column}” has no value (“{value}”), {count} missing or "
                    "infinite in the column: fill them in, leave the rows out, or choose other "
                    "columns.", **slots,
                )  # fmt: skip
            raise Refusal(
                "Line {line}, column “{column}” is not finite (“{value}”), {count} missing or "
                "infinite in the column: correct them, or choose other columns.", **slots,
            )  # fmt: skip
        return values

    def _refuse_text(self, name: str) -> None:
        fields, kinds = self.fields[name], (self.kinds[name], *self._other_kinds(name))
        wrong = next((k for k, one in enumerate(fields)
                      if kind_of_column([one], self.decimal) in ("text", "date")), 0)  # fmt: skip
        slots = {"line": self.lines[wrong], "column": name, "value": shown_name(fields[wrong])}
        if "number" in kinds:
            raise Refusal(
                "Line {line}, column “{column}” has “{value}”, which is a number if the decimal "
                "sign is “{decimal}”: choose that.", decimal=_other(self.decimal), **slots,
            )  # fmt: skip
        raise Refusal(
            "Line {line}, column “{column}” has “{value}”, which is no number; the columns of "
            "numbers are {columns}.", columns=listed(self.numeric) or "–", **slots,
        )  # fmt: skip

    def _other_kinds(self, name: str) -> tuple[ColumnKind, ...]:
        return (kind_of_column(self.fields[name], _other(self.decimal)),)

    def _other_decimal(self) -> Sentence | str:
        """What the columns would be with the other decimal sign, if that makes numbers of any."""
        count = sum("number" in self._other_kinds(name) for name in self.columns)
        if not count or self.numeric:
            return ""
        return sentence(", and {count} if the decimal sign is “{decimal}”: choose that",
                        count=count, decimal=_other(self.decimal))  # fmt: skip

    def _targets(self, targets: Sequence[str], rows: slice) -> tuple[NDArray[Any], tuple[str, ...]]:
        """Targets (T, K) and their columns' names, or classes (T,) and the classes' names."""
        if not targets:
            return np.zeros(0), ()
        if len(targets) == 1 and self.kinds[self._known(targets[0])] == "text":
            fields = self.fields[targets[0]][rows]
            classes = sorted(set(fields))
            place = {one: k for k, one in enumerate(classes)}
            return np.array([place[one] for one in fields]), tuple(map(shown_name, classes))
        return self._numbers(targets, rows), tuple(targets)


def _other(decimal: str) -> str:
    return DECIMALS[1 - DECIMALS.index(decimal)]


def _notes(
    x: NDArray[np.float64], columns: Sequence[str], standardise: bool
) -> tuple[Sentence, ...]:
    """Constant columns, and large numbers that are taken as they are."""
    found = list(of_one_step(x, standardise=standardise))
    constant = [columns[int(k)] for k in np.flatnonzero(np.ptp(x, axis=0) == 0)]
    if constant and len(x) > 1:
        found.append(sentence("Constant: {names}.", names=listed(constant)))
    largest = np.abs(x).max(axis=0)
    if not standardise and largest.max() > LARGE:
        found.append(sentence(
            "The numbers are taken as they are, up to {largest:.3g} in “{column}”; inputs far "
            "above 1 saturate gates unless the net was trained on such.",
            largest=float(largest.max()), column=columns[int(largest.argmax())],
        ))  # fmt: skip
    return tuple(found)
