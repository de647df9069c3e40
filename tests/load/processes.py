"""Processes of Linux: their memory, and those that they began."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def resident(pid: int) -> float:
    """Resident memory of a process, in MB."""
    return _megabytes(pid, "VmRSS")


def peak(pid: int) -> float:
    """The most resident memory that a process ever had, in MB."""
    return _megabytes(pid, "VmHWM")


def _megabytes(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ValueError(f"/proc/{pid}/status has no {name}")


def children(pid: int) -> dict[int, float]:
    """The processes that a process began → the seconds of processor that each has used."""
    found = {}
    for one in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            told = one.read_text().rpartition(")")[2].split()
            if int(told[1]) == pid:
                used = (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
                found[int(one.parent.name)] = used
    return found
