"""Presets whose claim is about more than one layer's flow: stacks, systems, costs, many seeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.peephole_and_reset import cell_ways, gate_parts, without_peepholes
from rnnviz.analysis.stacks import layer_norms, losses_of, path_lengths
from rnnviz.analysis.systems import Latch, latch
from rnnviz.core.build import build
from rnnviz.core.gradients import GradientFlow
from rnnviz.experiments.claims import Claim, Number, Power
from rnnviz.experiments.cost import counted, sizes
from rnnviz.experiments.initialisation_runs import SCHEMES, SEEDS, measure
from rnnviz.experiments.presets._one_layer_claims import every_loss
from rnnviz.experiments.presets._preset import Preset, Topic
from rnnviz.experiments.problem_types import PROBLEMS, distances, models_of
from rnnviz.experiments.settings import Settings
from rnnviz.experiments.stacked_settings import Stacked
from rnnviz.experiments.unrolling import Unrolled, unroll
from rnnviz.training.echo_stream import FLOOR, share
from rnnviz.training.truncated_bptt import Plan, Run, train
from rnnviz.words import word

DELAY = 10
"""Steps from an input to its answer."""


def _both(settings: Settings) -> tuple[GradientFlow, GradientFlow]:
    """One layer in two directions, and in one."""
    two, one = (Stacked.of(settings, 1, both).flow(settings.cells[0]) for both in (True, False))
    return two, one


def _two_directions(found: tuple[GradientFlow, GradientFlow]) -> Claim:
    far, least = [], []
    for flow in found:
        both = flow.trace.model.bidirectional
        lengths = path_lengths(losses_of(flow), 1, both).min(axis=(0, 1))
        far.append(float(lengths[np.isfinite(lengths)].max()))
        least.append(float(layer_norms(flow).max(axis=(0, 1)).min()))
    return Claim(2 * far[0] <= far[1] and least[0] > least[1] + 2, {
        "two": int(far[0]), "one": int(far[1]), "least": Power(least[0]), "alone": Power(least[1]),
    })  # fmt: skip


def _handed_over(settings: Settings) -> dict[str, Unrolled]:
    """Cell → encoder and decoder."""
    kind = PROBLEMS["seq_to_seq"]
    sequence = kind.sequence(settings.length, seed=settings.seed)
    return {cell: unroll(kind, models_of(settings, cell, kind), sequence)
            for cell in settings.cells}  # fmt: skip


def _encoder(found: Mapping[str, Unrolled]) -> Claim:
    one = next(iter(found.values()))
    n = one.problem.handed(one.steps)
    far = np.diagonal(distances(one.problem, one.steps))
    logs = {cell: each.log10("h")[:, 0] for cell, each in found.items()}
    left = {cell: Power(float(h[0] - h[n - 1])) for cell, h in logs.items()}
    return Claim(bool((far == n).all()) and left["rnn"] < -4 and left["lstm"] > -1,
                 {"n": n, **left})  # fmt: skip


def _bit(settings: Settings) -> Latch:
    """The unit of these settings as a latch, without bias."""
    return latch(settings.scale, 0.0, steps=settings.length)


def _as_system(bit: Latch) -> Claim:
    return Claim(bit.bistable and bit.through[-1] < -6, {
        "w": Number(bit.w), "state": Number(bit.points[-1].x[0]), "fold": Number(bit.fold),
        "T": bit.steps, "left": Power(bit.through[-1]),
    })  # fmt: skip


def _two_schemes(settings: Settings) -> dict[str, NDArray[np.float64]]:
    """Scheme → per-step factor of every seed."""
    names = ("pytorch", "orthogonal")
    return {name: measure(settings, "rnn", SCHEMES[name]).factors() for name in names}


def _compared_schemes(found: Mapping[str, NDArray[np.float64]]) -> Claim:
    usual, turned = found["pytorch"], found["orthogonal"]
    return Claim(bool(usual.max() < turned.min() <= turned.max() < 1), {
        "seeds": SEEDS, "usual": Number(np.median(usual)), "theory": Number(3**-0.5),
        "turned": Number(np.median(turned)),
    })  # fmt: skip


def _counts(settings: Settings) -> dict[str, tuple[int, int]]:
    """Cell → hidden size and parameters where the counts are as near as they can be."""
    found, inputs = sizes(settings, settings.cells, by_count=True), settings.example().input_size
    return {cell: (size, counted(settings.kind(cell), inputs, size))
            for cell, size in found.items()}  # fmt: skip


def _equal(found: Mapping[str, tuple[int, int]]) -> Claim:
    parameters = [count for _, count in found.values()]
    off = (max(parameters) - min(parameters)) / max(parameters)
    units = {cell: size for cell, (size, _) in found.items()}
    return Claim(off < 0.02 and units["lstm"] < units["gru"] < units["rnn"], {
        **units, "count": max(parameters), "off": Number(100 * off),
    })  # fmt: skip


def _seen(settings: Settings) -> GradientFlow:
    """The peephole LSTM's flow."""
    return settings.flow("peephole_lstm")


def _peephole(flow: GradientFlow) -> Claim:
    plain, own = without_peepholes(flow), flow.trace.layers[0]
    seen = float(np.abs(gate_parts(own, "f").seen).max())
    moved = float(np.abs(flow.trace["f"] - plain.trace["f"]).max())
    ways = cell_ways(flow)
    gap = ways.peepholes.log10_norms() - ways.total.log10_norms()
    share = float(np.median(gap[np.isfinite(gap)]))
    return Claim(seen > 0.5 and share < -1.5, {
        "seen": Number(seen), "moved": Number(moved), "share": Power(share),
    })  # fmt: skip


