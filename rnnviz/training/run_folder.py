"""Runs kept in a folder, so that a server that was killed goes on from where they stood.

Only what is made of this package's own cells and tasks is written: no text that somebody typed, no
net or cell that somebody brought. A file is read without pickle, and one that cannot be read, or is
of another version of the code, is taken for none.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.numerics.array_files import packed, unpacked, write_whole
from rnnviz.tasks import TASKS
from rnnviz.training.jobs import Job
from rnnviz.training.reports import known_measures, take_measures
from rnnviz.training.run import Run
from rnnviz.training.stored import load, save
from rnnviz.training.weights import flat

VARIABLE = "RNNVIZ_RUNS"
"""The environment variable that names another folder, or is "off"."""
MOST_BYTES = 100_000_000
"""The most that all files may take; of more, those that were not used longest are deleted."""
LARGEST = 20_000_000
"""A run that takes more is not kept."""
ROOMS = ("cells", "core", "numerics", "tasks", "training")
"""The code that decides what is learnt."""


class RunFolder:
    """A folder of runs, a file a job. It is made when something is written; nothing raises.

    >>> import tempfile
    >>> from rnnviz.training import Plan, resume
    >>> job = Job.of("rnn", Plan("adding", 8, updates=5), 4)
    >>> with tempfile.TemporaryDirectory() as name:
    ...     folder = RunFolder(Path(name))
    ...     folder.keep(job, resume(job.begin()), 0.5)
    ...     run, seconds = folder.find(job)
    >>> run.done, seconds
    (5, 0.5)
    """

    def __init__(self, path: Path, most: int = MOST_BYTES) -> None:
        self.path, self.most = path, most

    def keep(self, job: Job, run: Run, seconds: float) -> None:
        """Write a run as it stands, and what was measured at its checkpoints.

        ``seconds`` is what it has taken. A reader sees the old file or the new one, never a part.
        """
        size = run.state.weights.nbytes * (len(run.vectors) + 1 + len(run.state.optimiser))
        if not own(job) or size > LARGEST:
            return
        save(run, whole := io.BytesIO())
        more = {"seconds": np.array(seconds)} | known_measures(run)
        with suppress(OSError):
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            body = packed({"run": np.frombuffer(whole.getvalue(), np.uint8), **more})
            write_whole(self._file(job), body, prefix="run-")
            self._tidy()

    def find(self, job: Job) -> tuple[Run, float] | None:
        """The run of a job as far as it was kept, and its seconds; None without a good file."""
        file = self._file(job)
        try:
            arrays = unpacked(file.read_bytes())
            run = load(io.BytesIO(arrays["run"].tobytes()))
            fresh = job.begin()
            same = run.plan == fresh.plan and np.array_equal(run.vectors[0], flat(fresh.first))
            if not same or run.keep != fresh.keep:
                return None
            take_measures(run, arrays)
            os.utime(file)
            return run, float(arrays["seconds"])
        except Exception:  # a damaged file may fail anywhere; the run begins anew
            return None

    def _file(self, job: Job) -> Path:
        text = json.dumps([asdict(job), code(), np.__version__], sort_keys=True, default=str)
        return self.path / f"run-{hashlib.sha256(text.encode()).hexdigest()[:32]}.npz"

    def _tidy(self) -> None:
        """Delete the files that were not used longest, where all together are too large."""
        files = [*self.path.glob(f"run-{'?' * 32}.npz"), *self.path.glob("run-*.part")]
        found = [(one.stat().st_mtime, one.stat().st_size, one) for one in files]
        size = sum(one for _, one, _ in found)
        for _, own_size, file in sorted(found):
            if size <= self.most:
                return
            file.unlink(missing_ok=True)
            size -= own_size


def folder(environment: Mapping[str, str] = os.environ) -> RunFolder | None:
    """The folder of the app: that of `VARIABLE`, or of the platform's caches; None if it is off."""
    asked = environment.get(VARIABLE, "")
    if asked.lower() == "off":
        return None
    return RunFolder(Path(asked) if asked else _caches(environment) / "rnnviz" / "runs")


def _caches(environment: Mapping[str, str]) -> Path:
    """Where the platform keeps what can be made again."""
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA", tempfile.gettempdir()))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    given = environment.get("XDG_CACHE_HOME", "")
    return Path(given) if Path(given).is_absolute() else Path.home() / ".cache"


def own(job: Job) -> bool:
    """Whether a job is made of this package's own cells and tasks, and no typed text is in it."""
    task = TASKS.get(job.plan.task)
    if task is None or job.cell not in tuple(CELLS):
        return False
    typed = {one.name for one in task.options if one.kind == "text"}
    return not typed & {name for name, _ in job.plan.options}


@cache
def code() -> str:
    """A digest of the code that decides what is learnt."""
    found, here = hashlib.sha256(), Path(__file__).parents[1]
    for file in sorted(one for room in ROOMS for one in (here / room).rglob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()
