"""A run as one file of NumPy arrays (.npz), without pickle, from which training can go on."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

import numpy as np

from rnnviz.cells import CELLS
from rnnviz.core.model import Model
from rnnviz.core.nonfinite import NonFinite
from rnnviz.core.readout import Readout
from rnnviz.numerics.arrays import Array, Arrays
from rnnviz.numerics.records import sealed
from rnnviz.numerics.validation import frozen, instance
from rnnviz.tasks import Task
from rnnviz.training.measures import Measures
from rnnviz.training.plan import Plan, task_of
from rnnviz.training.run import Run
from rnnviz.training.trainer import State, Stopped
from rnnviz.training.weights import groups

FORMAT = 1
File = str | Path | IO[bytes]


def save(run: Run, file: File) -> None:
    """Write a run to a .npz file, or to a binary file that is open.

    A task of one's own is stored by its name only. What was measured at checkpoints is left out: it
    follows from the weights. Raises ValueError for what is no run.

    >>> import io, rnnviz
    >>> run = rnnviz.train("rnn", "adding", length=8, hidden_size=4, updates=5)
    >>> rnnviz.training.save(run, file := io.BytesIO())
    >>> _ = file.seek(0)
    >>> again = rnnviz.training.load(file)
    >>> again.plan == run.plan, bool((again.loss == run.loss).all())
    (True, True)
    """
    instance("run", run, Run)
    state = run.state
    arrays = {
        "loss": run.loss, "gradient_norm": run.gradient_norm, "weights": state.weights,
        "checkpoints": np.array(list(run.vectors), np.int64),
        "vectors": np.array(list(run.vectors.values())),
    }  # fmt: skip
    arrays |= {f"optimiser/{name}": one for name, one in state.optimiser.items()}
    arrays |= {f"carried/{name}": one for name, one in state.carried.items()}
    about = {
        "format": FORMAT, "plan": asdict(run.plan), "net": _net(run.first), "keep": run.keep,
        "at": [state.update, state.batch, state.window], "stopped": _stopped(run.stopped),
    }  # fmt: skip
    np.savez(file, allow_pickle=False, about=np.array(json.dumps(about)), **arrays)


def is_run(data: bytes) -> bool:
    """Whether these bytes are a file of `save`, by the names of its arrays."""
    try:
        with ZipFile(io.BytesIO(data)) as file:
            return {"about.npy", "checkpoints.npy", "vectors.npy"} <= set(file.namelist())
    except (BadZipFile, OSError, ValueError):
        return False


def load(file: File, task: Task | None = None) -> Run:
    """The run of a file that `save` wrote; ``task`` where it was trained on a task of one's own.

    Raises ValueError for a file that holds no run, OSError for one that cannot be read.
    """
    try:
        with np.load(file, allow_pickle=False) as found:
            arrays: dict[str, Array] = {name: frozen(found[name]) for name in found.files}
        about = json.loads(str(arrays.pop("about")))
        plan = Plan(**about["plan"])
        kind = task_of(plan.task if task is None else task)
        vectors = dict(zip(map(int, arrays["checkpoints"]), arrays["vectors"], strict=True))
        update, batch, window = about["at"]
        state = State(
            update, batch, window, arrays["weights"], _under("optimiser/", arrays),
            _under("carried/", arrays),
        )  # fmt: skip
        return Run(
            plan, arrays["loss"], arrays["gradient_norm"], vectors, state, _stop(about["stopped"]),
            tuple(about["keep"]), _model(about["net"], vectors[0]), Measures(kind, plan),
        )  # fmt: skip
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError("`file` must be a run that was saved, got another file.") from error


def _under(head: str, arrays: Arrays) -> Arrays:
    """The arrays whose names begin so, without that beginning."""
    return sealed({k.removeprefix(head): v for k, v in arrays.items() if k.startswith(head)})


def _net(model: Model) -> dict[str, Any]:
    """A model without its weights, as plain values."""
    assert model.readout is not None
    other, start = model.reverse_cell, model.initial
    return {
        "cell": model.cell.name, "options": model.cell.options, "hold": dict(model.hold),
        "sizes": [model.input_size, model.hidden_size, model.num_layers],
        "bidirectional": model.bidirectional, "readout": model.readout.kind,
        "direction": model.direction, "reverse": other and other.options,
        "initial": start and {name: one.tolist() for name, one in start.items()},
        "shapes": [{name: one.shape for name, one in group.items()} for group in groups(model)],
    }  # fmt: skip


def _model(net: Mapping[str, Any], vector: Array) -> Model:
    """The model of `_net` with these weights."""
    inputs, hidden, layers = net["sizes"]
    parts, place = list[dict[str, Array]](), 0
    for group in net["shapes"]:
        parts.append({})
        for name, shape in group.items():
            count = int(np.prod(shape))
            parts[-1][name] = vector[place : place + count].reshape(shape)
            place += count
    *parameters, head = parts
    cell = CELLS[net["cell"]](hold=net["hold"], **net["options"])
    reverse, initial = net.get("reverse"), net.get("initial")
    return Model(
        cell, inputs, hidden, tuple(parameters), layers, net["bidirectional"],
        Readout(net["readout"], head), net.get("direction", "forward"),
        None if reverse is None else CELLS[net["cell"]](hold=net["hold"], **reverse),
        initial and {name: np.array(one, vector.dtype) for name, one in initial.items()},
    )  # fmt: skip


def _stopped(stopped: Stopped | None) -> Any:
    if stopped is None:
        return None
    return [stopped.update, stopped.what, None if stopped.at is None else asdict(stopped.at)]


def _stop(found: Any) -> Stopped | None:
    if found is None:
        return None
    update, what, at = found
    return Stopped(update, what, None if at is None else NonFinite(**at))
