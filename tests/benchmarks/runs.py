"""Browse a run of 1,000,000 logged updates: run it by hand, by

    python -m tests.benchmarks.runs [folder] [rows]

Without a folder that exists a synthetic one is written first: an LSTM of 32 units, T = 50, in files
of 1,024 rows as the recorder joins them. Then, each in a process of its own, a run is opened and
read as the page Runs does at first, and read again between two later steps.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

H, T = 32, 50
COLUMNS = ["step", "loss", "total_norm", "0/log10_share", "0/log10_dc", "0/sigma1", "0/rho",
           "0/f_mean"]  # fmt: skip


def written(folder: Path, rows: int) -> None:
    """A run as `Watch` writes it, with numbers that are drawn."""
    import pyarrow as arrow

    from rnnviz.recorder.layout import BLOCK
    from rnnviz.recorder.writing import RunWriter

    writer, rng = RunWriter(folder, {"name": "synthetic"}), np.random.default_rng(0)
    writer.tell(cell="lstm", title="LSTM", input_size=2, hidden_size=H, num_layers=1, places=["0"],
                states=["h", "c"], gates=["f", "i", "o"], blocks=["f", "i", "o", "g"])  # fmt: skip
    lists: dict[str, Any] = {f"0/log10_d{name}": rng.normal(-3, 1, (BLOCK, T + 1))
                             for name in "hc"}  # fmt: skip
    lists |= {f"0/log10_dW_{name}": rng.normal(-3, 1, (BLOCK, T)) for name in "xh"}
    lists |= {f"0/{gate}_{what}": rng.random((BLOCK, H)) for gate in "fio"
              for what in ("mean", "low", "high")}  # fmt: skip
    lists |= {f"0/{name}": rng.random((BLOCK, 4)) for name in ("sigma1", "rho")}
    fixed = {name: arrow.array(list(one.astype(np.float32))) for name, one in lists.items()}
    for first in range(0, rows, BLOCK):
        count = min(BLOCK, rows - first)
        row = np.arange(first, first + count)
        own = {"row": row, "step": row, "time": row * 0.1, "loss": 1 / (1 + row / 1000),
               "total_norm": 1 / (1 + row / 5000), "0/log10_share": -row / rows * 4,
               "examples": np.full(count, 8), "steps": np.full(count, T)}  # fmt: skip
        table = arrow.table({**own, **{name: one[:count] for name, one in fixed.items()}})
        writer._write(table, first, first + count - 1)


def browse(folder: Path) -> None:
    """Open, read what a picture takes, and read it between two steps."""
    from rnnviz.recorder import RecordedRun

    def tell(what: str) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{what}: {time.perf_counter() - begin:.2f} s, at most {peak:.0f} MB", flush=True)

    begin = time.perf_counter()
    run = RecordedRun(folder)
    tell(f"opened, {run.count:,} rows in {len(run.parts):,} files")
    begin = time.perf_counter()
    run.read(run.sample(200), COLUMNS)
    tell("first picture")
    for low, high in ((0.4, 0.5), (0.44, 0.441)):
        begin = time.perf_counter()
        run.read(run.sample(200, (low * run.count, high * run.count)), COLUMNS)
        tell(f"steps {low:.1%} to {high:.1%}")


def main(folder: str = "", rows: int = 1_000_000) -> None:
    with tempfile.TemporaryDirectory() as own:
        path = Path(folder or own) / "run"
        if not path.is_dir():
            begin = time.perf_counter()
            written(path, rows)
            size = sum(one.stat().st_size for one in path.iterdir())
            took = time.perf_counter() - begin
            print(f"{rows:,} rows written: {took:.0f} s, {size / 1e9:.2f} GB", flush=True)
        subprocess.run([sys.executable, "-m", "tests.benchmarks.runs", "browse", str(path)],
                       check=True)  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["browse"]:
        browse(Path(sys.argv[2]))
    else:
        main(*sys.argv[1:2], *map(int, sys.argv[2:]))
