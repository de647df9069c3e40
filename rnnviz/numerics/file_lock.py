"""A lock that one process has at a time; it ends with the process, however that ends."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


_GUARD = Lock()
_OURS: set[str] = set()
"""What this process has locked: the system's locks are a process's, not a thread's."""


class FileLock:
    """A lock by an empty file, which is made with its folder, and deleted at the end.

    A process that is forked meanwhile does not have it. On a file system without locks it keeps
    out this process alone.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from rnnviz.numerics.file_lock import FileLock
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     first, second = (FileLock(Path(folder) / "lock") for _ in range(2))
    ...     print(first.take(), second.take(), first.free(), second.take(), second.free())
    True False None True None
    """

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, str(path.resolve())
        self.file: IO[bytes] | None = None

    def take(self) -> bool:
        """Have the lock, or not; does not wait. Raises OSError where no file can be made."""
        with _GUARD:
            if self.name in _OURS:
                return False
            while True:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                try:
                    file = self.path.open("ab")
                except FileNotFoundError:  # the last owner has just deleted the folder
                    continue
                if not _locked(file):
                    file.close()
                    return False
                if self._there(file):
                    break
                file.close()
            self.file = file
            _OURS.add(self.name)
            return True

    def free(self) -> None:
        """Give the lock back where it is had, and delete its file."""
        if self.file is None:
            return
        with _GUARD:
            if sys.platform == "win32":  # it deletes no open file
                self.file.close()
            with suppress(OSError):
                self.path.unlink()
            self.file.close()
            self.file = None
            _OURS.discard(self.name)

    def _there(self, file: IO[bytes]) -> bool:
        """Whether the path is still this file: the last owner may have deleted it."""
        try:
            return os.path.samestat(os.fstat(file.fileno()), self.path.stat())
        except FileNotFoundError:
            return False


def _locked(file: IO[bytes]) -> bool:
    """Lock an open file; False where another process has it locked."""
    try:
        _lock(file)
    except OSError as error:
        return error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
    return True
