"""Lines of theory on the classic maps: where a closed form or mean field puts the transition."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import NamedTuple

import numpy as np

from rnnviz.numerics.array_files import write_whole
from rnnviz.numerics.arrays import Array
from rnnviz.numerics.records import brief
from rnnviz.numerics.validation import frozen, one_of
from rnnviz.sweeps import mean_field
from rnnviz.sweeps.diagrams import DIAGRAMS, RESULTS
from rnnviz.sweeps.points import settings_of
from rnnviz.sweeps.spec import Spec
from rnnviz.words import word

STORED = RESULTS / "lines.json"
LEFT = 0.01
"""The share left along the LSTM's line."""


class Line(NamedTuple):
    """A line on a map; x along its first axis, y along its second.

    map, name  of which map, and which line of it
    x, y       (n,) each; nan where the line leaves the map
    title      in words, and ``assumes``: where it holds
    source     papers
    """

    map: str
    name: str
    x: Array
    y: Array
    title: str
    assumes: str
    source: str

    def __repr__(self) -> str:
        return brief(self)


KNOWN: Mapping[tuple[str, str], tuple[str, str, str]] = {
    ("rnn_gain_input", "mean_field"): (
        word("λ₁ = 0 by mean field: the mean of ½ ln χ over the steps is 0"),
        word("For H → ∞ with independent entries of W_h. With 64 units the transition is spread "
             "out, by about 0.1 in the gain."),
        "Poole et al. 2016; Schoenholz et al. 2017; Molgedey, Schuchhardt and Schuster 1992",
    ),
    ("lstm_forget_length", "forget_gate"): (
        word("1 % left by the forget gate alone: σ(b_f) to the power of T − 1"),
        word("Neither x nor h in the gate, and no gradient through the weights."),
        "Gers, Schmidhuber and Cummins 2000",
    ),
    ("gru_gain_update", "untied"): (
        word("χ = 1 by mean field with new weights at every step"),
        word("For H → ∞. Paths through z and through the candidate are added without their cross "
             "terms, which one W_h for all steps has: right only where z is near 0."),
        "Chen, Pennington and Schoenholz 2018; Gilboa et al. 2019",
    ),
    ("gru_gain_update", "at_rest"): (
        word("λ₁ = 0 at h = 0: the gain is 2, whatever the update bias is"),
        word("For H → ∞ with one W_h for all steps, without input. The update gate sets how fast "
             "things happen, not where they become unstable."),
        "Can, Krishnamurthy and Schwab 2020",
    ),
}  # fmt: skip
"""(map, line) → its title, what it assumes, papers."""


def lines(name: str) -> tuple[Line, ...]:
    """The lines of theory on a map of `DIAGRAMS`, as they are stored.

    Raises ValueError for other names.

    >>> from rnnviz.sweeps import lines
    >>> [(one.name, one.x.shape) for one in lines("gru_gain_update")]
    [('untied', (40,)), ('at_rest', (40,))]
    """
    one_of("name", name, tuple(DIAGRAMS))
    found = []
    for key, words in KNOWN.items():
        if key[0] == name:
            x, y = (frozen(np.array(one, float)) for one in _stored()["/".join(key)])
            found.append(Line(*key, x, y, *words))
    return tuple(found)


def lines_of(name: str, spec: Spec) -> tuple[Line, ...]:
    """The lines of theory on a map of other sizes, computed in up to some seconds.

    Those of the map's own sizes are found.
    """
    if spec == DIAGRAMS[one_of("name", name, tuple(DIAGRAMS))]:
        return lines(name)
    found = []
    for key, words in KNOWN.items():
        if key[0] == name:
            x, y = FORMS[key](spec)
            found.append(Line(*key, frozen(x), frozen(y), *words))
    return tuple(found)


def computed() -> dict[tuple[str, str], tuple[Array, Array]]:
    """(map, line) → x and y, computed anew in a few seconds."""
    return {key: form(DIAGRAMS[key[0]]) for key, form in FORMS.items()}


def write(found: Mapping[tuple[str, str], Iterable[Array]]) -> None:
    """Store the lines, numbers with five digits."""
    plain = {"/".join(key): [[None if np.isnan(v) else float(f"{v:.5g}") for v in one]
                             for one in both] for key, both in found.items()}  # fmt: skip
    text = ",\n".join(f"{json.dumps(key)}: {json.dumps(both)}" for key, both in plain.items())
    write_whole(STORED, f"{{\n{text}\n}}\n".encode())


@cache
def _stored() -> dict[str, list[list[float | None]]]:
    found: dict[str, list[list[float | None]]] = json.loads(STORED.read_text("utf-8"))
    return found


def mean_field_rnn(spec: Spec) -> tuple[Array, Array]:
    """For every amplitude the gain at which the seeds' mean exponent is 0."""
    gains, amplitudes = (np.array(spec.values(name)) for name in
                         ("scale", "options.amplitude"))  # fmt: skip

    def exponent(amplitude: float, gain: float) -> float:
        points = ({**spec.base, "scale": gain, "options.amplitude": amplitude, "seed": seed}
                  for seed in spec.values("seed"))  # fmt: skip
        return float(np.mean([mean_field.rnn(settings_of(one)).exponent for one in points]))

    x = [mean_field.crossing(partial(exponent, one), gains[0], gains[-1], 1e-3)
         for one in amplitudes]  # fmt: skip
    return np.array(x), amplitudes


def untied_gru(spec: Spec) -> tuple[Array, Array]:
    """For every update bias the gain at which χ = 1."""
    gains, biases = (np.array(spec.values(name)) for name in ("scale", "update_bias"))

    def exponent(bias: float, gain: float) -> float:
        point = {**spec.base, "scale": gain, "update_bias": bias, "seed": spec.values("seed")[0]}
        return mean_field.gru_untied(settings_of(point)).exponent

    x = [mean_field.crossing(partial(exponent, one), gains[0], gains[-1], 1e-3) for one in biases]
    return np.array(x), biases


def rest_gru(spec: Spec) -> tuple[Array, Array]:
    """Where z + (1 − z) r σ_w = 1, r = ½: `mean_field.gru_at_rest` is 0."""
    biases = np.array(spec.values("update_bias"))
    reset, z = 0.5, 1 / (1 + np.exp(-biases))
    return (1 - z) / ((1 - z) * reset), biases


def forget_gate(spec: Spec) -> tuple[Array, Array]:
    """For every forget bias the T at which the forget gate alone leaves `LEFT`."""
    biases, lengths = (np.array(spec.values(name)) for name in ("forget_bias", "length"))
    one_step = -mean_field.forget_gate_share(biases, np.array(2))
    found = 1 - np.log10(LEFT) / one_step
    return biases, np.where((found >= lengths[0]) & (found <= lengths[-1]), found, np.nan)


FORMS: Mapping[tuple[str, str], Callable[[Spec], tuple[Array, Array]]] = {
    ("rnn_gain_input", "mean_field"): mean_field_rnn,
    ("lstm_forget_length", "forget_gate"): forget_gate,
    ("gru_gain_update", "untied"): untied_gru,
    ("gru_gain_update", "at_rest"): rest_gru,
}
"""(map, line) → how it is computed for a spec."""
