"""Sweep the classic maps and store what comes out: `python -m rnnviz.sweeps.store_results`.

Names of maps may follow; without any all are made. A map that is there already is left as it is.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from rnnviz.sweeps.diagrams import DIAGRAMS, RESULTS
from rnnviz.sweeps.sweeping import sweep
from rnnviz.sweeps.theory_lines import computed, write


def main(names: Sequence[str]) -> None:
    """Sweep, compute the lines of theory, and say how long it took and how large the files are."""
    for name in names or DIAGRAMS:
        start, path = time.perf_counter(), RESULTS / f"{name}.parquet"
        found = sweep(name, out=path)
        seconds = time.perf_counter() - start
        print(f"{found}\n{seconds:.1f} s, {path.stat().st_size:,} bytes")
    write(computed())


if __name__ == "__main__":
    main(sys.argv[1:])
