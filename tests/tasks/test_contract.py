"""What every task must do, whatever it generates."""

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest

from rnnviz.tasks import PARTS, TASKS, Example, Task


@pytest.fixture(params=sorted(TASKS))
def task(request: pytest.FixtureRequest) -> Task:
    return TASKS[request.param]


def fingerprint(example: Example) -> str:
    parts = [array.tobytes() for array in (example.x, example.targets, example.mask)]
    labels = repr((example.input_labels, example.step_labels, example.output_labels))
    return hashlib.sha256(b"".join([*parts, labels.encode()])).hexdigest()


@pytest.mark.parametrize("batch", [1, 3])
def test_shapes_and_types(task: Task, batch: int) -> None:
    example = task.make(task.default_length, seed=4, batch=batch)
    length, inputs, outputs = example.length, example.input_size, example.output_size
    assert example.task == task.name
    assert example.x.shape == (length, batch, inputs)
    assert example.x.dtype == np.float64
    assert np.isfinite(example.x).all()
    assert example.batch == batch
    assert example.mask.shape == (length,)
    assert example.mask.dtype == np.bool_
    assert example.mask.any()
    assert len(example.input_labels) == inputs
    assert len(example.step_labels) == length
    if example.loss == "squared_error":
        assert example.targets.shape == (length, batch, outputs)
        assert example.targets.dtype == np.float64
        assert np.isfinite(example.targets).all()
    else:
        assert example.targets.shape == (length, batch)
        assert example.targets.dtype == np.int64
        assert 0 <= example.targets.min() <= example.targets.max() < outputs


def test_length_is_exact_or_a_maximum(task: Task) -> None:
    made = task.make(task.default_length).length
    if task.length_is == "exact":
        assert made == task.default_length
    else:
        assert made <= task.default_length


def test_labels_differ_and_can_be_seen(task: Task) -> None:
    example = task.make(task.default_length)
    for labels in (example.input_labels, example.output_labels):
        assert len(set(labels)) == len(labels)
    for labels in (example.input_labels, example.step_labels, example.output_labels):
        assert all(label.strip() for label in labels)


def test_it_says_what_it_is(task: Task) -> None:
    assert task.title
    assert task.description.endswith(".")
    assert "\n" not in task.description
    assert all(option.description.endswith(".") for option in task.options)


def test_defaults_are_allowed(task: Task) -> None:
    assert task.check_options() == {option.name: option.default for option in task.options}
    span = task.lengths()
    assert span.minimum <= task.default_length <= span.maximum


def test_every_choice_and_both_ends_of_every_option_work(task: Task) -> None:
    for option in task.options:
        ends = [type(option.default)(end) for end in (option.minimum, option.maximum)]
        for value in option.choices or ([option.default] if option.kind == "text" else ends):
            length = max(task.default_length, task.lengths(**{option.name: value}).minimum)
            assert task.make(length, **{option.name: value}).length


def test_both_ends_of_the_lengths_work(task: Task) -> None:
    span = task.lengths()
    assert task.make(span.maximum).length <= span.maximum
    if task.length_is == "exact":
        assert task.make(span.minimum).length == span.minimum


def test_parts_are_seeded_apart_and_have_naive_answers(task: Task) -> None:
    lengths = [task.lengths(part=part) for part in PARTS]
    length = min(task.default_length, *(span.maximum for span in lengths))
    train, again, test = (
        task.make(length, seed=2, batch=3, part=part) for part in ("train", "train", "test")
    )
    assert fingerprint(train) == fingerprint(again)
    assert (fingerprint(train) == fingerprint(test)) == (task.held_out == "none")
    answers = train.naive_answers()
    assert answers.shape == (train.length, 3, train.output_size)
    assert 0 < train.baseline < np.inf
    if train.loss == "cross_entropy":
        np.testing.assert_allclose(answers.sum(axis=-1), 1)
        perfect = np.eye(train.output_size)[train.targets]
    else:
        perfect = train.targets
    assert task.scored(train, perfect) == pytest.approx(0 if task.score == "bits" else 1)


def test_arrays_are_read_only_and_owned(task: Task) -> None:
    example = task.make(task.default_length, batch=2)
    for array in (example.x, example.targets, example.mask):
        assert array.flags.owndata
        assert array.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_the_same_arguments_give_the_same_arrays(task: Task) -> None:
    first, second = (task.make(task.default_length, seed=7, batch=2) for _ in range(2))
    assert fingerprint(first) == fingerprint(second)


def test_another_process_makes_the_same_arrays() -> None:
    made = {
        name: fingerprint(TASKS[name].make(TASKS[name].default_length, seed=5, batch=2))
        for name in TASKS
    }
    script = "\n".join([
        "import sys",
        f"sys.path[:0] = {sys.path!r}",
        "import hashlib",
        "from rnnviz.tasks import TASKS",
        "for name, task in TASKS.items():",
        "    e = task.make(task.default_length, seed=5, batch=2)",
        "    parts = [a.tobytes() for a in (e.x, e.targets, e.mask)]",
        "    labels = repr((e.input_labels, e.step_labels, e.output_labels)).encode()",
        "    print(name, hashlib.sha256(b''.join([*parts, labels])).hexdigest())",
    ])  # fmt: skip
    run = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "12345", "PYTHONIOENCODING": "utf-8"},
    )
    assert dict(line.split() for line in run.stdout.splitlines()) == made


def test_another_seed_gives_another_sequence_but_of_data_without_randomness(task: Task) -> None:
    first, second = (task.make(40, seed=seed) for seed in (0, 1))
    fixed = task.name in {"sentence", "stocks", "impulse"}
    assert np.array_equal(first.x, second.x) == fixed


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"x": np.zeros((3, 1))}, "`x` must have the shape (3, 1, 2), got (3, 1)."),
        ({"x": np.zeros(3)}, "`x` must have the shape (3, 0, 2), got (3,)."),
        ({"targets": np.zeros((3, 1))}, "`targets` must have the shape (3, 1, 1), got (3, 1)."),
        ({"mask": np.ones(2)}, "`mask` must have the shape (3,), got (2,)."),
        ({"naive": np.ones(2)}, "`naive` must broadcast to (3, 1, 1), got the shape (2,)."),
        ({"loss": "mse"}, "`loss` must be one of squared_error, cross_entropy, got 'mse'."),
    ],
)
def test_an_example_that_does_not_fit_together_is_refused(change: dict, sentence: str) -> None:
    fields = {
        "task": "own",
        "x": np.zeros((3, 1, 2)),
        "targets": np.zeros((3, 1, 1)),
        "mask": np.ones(3, dtype=bool),
        "loss": "squared_error",
        "input_labels": ("a", "b"),
        "step_labels": ("1", "2", "3"),
        "output_labels": ("y",),
    }
    with pytest.raises(ValueError) as refusal:  # noqa: PT011
        Example(**(fields | change))
    assert str(refusal.value) == sentence
