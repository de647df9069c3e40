"""Pages of gradients on one cell, with what they must show."""


import numpy as np

from tests.ui.apps import (
    settings_of,
    shown,
)

SMALL = {"task": "noisy_sine", "T": 12, "H": 3, "seed": 5}
EVERY = {**SMALL, "loss": "every"}
PAGES = {name: f"pages/{name}.py"
         for name in ("Gradient_flow", "Whose_gradient", "Spectrum", "Roads", "Cuts")}  # fmt: skip


def of(name, cell, **query):
    """A page on one cell, with its settings, flow and loss."""
    app = shown(PAGES[name], **(EVERY | query), cells=cell)
    assert not app.exception, [one.message for one in app.exception]
    asked = settings_of(app)
    return app, asked.flow(cell), asked.loss_object(asked.example())


def finite(logs):
    return np.where(np.isfinite(logs), logs, np.nan)


def lines(figure):
    """Name → y of its lines."""
    return {one["name"]: one["y"] for one in figure["data"] if "lines" in one.get("mode", "")}


def the_map(figure):
    return np.asarray(figure["data"][0]["z"], float)