@lru_cache(maxsize=8)
def _windows(settings: Settings) -> dict[int, Run]:
    """Window → a net that was trained to answer with the input `DELAY` steps ago."""
    cell = settings.cells[0]
    how = settings.initialisation(cell, DELAY)
    model = build(cell, 1, settings.hidden_size, output_size=1, **how)
    return {k: train(model, Plan(delay=DELAY, window=k, rate=0.02)) for k in (5, 20)}


def _cut_short(found: Mapping[int, Run]) -> Claim:
    short, long = (found[k].end(20) for k in (5, 20))
    return Claim(share(DELAY, 5) == 0 and short > 0.9 * FLOOR and long < 0.1 * FLOOR, {
        "d": DELAY, "short": Number(short), "long": Number(long),
        "share": Number(100 * share(DELAY, 20)),
    })  # fmt: skip


_LATCH: tuple[tuple[str, Any], ...] = (
    ("dim", "1"), ("phi", True), ("w11", 1.5), ("x0", "0.1,0"), ("in", "none"),
)  # fmt: skip
_ONE_UNIT = Settings(task="impulse", cells=("rnn",), init="identity", hidden_size=1)
BEYOND_ONE_LAYER = (
    Preset(
        "both_ends", Topic.ARCHITECTURE, word("Two directions: short paths"),
        Settings(task="impulse", cells=("rnn",), loss="chosen", loss_at="1, 50"),
        "Schuster and Paliwal 1997",
        word("Losses on the first and the last step. In two directions no step is farther than "
             "{two} steps from a loss, in one direction up to {one}: the smallest gradient of "
             "any step is {least} instead of {alone}."),
        "pages/Depth.py", _two_directions, (("cell", "rnn"), ("layers", "1"), ("bi", True)), _both,
    ),
    Preset(
        "encoder", Topic.ARCHITECTURE, word("Encoder and decoder"),
        Settings(cells=("rnn", "lstm"), length=40),
        "Sutskever, Vinyals and Le 2014",
        word("Every answer stands {n} steps behind the letter that it repeats, and its gradient "
             "reaches the encoder through the last state alone. From there {rnn} reaches step 1 "
             "in the RNN, {lstm} in the LSTM."),
        "pages/Problem_types.py", _encoder, (("cell", "rnn"), ("problem", "seq_to_seq")),
        _handed_over,
    ),
    Preset(
        "laws", Topic.VANISHING, word("Orthogonal or usual weights"),
        Settings(task="noisy_sine", cells=("rnn",)),
        "Saxe, McClelland and Ganguli 2014",
        word("Weights from U(±1/√H) multiply a gradient by 1/√3 = {theory} a step on average, "
             "before tanh′: over {seeds} seeds the median factor is {usual}. With orthogonal "
             "weights only tanh′ shrinks it: {turned}, and the worst of their seeds is better "
             "than the best of the others."),
        "pages/Initialisation.py", _compared_schemes,
        (("cell", "rnn"), ("laws", ["pytorch", "orthogonal"])), _two_schemes,
    ),
    Preset(
        "equal_count", Topic.ARCHITECTURE, word("Equal parameters, not units"),
        Settings(hidden_size=36), "Chung, Gulcehre, Cho and Bengio 2014",
        word("A fair comparison gives each cell as many parameters: {count:,}, to within {off} %. "
             "That makes {lstm} units of the LSTM, {gru} of the GRU and {rnn} of the RNN."),
        "pages/Cost.py", _equal, (("by", "count"),), _counts,
    ),
    Preset(
        "every_loss", Topic.DATA, word("A loss on every step"),
        Settings(task="noisy_sine", cells=("rnn", "lstm"), loss="every"),
        "Cashman et al. 2018, RNNbow",
        word("Every step has a loss, and the sum of them hides how far each one reaches. The "
             "loss of step {T} alone: in the RNN less than 1 % of its gradient is left {rnn} "
             "steps back; in the LSTM {lstm} reaches step 1."),
        "pages/Whose_gradient.py", every_loss, (("cell", "rnn"),),
    ),
    Preset(
        "latch_system", Topic.VANISHING, word("The latch as a system"),
        replace(_ONE_UNIT, scale=1.5), "Bengio, Simard and Frasconi 1994",
        word("x = tanh({w} x) rests at ±{state}. A lasting input of up to {fold} cannot flip it: "
             "the bit is safe. For the same reason only {left} of a gradient is left after {T} "
             "steps back."),
        "pages/Systems.py", _as_system, _LATCH, _bit,
    ),
    Preset(
        "peephole", Topic.GATES, word("Peepholes: gates see c"),
        Settings(task="noisy_sine", cells=("lstm", "peephole_lstm"),
                 cell_options=(("peephole", "diagonal"),)),
        "Gers, Schraudolph and Schmidhuber 2002",
        word("c adds up to {seen} to the forget gate's pre-activation and moves the gate by up "
             "to {moved} from where the plain LSTM with the same weights has it. Little gradient "
             "comes back through the peepholes: {share} of ∂L/∂c_t in the median step."),
        "pages/Variants.py", _peephole, (("form", "diagonal"),), _seen,
    ),
    Preset(
        "windows", Topic.ARCHITECTURE, word("Truncation: k is too short"),
        Settings(task="copying", cells=("rnn",)), "Williams and Peng 1990",
        word("The answer is the input {d} steps ago. In windows of 5 steps no loss reaches it: "
             "after 300 updates the error of the RNN is still {short}, and guessing gives 1. In "
             "windows of 20, {share} % of the losses reach it, and the error falls to {long}."),
        "pages/Training.py", _cut_short, (("tab", "windows"), ("lag", DELAY), ("win", 5)), _windows,
    ),
)  # fmt: skip
