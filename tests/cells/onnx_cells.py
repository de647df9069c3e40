"""Cells that onnxruntime computed (tests/data/make_onnx_cells.py), and one comparison with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from rnnviz import Model, run
from rnnviz.cells._function_names import NUMBERS, spelled
from tests.oracle import agree

DATA = np.load(Path(__file__).parents[1] / "data" / "onnx_cells.npz")
ONNX = {
    "Relu": ("relu", 0, 0), "Tanh": ("tanh", 0, 0), "Sigmoid": ("sigmoid", 0, 0),
    "Softsign": ("softsign", 0, 0), "Softplus": ("softplus", 0, 0), "Elu": ("elu", 1, 0),
    "LeakyRelu": ("leaky_relu", 1, 0), "ThresholdedRelu": ("thresholded_relu", 1, 0),
    "HardSigmoid": ("hard_sigmoid", 1, 1), "ScaledTanh": ("scaled_tanh", 1, 1),
    "Affine": ("affine", 1, 1),
}  # fmt: skip
"""ONNX's function → ours, and whether it takes α and β from the lists."""
SYMBOLS = {"RNN": ("h",), "GRU": ("rz", "g"), "LSTM": ("ifo", "g", "m")}


def onnx_functions(op: str, about: dict[str, Any]) -> list[str]:
    """What a node's functions are in our words, one direction after the other."""
    alphas, betas = (list(about.get(f"activation_{key}", [])) for key in ("alpha", "beta"))
    found = []
    for name in about.get("activations", []):
        ours, *takes = ONNX[name]
        numbers = [of.pop(0) for of, one in zip((alphas, betas), takes, strict=True) if one and of]
        usual = NUMBERS[ours]
        found.append(spelled(ours, [*numbers, *usual[len(numbers) :]] if usual else ()))
    return found


def options_of(about: dict[str, Any], side: int = 0) -> dict[str, Any]:
    op, functions = about["op"], onnx_functions(about["op"], about)
    count = len(SYMBOLS[op])
    own = functions[side * count : (side + 1) * count]
    named = {one: phi for symbols, phi in zip(SYMBOLS[op], own, strict=False) for one in symbols}
    options: dict[str, Any] = {"activations": named, "clip": about.get("clip")}
    if op == "GRU":
        options["reset_after"] = bool(about.get("linear_before_reset"))
    return options


def weights_of(name: str, side: int = 0) -> dict[str, Any]:
    head = f"{name}/W{side}."
    return {key.removeprefix(head): DATA[key] for key in DATA if key.startswith(head)}


def compare(name: str, model: Model, **more: Any) -> Any:
    """Outputs and last states are onnxruntime's, in float32."""
    starts = {f"{one}0": DATA[f"{name}/{one}0"] for one in model.cell.states}
    trace = run(model, DATA[f"{name}/x"], **starts, **more)
    agree("outputs", trace.outputs, DATA[f"{name}/outputs"], 1e-6)
    for one in model.cell.states:
        agree(f"final {one}", trace.final[one], DATA[f"{name}/final.{one}"], 1e-6)
    return trace
