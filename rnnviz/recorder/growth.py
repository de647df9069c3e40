"""Whether a recorded run is still growing."""

from __future__ import annotations

from rnnviz.recorder.reading import RecordedRun

RECENT, GAPS, LAST = 60.0, 3.0, 10
"""A run grows whose last log is fewer seconds old, or so many times the mean time between the last
ten logs."""


def growing(run: RecordedRun, now: float) -> bool:
    """Whether the last log is recent at ``now``, seconds since 1970.

    A log that is dated more than a minute later than ``now`` comes from another clock: it tells
    nothing.
    """
    rows = range(max(0, run.count - LAST), run.count)
    found = [one for one in run.read(rows, ["time"], lost=set())["time"]
             if isinstance(one, (int, float))]  # fmt: skip
    if not found:
        return False
    between = (found[-1] - found[0]) / max(1, len(found) - 1)
    return bool(-RECENT < now - found[-1] < max(RECENT, GAPS * between))
