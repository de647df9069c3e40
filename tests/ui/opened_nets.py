"""Pages with an opened net, without files: the session is given what the page would open."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
from streamlit.testing.v1 import AppTest

from rnnviz import Model, Readout, build
from rnnviz.experiments.opened import OpenedNet, OpenedSequence, in_double
from rnnviz.ui.shell import opened_files
from tests.ui.apps import ROOT


def opened(model: Model, **more: object) -> OpenedNet:
    """A net as the page opens it."""
    digest = sha256(repr(model).encode() + model.parameters[0]["W_x"].tobytes()).hexdigest()[:16]
    return OpenedNet(digest, "net.safetensors", "", model=in_double(model), **more)


def sequence(x: np.ndarray, **more: object) -> OpenedSequence:
    """A sequence as the page opens it."""
    steps, size = x.shape
    digest = sha256(repr((x.tolist(), more)).encode()).hexdigest()[:16]
    return OpenedSequence(
        digest, "prices.csv", "csv", x=np.asarray(x, float),
        step_labels=tuple(f"day {k}" for k in range(1, steps + 1)),
        input_labels=tuple(f"column {k}" for k in range(1, size + 1)), **more,
    )  # fmt: skip


def app_with(
    script: str, net: OpenedNet | None = None, own: OpenedSequence | None = None, **query: object
) -> AppTest:
    """A page of a session in which these are open."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    if script != "app.py":
        app.switch_page(script)
    if net is not None:
        app.session_state[opened_files._NET] = net
        app.session_state["cells"] = [net.cell]
        app.session_state[opened_files.NET] = net.digest
    if own is not None:
        app.session_state[opened_files._SEQUENCE] = own
        app.session_state[opened_files.SEQUENCE] = own.digest
    for name, value in query.items():
        app.session_state[name] = value
    return app.run()


def small(cell: str = "lstm", inputs: int = 2, **more: object) -> Model:
    """A net of four units."""
    return build(cell, inputs, 4, seed=1, **more)


__all__ = ["Readout", "app_with", "opened", "sequence", "small", "torch_arrays"]


def torch_arrays(model: Model, prefix: str = "") -> dict[str, np.ndarray]:
    """A one-layer LSTM's weights under PyTorch's names."""
    from_ours = {"W_x": "weight_ih_l0", "W_h": "weight_hh_l0", "b": "bias_ih_l0"}
    found = {prefix + name: np.ascontiguousarray(model.parameters[0][one].T)
             for one, name in from_ours.items()}  # fmt: skip
    return found | {f"{prefix}bias_hh_l0": np.zeros_like(found[f"{prefix}bias_ih_l0"])}
