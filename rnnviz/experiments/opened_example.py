"""What an opened net reads, and by which loss it is judged, where its file says neither.

A file of weights has no sequence and no targets. The sequence is the opened one; without it one of
the app's tasks, if it has as many inputs as the net, else random numbers. Targets are the opened
sequence's own; without them each of `LOSSES` says what stands for them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.core.forward_run import run
from rnnviz.core.model import Model
from rnnviz.experiments.opened import OpenedNet, OpenedSequence
from rnnviz.experiments.task_sizes import sizes
from rnnviz.tasks import TASKS, Example
from rnnviz.tasks._example import Loss, numbered
from rnnviz.words import Refusal, Sentence, sentence, word

LOSSES = {
    "own": word("the targets of the sequence"),
    "next": word("the next value of the sequence; of the last step, its own value"),
    "next_symbol": word("the next character; of the last step, the net's most probable one"),
    "zero": word("0, so that the loss is ½ ‖y‖² of the net's outputs y"),
    "zero_h": word("0, so that the loss is ½ ‖h‖²: the file has no output layer"),
    "recorded": word("not needed: the loss is L = Σ_t δ_t · h_t with the recorded δ_t = ∂L/∂h_t"),
    "answer": word("the net's own most probable class, so that the loss is −ln of its "
                   "probability"),
}
"""What the targets are → words for it."""


KEPT = 8
"""So many examples of an opened file are kept."""


class Given(NamedTuple):
    """What goes into a net: ``x`` (T, D), names of steps and inputs, and for a text its symbols."""

    x: NDArray[np.float64]
    step_labels: tuple[str, ...]
    input_labels: tuple[str, ...]
    symbols: NDArray[np.int64] | None = None


def fits(net: OpenedNet, task: str) -> bool:
    """Whether a task's sequence, at its default options, has as many inputs as the net."""
    return net.input_labels is None and sizes(task).inputs == net.model.input_size


def opened_example(
    net: OpenedNet | None, sequence: OpenedSequence | None, task: str,
    options: tuple[tuple[str, Any], ...], length: int, seed: int,
) -> tuple[Example, str]:  # fmt: skip
    """The example, and which of `LOSSES` its targets are; "" where they are the task's own.

    The last `KEPT` are kept with the net, or the sequence where there is none, and no longer than
    it. Raises Refusal where the sequence does not fit the net.
    """
    one = net or sequence
    assert one is not None
    key = repr((net, sequence, task, options, length, seed))
    if key not in one.made:
        found = _made(net, sequence, task, options, length, seed)
        while len(one.made) >= KEPT:
            del one.made[next(iter(one.made))]
        one.made[key] = found
    known: tuple[Example, str] = one.made[key]
    return known


def _made(
    net: OpenedNet | None, sequence: OpenedSequence | None, task: str,
    options: tuple[tuple[str, Any], ...], length: int, seed: int,
) -> tuple[Example, str]:  # fmt: skip
    if sequence is None:
        assert net is not None
        if fits(net, task):
            made = TASKS[task].make(length, seed=seed, **dict(options))
            return _of_task(net, made)
        return _with_targets(net, None, _random(net, length, seed))
    given = Given(sequence.x, sequence.step_labels, sequence.input_labels, sequence.symbols)
    if net is None:
        return _without_net(sequence, given)
    given = _read_by(net, sequence, given)
    if sequence.slopes is not None and net.model.readout is None and (
        sequence.slopes.shape[1] == outputs_of(net.model)
    ):
        mask = np.asarray(sequence.slopes.any(axis=1))
        mask[-1] |= not mask.any()
        return replace(_with_targets(net, None, given)[0], mask=mask), "recorded"
    return _with_targets(net, sequence.targets, given, sequence.title)


def _of_task(net: OpenedNet, made: Example) -> tuple[Example, str]:
    """A task's sequence, with its targets where the net's outputs have their size."""
    kind = made.loss == "squared_error"
    readout = net.model.readout
    if readout is not None and readout.parameters["b_y"].size == made.output_size and (
        kind == (readout.kind == "identity")
    ):
        return made, ""
    given = Given(made.x[:, 0], made.step_labels, made.input_labels)
    return _with_targets(net, None, given)


def _random(net: OpenedNet, length: int, seed: int) -> Given:
    """Seeded standard-normal numbers (T, D), or for a net with a vocabulary random symbols."""
    rng = np.random.default_rng(seed)
    if net.input_labels is not None:
        symbols = rng.integers(0, len(net.input_labels), length)
        names = tuple(net.input_labels[k] for k in symbols)
        return Given(_vectors(net, symbols), names, _inputs(net), symbols)
    return Given(rng.standard_normal((length, net.model.input_size)), numbered(length),
                 _inputs(net))  # fmt: skip


def _inputs(net: OpenedNet) -> tuple[str, ...]:
    """Names of the D inputs."""
    if net.embedding is None and net.input_labels is not None:
        return net.input_labels
    return tuple(f"x{k}" for k in range(1, net.model.input_size + 1))


