"""From what a reader found to what the settings hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.experiments.opened import OpenedNet, OpenedSequence, in_double, inert_labels
from rnnviz.experiments.settings import Settings
from rnnviz.formats import limits
from rnnviz.formats.found import Net, NetFile
from rnnviz.formats.sequences import OwnSequence, array, kind_of, sound, table, text
from rnnviz.words import Refusal, Sentence, sentence

BANDS = 40
"""Bands of a sound where no net says how many it reads."""


def opened_net(file: NetFile, net: Net, answers: Mapping[str, Any]) -> OpenedNet:
    """One net of a file; raises ValueError where its weights make no model."""
    vocabulary = None if net.input_labels is None else tuple(net.input_labels)
    return OpenedNet(
        file.digest, file.name, net.name, tuple(sorted(answers.items())),
        model=in_double(net.model(**answers)), input_labels=vocabulary,
        embedding=None if net.embedding is None else np.asarray(net.embedding, np.float64),
        output_labels=None if net.output_labels is None else inert_labels(net.output_labels),
        assumptions=net.assumptions,
    )  # fmt: skip


def opened_sequence(found: OwnSequence, symbols: NDArray[np.int64] | None = None,
                    vocabulary: tuple[str, ...] | None = None, *,
                    standardised: bool = False) -> OpenedSequence:  # fmt: skip
    """A sequence as a reader found it; for a text its ``symbols`` in a net's vocabulary."""
    labels = vocabulary if symbols is not None and vocabulary else inert_labels(found.input_labels)
    return OpenedSequence(
        found.digest, found.name, found.kind, x=found.x,
        step_labels=inert_labels(found.step_labels), input_labels=labels, targets=found.targets,
        symbols=symbols, notes=found.notes, standardised=standardised,
    )  # fmt: skip


def read_text(written: bytes | str, name: str, net: OpenedNet | None) -> OpenedSequence:
    """A text, in the vocabulary of the net that is open, or in its own."""
    words = None if net is None else net.input_labels
    plain = text.read(written, name, vocabulary=words)
    known = plain.x.any(axis=1)
    symbols = np.where(known, plain.x.argmax(axis=1), -1)
    if words is None or net is None:
        return opened_sequence(plain, symbols, plain.input_labels)
    if net.embedding is None:
        return opened_sequence(plain, symbols if known.all() else None, words)
    found = text.read(written, name, vocabulary=words, embedding=net.embedding)
    return opened_sequence(found, symbols if known.all() else None, words)


def read_table(data: bytes, name: str, how: Mapping[str, Any], chosen: Mapping[str, Any]
               ) -> OpenedSequence:  # fmt: skip
    """A table's chosen columns; ``how`` its fields are read, see `table.look`."""
    found = table.look(data, name, **how).sequence(**chosen)
    return opened_sequence(found, standardised=bool(chosen.get("standardise", False)))


def read_sound(data: bytes, name: str, **chosen: Any) -> tuple[OpenedSequence, OwnSequence]:
    """A sound as log-mel bands, and what is heard."""
    found = sound.read(data, name, **chosen)
    return opened_sequence(found, standardised=bool(chosen.get("standardise", True))), found


def read_array(data: bytes, name: str, *, standardise: bool) -> OpenedSequence:
    """An array of numbers."""
    found = array.read(data, name, standardise=standardise)
    return opened_sequence(found, standardised=standardise)


def read_any(data: bytes, name: str, net: OpenedNet | None) -> OpenedSequence:
    """A sequence of any kind, told by its content, read as the page does before any choice.

    A table is read by as many of its number columns as the net has inputs, standardised; a sound
    as as many bands. Raises Refusal.
    """
    kind = kind_of(data, name)
    if kind == "text":
        return read_text(data, name, net)
    if kind == "array":
        return read_array(data, name, standardise=False)
    if kind == "sound":
        bands = BANDS if net is None else min(net.model.input_size, limits.BANDS)
        return read_sound(data, name, bands=bands)[0]
    columns = columns_for(table.look(data, name).numeric, net)
    return read_table(data, name, {}, {"columns": columns, "standardise": True})


def columns_for(numeric: tuple[str, ...], net: OpenedNet | None) -> list[str]:
    """The columns that are chosen at first: as many as the net reads, if there are so many."""
    count = len(numeric) if net is None else net.model.input_size
    return list(numeric[:count]) if len(numeric) >= count else list(numeric)


def refused(error: ValueError) -> Sentence:
    """Why a file was not opened."""
    if isinstance(error, Refusal):
        return error.words
    return sentence("{why}", why=str(error))


def why_not(net: OpenedNet | None, sequence: OpenedSequence | None) -> Sentence | None:
    """Why the two cannot be shown together; None where they can."""
    cells = ("rnn", "lstm", "gru") if net is None else (net.cell,)
    try:
        Settings(net=net, sequence=sequence, cells=cells, hidden_size=4).check()
    except ValueError as error:
        return refused(error)
    return None

