"""The live checks of cells, for another process than the one whose numbers they check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np

from rnnviz.analysis.verification.check import Check
from rnnviz.analysis.verification.live_checks import verify_flow
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.carried_runs import Carried, unpacked
from rnnviz.experiments.settings import Settings


class Checked(NamedTuple):
    """The checks of a cell, and the `digest` of the numbers that they were made of."""

    checks: tuple[Check, ...]
    digest: bytes


def checked(settings: Settings, cells: Iterable[str], runs: Iterable[Carried]) -> list[Checked]:
    """Compute each cell's net under these settings, and check it; ``runs`` are found meanwhile."""
    with unpacked(runs):
        return [_checked(settings, cell) for cell in cells]


def _checked(settings: Settings, cell: str) -> Checked:
    flow = settings.flow(cell)
    loss = settings.loss_object(settings.example())
    return Checked(tuple(verify_flow(flow, loss)), digest(flow))


def digest(flow: GradientFlow) -> bytes:
    """16 bytes that differ where any bit of the records, gradients, weights or the loss differs."""
    found = blake2b(digest_size=16)
    for array in _arrays(flow):
        found.update(f"{array.dtype.str}{array.shape}".encode())
        found.update(np.ascontiguousarray(array).data)
    return found.digest()


def _arrays(flow: GradientFlow) -> Iterator[Any]:
    yield from (flow.trace.x, flow.trace.outputs, flow.outputs, flow.inputs)
    if flow.loss is not None:
        yield flow.loss
    readout = flow.trace.model.readout
    for arrays in (flow.readout, {} if readout is None else readout.parameters):
        yield from (arrays[name] for name in sorted(arrays))
    for own in flow.layers:
        yield own.exponent
        for arrays in (own.trace.record, own.trace.parameters, own.d, own.parameters):
            yield from (arrays[name] for name in sorted(arrays))
