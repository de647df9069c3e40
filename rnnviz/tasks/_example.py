"""What a task generates: one batch of sequences with their targets and labels.

Sizes: T timesteps, B sequences in the batch, D inputs, K outputs; arrays are time-major.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._checks import choice

Loss = Literal["squared_error", "cross_entropy"]


@dataclass(frozen=True, eq=False)
class Example:
    """Inputs and targets for one forward and one backward run.

    Targets are defined at every step, so that the loss may be moved away from `mask`. The arrays
    are copied in and read-only. Raises ValueError when the shapes do not fit together.
    """

    task: str
    x: NDArray[np.float64]  # (T, B, D)
    targets: NDArray[Any]  # (T, B, K) float64, or (T, B) int64 class indices
    mask: NDArray[np.bool_]  # (T,): where this task's loss sits
    loss: Loss
    input_labels: tuple[str, ...]  # D
    step_labels: tuple[str, ...]  # T
    output_labels: tuple[str, ...]  # K

    def __post_init__(self) -> None:
        choice("loss", self.loss, ("squared_error", "cross_entropy"))
        target_type = np.float64 if self.loss == "squared_error" else np.int64
        for name, dtype in (("x", np.float64), ("targets", target_type), ("mask", np.bool_)):
            object.__setattr__(self, name, _read_only(getattr(self, name), dtype))
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


def _read_only(values: ArrayLike, dtype: type[np.generic]) -> NDArray[Any]:
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
