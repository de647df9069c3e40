"""Predict the next value of a sine wave under noise.

x_t = A (sin(2π t / period + φ) + noise · n_t) with n_t ~ N(0, 1) and, per sequence, φ ~ U[0, 2π).
The target is the next CLEAN value A sin(2π (t+1) / period + φ), since noise cannot be predicted. A
is the amplitude. With spread s > 1 each sequence has a period of its own, period · s^u with
u ~ U[−1, 1], at least 2.
"""

import numpy as np

from rnnviz.words import word

from ._base import MAX_LENGTH, Option, Task
from ._example import Example, numbered


def generate(
    length: int,
    batch: int,
    rng: np.random.Generator,
    *,
    period: float,
    noise: float,
    period_spread: float,
    amplitude: float,
) -> Example:
    """B sequences, D = K = 1; a longer sequence of the same seed begins with the shorter one.

    The naive answer is c · x_t with the c of least squared error on this example: what can be told
    from the present value alone.
    """
    phase = rng.uniform(0, 2 * np.pi, size=batch)
    factors = period_spread ** rng.uniform(-1, 1, size=batch) if period_spread > 1 else 1
    periods = np.maximum(2, period * factors)
    steps = np.arange(1, length + 2)[:, np.newaxis]
    clean = amplitude * np.sin(2 * np.pi * steps / periods + phase)[:, :, np.newaxis]
    x = clean[:-1] + amplitude * noise * rng.standard_normal((length, batch, 1))
    return Example(
        task="noisy_sine",
        x=x,
        targets=clean[1:],
        mask=np.ones(length, dtype=bool),
        loss="squared_error",
        input_labels=("sine + noise",),
        step_labels=numbered(length),
        output_labels=("next sine",),
        naive=x * ((x * clean[1:]).sum() / (x * x).sum()),
    )


NOISY_SINE = Task(
    name="noisy_sine",
    title="Noisy sine",
    description="Predict the next clean value of a sine wave that is seen through noise.",
    generate=generate,
    options=(
        Option("period", 20.0, "Length of one wave, in timesteps.", minimum=2, maximum=MAX_LENGTH),
        Option("noise", 0.1, "Standard deviation of the added noise.", minimum=0, maximum=10),
        Option(
            "period_spread",
            1.0,
            "1: the period as it is set; 2: one drawn per sequence, from half of it to twice.",
            minimum=1,
            maximum=4,
        ),
        Option("amplitude", 1.0, "What the whole sequence, noise too, is multiplied by.",
               minimum=0.001, maximum=1000),
    ),
    naive=word("the best multiple of the present value"),
    order=30,
)
