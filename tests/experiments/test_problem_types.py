"""Problem types: gradients against PyTorch, central differences, and the one reverse loop."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnnviz import CELLS, CrossEntropy, backprop, build, from_torch
from rnnviz.core.forward_run import run
from rnnviz.core.readout import Readout
from rnnviz.experiments.problem_types import PROBLEMS, SYMBOLS, Symbols, distances, ways
from rnnviz.experiments.unrolling import unroll
from rnnviz.formats.torch_stacks import OURS
from rnnviz.numerics.records import sealed
from tests.oracle import agree

DATA = np.load(Path(__file__).parents[1] / "data" / "torch_problems.npz")
CASES = sorted({key.split("/")[0] for key in DATA})
K = len(SYMBOLS)
SOME = ["rnn", "lstm", "gru"]


def models(cell, problem, size=4, seed=3, **options):
    """As many models as the type has, with biases that are not zero."""
    found = [
        build(cell, K, size, seed=seed + k, output_size=K, readout="softmax", init="pytorch",
              **options)
        for k in range(1 + problem.encoder)
    ]  # fmt: skip
    return [drawn(one, seed + k) for k, one in enumerate(found)]


def drawn(model, seed):
    """The model with every parameter drawn again, biases too."""
    rng = np.random.default_rng(seed)
    new = {name: rng.normal(0, 0.7, one.shape) for name, one in model.parameters[0].items()}
    head = {name: rng.normal(0, 0.7, one.shape) for name, one in model.readout.parameters.items()}
    return replace(model, parameters=(sealed(new),), readout=Readout("softmax", sealed(head)))


def of_torch(case):
    """The models and the sequence of a stored case."""
    parts = ["enc", "dec"] if f"{case}/p/enc/weight_ih" in DATA else ["dec"]
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    found = [from_torch({name: DATA[f"{case}/p/{part}/{name}"] for name in names})
             for part in parts]  # fmt: skip
    head = {"W_y": DATA[f"{case}/p/out/weight"].T, "b_y": DATA[f"{case}/p/out/bias"]}
    found[-1] = replace(found[-1], readout=Readout("softmax", sealed(
        {name: np.array(one, order="C") for name, one in head.items()})))  # fmt: skip
    targets = DATA[f"{case}/targets"]
    if len(parts) == 2:
        targets = np.concatenate([DATA[f"{case}/symbols"], targets])
    return found, Symbols(DATA[f"{case}/symbols"], DATA[f"{case}/x"], targets)


@pytest.mark.parametrize("case", CASES)
def test_everything_is_pytorch_s(case):
    found, sequence = of_torch(case)
    kind = case.split(":")[1].removesuffix("_fed")
    one = unroll(PROBLEMS[kind], found, sequence, fed=case.split(":")[1] != "seq_to_seq")
    assert one.loss == pytest.approx(float(DATA[f"{case}/loss"]), rel=1e-12)
    agree("p", one.stretches[-1].trace.predictions, DATA[f"{case}/p"], 1e-12)
    for name in ("h", "c"):
        if f"{case}/d{name}" in DATA:
            ours = np.concatenate([part.flow[name] for part in one.stretches])
            agree(f"d{name}", ours, DATA[f"{case}/d{name}"], 1e-10)
    compared = 0
    for part, stretch in zip(["enc", "dec"][-len(found) :], one.stretches, strict=True):
        for theirs, ours in OURS.items():
            agree(f"{part} {ours}", stretch.flow.parameters[ours].T,
                  DATA[f"{case}/dp/{part}/{theirs}"], 1e-10)  # fmt: skip
            compared += 1
    head = one.stretches[-1].readout
    agree("W_y", head["W_y"].T, DATA[f"{case}/dp/out/weight"], 1e-10)
    agree("b_y", head["b_y"], DATA[f"{case}/dp/out/bias"], 1e-10)
    assert compared + 2 == sum(key.startswith(f"{case}/dp/") for key in DATA)
    steps = slice(None) if not one.fed else one.problem.given(one.steps)
    dx = np.concatenate([part.inputs.true() for part in one.stretches])
    agree("dx", dx[steps], DATA[f"{case}/dx"][steps], 1e-10)


def bumped(found, which, name, step):
    """The models with one parameter of one of them moved."""
    moved = list(found)
    one = moved[which]
    if name in one.readout.parameters:
        head = {**one.readout.parameters, name: one.readout.parameters[name] + step}
        moved[which] = replace(one, readout=Readout("softmax", sealed(head)))
    else:
        W = {**one.parameters[0], name: one.parameters[0][name] + step}
        moved[which] = replace(one, parameters=(sealed(W),))
    return moved


READ = [(name, one.fed_back) for name, one in PROBLEMS.items()] + [("seq_to_seq", True)]


@pytest.mark.parametrize(("name", "fed"), READ)
@pytest.mark.parametrize("cell", CELLS)
def test_every_parameter_against_central_differences(cell, name, fed):
    problem = PROBLEMS[name]
    found, sequence = models(cell, problem), problem.sequence(6, seed=2, batch=2)
    one = unroll(problem, found, sequence, fed=fed)
    rng = np.random.default_rng(0)
    for which, stretch in enumerate(one.stretches):
        asked = stretch.readout if which == len(found) - 1 else {}
        for parameter, gradient in {**stretch.flow.parameters, **asked}.items():
            way = rng.standard_normal(gradient.shape)
            up, down = (unroll(problem, bumped(found, which, parameter, e * way), sequence,
                               fed=fed).loss for e in (1e-5, -1e-5))  # fmt: skip
            wanted = (up - down) / 2e-5
            assert (gradient * way).sum() == pytest.approx(wanted, rel=2e-6, abs=1e-9), parameter


@pytest.mark.parametrize("name", ["many_to_one", "many_to_many", "one_to_one"])
@pytest.mark.parametrize("cell", CELLS)
def test_without_feeding_back_it_is_the_one_reverse_loop(cell, name):
    problem = PROBLEMS[name]
    (model,), sequence = models(cell, problem), problem.sequence(20, seed=1, batch=2)
    one = unroll(problem, [model], sequence)
    flow = backprop(run(model, sequence.x),
                    CrossEntropy(sequence.targets, problem.answers(one.steps)))  # fmt: skip
    (ours,) = one.stretches
    agree("inputs", ours.inputs.true(), flow.inputs, 1e-10)
    for signal in [s.name for s in model.cell.signals]:
        agree(signal, ours.flow[signal], flow[signal], 1e-10)
    for parameter, gradient in flow.parameters[0].items():
        agree(parameter, ours.flow.parameters[parameter], gradient, 1e-10)
    agree("W_y", ours.readout["W_y"], flow.readout["W_y"], 1e-10)


def test_a_power_of_two_travels_over_the_hand_over():
    problem = PROBLEMS["seq_to_seq"]
    found = [build("rnn", K, 6, seed=k, init="orthogonal", gain=0.01, output_size=K,
                   readout="softmax") for k in range(2)]  # fmt: skip
    logs = unroll(problem, found, problem.sequence(400)).log10("h")[:, 0]
    assert np.isfinite(logs).all()
    slope = np.diff(logs[:199]).mean()
    assert slope == pytest.approx(2, abs=0.5)
    assert logs[0] < -350


@pytest.mark.parametrize("cell", SOME)
def test_the_decoder_starts_from_the_encoder_s_last_state(cell):
    problem = PROBLEMS["seq_to_seq"]
    encoder, decoder = unroll(problem, models(cell, problem), problem.sequence(9)).stretches
    for state, last in encoder.trace.final.items():
        np.testing.assert_array_equal(decoder.trace.initial[state], last)
    np.testing.assert_array_equal(encoder.flow["h"][-1], decoder.flow.initial["h"])


@pytest.mark.parametrize("cell", SOME)
def test_what_is_fed_back_is_what_was_answered(cell):
    problem = PROBLEMS["one_to_many"]
    (one,) = unroll(problem, models(cell, problem), problem.sequence(12)).stretches
    np.testing.assert_array_equal(one.trace.x[1:], one.trace.predictions[:-1])
    np.testing.assert_allclose(one.trace.predictions.sum(axis=-1), 1)
    whole = run(one.trace.model, one.trace.x)
    for signal in [s.name for s in one.trace.model.cell.signals]:
        agree(signal, one.trace[signal], whole[signal], 1e-12)


def test_what_arrives_adds_up():
    problem = PROBLEMS["one_to_many"]
    one = unroll(problem, models("gru", problem), problem.sequence(9))
    (part,) = one.stretches
    total = part.down.true()[:-1] + part.back.true()[1:]
    agree("h", part.flow["h"][:-1], total, 1e-13)
    agree("y", part.scores.true(), part.own + part.fed.true(), 1e-13)
    assert np.isneginf(one.log10("fed")[-1]).all()
    assert np.isfinite(one.log10("fed")[:-1]).all()


@pytest.mark.parametrize(
    ("name", "shape", "least", "most"),
    [("one_to_one", (1, 1), 0, 0), ("one_to_many", (8, 1), 0, 7), ("many_to_one", (1, 8), 0, 7),
     ("many_to_many", (8, 8), 0, 7), ("seq_to_seq", (4, 4), 1, 7)],
)  # fmt: skip
def test_distances(name, shape, least, most):
    problem = PROBLEMS[name]
    found = distances(problem, problem.steps(8))
    assert found.shape == shape
    assert (np.nanmin(found), np.nanmax(found)) == (least, most)
    near, far = ways(problem, problem.steps(8))
    assert far[0] == most
    given = problem.given(len(near))
    np.testing.assert_array_equal(np.nanmin(found, axis=0), near[given])
    np.testing.assert_array_equal(np.nanmax(found, axis=0), far[given])


def test_the_longest_path_is_where_the_gradient_is():
    for name, problem in PROBLEMS.items():
        sequence = problem.sequence(7)
        one = unroll(problem, models("lstm", problem), sequence)
        answered = problem.answers(one.steps)
        np.testing.assert_array_equal(np.isfinite(one.log10("own")[:, 0]), answered, name)
        assert np.isfinite(one.log10("h")).all()
        assert np.isnan(one.probabilities[:, 0, 0]).sum() == problem.handed(one.steps)


def test_the_same_seed_gives_the_same_symbols():
    for problem in PROBLEMS.values():
        for one, two in zip(problem.sequence(9, seed=4), problem.sequence(9, seed=4), strict=True):
            np.testing.assert_array_equal(one, two)


def test_what_does_not_fit_is_refused():
    problem, seq = PROBLEMS["many_to_one"], PROBLEMS["seq_to_seq"]
    sequence = problem.sequence(4)
    (model,) = models("rnn", problem)
    with pytest.raises(ValueError, match="must be 2"):
        unroll(seq, [model], sequence)
    with pytest.raises(ValueError, match="softmax readout over 5"):
        unroll(problem, [replace(model, readout=None)], sequence)
    with pytest.raises(ValueError, match="nothing to hand over"):
        unroll(seq, [*models("lstm", problem), model], sequence)
    with pytest.raises(ValueError, match="one layer"):
        unroll(problem, [build("rnn", 3, 4)], sequence)
    with pytest.raises(ValueError, match="float64"):
        unroll(problem, [build("rnn", K, 4, output_size=K, readout="softmax", dtype="float32")],
               sequence)  # fmt: skip
    with pytest.raises(ValueError, match="`length`"):
        problem.sequence(0)


def test_in_step_the_answer_is_the_symbol_before():
    found = PROBLEMS["many_to_many"].sequence(9, seed=4, batch=3)
    np.testing.assert_array_equal(found.targets[1:], found.symbols[:-1])
    np.testing.assert_array_equal(found.targets[0], found.symbols[0])
