"""How good predictions are in the task's own measure, on the steps that count.

"accuracy": share of right classes. "bits": cross entropy in bits a character. "correlation":
Pearson's, of answers and targets. "skill": 1 − mean squared error / that of the naive answers, so
that the naive answers have 0 and perfect ones 1.
"""

import math
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnviz.words import word

from ._example import Example, cost

ScoreName = Literal["accuracy", "bits", "correlation", "skill"]
SCORES = MappingProxyType({
    "accuracy": word("accuracy"),
    "bits": word("bits a character"),
    "correlation": word("correlation of answer and target"),
    "skill": word("share of the naive forecast's squared error that is avoided"),
})  # fmt: skip
"""Name → what it is, in words."""


def score(name: ScoreName, example: Example, predictions: NDArray[Any]) -> float:
    """The measure `name` of predictions (T, B, K), softmax probabilities for classes.

    A correlation is nan where answers or targets do not vary; skill is nan where naive answers
    make no error.
    """
    match name:
        case "accuracy":
            right = predictions.argmax(axis=-1) == example.targets
            return float(right[example.mask].mean())
        case "bits":
            return cost(example, predictions) / math.log(2)
        case "correlation":
            return _correlation(predictions[example.mask], example.targets[example.mask])
        case "skill":
            naive = example.baseline
            return 1 - cost(example, predictions) / naive if naive else math.nan


def _correlation(one: NDArray[Any], other: NDArray[Any]) -> float:
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return math.nan
    a, b = one - one.mean(), other - other.mean()
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()))
