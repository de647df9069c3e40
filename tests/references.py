"""What PyTorch computed (tests/data/make_torch_f64.py), and one comparison with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from rnnviz import Model, backprop, from_torch, run
from rnnviz.formats.torch_stacks import WITH_PROJECTION
from tests.oracle import agree

DATA = np.load(Path(__file__).parent / "data" / "torch_f64.npz")
CASES = sorted({key.split("/")[0] for key in DATA})
PROJECTED = [case for case in CASES if "proj_size" in case]
MODULES = [case for case in CASES if case not in PROJECTED and not case.startswith("flow:")]
FLOWS = [case for case in CASES if case.startswith("flow:")]


def state_of(case: str) -> dict[str, Any]:
    """The state_dict of a case."""
    return {key.split("/")[2]: DATA[key] for key in DATA if key.startswith(f"{case}/p/")}


def model_of(case: str) -> Model:
    """The imported model of a case."""
    return from_torch(state_of(case), nonlinearity="relu" if "relu" in case else "tanh")


def compare_module(case: str, model: Model, within: float = 1e-10) -> None:
    """Outputs, final states, ∂L/∂x and every parameter's gradient are PyTorch's."""
    trace = run(model, DATA[f"{case}/x"])
    agree("outputs", trace.outputs, DATA[f"{case}/y"], within)
    for k, name in enumerate(model.cell.states):
        agree(f"final {name}", trace.final[name], DATA[f"{case}/state{k}"], within)
    flow = backprop(trace, DATA[f"{case}/G"])
    agree("dx", flow.inputs, DATA[f"{case}/dx"], within)
    compare_parameters(model, flow.parameters, gradients_of(case), within)


def gradients_of(case: str) -> dict[str, Any]:
    """PyTorch's gradient of every parameter of a case."""
    return {key.split("/")[2]: DATA[key] for key in DATA if key.startswith(f"{case}/dp/")}


def compare_parameters(model: Model, gradients: Any, theirs: dict[str, Any], within: float) -> None:
    """Every parameter's gradient is PyTorch's; none is left over."""
    left = dict(theirs)
    for index, layer, direction in model.places():
        ending = f"_l{layer}" + ("_reverse" if direction == "reverse" else "")
        for name, ours in WITH_PROJECTION.items():
            # A cell of PyTorch's has no layer in its names.
            key = name if name in left else name + ending
            if key in left:
                agree(key, gradients[index][ours].T, left.pop(key), within)
    assert not left


def compare_flow(case: str, model: Model, within: float = 1e-10) -> None:
    """∂L/∂h_t and ∂L/∂c_t at every timestep are PyTorch's, the loss on the last step only."""
    trace = run(model, DATA[f"{case}/x"])
    agree("h", trace["h"], DATA[f"{case}/h"], within)
    dh = np.zeros(trace.outputs.shape)
    dh[-1] = DATA[f"{case}/v"]
    flow = backprop(trace, dh)
    for name in model.cell.states:
        theirs = DATA[f"{case}/dL_d{name}"]
        for t, row in enumerate(theirs):
            agree(f"dL/d{name} at {t}", flow[name][t], row, within)
        norms = np.log10(np.linalg.norm(theirs, axis=-1))
        np.testing.assert_allclose(flow.log10_norms(name)[1:], norms, rtol=0, atol=1e-9)
    compare_parameters(model, flow.parameters, gradients_of(case), within)


def compare(case: str, model: Model, within: float = 1e-10) -> None:
    """Everything that the case holds."""
    (compare_flow if case.startswith("flow:") else compare_module)(case, model, within)
