"""Train the nets of the presets and store them: `python -m rnnviz.experiments.store_nets`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rnnviz.experiments.presets import PRESETS
from rnnviz.experiments.stored_nets import MOST_BYTES, STORED, written
from rnnviz.training import Run, resume
from rnnviz.training.jobs import Job

PARTS, FEW = (0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0), (0.05, 0.5, 1.0)
"""After which parts of all updates a net is stored, and one of more than `LARGE` weights."""
LARGE = 4000


def nets() -> Iterator[tuple[Job, Run, Iterable[int]]]:
    """Every net of a preset of trained nets, its run, and the checkpoints to be stored."""
    for preset in PRESETS.values():
        settings = preset.settings
        if (trained := settings.trained) is not None:
            for cell in settings.cells:
                job = trained.job(cell, settings.options_of(cell))
                run = resume(job.begin())
                parts = FEW if len(run.state.weights) > LARGE else PARTS
                yield job, run, [nearest(run, part * run.done) for part in parts]


def nearest(run: Run, update: float) -> int:
    """The checkpoint nearest to an update."""
    return min(run.vectors, key=lambda one: abs(one - update))


def main() -> None:
    """Train, store, and say how large the file is."""
    written(nets())
    print(f"{STORED.name}: {STORED.stat().st_size} of {MOST_BYTES} bytes")


if __name__ == "__main__":
    main()
