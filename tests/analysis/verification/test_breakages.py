"""Break one thing at a time in the package: the live checks must tell, every time.

Each row of BREAKAGES names a fault, the case that shows it, and a patch. The checks' own modules
(`rnnviz.analysis.verification`) are never patched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest

from rnnviz import CELLS, CrossEntropy, SquaredError, build, run, verify
from rnnviz.analysis import gradient_paths, jacobian, loss_attribution, memory, spectrum
from rnnviz.core import (
    backward_loop,
    gradients,
    losses,
    model,
    weight_gradients,
)
from rnnviz.core import (
    backward_run as back,
)
from rnnviz.core import (
    forward_run as ahead,
)
from rnnviz.core.gradients import GradientFlow, LayerFlow
from rnnviz.core.trace import LayerTrace
from rnnviz.numerics import extended_range, graded_svd
from rnnviz.numerics.extended_range import Scaled
from tests.oracle import states, varied

Patch = Callable[[pytest.MonkeyPatch], None]
T, B, H = 6, 2, 3
RECORD = "recorded"
"""Steps one layer through its inputs: (cell, W, x, start) → record."""
GATES = vars(LayerFlow)["_gates"].func


def example(cell: str, *, size: int = H, dtype: Any = np.float64, **more: Any) -> Any:
    """A trace with B examples, random weights and random initial states."""
    net = varied(build(cell, 2, size, dtype=dtype, **more), spread=0.5)
    rng = np.random.default_rng(1)
    start = {f"{name}0": one for name, one in states(net, B, rng).items()}
    return run(net, rng.standard_normal((T, B, 2)), **start), rng


def by_array(cell: str, **more: Any) -> Any:
    """Gradients come in as an array."""
    made, rng = example(cell, **more)
    return made, rng.standard_normal(made.outputs.shape).astype(made.model.dtype)


def by_squares(at: Any = "last", cell: str = "lstm", **more: Any) -> Any:
    """A readout of H numbers (so that a matrix the wrong way round still fits), squared error."""
    made, rng = example(cell, output_size=H, **more)
    return made, SquaredError(rng.standard_normal((T, B, H)), at)


def by_classes(cell: str = "gru", **more: Any) -> Any:
    """A softmax readout with a cross entropy on some of the steps."""
    made, rng = example(cell, output_size=H, readout="softmax", **more)
    return made, CrossEntropy(rng.integers(0, H, (T, B)), np.arange(T) % 2 == 0)


def faint() -> Any:
    """Gradients that only a power of two beside the mantissa can hold: down to 1e-600."""
    net = varied(build("rnn", 2, 2), spread=1e-4)
    rng = np.random.default_rng(0)
    made = run(net, rng.standard_normal((160, B, 2)))
    dh = np.zeros(made.outputs.shape)
    dh[-1] = rng.standard_normal(dh[-1].shape)
    return made, dh


def padded() -> Any:
    """Two directions on examples of 6 and 3 steps, some of them without a target."""
    net = varied(build("gru", 2, H, bidirectional=True, output_size=H, readout="softmax"))
    rng = np.random.default_rng(1)
    made = run(net, rng.standard_normal((T, B, 2)), lengths=[6, 3])
    targets = rng.integers(0, H, (T, B))
    targets[1] = -100
    return made, CrossEntropy(targets, "every", -100)


def projected() -> Any:
    """An LSTM whose h is projected to two numbers."""
    rng, net = np.random.default_rng(1), varied(build("lstm", 2, H))
    W = {**net.parameters[0], "W_h": rng.standard_normal((2, 4 * H))}
    net = net.with_parameters({**W, "W_r": rng.standard_normal((H, 2))})
    made = run(net, rng.standard_normal((T, B, 2)), h0=rng.standard_normal((1, B, 2)))
    return made, rng.standard_normal(made.outputs.shape)


CASES: dict[str, Callable[[], Any]] = {
    "padded": padded,
    "padded, from everywhere": lambda: (made := padded()[0], np.ones(made.outputs.shape)),
    "projected": projected,
    "lstm": lambda: by_array("lstm"),
    "gru": lambda: by_array("gru"),
    "peephole": lambda: by_array("peephole_lstm"),
    "stack": lambda: by_array("gru", num_layers=2, bidirectional=True),
    "both ways": lambda: by_array("lstm", bidirectional=True),
    "squares": by_squares,
    "squares, some": lambda: by_squares(np.arange(T) % 2 == 0),
    "classes": by_classes,
    "faint": faint,
}


def after(owner: Any, name: str, change: Callable[..., Any]) -> Patch:
    """What a function returns is changed: ``change(result, *its arguments)``."""

    def patch(here: pytest.MonkeyPatch) -> None:
        right = getattr(owner, name)
        here.setattr(owner, name, lambda *a, **k: change(right(*a, **k), *a))

    return patch


def before(owner: Any, name: str, change: Callable[..., Any]) -> Patch:
    """What a function is given is changed: ``change(*its arguments)`` gives others."""

    def patch(here: pytest.MonkeyPatch) -> None:
        right = getattr(owner, name)
        here.setattr(owner, name, lambda *a, **k: right(*change(*a), **k))

    return patch


def instead(owner: Any, name: str, new: Any) -> Patch:
    """A function is replaced."""
    return lambda here: here.setattr(owner, name, new)


def recorded(change: Callable[..., Any]) -> Patch:
    """A layer's record: ``change(record, cell, W, x, start)`` alters a copy, or returns another."""

    def changed(found: Any, *args: Any) -> Any:
        copy = {name: one.copy() for name, one in found.items()}
        return change(copy, *args) or copy

    return after(ahead, RECORD, changed)


