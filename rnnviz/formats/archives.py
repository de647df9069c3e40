"""Zip archives of unknown origin: opened after their index was compared with the limits."""

from __future__ import annotations

import io
import zipfile
import zlib

from rnnviz.formats import limits
from rnnviz.words import Refusal

END, END_SIZE = b"PK\x05\x06", 22
LOCATOR, LOCATOR_SIZE = b"PK\x06\x07", 20
"""What stands before END in archives of more than 4 GB or 65,535 members."""
INDEX_BYTES = limits.ARRAYS * (46 + limits.NAME_CHARACTERS)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
    OverflowError, OSError,
)  # fmt: skip
"""What zipfile raises for archives that are not as they should be."""


def members(data: bytes) -> dict[str, zipfile.ZipInfo]:
    """Name → member of an archive that is within the limits; nothing is decompressed yet."""
    end = data[-END_SIZE:]
    if not end.startswith(END) or end[-2:] != b"\0\0":
        raise Refusal("It is cut off, or no plain zip archive without a comment: save it again.")
    place = len(data) - END_SIZE - LOCATOR_SIZE
    count, size = int.from_bytes(end[10:12], "little"), int.from_bytes(end[12:16], "little")
    if count > limits.ARRAYS or size > INDEX_BYTES or data[max(place, 0) :].startswith(LOCATOR):
        raise Refusal(
            "It must hold at most {most:,} arrays, got {n:,}.", most=limits.ARRAYS, n=count
        )
    try:
        found = opened(data).infolist()
    except BROKEN as error:
        raise Refusal(
            "It is no whole zip archive ({error}): save it again.", error=str(error)
        ) from error
    _check(found)
    return {one.filename: one for one in found}


def opened(data: bytes) -> zipfile.ZipFile:
    """The archive; `members` comes first."""
    return zipfile.ZipFile(io.BytesIO(data))


def content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, size: int) -> bytes:
    """The first ``size`` bytes of a member, decompressed, and not one more."""
    try:
        with archive.open(member) as file:
            return file.read(size)
    except BROKEN as error:
        raise Refusal(
            "`{name}` cannot be decompressed ({error}): save the file again.",
            name=member.filename, error=str(error),
        ) from error  # fmt: skip


def _check(found: list[zipfile.ZipInfo]) -> None:
    names = set[str]()
    for one in found:
        name = one.filename
        if name in names:
            raise Refusal("`{name}` is in the archive twice: save it again.", name=name)
        names.add(name)
        if one.flag_bits & 1 or one.compress_type not in METHODS:
            raise Refusal(
                "`{name}` is encrypted, or compressed in a way that is not deflate: save it again.",
                name=name,
            )  # fmt: skip
        size, stored = one.file_size, max(one.compress_size, 1)
        if size > limits.RATIO_FROM and size > limits.RATIO * stored:
            raise Refusal(
                "`{name}` must have at most {most} bytes per stored byte, got {ratio:.0f}.",
                name=name, most=limits.RATIO, ratio=size / stored,
            )  # fmt: skip
    total = sum(one.file_size for one in found)
    if total > limits.DECODED_BYTES:
        raise Refusal(
            "Its members must have at most {most:,} bytes decompressed, got {total:,}.",
            most=limits.DECODED_BYTES, total=total,
        )  # fmt: skip
