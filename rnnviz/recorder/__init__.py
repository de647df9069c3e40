"""A recorder for real training runs: how far back the gradient reaches, step after step, on disk.

`Watch` writes a folder while a net is trained; `RecordedRun` reads it, also while it grows. What
stands in the files is in docs/recorder.md.
"""

from rnnviz.recorder.finding import find_runs
from rnnviz.recorder.reading import RecordedRun
from rnnviz.recorder.snapshot import Snapshot
from rnnviz.recorder.torch_watch import watch
from rnnviz.recorder.watcher import Watch

__all__ = ["RecordedRun", "Snapshot", "Watch", "find_runs", "watch"]
