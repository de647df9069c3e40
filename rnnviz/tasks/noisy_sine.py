"""Predict the next value of a sine wave under noise.

x_t = sin(2π t / period + φ) + noise · n_t with n_t ~ N(0, 1) and, per sequence, φ ~ U[0, 2π).
The target is the next CLEAN value sin(2π (t+1) / period + φ), since noise cannot be predicted.
"""

import numpy as np

from ._base import MAX_LENGTH, Option, Task
from ._example import Example, numbered


def generate(
    length: int, batch: int, rng: np.random.Generator, *, period: float, noise: float
) -> Example:
    """B sequences, D = K = 1; a longer sequence of the same seed begins with the shorter one."""
    phase = rng.uniform(0, 2 * np.pi, size=batch)
    steps = np.arange(1, length + 2)[:, np.newaxis]
    clean = np.sin(2 * np.pi * steps / period + phase)[:, :, np.newaxis]
    return Example(
        task="noisy_sine",
        x=clean[:-1] + noise * rng.standard_normal((length, batch, 1)),
        targets=clean[1:],
        mask=np.ones(length, dtype=bool),
        loss="squared_error",
        input_labels=("sine + noise",),
        step_labels=numbered(length),
        output_labels=("next sine",),
    )


NOISY_SINE = Task(
    name="noisy_sine",
    title="Noisy sine",
    description="Predict the next clean value of a sine wave that is seen through noise.",
    loss_place="at every step",
    generate=generate,
    options=(
        Option("period", 20.0, "Length of one wave, in timesteps.", minimum=2, maximum=MAX_LENGTH),
        Option("noise", 0.1, "Standard deviation of the added noise.", minimum=0, maximum=10),
    ),
    order=30,
)
