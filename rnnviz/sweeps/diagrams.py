"""The classic maps as specs, by name; their results are shipped beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rnnviz.numerics.records import ReadOnly
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
