"""What a worker reports of a run, as arrays under names, and the run that it makes of the last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from rnnviz.core.gate_use import GateUse
from rnnviz.core.nonfinite import NonFinite
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import sealed
from rnnviz.numerics.validation import frozen
from rnnviz.training.objectives import Score
from rnnviz.training.run import Run
from rnnviz.training.trainer import State, Stopped


def measured(run: Run, update: int) -> dict[str, Any]:
    """What `Run` measures at a checkpoint, as arrays under names."""
    with np.errstate(all="ignore"):
        score = run.scores[update]
        found: dict[str, Any] = {
            f"gradients/{update}": run.gradients[update],
            f"scores/{update}": np.array([score.loss, score.figure, score.naive]),
        }
        for gate, use in run.gates[update].items():
            found[f"gates/{update}/{gate}"] = np.stack(use)
    return found


def known_measures(run: Run) -> dict[str, Any]:
    """What is known of the measures of a run, as arrays under names; checkpoints in full only."""
    known = [one for one in run.vectors if all(one in of for of in run.measures.known.values())]
    return {name: one for update in known for name, one in measured(run, update).items()}


def take_measures(run: Run, arrays: Mapping[str, Array]) -> None:
    """Let a run know what `measured` found of it."""
    known = run.measures.known
    for name, one in arrays.items():
        match name.split("/"):
            case "gradients", update:
                known["gradients"][int(update)] = one
            case "scores", update:
                usual = "accuracy" if run.measures.batches.example.loss == "cross_entropy" \
                    else "correlation"  # fmt: skip
                loss, figure, naive = map(float, one)
                score = Score(loss, run.task.score or usual, figure, naive)
                known["scores"][int(update)] = score
            case "gates", update, gate:
                known["gates"].setdefault(int(update), {})[gate] = GateUse(*one)


def grown(run: Run, head: Mapping[str, Any], arrays: Mapping[str, Array]) -> Run:
    """A run with what a worker reports of it."""
    stop = head["stopped"]
    update, batch, window = head["at"]
    state = State(
        update, batch, window, frozen(arrays["weights"]), sealed(_under("optimiser/", arrays)),
        sealed(_under("carried/", arrays)),
    )  # fmt: skip
    vectors = {int(k): frozen(one) for k, one in _under("vector/", arrays).items()}
    take_measures(run, arrays)
    return replace(
        run, loss=frozen(np.concatenate([run.loss, arrays["loss"]])),
        gradient_norm=frozen(np.concatenate([run.gradient_norm, arrays["norm"]])),
        vectors=dict(run.vectors) | vectors, state=state,
        stopped=None if stop is None else Stopped(
            stop[0], stop[1], None if stop[2] is None else NonFinite(**stop[2])),
    )  # fmt: skip


def _under(head: str, arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {k.removeprefix(head): v for k, v in arrays.items() if k.startswith(head)}
