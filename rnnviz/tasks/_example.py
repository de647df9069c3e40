"""What a task generates: one batch of sequences with their targets and labels.

Sizes: T timesteps, B sequences in the batch, D inputs, K outputs; arrays are time-major.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import choice

Loss = Literal["squared_error", "cross_entropy"]
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True, eq=False)
class Example:
    """Inputs and targets for one forward and one backward run.

    Targets are defined at every step, so that the loss may be moved away from `mask`. The arrays
    are copied in and read-only. Raises ValueError when the shapes do not fit together.

    `naive` has answers that need no training, probabilities for classes; its shape broadcasts to
    (T, B, K). Without it they are the constant that costs least on this example's counted steps.
    """

    task: str
    x: NDArray[np.float64]  # (T, B, D)
    targets: NDArray[Any]  # (T, B, K) float64, or (T, B) int64 class indices
    mask: NDArray[np.bool_]  # (T,): where this task's loss sits
    loss: Loss
    input_labels: tuple[str, ...]  # D
    step_labels: tuple[str, ...]  # T
    output_labels: tuple[str, ...]  # K
    naive: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        choice("loss", self.loss, ("squared_error", "cross_entropy"))
        target_type = np.float64 if self.loss == "squared_error" else np.int64
        for name, dtype in (("x", np.float64), ("targets", target_type), ("mask", np.bool_)):
            object.__setattr__(self, name, _read_only(getattr(self, name), dtype))
        if self.naive is not None:
            object.__setattr__(self, "naive", _read_only(self.naive, np.float64))
        _check_shapes(self)

    @property
    def length(self) -> int:
        """T."""
        return len(self.x)

    @property
    def batch(self) -> int:
        """B."""
        return int(self.x.shape[1])

    @property
    def input_size(self) -> int:
        """D."""
        return int(self.x.shape[2])

    @property
    def output_size(self) -> int:
        """K: values predicted per step, or classes."""
        return len(self.output_labels)

    def naive_answers(self) -> NDArray[np.float64]:
        """The naive answers, (T, B, K), read-only."""
        naive = best_constant(self) if self.naive is None else self.naive
        return np.broadcast_to(naive, (self.length, self.batch, self.output_size))

    @property
    def baseline(self) -> float:
        """What the naive answers cost on the counted steps.

        The mean over steps, sequences and outputs of the squared error, without a factor ½; or the
        mean over steps and sequences of −ln of the right class's probability, in nats.
        """
        return cost(self, self.naive_answers())


def cost(example: Example, predictions: NDArray[Any]) -> float:
    """Mean squared error or cross entropy, as `Example.baseline`, of predictions (T, B, K)."""
    answers, targets = predictions[example.mask], example.targets[example.mask]
    if example.loss == "squared_error":
        return float(np.mean((answers - targets) ** 2))
    right = np.take_along_axis(answers, targets[..., np.newaxis], axis=-1)
    with np.errstate(divide="ignore"):
        return float(-np.mean(np.log(right)))


def best_constant(example: Example) -> NDArray[np.float64]:
    """(K,): the counted targets' mean, or each class's share of them."""
    targets = example.targets[example.mask]
    if example.loss == "squared_error":
        return np.asarray(targets.mean(axis=(0, 1)))
    return np.bincount(targets.ravel(), minlength=example.output_size) / targets.size


def _read_only(values: ArrayLike, dtype: type[np.generic]) -> NDArray[Any]:
    if isinstance(values, np.ndarray) and values.dtype == dtype:
        flags = values.flags
        if flags.owndata and flags.c_contiguous and not flags.writeable:
            return values  # nobody can change it: a copy would cost half of a large batch's time
    array = np.array(values, dtype=dtype, order="C")
    array.flags.writeable = False
    return array


def _check_shapes(example: Example) -> None:
    length = len(example.step_labels)
    batch = example.x.shape[1] if example.x.ndim > 1 else 0
    outputs = (example.output_size,) if example.loss == "squared_error" else ()
    expected = {
        "x": (length, batch, len(example.input_labels)),
        "targets": (length, batch, *outputs),
        "mask": (length,),
    }
    for name, shape in expected.items():
        if getattr(example, name).shape != shape:
            found = getattr(example, name).shape
            raise ValueError(f"`{name}` must have the shape {shape}, got {found}.")
    full = (length, batch, example.output_size)
    if example.naive is not None and not _broadcasts(example.naive.shape, full):
        raise ValueError(f"`naive` must broadcast to {full}, got the shape {example.naive.shape}.")


def _broadcasts(shape: tuple[int, ...], full: tuple[int, ...]) -> bool:
    ends = zip(reversed(shape), reversed(full), strict=False)
    return len(shape) <= len(full) and all(one in (1, size) for one, size in ends)


def one_hot(classes: NDArray[Any], size: int) -> NDArray[np.float64]:
    """Whole numbers (T, B) below `size` as (T, B, size) of zeros and a one, read-only."""
    vectors = np.take(np.eye(size), classes, axis=0)
    vectors.flags.writeable = False
    return vectors


def numbered(length: int) -> tuple[str, ...]:
    """Step labels "1" … "T"."""
    return tuple(str(step) for step in range(1, length + 1))


def last_step(length: int) -> NDArray[np.bool_]:
    """The mask (T,) of a loss on the last step only."""
    mask: NDArray[np.bool_] = np.arange(length) == length - 1
    return mask


def repeated(series: NDArray[Any], batch: int) -> NDArray[Any]:
    """One series (T, …) as B identical sequences (T, B, …): data that holds no randomness."""
    return np.repeat(series[:, np.newaxis], batch, axis=1)