def swept(change: Callable[[Any], Any]) -> Patch:
    """What one layer's backward pass leaves: ``change(sweep)`` alters it."""
    return after(backward_loop.Sweep, "run", lambda _, sweep: change(sweep))


def scaled(array: Any, by: float) -> None:
    array *= by


def without_one_loss(sweep: Any) -> Any:
    mantissa = sweep.direct.mantissa.copy()
    mantissa[2] = 0
    sweep.direct = sweep.direct.map(mantissa)
    return (sweep,)


def blocks_swapped(sweep: Any) -> None:
    one, other = (sweep.d[f"da_{name}"] for name in sweep.cell.blocks[:2])
    one[...], other[...] = other.copy(), one.copy()


def shifted(array: Any) -> Any:
    """One timestep late."""
    return np.roll(array, 1, axis=0)


def with_weight(name: str, change: Callable[[Any], Any]) -> Patch:
    """A layer steps with another weight than it says."""
    return before(
        ahead, RECORD, lambda cell, W, x, start: (cell, {**W, name: change(W[name])}, x, start)
    )


def parameters(change: Callable[[Any], Any], *names: str) -> Patch:
    """Gradients of parameters."""
    return after(
        back, "parameter_gradients",
        lambda found, *_: found | {name: change(found[name]) for name in names},
    )  # fmt: skip


