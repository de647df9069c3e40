"""Functions of cells as ONNX and Keras name them, and the cell here that has them.

A function is written as a cell's ``activations`` take it: its name, with its numbers where they
are not the usual ones, "hard_sigmoid", "hard_sigmoid(0.25, 0.5)", "elu(1.5)".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.cells import CELLS, Cell
from rnnviz.words import Refusal

ONNX = {
    "Tanh": (), "Sigmoid": (), "Relu": (), "Softsign": (), "Softplus": (),
    "Affine": (1.0, 0.0), "LeakyRelu": (0.01,), "ThresholdedRelu": (1.0,),
    "ScaledTanh": (1.0, 1.0), "HardSigmoid": (0.2, 0.5), "Elu": (1.0,),
}  # fmt: skip
"""ONNX's functions → the defaults of alpha and beta, for those that take them."""
NAMES = {"LeakyRelu": "leaky_relu", "ThresholdedRelu": "thresholded_relu",
         "ScaledTanh": "scaled_tanh", "HardSigmoid": "hard_sigmoid"}  # fmt: skip
KERAS = {"linear": "identity"} | {
    name: name for name in ("tanh", "sigmoid", "relu", "elu", "selu", "softsign", "softplus",
                            "exponential")
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """What a file says of a cell beside its weights.

    cell         rnn, gru or lstm
    functions    rnn: of h; gru: of the gates and of the candidate; lstm: of the gates, of the
                 candidate and of c on its way to h
    reset_after  of a GRU: the reset gate acts after the recurrent product
    peepholes    of an LSTM: the gates see c
    coupled      of an LSTM: f = 1 − i
    clip         the largest magnitude of a pre-activation, or none
    """

    cell: str
    functions: tuple[str, ...]
    reset_after: bool = False
    peepholes: bool = False
    coupled: bool = False
    clip: float | None = None


USUAL = {"rnn": ("tanh",), "gru": ("sigmoid", "tanh"), "lstm": ("sigmoid", "tanh", "tanh")}
"""Cell → the functions that its papers and libraries give it."""


def of_onnx(name: str, alphas: list[float], betas: list[float]) -> str:
    """ONNX's function of that name; its constants are taken off the front of the lists."""
    known = {one.lower(): one for one in ONNX}  # names are compared without case
    if name.lower() not in known:
        raise Refusal(
            "`{name}` is none of ONNX's functions for recurrent nodes: {known}.",
            name=name[:60], known=", ".join(ONNX),
        )  # fmt: skip
    name = known[name.lower()]
    usual = ONNX[name]
    taken = tuple(
        given.pop(0) if given else one for one, given in zip(usual, (alphas, betas), strict=False)
    )
    if name == "Affine" and taken == (1.0, 0.0):
        return "identity"
    ours = NAMES.get(name, name.lower())
    same = np.allclose(taken, usual, rtol=1e-7, atol=0)  # a file has them as float32
    return ours if same else f"{ours}({', '.join(map(repr, taken))})"


def of_keras(said: Any, version: int) -> str:
    """Keras's function, from its name or its configuration; ``version`` is Keras's first number."""
    name = said
    if isinstance(said, dict):
        name = said.get("class_name")
        if name == "function":
            name = said.get("config")
    if said is None:
        return "identity"
    if name == "hard_sigmoid":
        return "hard_sigmoid_6" if version >= 3 else "hard_sigmoid"
    if not isinstance(name, str) or name not in KERAS:
        raise Refusal(
            "`{name}` is a function that no cell here has; known are {known}.",
            name=str(name)[:60], known=", ".join([*KERAS, "hard_sigmoid"]),
        )  # fmt: skip
    return KERAS[name]


SYMBOLS = {
    "rnn": (("h",),), "gru": (("r", "z"), ("g",)), "lstm": (("i", "f", "o"), ("g",), ("m",)),
    "cifg_lstm": (("i", "o"), ("g",), ("m",)),
}  # fmt: skip
"""Cell → the symbols that have each of its kind's functions."""


def cell_of(kind: Kind) -> Cell:
    """The cell of that kind. Raises `Refusal` naming what no cell here has."""
    name = "cifg_lstm" if kind.coupled else kind.cell
    each = zip(SYMBOLS[name], kind.functions, strict=True)
    activations = {symbol: phi for symbols, phi in each for symbol in symbols}
    options: dict[str, Any] = {"activations": activations, "clip": kind.clip}
    if kind.cell == "gru":
        options["reset_after"] = kind.reset_after
    if kind.coupled:
        options["coupled"] = "f"
    if kind.peepholes:
        name = name if kind.coupled else "peephole_lstm"
        options["peephole"] = "diagonal"
    try:
        return CELLS[name](**options)
    except ValueError as error:  # such as elu with a number below zero
        raise Refusal("No cell here has its functions: {why}", why=str(error)) from error
