"""The nets of tests/data/make_opened_nets.py, and how their numbers are compared with ours."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from rnnviz import Model, backprop, run
from rnnviz.formats import NetFile, child, read
from rnnviz.formats.child import Decoded

DATA = np.load(Path(__file__).parents[1] / "data" / "opened_nets.npz")
FILES = [key for key in DATA.files if key.rpartition("/")[2].startswith("file")]


def here(kind: str, data: bytes) -> Decoded:
    """What the child process does, in this one: a process costs a second."""
    arrays, found = import_module(child.MODULES[kind]).decode(data)
    return Decoded(arrays, json.loads(json.dumps(found)))


def opened(key: str) -> NetFile:
    return read(DATA[key].tobytes(), key)


def near(name: str, found: Any, theirs: Any) -> None:
    """Within 1e-6 of the largest number, or of 1."""
    assert found.shape == theirs.shape, name
    assert np.abs(found - theirs).max() <= 1e-6 * max(1, np.abs(theirs).max()), name


def compare(case: str, model: Model, x: Any, **more: Any) -> None:
    """Outputs are the framework's; where they are stored, gradients of inputs, too."""
    trace = run(model, x, **more)
    y = trace.outputs if model.readout is None else model.readout.values(trace.outputs)
    near(case, y, DATA[f"{case}/y"])
    if f"{case}/G" in DATA:
        G = DATA[f"{case}/G"]
        dh = G if model.readout is None else G @ model.readout.parameters["W_y"].T
        near(f"{case}: dx", backprop(trace, dh).inputs, DATA[f"{case}/dx"])
