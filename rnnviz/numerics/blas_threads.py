"""One BLAS thread for a while: the same bits however many threads a process has.

OpenBLAS, which NumPy's wheels bring along, rounds some products differently on two threads than on
one. For small matrices one thread is also faster.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock

import numpy as np

NAMES = ("scipy_openblas_{}_num_threads64_", "scipy_openblas_{}_num_threads",
         "openblas_{}_num_threads64_", "openblas_{}_num_threads")  # fmt: skip
LOCK = Lock()
INSIDE: list[int] = []
"""What is to be set again at the end, once for each that is inside."""


@cache
def _control() -> tuple[Callable[[], int], Callable[[int], None]] | None:
    """The library's functions that say and set the number of threads; None if it has none."""
    package = Path(np.__file__).parent
    folders = [package.with_name("numpy.libs"), package / ".dylibs"]
    for path in (one for folder in folders for one in sorted(folder.glob("*openblas*"))):
        library = ctypes.CDLL(str(path))
        for name in NAMES:
            if hasattr(library, name.format("set")):
                return getattr(library, name.format("get")), getattr(library, name.format("set"))
    return None


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Let the process compute products on one thread inside; nothing where that is not possible.

    The number is the process's, so other threads of it have one as well meanwhile.
    """
    control = _control()
    if control is None:
        yield
        return
    get, put = control
    with LOCK:
        INSIDE.append(INSIDE[0] if INSIDE else get())
        put(1)
    try:
        yield
    finally:
        with LOCK:
            before = INSIDE.pop()
            if not INSIDE:
                put(before)
