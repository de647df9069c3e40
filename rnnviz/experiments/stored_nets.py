"""Trained nets that are stored with their plan, so that the presets that show them open at once.

    python -m rnnviz.experiments.store_nets     train them anew and store them

Of each net some checkpoints are stored, in float32 as they were trained, its losses and norms; the
weights before training follow from the seed. What is not stored is trained when it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from rnnviz.numerics.arrays import Array
from rnnviz.numerics.validation import frozen
from rnnviz.training import Run
from rnnviz.training.jobs import Job

STORED = Path(__file__).with_name("stored_nets.npz")
HEAD = 16
"""So many weights before training are stored, to know them by."""
MOST_BYTES = 200_000
"""The most that the file may take."""


@lru_cache(64)
def find(job: Job) -> Run | None:
    """The run of a job with the checkpoints that are stored; None where none are.

    It has come to its end and cannot go on: what the optimiser carried is not stored.
    """
    place = _places().get(key(job))
    if place is None:
        return None
    begun, arrays = job.begin(), _arrays()
    updates = arrays[f"{place}/updates"].tolist()
    vectors = dict(begun.vectors)
    vectors |= zip(updates, map(frozen, arrays[f"{place}/vectors"]), strict=True)
    if not np.array_equal(vectors[0][:HEAD], arrays[f"{place}/head"]):
        return None  # another version of NumPy draws other weights
    state = replace(begun.state, update=updates[-1], weights=vectors[updates[-1]])
    return replace(begun, vectors=vectors, state=state, loss=arrays[f"{place}/loss"],
                   gradient_norm=arrays[f"{place}/norm"])  # fmt: skip


def key(job: Job) -> str:
    """A job as text."""
    return json.dumps(asdict(job), sort_keys=True)


def written(runs: Iterable[tuple[Job, Run, Iterable[int]]], file: Path = STORED) -> None:
    """Write runs that have come to their end, each with some of its checkpoints and the last."""
    arrays, keys = dict[str, Array](), list[str]()
    for place, (job, run, some) in enumerate(runs):
        updates = sorted({run.done, *some} - {0})
        keys.append(key(job))
        arrays |= {
            f"{place}/head": run.vectors[0][:HEAD],
            f"{place}/updates": np.array(updates),
            f"{place}/vectors": np.array([run.vectors[one] for one in updates]),
            f"{place}/loss": run.loss.astype(np.float32),
            f"{place}/norm": run.gradient_norm.astype(np.float32),
        }  # fmt: skip
    np.savez_compressed(file, allow_pickle=False, keys=np.array(json.dumps(keys)), **arrays)
    _arrays.cache_clear()
    _places.cache_clear()
    find.cache_clear()


@cache
def _arrays() -> Mapping[str, Array]:
    with np.load(STORED, allow_pickle=False) as found:
        return {name: frozen(found[name]) for name in found.files}


@cache
def _places() -> Mapping[str, int]:
    return {one: place for place, one in enumerate(json.loads(str(_arrays()["keys"])))}