def _vectors(net: OpenedNet, symbols: NDArray[np.int64]) -> NDArray[np.float64]:
    """The vectors (T, D) that a net with a vocabulary reads for symbols (T,)."""
    if net.embedding is not None:
        return np.asarray(net.embedding[symbols], np.float64)
    return np.eye(net.model.input_size)[symbols]


def _read_by(net: OpenedNet, sequence: OpenedSequence, given: Given) -> Given:
    """The sequence as the net reads it; Refusal where their sizes differ."""
    if given.symbols is not None and net.input_labels == sequence.input_labels:
        return given._replace(x=_vectors(net, given.symbols), input_labels=_inputs(net))
    if given.x.shape[1] != net.model.input_size:
        raise Refusal(
            "{sequence} has {D} values a step, the net of {net} reads {I}: choose other columns, "
            "another sequence, or close one of the two.",
            sequence=sequence.title, D=given.x.shape[1], net=net.title, I=net.model.input_size,
        )  # fmt: skip
    return given


def _without_net(sequence: OpenedSequence, given: Given) -> tuple[Example, str]:
    """A sequence for fresh nets: its own targets, or at every step the next value."""
    if sequence.targets is not None:
        return _example(given, np.asarray(sequence.targets)), "own"
    if given.symbols is not None:
        last = given.symbols[-1:]
        return _example(given, np.append(given.symbols[1:], last), given.input_labels), "next"
    return _example(given, np.append(given.x[1:], given.x[-1:], axis=0), given.input_labels), "next"


def _with_targets(
    net: OpenedNet, targets: NDArray[Any] | None, given: Given, name: str = ""
) -> tuple[Example, str]:
    """The example of a net: own targets where there are some, else what stands for them."""
    model, steps = net.model, len(given.x)
    outputs = outputs_of(model)
    labels = net.output_labels if net.output_labels and len(net.output_labels) == outputs else (
        tuple(f"{'h' if model.readout is None else 'y'}{k}" for k in range(1, outputs + 1))
    )
    classes = model.readout is not None and model.readout.kind == "softmax"
    if targets is not None:
        _check_targets(np.asarray(targets), outputs, classes=classes, name=name, net=net)
        return _example(given, np.asarray(targets), labels, classes=classes), "own"
    if not classes:
        kind = "zero_h" if model.readout is None else "zero"
        return _example(given, np.zeros((steps, outputs)), labels), kind
    found = run(model, given.x).predictions
    assert found is not None
    best = found[:, 0].argmax(axis=-1)
    if given.symbols is not None and net.output_labels == net.input_labels:
        return _example(given, np.append(given.symbols[1:], best[-1:]), labels), "next_symbol"
    return _example(given, best, labels), "answer"


def outputs_of(model: Model) -> int:
    """How many numbers the loss is on: the readout's, or those of h as it is handed on."""
    if model.readout is not None:
        return int(model.readout.parameters["b_y"].size)
    return model.width * len(model.directions)


def _check_targets(
    targets: NDArray[Any], outputs: int, *, classes: bool, name: str, net: OpenedNet
) -> None:
    if classes:
        if targets.ndim == 1 and targets.dtype.kind in "iu" and targets.max() < outputs:
            return
        raise Refusal(
            "The net of {net} tells {K} classes: the targets of {sequence} must be one column of "
            "whole numbers from 0 to {last}.",
            net=net.title, K=outputs, sequence=name, last=outputs - 1,
        )  # fmt: skip
    count = 0 if targets.ndim != 2 else targets.shape[1]
    if count != outputs:
        raise Refusal(
            "{sequence} has targets with {n} values a step, the net of {net} has {K} outputs: "
            "choose other target columns, or none.",
            sequence=name, n=count, net=net.title, K=outputs,
        )  # fmt: skip


def _example(
    given: Given, targets: NDArray[Any], labels: tuple[str, ...] | None = None, *,
    classes: bool | None = None,
) -> Example:  # fmt: skip
    """A batch of one, with a loss that may sit on every step."""
    whole = targets.ndim == 1 if classes is None else classes
    loss: Loss = "cross_entropy" if whole else "squared_error"
    if labels is None:
        count = int(targets.max()) + 1 if whole else targets.shape[1]
        labels = tuple(str(k) for k in range(count)) if whole else tuple(
            f"y{k}" for k in range(1, count + 1))  # fmt: skip
    return Example(
        task="opened", x=given.x[:, None], targets=targets[:, None],
        mask=np.ones(len(given.x), bool), loss=loss, input_labels=given.input_labels,
        step_labels=given.step_labels, output_labels=labels,
    )  # fmt: skip


def sequence_words(
    net: OpenedNet | None, sequence: OpenedSequence | None, task: str
) -> Sentence:
    """The name of the sequence."""
    if sequence is not None:
        words = word("{file}, standardised") if sequence.standardised else word("{file}")
        return sentence(words, file=sequence.title)
    if net is not None and not fits(net, task):
        if net.input_labels is not None:
            return sentence("random symbols of the net's vocabulary")
        return sentence("random numbers (standard normal, {D} a step)",
                        D=net.model.input_size)  # fmt: skip
    return sentence(TASKS[task].title)