def transposed_blocks(W: Any) -> Any:
    return np.hstack([one.T for one in np.split(W, W.shape[1] // W.shape[0], axis=1)])


def gates(change: Callable[[dict[str, Any]], Any]) -> Patch:
    """∂L/∂gate of every gate and candidate."""
    return instead(LayerFlow, "_gates", property(lambda own: change(dict(GATES(own)))))


def values(name: str, change: Callable[[Any], Any]) -> Patch:
    """One figure of merit."""
    return after(
        memory, "memory", lambda found, *_: found._replace(**{name: change(getattr(found, name))})
    )


class Breakage(NamedTuple):
    what: str
    case: str
    patch: Patch


BREAKAGES = [
    # The forward run and its records.
    Breakage("a bias is dropped from the step", "lstm", with_weight("b", np.zeros_like)),
    Breakage("W_h acts transposed", "gru", with_weight("W_h", transposed_blocks)),
    Breakage("two gates are swapped", "lstm", with_weight("W_x", lambda W: np.roll(W, H, axis=1))),
    Breakage("W_x counts one in a million too much", "gru",
             with_weight("W_x", lambda W: W * (1 + 1e-6))),
    Breakage("h_0 is recorded wrong", "lstm", recorded(lambda r, *_: scaled(r["h_prev"][0], 2))),
    Breakage("c_0 is recorded as zero", "lstm", recorded(lambda r, *_: scaled(r["c_prev"][0], 0))),
    Breakage("h_prev is h", "gru", recorded(lambda r, *_: {**r, "h_prev": r["h"]})),
    Breakage("c_prev lags a step", "lstm",
             recorded(lambda r, *_: {**r, "c_prev": shifted(r["c_prev"])})),
    Breakage("a gate is recorded off by a millionth", "gru",
             recorded(lambda r, *_: scaled(r["z"], 1 + 1e-6))),
    Breakage("a candidate's sign", "lstm", recorded(lambda r, *_: scaled(r["g"], -1))),
    Breakage("records of the reverse direction stay in its order", "both ways",
             instead(LayerTrace, "in_time", lambda self, array: array)),
    Breakage("every layer reads its inputs backwards", "stack",
             before(ahead, RECORD, lambda cell, W, x, start: (cell, W, x[::-1], start))),
    Breakage("outputs are one step late", "gru",
             after(ahead, "forward", lambda one, *_: replace(one, outputs=shifted(one.outputs)))),
    Breakage("the directions' outputs are exchanged", "both ways",
             after(ahead, "forward",
                   lambda one, *_: replace(one, outputs=np.roll(one.outputs, H, axis=-1)))),
    Breakage("a signal is read one step late", "lstm",
             after(LayerTrace, "__getitem__", lambda found, *_: shifted(found))),
    # The backward pass.
    Breakage("∂L/∂a: two blocks swapped", "lstm", swept(blocks_swapped)),
    Breakage("∂L/∂a: sign", "gru", swept(lambda one: scaled(one.d["da"], -1))),
    Breakage("∂L/∂a: one block off by a millionth", "peephole",
             swept(lambda one: scaled(one.d["da_o"], 1 + 1e-6))),
    Breakage("∂L/∂a of the last step is lost", "gru",
             swept(lambda one: scaled(one.d["da"][-1], 0))),
    Breakage("∂L/∂c: factor", "lstm", swept(lambda one: scaled(one.states["c"], 1 + 1e-6))),
    Breakage("∂L/∂c_0: the way along c is lost", "lstm",
             swept(lambda one: scaled(one.states["c"][0], 0))),
    Breakage("∂L/∂h_0: factor", "gru", swept(lambda one: scaled(one.states["h"][0], 2))),
    Breakage("∂L/∂h: off by a millionth at one step", "gru",
             swept(lambda one: scaled(one.states["h"][3], 1 + 1e-6))),
    Breakage("∂L/∂h: one step late", "lstm",
             swept(lambda one: one.states["h"].__setitem__(..., shifted(one.states["h"])))),
    Breakage("the gradient of one loss never enters", "gru",
             before(backward_loop.Sweep, "run", without_one_loss)),
    Breakage("powers of two are off by one", "faint",
             swept(lambda one: one.exponent.__iadd__(one.exponent != 0))),
    Breakage("powers of two are lost", "faint", swept(lambda one: one.exponent.__imul__(0))),
    Breakage("the power of two of the initial state is lost", "faint",
             swept(lambda one: one.exponent[0].__imul__(0))),
    Breakage("gradients of a reverse direction are not turned round", "both ways",
             before(back, "layer_backward", lambda at, one, *more: (
                 at, one[::-1] if at.direction == "reverse" else one, *more))),
    Breakage("∂L/∂x: factor", "stack",
             after(back, "backward", lambda one, *_: replace(one, inputs=one.inputs * 1.001))),
    Breakage("the directions' losses are exchanged", "both ways",
             before(back, "backward",
                    lambda one, dh, *rest: (one, np.roll(dh, H, axis=-1), *rest))),
    # How gradients are read.
    Breakage("flow[…] counts double", "gru",
             after(GradientFlow, "__getitem__", lambda found, *_: 2 * found)),
    Breakage("layer[…] counts double", "stack",
             after(LayerFlow, "__getitem__", lambda found, *_: 2 * found)),
    Breakage("layer[…] without its power of two", "faint",
             instead(Scaled, "true", lambda self: self.mantissa)),
    Breakage("layer[…] one step late", "stack",
             after(LayerFlow, "__getitem__", lambda found, *_: shifted(found))),
    Breakage("log10 norms without the power of two", "faint",
             instead(Scaled, "log10_norms",
                     lambda self: np.log10(np.linalg.norm(self.mantissa, axis=-1)))),
    Breakage("log10 norms in natural logarithms", "gru",
             after(Scaled, "log10_norms", lambda found, *_: found * np.log(10))),
    Breakage("log10 norms are squared", "gru",
             after(extended_range, "norms", lambda found, *_: found**2)),
    Breakage("log10 norms one step late", "lstm",
             after(LayerFlow, "log10_norms", lambda found, *_: shifted(found))),
    Breakage("log10 norms of a reverse direction in its own order", "both ways",
             after(LayerFlow, "log10_norms", lambda found, own, _: found if
                   own.trace.direction == "forward" else
                   np.concatenate([found[:1], found[:0:-1]]))),
    Breakage("log10 magnitudes without the power of two", "faint",
             after(LayerFlow, "log10_magnitudes", lambda found, *_: np.maximum(found, -300))),
    Breakage("signs flipped", "gru", after(LayerFlow, "signs", lambda found, *_: -found)),
    Breakage("initial gradients flipped", "stack",
             instead(LayerFlow, "initial",
                     property(lambda own: {name: -own.d[f"d{name}_all"][0]
                                           for name in own.trace.cell.states}))),
    Breakage("∂L/∂i and ∂L/∂f exchanged", "lstm",
             gates(lambda found: found | {"i": found["f"], "f": found["i"]})),
    Breakage("∂L/∂z: sign", "gru", gates(lambda found: found | {"z": -found["z"]})),
    Breakage("∂L/∂r: off by a millionth", "gru",
             gates(lambda found: found | {"r": found["r"] * (1 + 1e-6)})),
    Breakage("∂L/∂o: one step late", "lstm",
             gates(lambda found: found | {"o": shifted(found["o"])})),
    Breakage("∂L/∂g without i", "lstm",
             gates(lambda found: found | {"g": found["g"] * 0 + 1})),
    # The weights' gradients.
    Breakage("∂L/∂W_h transposed", "gru", parameters(transposed_blocks, "W_h")),
    Breakage("∂L/∂W_x: off by a millionth", "lstm", parameters(lambda W: W * (1 + 1e-6), "W_x")),
    Breakage("∂L/∂b lacks a block", "lstm",
             parameters(lambda b: np.where(np.arange(b.size) < H, 0, b), "b")),
    Breakage("∂L/∂p of the peepholes: sign", "peephole", parameters(np.negative, "W_c")),
    Breakage("weights' gradients are means over the batch", "lstm",
             after(weight_gradients, "summed", lambda found, *_: found / B)),
    Breakage("weights' gradients lack the first step", "gru",
             after(weight_gradients, "summed", lambda found, share, rows:
                   found - (share[0].sum(axis=0) if not isinstance(share, tuple) else np.hstack(
                       [left[0].T @ right[0] for left, right in share])))),
    Breakage("log10 weight norms one step late", "lstm",
             after(LayerFlow, "log10_weight_norms", lambda found, *_: shifted(found))),
    Breakage("log10 weight norms of a reverse direction in its own order", "both ways",
             after(LayerFlow, "log10_weight_norms", lambda found, own, _: found[::-1] if
                   own.trace.direction == "reverse" else found)),
    Breakage("log10 weight norms without the power of two", "faint",
             before(gradients, "log10_step_norms", lambda at, d, e, name: (at, d, 0 * e, name))),
    Breakage("log10 weight norms in natural logarithms", "gru",
             after(gradients, "log10_step_norms", lambda found, *_: found * np.log(10))),
    # Losses and readout.
    Breakage("squared error: the slope's sign", "squares",
             after(losses.SquaredError, "_slope", lambda found, *_: -found)),
    Breakage("squared error: the slope counts double", "squares",
             after(losses.SquaredError, "_slope", lambda found, *_: 2 * found)),
    Breakage("squared error: no half", "squares",
             after(losses.SquaredError, "_terms", lambda found, *_: 2 * found)),
    Breakage("loss and slope alike are divided by T", "squares, some",
             after(losses.Loss, "weights_of", lambda found, *_: (found > 0) / T)),
    Breakage("the last step's loss sits one step early", "squares",
             after(losses.Loss, "weights_of", lambda found, *_: np.roll(found, -1, axis=0))),
    Breakage("cross entropy: the slope lacks the target", "classes",
             instead(losses.CrossEntropy, "_slope", lambda self, one: one.predictions)),
    Breakage("cross entropy: the slope's factor", "classes",
             after(losses.CrossEntropy, "_slope", lambda found, *_: found * (1 + 1e-6))),
    Breakage("cross entropy in bits", "classes",
             after(losses.CrossEntropy, "_terms", lambda found, *_: found / np.log(2))),
    Breakage("softmax without its exponential", "classes",
             after(model.Readout, "values", lambda found, *_: np.log(found))),
    Breakage("the readout drops its bias", "squares",
             after(model.Readout, "scores",
                   lambda found, self, _: found - self.parameters["b_y"])),
    Breakage("the readout goes back by W_y, not its transpose", "squares",
             instead(back, "_before_readout",
                     lambda one, dy: dy @ one.model.readout.parameters["W_y"])),
    Breakage("∂L/∂W_y transposed", "squares",
             after(back, "backward", lambda one, *_: replace(
                 one, readout={**one.readout, **{name: W.T for name, W in one.readout.items()}}))),
    Breakage("∂L/∂b_y counts the last step alone", "classes",
             after(back, "backward", lambda one, *_: replace(
                 one, readout={name: W / (1 + (name == "b_y"))
                               for name, W in one.readout.items()}))),
    # Jacobians and what is made of them.
    Breakage("step Jacobians transposed", "gru",
             after(jacobian, "step_matrices", lambda J, *_: J.swapaxes(1, 2).copy())),
    Breakage("step Jacobians off by a millionth", "lstm",
             after(jacobian, "step_matrices", lambda J, *_: J * (1 + 1e-6))),
    Breakage("step Jacobians one step late", "both ways",
             after(jacobian, "step_jacobians", lambda J, *_: shifted(J))),
    Breakage("step Jacobians of another example", "lstm",
             before(jacobian, "step_matrices", lambda at, batch, *rest: (at, 1 - batch, *rest))),
    Breakage("the map is off by one", "gru",
             after(jacobian, "jacobian_map", lambda found, *_: np.roll(found, 1, axis=1))),
    Breakage("the map in natural logarithms", "lstm",
             after(jacobian, "jacobian_map", lambda found, *_: found * np.log(10))),
    Breakage("the map transposed", "gru",
             after(jacobian, "jacobian_map", lambda found, *_: found.T)),
    Breakage("norms of the map: one step too many", "gru",
             before(jacobian, "log10_norms", lambda J, *rest: (J[::-1].copy(), *rest))),
    Breakage("norms of the map: off by a millionth", "lstm",
             after(jacobian, "log10_norms", lambda found, *_: found + 1e-6)),
    Breakage("singular values in ascending order", "gru",
             after(spectrum, "log10_singular_values", lambda found, *_: found[:, ::-1])),
    Breakage("singular values in natural logarithms", "lstm",
             after(spectrum, "log10_singular_values", lambda found, *_: found * np.log(10))),
    Breakage("singular values squared", "gru",
             after(graded_svd, "_logs", lambda found, *_: 2 * found)),
    Breakage("the product lacks its last step", "lstm",
             instead(spectrum, "products_in", lambda parts: (
                 next(graded_svd.products_in([np.concatenate([np.eye(J.shape[1])[None], J[:-1]])]))
                 for J in parts))),
    Breakage("Lyapunov exponents over all steps, not a step", "gru",
             after(spectrum, "lyapunov", lambda found, one, **_: found * 2)),
    Breakage("Lyapunov exponents to base 10", "lstm",
             after(spectrum, "lyapunov", lambda found, *_: found / np.log(10))),
    Breakage("Lyapunov exponents: growth off by a millionth", "gru",
             after(spectrum, "growth", lambda found, *_: (found[0] + 1e-6, found[1]))),
    # Figures of merit and the views that add up.
    Breakage("γ inverted", "gru", values("factor", lambda one: 1 / one)),
    Breakage("half-life in units of e", "gru", values("half_life", lambda one: one / np.log(2))),
    Breakage("half-life's sign", "lstm", values("half_life", lambda one: -one)),
    Breakage("horizon one step late", "faint", values("horizon", lambda one: one + 1)),
    Breakage("τ is 1 / gate", "lstm", values("tau", lambda one: one / (one - 1))),
    Breakage("memory of a reverse direction against input time", "both ways",
             before(memory, "_figures", lambda logs, tau: (logs[::-1], tau))),
    Breakage("the start of memory is off by one", "gru", values("start", lambda one: one - 1)),
    Breakage("single losses: one is lost", "gru",
             after(loss_attribution, "_asked",
                   lambda found, *_: (found[0], found[1] * (np.arange(T) != 3)[:, None]))),
    Breakage("single losses: the norms one step late", "lstm",
             after(loss_attribution, "itemised", lambda found, *_: np.roll(found, 1, axis=1))),
    Breakage("paths: the kept state counts twice", "lstm",
             after(gradient_paths, "path_vectors", lambda found, *_: found | {
                 "main": found["main"].map(2 * found["main"].mantissa)})),
    # Several lengths, projection.
    Breakage("states go on after an example's end", "padded",
             instead(ahead, "kept_after_the_end", lambda *_: None)),
    Breakage("a reverse direction begins in the padding", "padded",
             instead(ahead, "turned", lambda rows, lengths: rows[::-1])),
    Breakage("outputs go on after an example's end", "padded",
             instead(ahead, "inside", lambda lengths, steps: np.ones((steps, B), bool))),
    Breakage("gradients come in after an example's end", "padded, from everywhere",
             instead(back, "inside", lambda lengths, steps: np.ones((steps, B), bool))),
    Breakage("targets that are ignored count", "padded",
             instead(losses.CrossEntropy, "_there", lambda *_: True)),
    Breakage("a projection's gradient lacks what is handed on", "projected",
             after(gradients, "gradient_of", lambda found, G, W, *_: {
                 **found, "W_r": G @ W["W_h"].T})),
    Breakage("the gradient of a projected h counts twice", "projected",
             after(LayerTrace, "arriving", lambda found, at, *_: (
                 found.map(2 * found.mantissa) if isinstance(found, Scaled) else found))),
    Breakage("paths: a reverse direction is not turned round", "both ways",
             instead(gradient_paths, "_in_time",
                     lambda at, one: Scaled(one.mantissa[:, 0], one.exponent[:, 0]))),
]  # fmt: skip


@pytest.mark.parametrize("one", BREAKAGES, ids=[one.what for one in BREAKAGES])
def test_a_breakage_is_found(one: Breakage, monkeypatch: pytest.MonkeyPatch) -> None:
    one.patch(monkeypatch)
    with np.errstate(all="ignore"):
        checks = verify(*CASES[one.case]())
    assert not all(check.ok for check in checks)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_unbroken_all_is_well(dtype: Any) -> None:
    """Every case above; every cell in a stack of two directions with either readout and loss."""
    for case in CASES.values() if dtype == np.float64 else ():
        assert all(check.ok for check in verify(*case()))
    for cell in CELLS:
        for made in (by_squares, by_classes):
            given = made(cell=cell, num_layers=2, bidirectional=True, dtype=dtype)
            failed = [check for check in verify(*given) if not check.ok or check.skipped]
            assert not failed, (cell, failed)


def test_there_are_enough() -> None:
    assert len(BREAKAGES) >= 40
    assert len({one.what for one in BREAKAGES}) == len(BREAKAGES)
