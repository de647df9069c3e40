"""How a benchmark is started: with one and with two threads, each in a process of its own."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable

from tests.benchmarks.measuring import machine, with_threads


def main(script: str, about: str, seconds: float, measure: Callable[[int, float], bool]) -> int:
    """Print the machine, then let ``script`` measure; 0 if every goal was reached.

    ``about`` is the script's docstring, ``seconds`` the time a row takes if nothing else is asked
    for, ``measure`` (threads, seconds) prints the table and says whether its goals were reached.
    """
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--threads", type=int, help="this number of them only, in this process")
    parser.add_argument("--seconds", type=float, default=seconds, help="per row")
    arguments = parser.parse_args()
    if arguments.threads:
        return 0 if measure(arguments.threads, arguments.seconds) else 1
    print(machine())
    if "OPENBLAS_CORETYPE" in os.environ:
        print(f"OPENBLAS_CORETYPE={os.environ['OPENBLAS_CORETYPE']}: not its own choice of kernels")
    codes = []
    for threads in (1, 2):
        command = [sys.executable, script, "--threads", str(threads)]
        command += ["--seconds", str(arguments.seconds)]
        codes.append(subprocess.run(command, env=with_threads(threads), check=False).returncode)
    return max(codes)
