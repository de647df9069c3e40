"""Python in another process that imports what this one imports, with one BLAS thread."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any


def python(
    *arguments: str, named: Mapping[str, str] = MappingProxyType({}), **pipes: Any
) -> subprocess.Popen[bytes]:
    """Start a Python process on the package that is running.

    ``named`` are further variables of its environment, ``pipes`` are Popen's.
    """
    path = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "MKL", "OMP")}
    own = {**threads, **named, "PYTHONPATH": os.pathsep.join(filter(None, path))}
    return subprocess.Popen([sys.executable, *arguments], env=os.environ | own, **pipes)
