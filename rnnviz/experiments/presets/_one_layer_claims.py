"""The claims of the presets of one layer, read off the gradient flows of their cells."""

from __future__ import annotations

import numpy as np

from rnnviz.core.gate_use import HIGH
from rnnviz.core.initialisation import spectral_radius
from rnnviz.experiments.claims import (
    Claim,
    Flows,
    Number,
    Power,
    Reading,
    followed,
    gate,
    left,
    recurrent,
    steps,
)


def stocks(found: Flows) -> Claim:
    kept = {cell: left(found, cell) for cell in ("rnn", "lstm", "gru")}
    horizon = followed(found, "rnn").horizon
    holds = kept["rnn"] < -10 and min(kept["lstm"], kept["gru"]) > -2 and (horizon or 99) < 10
    return Claim(holds, {**kept, "horizon": horizon})


def vanishing(found: Flows) -> Claim:
    one = followed(found, "rnn")
    return Claim(one.factor < 0.7 and one.log10_share < -6, {
        "factor": Number(one.factor), "horizon": one.horizon, "left": left(found, "rnn"),
    })  # fmt: skip


def exploding(found: Flows) -> Claim:
    one, rho = followed(found, "rnn"), spectral_radius(recurrent(found, "rnn"))
    lstm, gru = (Power(left(found, cell)) for cell in ("lstm", "gru"))
    # All three are to be seen on one axis.
    near = min(lstm, gru) > -2 and max(one.log10_share, lstm, gru) < 4
    return Claim(rho > 1 and 1 < one.factor < rho and one.log10_share > 2 and near, {
        "rho": Number(rho), "factor": Number(one.factor), "times": Power(one.log10_share),
        "T": steps(found), "lstm": lstm, "gru": gru,
    })  # fmt: skip


def orthogonal(found: Flows) -> Claim:
    stretch = np.linalg.svd(recurrent(found, "rnn"), compute_uv=False)
    error, kept = float(np.abs(stretch - 1).max()), left(found, "rnn")
    return Claim(error < 1e-12 and -1 < kept < 0, {"error": Number(error), "left": kept})


def irnn(found: Flows) -> Claim:
    h = np.asarray(found["rnn"].trace["h"][:, 0])
    logs = np.asarray(found["rnn"].log10_norms("h"))[1:-1, 0]
    opened = int((h > 0).all(axis=0).sum())
    change = float(10 ** np.ptp(logs) - 1)
    still = bool(((h > 0).all(axis=0) | (h == 0).all(axis=0)).all())
    return Claim(still and 0 < opened < h.shape[1] and change < 1e-12, {
        "open": opened, "H": h.shape[1], "before": len(h) - 1, "change": Number(change),
    })  # fmt: skip


def lstm(low: float, high: float, least_f: float, most_f: float) -> Reading:
    """The LSTM keeps between two powers of ten and more than the RNN; f lies between two values."""

    def read(found: Flows) -> Claim:
        lstm, rnn = followed(found, "lstm"), followed(found, "rnn")
        at = float(found["lstm"].trace.model.cell.block(
            "f", found["lstm"].trace.model.parameters[0]["b"])[0])  # fmt: skip
        f = float(gate(found, "lstm").mean())
        kept = low < lstm.log10_share < high and rnn.log10_share < lstm.log10_share
        return Claim(kept and least_f < f < most_f, {
            "f": Number(f), "lstm": left(found, "lstm"),
            "rnn": left(found, "rnn"), "lstm_horizon": lstm.horizon, "rnn_horizon": rnn.horizon,
            "tau": Number(1 + np.exp(at)),
        })  # fmt: skip

    return read


def chrono(found: Flows) -> Claim:
    kind, b = found["gru"].trace.model.cell, found["gru"].trace.model.parameters[0]["b"]
    memories = 1 + np.exp(kind.block("z", b))
    length, kept = steps(found), left(found, "gru")
    holds = memories.min() >= 2 and memories.max() <= length and np.ptp(memories) > length / 2
    return Claim(bool(holds) and kept > -1.5, {
        "least": Number(memories.min()), "most": Number(memories.max()), "T": length, "left": kept,
    })  # fmt: skip


def copying_gru(found: Flows) -> Claim:
    z, kept = float(gate(found, "gru").mean()), left(found, "gru")
    reach = float(np.abs(found["gru"].trace["h"]).max())
    return Claim(z > 0.99 and kept > -0.1 and reach < 0.5, {
        "z": Number(z), "left": kept, "T": steps(found), "reach": Number(reach),
    })  # fmt: skip


def saturated(found: Flows) -> Claim:
    flow, f = found["lstm"], gate(found, "lstm")
    shut = float((f > HIGH).mean())
    passed = np.log10(np.linalg.norm(flow["a_f"]) / np.linalg.norm(flow["f"]))
    return Claim(shut > 0.95 and passed < -2, {
        "share": Number(100 * shut), "limit": HIGH, "passed": Power(passed),
        "slope": Number(HIGH * (1 - HIGH)),
    })  # fmt: skip


def long(found: Flows) -> Claim:
    rnn, lstm = followed(found, "rnn"), followed(found, "lstm")
    return Claim(rnn.log10_share < -100 and lstm.log10_share > -3, {
        "T": steps(found), "rnn": left(found, "rnn"), "lstm": left(found, "lstm"),
        "horizon": rnn.horizon,
    })  # fmt: skip


def latch_state(w: float) -> float:
    """The positive stable state of h = tanh(w h), w > 1, by bisection."""
    low, high = np.sqrt(1 - 1 / w), 1.0  # tanh(w h) − h rises to the first, then falls
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if np.tanh(w * middle) > middle else (low, middle)
    return float(low)


def latch(found: Flows) -> Claim:
    w, h = float(recurrent(found, "rnn")[0, 0]), found["rnn"].trace["h"][:, 0, 0]
    if w <= 1 or recurrent(found, "rnn").shape != (1, 1):
        return Claim(False, {})
    state = latch_state(w)
    slope, factor = w * (1 - state**2), followed(found, "rnn").factor
    holds = abs(abs(h[-1]) - state) < 1e-9 and abs(factor - slope) < 2e-3
    return Claim(bool(holds), {
        "w": Number(w), "state": Number(state), "T": len(h), "end": Number(h[-1]),
        "slope": Number(slope), "left": left(found, "rnn"),
    })  # fmt: skip


def sentence(found: Flows) -> Claim:
    kept = {cell: Power(left(found, cell)) for cell in ("rnn", "lstm", "gru")}
    horizon = followed(found, "rnn").horizon
    return Claim((horizon or 99) < 12 and kept["lstm"] > -2, {
        **kept, "horizon": horizon, "T": steps(found),
    })  # fmt: skip


def every_loss(found: Flows) -> Claim:
    """The last loss alone, though every step has one."""
    rnn, kept = followed(found, "rnn").horizon, left(found, "lstm")
    return Claim((rnn or 99) < 12 and kept > -1, {"T": steps(found), "rnn": rnn, "lstm": kept})
