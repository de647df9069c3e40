"""The same links on several servers, with one and two BLAS threads: are the pictures bit-equal?

    python tests/load/same_bits.py     with what requirements-dev.txt installs

Compared are the specifications of all charts, the packets of all components and all texts, over
every page at H = 16 and H = 100, where OpenBLAS rounds products differently on two threads.
"""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.benchmarks.app import served
from tests.load.tab import Tab
from tests.ui.apps import SCRIPTS

QUERIES = "", "H=100&T=120&task=adding&cells=rnn,lstm,gru"
MEASURES_TIME = "Cost", "Training"
"""Pages that show seconds, which no two runs have in common: their texts do not count."""


def pages() -> dict[tuple[str, str], str]:
    """(page, query) → a digest of what a server sends for it."""
    found = {}
    with served() as server:
        for script in SCRIPTS:
            path = "" if script == "app.py" else Path(script).stem
            for query in QUERIES:
                with Tab(server.url, path, query) as tab:
                    tab.run()
                    said = [] if path in MEASURES_TIME else [text for _, text in tab.texts]
                    shown = [] if path in MEASURES_TIME else tab.pictures
                    whole = b"\0".join([*shown, *(one.encode() for one in said)])
                    found[path, query] = sha256(whole).hexdigest()
    return found


def main() -> int:
    """Print which pages differ; 0 if none does."""
    os.environ["RNNVIZ_RUNS"] = "off"
    by_threads = {}
    for threads in ("1", "2", "2"):
        os.environ["OPENBLAS_NUM_THREADS"] = threads
        by_threads[len(by_threads), threads] = pages()
    first, *others = by_threads.values()
    differ = sorted({key for other in others for key in first if first[key] != other[key]})
    print(f"{len(first)} links on servers with 1, 2 and 2 BLAS threads: {len(differ)} differ")
    for path, query in differ:
        print(f"  /{path}?{query}")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
