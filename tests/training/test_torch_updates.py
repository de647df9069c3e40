"""Five updates of PyTorch's cells, optimisers and losses (tests/data/make_torch_updates.py)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnnviz import Model, from_torch
from rnnviz.core.readout import Readout
from rnnviz.tasks import Example, Task
from rnnviz.training import Plan
from rnnviz.training.batches import Batch
from rnnviz.training.trainer import Trainer
from rnnviz.training.weights import flat

DATA = dict(np.load(Path(__file__).parents[1] / "data" / "torch_updates.npz"))
CASES = sorted({key.split("/")[0] for key in DATA if ":" in key})
SETTINGS = {
    "sgd": {"rate": 0.3, "schedule": "cosine"},
    "momentum": {"rate": 0.1, "clip": 0.5},
    "rmsprop": {"rate": 0.02, "clip": 0.05, "clip_by": "value"},
    "adam": {"rate": 0.05},
}
STEPS = np.array([3, 5])


def stored(head: str, loss: str) -> Model:
    found = {k.removeprefix(f"{head}/"): v for k, v in DATA.items() if k.startswith(f"{head}/")}
    readout = {"W_y": found.pop("out.weight").T, "b_y": found.pop("out.bias")}
    rest = {name: one for name, one in found.items() if name not in ("loss", "norm")}
    model = from_torch(rest, nonlinearity="relu" if head.startswith("relu") else "tanh")
    kind = "identity" if loss == "squared_error" else "softmax"
    return replace(model, readout=Readout(kind, readout))


def as_task(loss: str) -> Task:
    """A task of the stored arrays' shape; its batches are replaced by them."""
    targets = DATA[loss][0]

    def generate(length: int, batch: int, rng: np.random.Generator) -> Example:
        y = np.repeat(targets[:, :1], batch, axis=1)
        x = np.zeros((length, batch, 3))
        labels = ("a", "b", "c")
        mask = np.isin(np.arange(length), STEPS)
        return Example("stored", x, y, mask, loss, labels, tuple("123456"), labels)

    return Task("stored", "", "", generate, default_length=6)


@pytest.mark.parametrize("case", CASES)
def test_five_updates_are_pytorch_s(case):
    cell, optimiser, loss = case.split(":")
    settings = {"clip": None, **SETTINGS[optimiser]}
    plan = Plan("stored", 6, updates=5, optimiser=optimiser, dtype="float64", **settings)
    trainer = Trainer(stored(f"{cell}/start", loss), as_task(loss), plan)
    trainer.batches.training = lambda n: Batch(DATA["x"][n], DATA[loss][n], STEPS)
    found = [trainer.step() for _ in range(5)]
    wanted = flat(stored(case, loss))
    np.testing.assert_allclose(trainer.weights, wanted, rtol=0, atol=1e-10)
    np.testing.assert_allclose([one.loss for one in found], DATA[f"{case}/loss"], rtol=1e-10)
    np.testing.assert_allclose([one.norm for one in found], DATA[f"{case}/norm"], rtol=1e-10)
    start = flat(stored(f"{cell}/start", loss))
    assert np.abs(wanted - start).max() > 0.02, "the updates move nothing"
    if plan.clip is not None and plan.clip_by == "norm":
        assert DATA[f"{case}/norm"].max() > plan.clip, "the limit is never met"
