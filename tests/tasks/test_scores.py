"""The measures of predictions, computed by hand."""

import math

import numpy as np
import pytest

from rnnviz.tasks import Example, score


def example(targets: list, loss: str, outputs: int, **more: object) -> Example:
    """Three steps, of which the last two count."""
    return Example(
        task="own",
        x=np.zeros((3, 1, 1)),
        targets=np.array(targets)[:, np.newaxis],
        mask=np.array([False, True, True]),
        loss=loss,
        input_labels=("x",),
        step_labels=("1", "2", "3"),
        output_labels=tuple("ab"[:outputs]),
        **more,
    )


def test_of_classes() -> None:
    made = example([0, 0, 1], "cross_entropy", 2)
    p = np.array([[0, 1], [0.25, 0.75], [0.5, 0.5 + 1e-12]])[:, np.newaxis]
    assert score("accuracy", made, p) == 0.5
    assert score("bits", made, p) == pytest.approx((2 + 1) / 2)
    assert made.baseline == pytest.approx(math.log(2))  # without `naive`: the classes' shares


def test_of_numbers() -> None:
    targets = [[9.0], [1.0], [3.0]]
    made = example(targets, "squared_error", 1, naive=np.zeros(1))
    answers = np.array([5.0, 2.0, 3.0])[:, np.newaxis, np.newaxis]
    assert made.baseline == (1 + 9) / 2
    assert score("skill", made, answers) == pytest.approx(1 - 1 / 10)
    assert score("correlation", made, answers) == pytest.approx(1)
    assert score("correlation", made, -answers) == pytest.approx(-1)
    assert math.isnan(score("correlation", made, np.full((3, 1, 1), 0.1)))
    assert example(targets, "squared_error", 1).baseline == 1  # the mean, 2
