"""A snapshot as an opened net and an opened sequence, which every page shows.

The loss is L = Σ_t dh_t · h_t with the recorded dh: what comes back is the recorded gradient, but
for the rounding of a net that was trained in float32: pages compute in float64.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np

from rnnviz.core.model import Model
from rnnviz.experiments.opened import OpenedNet, OpenedSequence, in_double
from rnnviz.formats.saving import npz_bytes
from rnnviz.numerics.arrays import Array
from rnnviz.recorder.measures import folded
from rnnviz.recorder.snapshot import Snapshot
from rnnviz.words import Refusal, Sentence, sentence


def opened_snapshot(found: Snapshot, example: int, name: str) -> tuple[OpenedNet, OpenedSequence]:
    """One example of a snapshot's batch, 0 the first, and the net that read it; ``name`` the run's.

    Raises ValueError for an example that is not there or has no steps.
    """
    if not 0 <= example < found.x.shape[1]:
        raise ValueError(f"`example` must be below {found.x.shape[1]}, got {example}.")
    steps = len(found.x) if found.lengths is None else int(found.lengths[example])
    if not steps:
        raise Refusal("Example {n} of the snapshot has no steps.", n=example + 1)
    model, left = _net(found, example)
    dh, lost = _slopes(found, model)
    x, dh = (np.array(one[:steps, example], np.float64) for one in (found.x, dh))
    if lost:
        left += (sentence("the recorded gradients of the last states that are not the top layer's "
                          "h are left out"),)  # fmt: skip
    digest = hashlib.sha256(npz_bytes(model) + x.tobytes() + dh.tobytes()).hexdigest()[:16]
    net = OpenedNet(digest, name, str(sentence("update {u}", u=found.step)), model=model,
                    assumptions=left)  # fmt: skip
    return net, OpenedSequence(
        digest, f"{name}, {found.step}", "recorded", x=x, slopes=dh,
        step_labels=tuple(str(t) for t in range(1, steps + 1)),
        input_labels=tuple(f"x{k}" for k in range(1, x.shape[1] + 1)),
    )  # fmt: skip


def _net(found: Snapshot, example: int) -> tuple[Model, tuple[Sentence, ...]]:
    """The net without its readout; the recorded initial states of the example are its own."""
    model = in_double(replace(found.model, readout=None, batch_first=False))
    if not found.initial:
        return model, ()
    count = len(model.parameters)
    initial = {
        name: np.asarray(found.initial[name][:, example], np.float64) if name in found.initial
        else np.zeros((count, model.width if name == "h" else model.hidden_size))
        for name in model.cell.states
    }  # fmt: skip
    return replace(model, initial=initial), (
        sentence("it begins with the recorded initial states"),)  # fmt: skip


def _slopes(found: Snapshot, model: Model) -> tuple[Array, bool]:
    """∂L/∂outputs with the top layer's last h among them; whether other last states had some."""
    dh = np.asarray(found.dh, np.float64)
    if not found.final:
        return dh, False
    batch = dh.shape[1]
    lengths = np.full(batch, len(dh)) if found.lengths is None else found.lengths
    dh, left_out = folded(dh, dict(found.final), lengths, model)
    return dh, bool(left_out)
