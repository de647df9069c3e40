"""The classic maps as specs, by name; their results are shipped beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnnviz.numerics.records import ReadOnly
from rnnviz.numerics.validation import one_of, whole_number
from rnnviz.sweeps.spec import Spec

RESULTS = Path(__file__).with_name("results")
"""The folder of results: `rnnviz.read_sweep(RESULTS / "rnn_gain_input.parquet")`."""
POINTS, SEEDS = 40, (0, 1, 2)
SIZES = {"length": 100, "hidden_size": 64}
LONGEST = 200

DIAGRAMS: Mapping[str, Spec] = ReadOnly({
    "rnn_gain_input": Spec(
        {"scale": {"from": 0.2, "to": 3.2, "count": POINTS},
         "options.amplitude": {"from": 0.1, "to": 10, "count": POINTS, "spacing": "log"},
         "seed": SEEDS},
        {"cell": "rnn", "task": "noisy_sine", "init": "glorot", "options.noise": 1.0, **SIZES},
        ("log10_share", "horizon", "lyapunov"), name="RNN: gain of W_h × input scale",
    ),
    "lstm_forget_length": Spec(
        {"forget_bias": {"from": -2, "to": 6, "count": POINTS},
         "length": {"from": 5, "to": LONGEST, "count": POINTS},
         "seed": SEEDS},
        {"cell": "lstm", "task": "noisy_sine", "hidden_size": 64},
        ("log10_share", "horizon"), name="LSTM: forget bias × T",
    ),
    "gru_gain_update": Spec(
        {"scale": {"from": 0.2, "to": 6, "count": POINTS},
         "update_bias": {"from": -4, "to": 4, "count": POINTS},
         "seed": SEEDS},
        {"cell": "gru", "task": "noisy_sine", "init": "glorot", **SIZES},
        ("log10_share", "horizon", "lyapunov"), name="GRU: gain of W_h × update bias",
    ),
})  # fmt: skip
"""Name → spec."""


def resized(
    name: str, *, points: int = POINTS, seeds: int = len(SEEDS), hidden_size: int = 64,
    length: int | None = None,
) -> Spec:  # fmt: skip
    """One of `DIAGRAMS` in other sizes: ``points`` along each side, seeds 0 … ``seeds`` − 1.

    ``length`` is T, or the largest of an axis of lengths. Raises ValueError.

    >>> from rnnviz.sweeps.diagrams import DIAGRAMS, resized
    >>> resized("rnn_gain_input") == DIAGRAMS["rnn_gain_input"]
    True
    >>> resized("lstm_forget_length", points=8, seeds=1, length=50).shape
    (8, 8, 1)
    """
    whole = DIAGRAMS[one_of("name", name, tuple(DIAGRAMS))]
    axes: dict[str, Any] = {
        axis: _between(axis, whole.values(axis), points, length) for axis in list(whole.axes)[:2]
    }
    axes["seed"] = tuple(range(whole_number("seeds", seeds, most=20)))
    base = {**whole.base, "hidden_size": whole_number("hidden_size", hidden_size)}
    if length is not None and "length" in base:
        base["length"] = length
    return Spec(axes, base, whole.figures, name=whole.name)


def _between(axis: str, values: tuple[Any, ...], points: int, length: int | None) -> dict[str, Any]:
    """An axis from end to end, with so many points."""
    spacing = "log" if axis == "options.amplitude" else "linear"
    top = length if axis == "length" and length is not None else values[-1]
    return {"from": values[0], "to": top, "count": points, "spacing": spacing}
