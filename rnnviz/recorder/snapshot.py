"""A snapshot of a recorded run: a net, what it read and what came back to its outputs."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from rnnviz.core.model import Model
from rnnviz.formats.reading import read
from rnnviz.numerics.array_files import unpacked
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.records import Record, sealed
from rnnviz.recorder.layout import own_size
from rnnviz.recorder.measures import Batch
from rnnviz.words import Refusal

LARGEST = 256_000_000
"""Bytes of a file."""


@dataclass(frozen=True, repr=False)
class Snapshot(Record):
    """The net and the batch of one log.

    ``x`` (T, B, D) and ``dh`` = ∂L/∂outputs (T, B, directions·H) have time first; ``lengths`` (B,)
    or None; ``initial`` and ``final`` by state, (layers·directions, B, H), empty where there was
    none.
    """

    step: int
    model: Model
    x: Array
    dh: Array
    lengths: Array | None
    initial: Arrays
    final: Arrays


def read_snapshot(path: Path) -> Snapshot:
    """The snapshot in a file. Raises ValueError for one that is damaged or too large."""
    if own_size(path) > LARGEST:
        raise Refusal("{file} must be at most {most} MB.", file=path.name,
                      most=LARGEST // 1_000_000)  # fmt: skip
    try:
        with zipfile.ZipFile(path) as file:
            if sum(one.file_size for one in file.infolist()) > 2 * LARGEST:
                raise ValueError
        arrays = unpacked(path.read_bytes())
        model = read(arrays["model"].tobytes(), "model.npz").net().model()
        batch = Batch.of(arrays)
        _check(model, batch)
        return Snapshot(
            int(arrays["step"]), model, batch.x, batch.dh, batch.lengths, sealed(batch.initial),
            sealed(batch.final),
        )  # fmt: skip
    except Exception as error:  # a damaged file may fail anywhere
        raise Refusal("{file} is damaged.", file=path.name) from error


def _check(model: Model, batch: Batch) -> None:
    """Raise ValueError where the shapes do not fit together, or something is no number."""
    steps, count, _ = batch.x.shape
    width, places = model.width, len(model.parameters)
    sizes = {name: width if name == "h" else model.hidden_size for name in model.cell.states}
    shapes = {"x": (steps, count, model.input_size),
              "dh": (steps, count, width * len(model.directions)), "lengths": (count,)}  # fmt: skip
    shapes |= {f"{kind}.{name}": (places, count, size) for kind in ("initial", "final")
               for name, size in sizes.items()}  # fmt: skip
    for name, one in batch.arrays().items():
        kinds = "iu" if name == "lengths" else "f"
        if one.shape != shapes[name] or one.dtype.kind not in kinds or not one.size:
            raise ValueError
    if batch.lengths is not None and not ((batch.lengths >= 0) & (batch.lengths <= steps)).all():
        raise ValueError
