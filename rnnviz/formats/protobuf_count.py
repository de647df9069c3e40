"""How many parts of one kind a protobuf message has, counted before it is parsed.

A part costs two bytes in the file and a hundred in memory: a short file can take a gigabyte.
"""

from __future__ import annotations

VARINT, LONG, BYTES, SHORT = 0, 1, 2, 5
"""The kinds of fields on the wire."""


def fields_of(data: bytes, path: tuple[int, ...], most: int) -> int:
    """How many fields of the last number there are in the messages of the numbers before it.

    Counts no further than ``most`` + 1; a message that is damaged is counted up to there.
    """
    spans = [(0, len(data))]
    for number in path[:-1]:
        spans = [one for span in spans for one in _spans(data, span, number, most)]
    count = 0
    for span in spans:
        count += len(_spans(data, span, path[-1], most - count))
        if count > most:
            break
    return count


def _spans(data: bytes, within: tuple[int, int], number: int, most: int) -> list[tuple[int, int]]:
    at, end = within
    found: list[tuple[int, int]] = []
    while at < end and len(found) <= most:
        tag, at = _varint(data, at, end)
        kind = tag & 7
        if kind == BYTES:
            size, at = _varint(data, at, end)
            if tag >> 3 == number:
                found.append((at, min(at + size, end)))
            at += size
        elif kind == VARINT:
            _, at = _varint(data, at, end)
        elif kind in (LONG, SHORT):
            at += 8 if kind == LONG else 4
        else:
            break
    return found


def _varint(data: bytes, at: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while at < end and shift < 70:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    return value, end
